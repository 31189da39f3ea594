//! Starting the container. Taken back by removing it, which the container's own step does.

use async_trait::async_trait;
use stardeck_domain::StepName;

use crate::{
    lifecycle::own_container,
    operations::step::{Step, StepContext, StepError},
};

pub(crate) struct Start;

#[async_trait]
impl Step for Start {
    fn name(&self) -> StepName {
        StepName::Start
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let container = own_container(cx).await?;
        cx.core.runtime.start_container(container.id.as_str()).await?;
        Ok(())
    }
}
