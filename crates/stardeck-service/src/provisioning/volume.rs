//! The volumes: one named, labelled volume on every path the image declares, so that no anonymous one can exist.
//!
//! A volume that an engine has answered on is never made again: an empty one in its place would hide that the data is
//! gone.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{
    FailureCode, JsonText, StepName, Volume, VolumeId, VolumeKind, VolumeName, VolumeState,
};
use stardeck_engines::{ContainerPlan, DeploySpec, VolumeMount, VolumeRole};
use stardeck_repository::{databases, volumes};

use super::volume_name;
use crate::{
    Error,
    core::Core,
    labels,
    operations::step::{Step, StepContext, StepError},
};

pub(crate) struct Volumes;

#[async_trait]
impl Step for Volumes {
    fn name(&self) -> StepName {
        StepName::Volume
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let plan = make_plan(cx).await?;
        let id = cx.database;
        let known = cx.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        check_data(&plan, &known)?;
        for mount in &plan.volumes {
            let recorded = known.iter().find(|volume| volume.mount_path == mount.path);
            match recorded {
                Some(volume) if volume.initialised => find_initialised(cx, volume).await?,
                Some(volume) => ensure(cx, volume).await?,
                None => ensure(cx, &record(cx, &plan, mount, &known).await?).await?,
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
    let spec = DeploySpec {
        version: database.version.clone(),
        admin_user: database.admin_user.clone(),
        settings: Core::settings(&database)?,
    };
    let plan = stardeck_engines::adapter(database.engine)
        .plan(&spec, &image.facts)
        .map_err(|unsuitable| StepError::failed(FailureCode::ImageUnsuitable, unsuitable.reason))?;
    let json = JsonText(serde_json::to_string(&plan).map_err(Error::internal)?);
    let id = cx.database;
    cx.core.db.write(move |tx| databases::record_plan(tx, id, &json).map_err(Error::from)).await?;
    Ok(plan)
}

/// Whether the image would find the data that is there: an engine of another major version refuses it, and one that
/// looks for it elsewhere would begin with an empty volume.
fn check_data(plan: &ContainerPlan, known: &[Volume]) -> Result<(), StepError> {
    let unsuitable = |text: String| Err(StepError::failed(FailureCode::ImageUnsuitable, text));
    let data = plan.volumes.iter().find(|mount| mount.role == VolumeRole::Data);
    for volume in known.iter().filter(|volume| volume.initialised) {
        if let (Some(written), Some(holds)) = (volume.major, plan.data_major)
            && written != holds
        {
            return unsuitable(format!(
                "it holds version {}, but the data was written by {}",
                series(holds),
                series(written)
            ));
        }
    }
    match data {
        Some(data)
            if known.iter().any(|volume| volume.initialised)
                && known.iter().all(|volume| volume.mount_path != data.path) =>
        {
            unsuitable(format!("it keeps its data in {}, where the kept data was not mounted", data.path))
        }
        Some(_) | None => Ok(()),
    }
}

/// A release series as people write it: adapters number 10.11 as 1011.
fn series(number: u32) -> String {
    if number < 100 { number.to_string() } else { format!("{}.{}", number / 100, number % 100) }
}

/// The data must be there, ours, and nobody else's: two servers on one volume destroy it.
async fn find_initialised(cx: &StepContext, volume: &Volume) -> Result<(), StepError> {
    let runtime = cx.core.runtime.as_ref();
    let found = runtime.find_volume(&volume.name).await?;
    if !found.is_some_and(|found| labels::is_of_database(&found.labels, cx.core.instance, cx.database)) {
        let error = Error::VolumeMissing { volume: volume.name.clone() };
        return Err(StepError::failed(FailureCode::VolumeMissing, error.to_string()));
    }
    for user in runtime.list_volume_users(&volume.name).await? {
        if !labels::is_of_database(&user.labels, cx.core.instance, cx.database) {
            let text = format!("container {} mounts {}", user.names.join(", "), volume.name);
            return Err(StepError::failed(FailureCode::VolumeInUse, text));
        }
    }
    Ok(())
}

/// Makes the volume unless it is there.
async fn ensure(cx: &StepContext, volume: &Volume) -> Result<(), StepError> {
    match cx.core.runtime.find_volume(&volume.name).await? {
        Some(found) if labels::is_of_database(&found.labels, cx.core.instance, cx.database) => Ok(()),
        Some(_) => {
            let text = format!("a volume {} exists that is not ours", volume.name);
            Err(StepError::failed(FailureCode::NameTaken, text))
        }
        None => {
            let name = VolumeName::parse(&volume.name).map_err(Error::internal)?;
            let labels = labels::of_database(cx.core.instance, cx.database, cx.operation);
            cx.core.runtime.create_volume(&name, &labels).await?;
            Ok(())
        }
    }
}

/// Writes a new volume down before the runtime hears of it.
async fn record(
    cx: &StepContext,
    plan: &ContainerPlan,
    mount: &VolumeMount,
    known: &[Volume],
) -> Result<Volume, StepError> {
    let id = VolumeId::new();
    let mut name = volume_name(&cx.database().await?, mount.role)?.to_string();
    // Another image of the same engine may have had another path in this place.
    if known.iter().any(|volume| volume.name == name) {
        name = format!("{name}-{}", id.short());
    }
    let volume = Volume {
        id,
        database_id: cx.database,
        name,
        mount_path: mount.path.clone(),
        kind: VolumeKind::Named,
        major: plan.data_major,
        owned: true,
        initialised: false,
        state: VolumeState::Attached,
        created_at: Utc::now(),
    };
    let row = volume.clone();
    cx.core.db.write(move |tx| volumes::insert(tx, &row).map_err(Error::from)).await?;
    Ok(volume)
}
