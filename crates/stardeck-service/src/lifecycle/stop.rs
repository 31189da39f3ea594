//! Stopping a database cleanly.

use std::time::Duration;

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{DatabaseStatus, Health, StepName};
use stardeck_repository::databases;

use super::find_own_container;
use crate::{
    Error,
    core::Core,
    operations::step::{Step, StepContext, StepError},
};

/// Asks the engine to stop and waits for it, as long as its grace lasts.
pub(super) struct Stop;

/// How long an engine gets when the plan it was deployed with can not be read.
pub(super) const DEFAULT_GRACE: Duration = Duration::from_mins(2);

#[async_trait]
impl Step for Stop {
    fn name(&self) -> StepName {
        StepName::Stop
    }

    // The runtime carries a stop out even when nobody waits for it, and stopping twice is stopping once.
    fn is_interruptible(&self) -> bool {
        true
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let Some(container) = find_own_container(cx).await? else {
            return cx.tell("the container is gone".to_owned()).await;
        };
        let database = cx.database().await?;
        let grace = Core::plan(&database)
            .map_or(DEFAULT_GRACE, |plan| Duration::from_secs(u64::from(plan.stop_grace_seconds)));
        cx.core.runtime.stop_container(container.id.as_str(), grace).await?;
        Ok(())
    }
}

/// Writes down that the database is stopped.
pub(super) struct Stopped;

#[async_trait]
impl Step for Stopped {
    fn name(&self) -> StepName {
        StepName::Finish
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let is_there = find_own_container(cx).await?.is_some();
        let (status, reason) = if is_there {
            (DatabaseStatus::Stopped, None)
        } else {
            (DatabaseStatus::Missing, Some("the container is gone"))
        };
        let id = cx.database;
        cx.core
            .db
            .write(move |tx| {
                databases::set_status(tx, id, status, reason, Utc::now())?;
                databases::mark_health(tx, id, Health::Unknown, None)?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}
