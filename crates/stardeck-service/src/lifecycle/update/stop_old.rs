//! Stopping the old container cleanly. It is started again by the undo of the first step, when everything else is as it
//! was.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::StepName;

use super::is_successor;
use crate::{
    core::Core,
    lifecycle::{find_own_container, stop::DEFAULT_GRACE},
    operations::step::{Step, StepContext, StepError},
    runtime::ContainerState,
};

pub(super) struct StopOld;

#[async_trait]
impl Step for StopOld {
    fn name(&self) -> StepName {
        StepName::Stop
    }

    // The runtime carries a stop out even when nobody waits for it, and stopping twice is stopping once.
    fn is_interruptible(&self) -> bool {
        true
    }

    // What is still stopping can not be started.
    fn is_undone_at_once(&self) -> bool {
        false
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        // After a crash the old one may be set aside already, and stopped before that.
        let Some(container) = find_own_container(cx).await?.filter(|found| !is_successor(cx, found)) else {
            return Ok(());
        };
        match container.state {
            ContainerState::Created | ContainerState::Exited | ContainerState::Removing => return Ok(()),
            ContainerState::Running
            | ContainerState::Stopping
            | ContainerState::Paused
            | ContainerState::Unknown => {}
        }
        let grace = Core::plan(&cx.database().await?)
            .map_or(DEFAULT_GRACE, |plan| Duration::from_secs(u64::from(plan.stop_grace_seconds)));
        cx.core.runtime.stop_container(container.id.as_str(), grace).await?;
        Ok(())
    }
}
