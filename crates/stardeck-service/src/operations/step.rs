//! One step of an operation: what it does, how it is taken back, and how it fails.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{
    DatabaseId, Failure, FailureCode, ManagedDatabase, OperationId, StepName, TransferProgress,
};
use stardeck_repository::operations;

use crate::{
    Error,
    core::Core,
    runtime::{ImageProblem, RuntimeError},
};

/// A step of an operation.
///
/// Running it twice changes nothing, and so does taking it back twice: recovery after a crash runs the same code.
/// Everything it needs it reads from the store, so that nothing that matters lives in memory only.
#[async_trait]
pub(crate) trait Step: Send + Sync {
    /// Its name, under which it is persisted.
    fn name(&self) -> StepName;

    /// Does it.
    async fn run(&self, cx: &StepContext) -> Result<(), StepError>;

    /// Whether its future may be dropped half way. Only where nothing can arrive at the runtime after that: a request
    /// to create something that is dropped may still be carried out, when its undo has already looked.
    fn is_interruptible(&self) -> bool {
        false
    }

    /// Whether an interrupted run can be taken back at once. Not where the runtime goes on with what nobody waits for, and
    /// refuses the opposite until it is done.
    fn is_undone_at_once(&self) -> bool {
        true
    }

    /// Takes back what this operation of this instance made in this step, and nothing else.
    async fn undo(&self, _cx: &StepContext) -> Result<(), StepError> {
        Ok(())
    }
}

/// What a step works with.
#[derive(Clone)]
pub(crate) struct StepContext {
    pub(crate) core: Arc<Core>,
    pub(crate) operation: OperationId,
    pub(crate) database: DatabaseId,
    pub(crate) step: StepName,
}

/// Why a step did not work.
#[derive(Debug)]
pub(crate) enum StepError {
    /// The runtime does not answer: worth trying again.
    RuntimeGone(String),
    /// It will not work; the failure says why.
    Failed(Box<Failure>),
    /// A defect or trouble on our side.
    Internal(Error),
}

impl StepContext {
    /// The database's row as it is now.
    pub(crate) async fn database(&self) -> Result<ManagedDatabase, StepError> {
        Ok(self.core.database(self.database).await?)
    }

    /// Writes down what the step is doing, for people who watch.
    pub(crate) async fn tell(&self, detail: String) -> Result<(), StepError> {
        let (operation, step) = (self.operation, self.step);
        self.core
            .db
            .write(move |tx| {
                operations::set_step_detail(tx, operation, step, &detail)?;
                operations::append_log(tx, operation, Some(step), &detail, Utc::now())?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }

    /// Writes down how far a transfer is, for people who watch. Unlike what is told, it is no line of the log.
    pub(crate) async fn show_progress(
        &self,
        progress: TransferProgress,
        detail: String,
    ) -> Result<(), StepError> {
        let (operation, step) = (self.operation, self.step);
        self.core
            .db
            .write(move |tx| {
                operations::record_progress(tx, operation, step, &progress, &detail).map_err(Error::from)
            })
            .await?;
        Ok(())
    }
}

impl StepError {
    /// A failure with its explanation.
    pub(crate) fn failed(code: FailureCode, detail: impl Into<String>) -> Self {
        Self::Failed(Box::new(Failure::new(code, detail)))
    }
}

impl From<Error> for StepError {
    fn from(error: Error) -> Self {
        match error {
            Error::RuntimeUnavailable { internal } => Self::RuntimeGone(internal),
            Error::RuntimeRejected { detail } => Self::failed(FailureCode::RuntimeRejected, detail),
            other => Self::Internal(other),
        }
    }
}

impl From<stardeck_repository::Error> for StepError {
    fn from(error: stardeck_repository::Error) -> Self {
        Self::Internal(error.into())
    }
}

impl From<RuntimeError> for StepError {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Unavailable { detail } => Self::RuntimeGone(detail),
            RuntimeError::PortTaken { detail } => Self::failed(FailureCode::PortTaken, detail),
            RuntimeError::Conflict { detail } => Self::failed(FailureCode::NameTaken, detail),
            RuntimeError::ImageUnavailable { reason, detail } => {
                let code = match reason {
                    ImageProblem::NotFound => FailureCode::ImageNotFound,
                    ImageProblem::Unauthorized => FailureCode::ImageUnauthorized,
                    ImageProblem::Unreachable => FailureCode::RegistryUnavailable,
                };
                Self::failed(code, detail)
            }
            RuntimeError::NotFound { what } => {
                Self::failed(FailureCode::ContainerMissing, format!("there is no {what}"))
            }
            RuntimeError::SubnetTaken { detail } | RuntimeError::Rejected { detail } => {
                Self::failed(FailureCode::RuntimeRejected, detail)
            }
        }
    }
}

impl From<RuntimeError> for Error {
    fn from(error: RuntimeError) -> Self {
        match error {
            RuntimeError::Unavailable { detail } => Self::RuntimeUnavailable { internal: detail },
            RuntimeError::NotFound { .. }
            | RuntimeError::Conflict { .. }
            | RuntimeError::PortTaken { .. }
            | RuntimeError::SubnetTaken { .. }
            | RuntimeError::ImageUnavailable { .. }
            | RuntimeError::Rejected { .. } => Self::RuntimeRejected { detail: error.to_string() },
        }
    }
}
