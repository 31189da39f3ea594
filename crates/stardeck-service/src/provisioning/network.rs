//! The network the database is on. It is shared, so it is never taken back.

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
        let subnets = networks::ensure(cx.core.runtime.as_ref(), cx.core.instance, &database.network).await?;
        let ranges: Vec<_> = subnets.iter().map(ToString::to_string).collect();
        cx.tell(format!("{} {}", database.network, ranges.join(", "))).await
    }
}
