//! Name and port. Both were reserved in the transaction that accepted the request; these steps only stand for them.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{StepName, Tombstone};
use stardeck_repository::{databases, ports, tombstones, volumes};

use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Reserve;

#[async_trait]
impl Step for Reserve {
    fn name(&self) -> StepName {
        StepName::Reserve
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        tell_port(cx).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let id = cx.database;
        let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                ports::release_of(tx, id, Some(quarantined_until))?;
                match databases::forget(tx, id) {
                    Ok(()) | Err(stardeck_repository::Error::NotFound { .. }) => Ok(()),
                    Err(error) => Err(Error::from(error)),
                }
            })
            .await?;
        Ok(())
    }
}

/// The same on a kept volume. Taken back by making the row the tombstone it was: volume and credentials stay, whatever
/// happened.
pub(super) struct Revive {
    pub(super) tombstone: Tombstone,
}

#[async_trait]
impl Step for Revive {
    fn name(&self) -> StepName {
        StepName::Reserve
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        tell_port(cx).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let id = cx.database;
        let tombstone = self.tombstone.clone();
        let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                ports::release_of(tx, id, Some(quarantined_until))?;
                // The volumes that were added are gone by now.
                for volume in volumes::list_of(tx, id)? {
                    if !tombstone.volumes.contains(&volume.id) {
                        volumes::delete(tx, volume.id)?;
                    }
                }
                volumes::mark_kept(tx, id)?;
                tombstones::restore(tx, id, &tombstone).map_err(Error::from)
            })
            .await?;
        Ok(())
    }
}

async fn tell_port(cx: &StepContext) -> Result<(), StepError> {
    let database = cx.database().await?;
    match database.external_port {
        Some(port) => cx.tell(format!("port {port} on {}", database.bind_address)).await,
        None => Ok(()),
    }
}
