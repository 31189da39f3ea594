//! Giving the old container another name, so that the new one can have its own.

use async_trait::async_trait;
use stardeck_domain::{FailureCode, StepName};

use super::{aside_name, is_successor};
use crate::{
    labels,
    lifecycle::find_own_container,
    operations::step::{Step, StepContext, StepError},
    runtime::ContainerDetails,
};

pub(super) struct SetAside;

#[async_trait]
impl Step for SetAside {
    fn name(&self) -> StepName {
        StepName::SetAside
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        match find_own_container(cx).await? {
            Some(found) if is_successor(cx, &found) => Ok(()),
            Some(old) => {
                let name = aside_name(cx, &cx.database().await?.container_name)?;
                cx.core.runtime.rename_container(old.id.as_str(), &name).await?;
                Ok(())
            }
            None if find_aside(cx).await?.is_some() => Ok(()),
            None => {
                let text = "the container is gone, or is not the one Stardeck made";
                Err(StepError::failed(FailureCode::ContainerMissing, text))
            }
        }
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        if let Some(old) = find_aside(cx).await? {
            let name = cx.database().await?.container_name;
            cx.core.runtime.rename_container(old.id.as_str(), &name).await?;
        }
        Ok(())
    }
}

/// The old container under its other name.
pub(super) async fn find_aside(cx: &StepContext) -> Result<Option<ContainerDetails>, StepError> {
    let name = aside_name(cx, &cx.database().await?.container_name)?;
    let found = cx.core.runtime.find_container(name.as_str()).await?;
    Ok(found.filter(|found| labels::is_of_database(&found.labels, cx.core.instance, cx.database)))
}
