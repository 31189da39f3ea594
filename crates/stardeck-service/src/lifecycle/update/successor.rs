//! The new container. It is taken back only while the old one is there to take its place.

use std::time::Duration;

use async_trait::async_trait;
use stardeck_domain::{FailureCode, StepName};

use super::{is_successor, set_aside::find_aside};
use crate::{
    labels,
    lifecycle::find_own_container,
    operations::step::{Step, StepContext, StepError},
    provisioning::container::Container,
    runtime::{ContainerState, RuntimeError},
};

pub(super) struct Successor;

/// How long an engine gets to end cleanly when it has to make way. It may be the reason for that and not listen.
const GRACE: Duration = Duration::from_secs(30);

/// How often a removal is asked for again, and after how long.
const REMOVE_AGAIN: u32 = 10;
const REMOVE_PAUSE: Duration = Duration::from_millis(200);

#[async_trait]
impl Step for Successor {
    fn name(&self) -> StepName {
        StepName::Container
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        Container.run(cx).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let runtime = cx.core.runtime.as_ref();
        for container in runtime.list_labelled(labels::DATABASE, &cx.database.to_string()).await? {
            if !labels::is_of_operation(&container.labels, cx.core.instance, cx.database, cx.operation) {
                continue;
            }
            if !has_old(cx).await? {
                let text = "the old container is gone, so the new one stays";
                return Err(StepError::failed(FailureCode::ContainerMissing, text));
            }
            let id = container.id.as_str();
            if container.state == ContainerState::Running
                && let Err(error) = runtime.stop_container(id, GRACE).await
            {
                // One that ends and is restarted again and again may be between two lives; it is removed all the same.
                let RuntimeError::Rejected { detail } = error else { return Err(error.into()) };
                tracing::debug!(container = id, %detail, "the new container can not be stopped");
            }
            remove(cx, id).await?;
        }
        Ok(())
    }
}

/// Removes it, asking again when Podman meets it in the middle of a restart.
async fn remove(cx: &StepContext, id: &str) -> Result<(), StepError> {
    let mut refusals = 0;
    loop {
        match cx.core.runtime.remove_container(id).await {
            Err(RuntimeError::Rejected { detail }) if refusals < REMOVE_AGAIN => {
                tracing::debug!(container = id, %detail, "the new container can not be removed yet");
                refusals += 1;
                tokio::time::sleep(REMOVE_PAUSE).await;
            }
            removed => return Ok(removed?),
        }
    }
}

async fn has_old(cx: &StepContext) -> Result<bool, StepError> {
    let named = find_own_container(cx).await?;
    Ok(named.is_some_and(|found| !is_successor(cx, &found)) || find_aside(cx).await?.is_some())
}
