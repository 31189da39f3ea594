//! The row and the host port. Both were changed in the transaction that accepted the request; this step only stands for
//! them, and brings everything back to what it was.

use std::time::Duration;

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{ConfigBefore, DatabaseConfig, FailureCode, StepName};
use stardeck_repository::{databases, ports};
use tokio::time::Instant;

use crate::{
    Error,
    lifecycle::own_container,
    operations::step::{Step, StepContext, StepError},
    provisioning::ready::Ready,
    runtime::RuntimeError,
};

pub(super) struct Reserve {
    pub(super) before: ConfigBefore,
}

/// How long the old container's port is waited for: a start that failed can leave it open inside Podman for a while.
const PORT_WITHIN: Duration = Duration::from_secs(30);
/// How long between two tries.
const PORT_EVERY: Duration = Duration::from_secs(1);

#[async_trait]
impl Step for Reserve {
    fn name(&self) -> StepName {
        StepName::Reserve
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        match database.external_port {
            Some(port) => cx.tell(format!("port {port} on {}", database.bind_address)).await,
            None => Ok(()),
        }
    }

    /// Comes last: the old container has its name again, and the new one is gone.
    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let (id, before) = (cx.database, self.before.clone());
        let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                if DatabaseConfig::of(&databases::get(tx, id)?) != before.config {
                    databases::set_config(tx, id, &before.config)?;
                }
                databases::record_plan(tx, id, &before.spec)?;
                databases::record_container(tx, id, before.container_id.as_ref())?;
                let kept = before.config.external_port.map(|port| (port, before.config.bind_address));
                ports::leave_only(tx, id, kept, Some(quarantined_until)).map_err(Error::from)
            })
            .await?;
        if self.before.was_up {
            start_again(cx).await?;
        }
        let (status, reason) = (self.before.status, self.before.status_reason.clone());
        cx.core
            .db
            .write(move |tx| {
                databases::set_status(tx, id, status, reason.as_deref(), Utc::now()).map_err(Error::from)
            })
            .await?;
        Ok(())
    }
}

/// Starts the old container and waits until its engine answers.
async fn start_again(cx: &StepContext) -> Result<(), StepError> {
    let container = own_container(cx).await?;
    let give_up = Instant::now() + PORT_WITHIN;
    loop {
        match cx.core.runtime.start_container(container.id.as_str()).await {
            Err(RuntimeError::PortTaken { .. }) if Instant::now() < give_up => {
                tokio::time::sleep(PORT_EVERY).await;
            }
            Err(RuntimeError::PortTaken { detail }) => {
                let text = format!("the old container can not have its port back: {detail}");
                return Err(StepError::failed(FailureCode::PortTaken, text));
            }
            result => {
                result?;
                return Ready.run(cx).await;
            }
        }
    }
}
