//! Writing down what was seen.

use std::time::Duration;

use chrono::Utc;
use stardeck_domain::{ContainerName, Health, ManagedDatabase};
use stardeck_repository::{databases, operations};

use super::{seen::Seen, verdict::Verdict};
use crate::{Error, core::Core};

/// Writes down what was seen, unless the row changed since it was read, or an operation is at work on it: whoever
/// changed it knows better. Returns the row as it is now; None when nothing was written down for that reason.
pub(super) async fn record(
    core: &Core,
    database: &ManagedDatabase,
    verdict: &Verdict,
    latency: Option<Duration>,
) -> Result<Option<ManagedDatabase>, Error> {
    let is_same = database.status == verdict.status && database.status_reason == verdict.reason;
    if (is_same && verdict.health.is_none()) || !database.status.can_become(verdict.status) {
        return Ok(Some(database.clone()));
    }
    let verdict = verdict.clone();
    let (from, to) = (database.status, verdict.status);
    let recorded = change(core, database, move |tx, database| {
        let now = Utc::now();
        let id = database.id;
        match (verdict.health, latency) {
            (Some(Health::Healthy), Some(latency)) => databases::record_answer(tx, id, latency, now)?,
            (Some(health), _) => databases::mark_health(tx, id, health, None)?,
            (None, _) => {}
        }
        if !is_same {
            databases::set_status(tx, id, verdict.status, verdict.reason.as_deref(), now)?;
        }
        Ok(())
    })
    .await?;
    if recorded.is_some() && from != to {
        tracing::info!(database = %database.name, %from, %to, "status changed");
    }
    Ok(recorded)
}

/// Writes down which container the database has now, when it is another one or has another name.
pub(super) async fn record_container(
    core: &Core,
    database: &ManagedDatabase,
    seen: &Seen,
) -> Result<Option<ManagedDatabase>, Error> {
    let name = ContainerName::parse(&seen.name).map_err(Error::internal)?;
    let is_other = database.container_id.as_ref() != Some(&seen.id);
    let is_renamed = database.container_name != name;
    if !is_other && !is_renamed {
        return Ok(Some(database.clone()));
    }
    let id = seen.id.clone();
    tracing::info!(database = %database.name, container = %seen.name, %is_other, "found its container again");
    change(core, database, move |tx, database| {
        databases::record_container(tx, database.id, Some(&id))?;
        if is_renamed {
            databases::record_container_name(tx, database.id, &name)?;
        }
        Ok(())
    })
    .await
}

async fn change<F>(
    core: &Core,
    database: &ManagedDatabase,
    write: F,
) -> Result<Option<ManagedDatabase>, Error>
where
    F: FnOnce(&mut stardeck_repository::Tx, &ManagedDatabase) -> Result<(), Error> + Send + 'static,
{
    let (id, seen_at) = (database.id, database.updated_at);
    core.db
        .write(move |tx| {
            let Some(stored) = databases::find(tx, id)?.filter(|stored| stored.updated_at == seen_at) else {
                return Ok(None);
            };
            if operations::find_unfinished_of(tx, id)?.is_some() {
                return Ok(None);
            }
            write(tx, &stored)?;
            databases::get(tx, id).map(Some).map_err(Error::from)
        })
        .await
}
