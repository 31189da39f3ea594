//! Deleting what an adopted database is made of, when the user has taken ownership of it. It carries no label of ours, so
//! only what was written down at its adoption is touched.

use async_trait::async_trait;
use stardeck_domain::{StepName, VolumeKind};
use stardeck_repository::volumes;

use crate::{
    Error,
    lifecycle::find_own_container,
    operations::step::{Step, StepContext, StepError},
};

/// Removes the container.
pub(super) struct Container;

#[async_trait]
impl Step for Container {
    fn name(&self) -> StepName {
        StepName::RemoveContainer
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        if let Some(found) = find_own_container(cx).await? {
            cx.core.runtime.remove_container(found.id.as_str()).await?;
        }
        Ok(())
    }
}

/// Removes the volumes. Directories of the host stay.
pub(super) struct Volumes;

#[async_trait]
impl Step for Volumes {
    fn name(&self) -> StepName {
        StepName::RemoveVolume
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let id = cx.database;
        let held = cx.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        for volume in held.iter().filter(|volume| volume.kind == VolumeKind::Named) {
            cx.core.runtime.remove_volume(&volume.name).await?;
        }
        Ok(())
    }
}
