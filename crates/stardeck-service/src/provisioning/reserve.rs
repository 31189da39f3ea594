//! Name and port. Both were reserved in the transaction that accepted the request; this step only stands for them.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::StepName;
use stardeck_repository::{databases, ports};

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
        let database = cx.database().await?;
        if let Some(port) = database.external_port {
            cx.tell(format!("port {port} on {}", database.bind_address)).await?;
        }
        Ok(())
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
