//! The row of an adopted database. It is forgotten whole, since everything it stands for is somebody else's.

use async_trait::async_trait;
use stardeck_domain::StepName;
use stardeck_repository::{databases, ports};

use crate::{
    Error,
    operations::step::{Step, StepContext, StepError},
};

/// Stands for the row that was written with the request.
pub(super) struct Reserve;

#[async_trait]
impl Step for Reserve {
    fn name(&self) -> StepName {
        StepName::Reserve
    }

    async fn run(&self, _cx: &StepContext) -> Result<(), StepError> {
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        forget(cx).await
    }
}

/// Forgets it.
pub(super) struct Release;

#[async_trait]
impl Step for Release {
    fn name(&self) -> StepName {
        StepName::Release
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        forget(cx).await
    }
}

/// The port needs no rest: the container goes on publishing it.
async fn forget(cx: &StepContext) -> Result<(), StepError> {
    let id = cx.database;
    cx.core
        .db
        .write(move |tx| {
            ports::release_of(tx, id, None)?;
            match databases::forget(tx, id) {
                // A release that is taken up after its very last step finds it so.
                Ok(()) | Err(stardeck_repository::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(Error::from(error)),
            }
        })
        .await?;
    Ok(())
}
