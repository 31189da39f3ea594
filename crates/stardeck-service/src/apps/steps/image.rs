//! The app's image and volumes.

use async_trait::async_trait;
use stardeck_domain::{AppId, FailureCode, StepName, VolumeName};
use stardeck_repository::apps;

use super::{app, app_id};
use crate::{
    Error, labels,
    operations::step::{Step, StepContext, StepError},
    provisioning::pull_image,
    runtime::ImageDetails,
};

/// Takes the image as it is when it is present, pulls it otherwise. It stays when the deployment is taken back.
pub(super) struct Image;

#[async_trait]
impl Step for Image {
    fn name(&self) -> StepName {
        StepName::AppImage
    }

    fn is_interruptible(&self) -> bool {
        true
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        let reference = app.image.to_string();
        let found = if let Some(image) = cx.core.runtime.find_image(&reference).await? {
            cx.tell(format!("{reference} is present")).await?;
            image
        } else {
            pull_image(cx, &app.image).await?;
            cx.core.runtime.find_image(&reference).await?.ok_or_else(|| {
                StepError::failed(FailureCode::ImageNotFound, format!("{reference} vanished after the pull"))
            })?
        };
        let id = app_id(cx);
        cx.core.db.write(move |tx| apps::record_image(tx, id, &found.id).map_err(Error::from)).await?;
        Ok(())
    }
}

/// Makes the volumes: those that were asked for, and one for every other path the image declares, so that no anonymous one
/// can exist.
pub(super) struct Volumes;

#[async_trait]
impl Step for Volumes {
    fn name(&self) -> StepName {
        StepName::AppVolumes
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        for (name, _) in mounts(cx).await? {
            match cx.core.runtime.find_volume(name.as_str()).await? {
                Some(found) if labels::is_of_app(&found.labels, cx.core.instance, app_id(cx)) => {}
                Some(_) => {
                    let text = format!("a volume {name} exists that is not ours");
                    return Err(StepError::failed(FailureCode::NameTaken, text));
                }
                None => {
                    let labels = labels::of_app(cx.core.instance, app_id(cx), cx.operation);
                    cx.core.runtime.create_volume(&name, &labels).await?;
                }
            }
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        for volume in cx.core.runtime.list_volumes().await? {
            if labels::is_of_app_operation(&volume.labels, cx.core.instance, app_id(cx), cx.operation) {
                cx.core.runtime.remove_volume(&volume.name).await?;
            }
        }
        Ok(())
    }
}

/// The image that was recorded.
pub(super) async fn recorded(cx: &StepContext) -> Result<ImageDetails, StepError> {
    let app = app(cx).await?;
    let gone = || StepError::failed(FailureCode::ImageNotFound, format!("the image {} is gone", app.image));
    let id = app.image_id.as_ref().ok_or_else(gone)?;
    cx.core.runtime.find_image(id.as_str()).await?.ok_or_else(gone)
}

/// The volumes with the paths they are mounted on.
pub(super) async fn mounts(cx: &StepContext) -> Result<Vec<(VolumeName, String)>, StepError> {
    let (app, image) = (app(cx).await?, recorded(cx).await?);
    let spec = super::super::spec_of(&app)?;
    let mut mounts = Vec::new();
    for volume in &spec.volumes {
        mounts.push((volume_name(app.id, &volume.name)?, volume.path.clone()));
    }
    for (number, path) in (1..).zip(&image.facts.volumes) {
        if mounts.iter().all(|(_, known): &(_, String)| known != path) {
            mounts.push((volume_name(app.id, &format!("image{number}"))?, path.clone()));
        }
    }
    Ok(mounts)
}

/// The volume's name in the runtime. It contains the app's id, so that a new app of the same name never meets its data.
fn volume_name(app: AppId, name: &str) -> Result<VolumeName, Error> {
    VolumeName::parse(&format!("stardeck-app-{app}-{name}")).map_err(Error::internal)
}
