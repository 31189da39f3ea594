//! The volumes: one named, labelled volume on every path the image declares, so that no anonymous one can exist.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{FailureCode, JsonText, StepName, VolumeId, VolumeKind, VolumeState};
use stardeck_engines::{ContainerPlan, DeploySpec};
use stardeck_repository::{databases, volumes};

use super::volume_name;
use crate::{
    Error, labels,
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Volume;

#[async_trait]
impl Step for Volume {
    fn name(&self) -> StepName {
        StepName::Volume
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let plan = make_plan(cx).await?;
        let database = cx.database().await?;
        for mount in &plan.volumes {
            let name = volume_name(&database, mount.role)?;
            record(cx, &plan, name.as_str(), &mount.path).await?;
            match cx.core.runtime.find_volume(name.as_str()).await? {
                Some(found) if labels::is_of_database(&found.labels, cx.core.instance, cx.database) => {}
                Some(_) => {
                    let text = format!("a volume {name} exists that is not ours");
                    return Err(StepError::failed(FailureCode::NameTaken, text));
                }
                None => {
                    let labels = labels::of_database(cx.core.instance, cx.database, cx.operation);
                    cx.core.runtime.create_volume(&name, &labels).await?;
                }
            }
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        for volume in cx.core.runtime.list_volumes().await? {
            if labels::is_of_operation(&volume.labels, cx.core.instance, cx.database, cx.operation) {
                cx.core.runtime.remove_volume(&volume.name).await?;
            }
        }
        Ok(())
    }
}

/// Works out the container plan from the image's own facts and writes it down as applied.
async fn make_plan(cx: &StepContext) -> Result<ContainerPlan, StepError> {
    let database = cx.database().await?;
    let image_id = database
        .image_id
        .as_ref()
        .ok_or_else(|| StepError::failed(FailureCode::Internal, "the image was not recorded"))?;
    let image = cx.core.runtime.find_image(image_id.as_str()).await?.ok_or_else(|| {
        StepError::failed(FailureCode::ImageNotFound, format!("the image of {} is gone", database.image))
    })?;
    let spec = DeploySpec { version: database.version.clone(), admin_user: database.admin_user.clone() };
    let plan = stardeck_engines::adapter(database.engine)
        .plan(&spec, &image.facts)
        .map_err(|unsuitable| StepError::failed(FailureCode::ImageUnsuitable, unsuitable.reason))?;
    let json = JsonText(serde_json::to_string(&plan).map_err(Error::internal)?);
    let id = cx.database;
    cx.core.db.write(move |tx| databases::record_plan(tx, id, &json).map_err(Error::from)).await?;
    Ok(plan)
}

/// Writes the volume down before the runtime hears of it.
async fn record(cx: &StepContext, plan: &ContainerPlan, name: &str, path: &str) -> Result<(), StepError> {
    let volume = stardeck_domain::Volume {
        id: VolumeId::new(),
        database_id: cx.database,
        name: name.to_owned(),
        mount_path: path.to_owned(),
        kind: VolumeKind::Named,
        major: plan.data_major,
        owned: true,
        initialised: false,
        state: VolumeState::Attached,
        created_at: Utc::now(),
    };
    cx.core
        .db
        .write(move |tx| {
            let known = volumes::list_of(tx, volume.database_id)?;
            if known.iter().all(|other| other.name != volume.name) {
                volumes::insert(tx, &volume)?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(())
}
