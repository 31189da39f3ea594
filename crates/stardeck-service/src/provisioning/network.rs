//! The network the database is on. The shared one is never taken back; an own one goes when nothing is on it any more.

use async_trait::async_trait;
use stardeck_domain::StepName;

use crate::{
    networks,
    operations::step::{Step, StepContext, StepError},
};

pub(crate) struct Network;

#[async_trait]
impl Step for Network {
    fn name(&self) -> StepName {
        StepName::Network
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let subnets = networks::ensure_of(cx.core.runtime.as_ref(), cx.core.instance, &database).await?;
        let ranges: Vec<_> = subnets.iter().map(ToString::to_string).collect();
        cx.tell(format!("{} {}", database.network, ranges.join(", "))).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        // Only a deployment makes one; what is taken back otherwise has a container on it.
        networks::remove_of(cx.core.runtime.as_ref(), cx.core.instance, cx.database).await?;
        Ok(())
    }
}
