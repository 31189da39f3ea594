//! Removing what a database is made of. Only what carries our instance and this database is touched.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::StepName;
use stardeck_repository::{connections, databases, operations, ports, tombstones, volumes};

use crate::{
    Error,
    databases::DataFate,
    labels, networks,
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
        // One that a change of settings could not remove goes, too.
        for container in cx.core.runtime.list_labelled(labels::DATABASE, &cx.database.to_string()).await? {
            if labels::is_of_database(&container.labels, cx.core.instance, cx.database) {
                cx.core.runtime.remove_container(container.id.as_str()).await?;
            }
        }
        networks::remove_of(cx.core.runtime.as_ref(), cx.core.instance, cx.database).await?;
        Ok(())
    }
}

/// Removes the secrets.
pub(super) struct Secret;

#[async_trait]
impl Step for Secret {
    fn name(&self) -> StepName {
        StepName::RemoveSecret
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        for secret in cx.core.runtime.list_secrets().await? {
            if labels::is_of_database(&secret.labels, cx.core.instance, cx.database) {
                cx.core.runtime.remove_secret(&secret.name).await?;
            }
        }
        Ok(())
    }
}

/// Removes the data.
pub(super) struct Volumes;

#[async_trait]
impl Step for Volumes {
    fn name(&self) -> StepName {
        StepName::RemoveVolume
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        for volume in cx.core.runtime.list_volumes().await? {
            if labels::is_of_database(&volume.labels, cx.core.instance, cx.database) {
                cx.core.runtime.remove_volume(&volume.name).await?;
            }
        }
        Ok(())
    }
}

/// Gives back name and port. With the data kept, the row stays as a tombstone: an initialised volume ignores new
/// passwords, so the old ones stay with it.
pub(super) struct Release {
    pub(super) data: DataFate,
}

#[async_trait]
impl Step for Release {
    fn name(&self) -> StepName {
        StepName::Release
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let (id, data, operation) = (cx.database, self.data, cx.operation);
        let now = Utc::now();
        let quarantined_until = now + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                ports::release_of(tx, id, Some(quarantined_until))?;
                let result = match data {
                    DataFate::Delete => databases::forget(tx, id),
                    DataFate::Keep => {
                        volumes::mark_kept(tx, id)?;
                        // By force only; the apps keep their variables until they change, and nothing answers to them.
                        connections::delete_of_database(tx, id)?;
                        let by = operations::get(tx, operation)?.requested_by;
                        tombstones::bury(tx, id, by, now)
                    }
                };
                match result {
                    Ok(()) | Err(stardeck_repository::Error::NotFound { .. }) => Ok(()),
                    Err(error) => Err(Error::from(error)),
                }
            })
            .await?;
        Ok(())
    }
}
