//! Starting and stopping the app's container.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{AppStatus, StepName};
use stardeck_repository::apps;

use super::{
    app, app_id,
    container::{STOP_GRACE, made},
};
use crate::{
    Error, labels,
    operations::step::{Step, StepContext, StepError},
};

/// Starts the container.
pub(super) struct Start {
    /// Whether it is the one that the app's row names.
    pub(super) is_first: bool,
    /// Whether this operation made it.
    pub(super) is_new: bool,
}

#[async_trait]
impl Step for Start {
    fn name(&self) -> StepName {
        StepName::AppStart
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        let container = made(cx, &app, self.is_first).await?;
        cx.core.runtime.start_container(container.id.as_str()).await?;
        Ok(())
    }

    /// So that the ports are free for the one that comes back.
    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        if self.is_new
            && let Ok(app) = app(cx).await
            && let Ok(container) = made(cx, &app, self.is_first).await
            && labels::is_of_app_operation(&container.labels, cx.core.instance, app.id, cx.operation)
        {
            cx.core.runtime.remove_container(container.id.as_str()).await?;
        }
        Ok(())
    }
}

/// Stops the container that the app's row names.
pub(super) struct Stop {
    /// Whether it comes back when what follows fails.
    pub(super) is_undoable: bool,
}

#[async_trait]
impl Step for Stop {
    fn name(&self) -> StepName {
        StepName::AppStop
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        if let Some(found) = cx.core.runtime.find_container(app.container_name.as_str()).await?
            && labels::is_of_app(&found.labels, cx.core.instance, app.id)
        {
            cx.core.runtime.stop_container(found.id.as_str(), STOP_GRACE).await?;
        }
        Ok(())
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        if !self.is_undoable {
            return Ok(());
        }
        let app = app(cx).await?;
        if let Some(found) = cx.core.runtime.find_container(app.container_name.as_str()).await?
            && labels::is_of_app(&found.labels, cx.core.instance, app.id)
        {
            cx.core.runtime.start_container(found.id.as_str()).await?;
        }
        Ok(())
    }
}

/// Writes down that the app runs, or does not.
pub(super) struct Settle {
    pub(super) runs: bool,
}

#[async_trait]
impl Step for Settle {
    fn name(&self) -> StepName {
        StepName::AppFinish
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let (id, runs) = (app_id(cx), self.runs);
        let status = if runs { AppStatus::Running } else { AppStatus::Stopped };
        cx.core
            .db
            .write(move |tx| apps::set_status(tx, id, status, None, Utc::now()).map_err(Error::from))
            .await?;
        Ok(())
    }
}
