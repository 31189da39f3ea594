//! The one map from the service's errors to problems. It has no catch-all arm, so that a new condition has to be
//! given its status here.

use std::{error::Error as _, time::Duration};

use stardeck_service::Error;

use super::{Problem, ProblemCode};

/// How long a client should wait when the store is busy.
const BUSY_RETRY: Duration = Duration::from_secs(1);
/// How long a client should wait when the store's disk is full: somebody has to make room.
const FULL_RETRY: Duration = Duration::from_mins(1);
/// How long a client should wait when Podman does not answer.
const RUNTIME_RETRY: Duration = Duration::from_secs(5);

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        log(&error);
        let detail = error.to_string();
        match error {
            Error::Validation(errors) => Self::invalid_body(errors),
            Error::NotFound { .. } => Self::new(ProblemCode::NotFound, detail),
            Error::NameTaken { .. } => Self::new(ProblemCode::NameTaken, detail),
            Error::VolumeInUse { .. } => Self::new(ProblemCode::VolumeInUse, detail),
            Error::VolumeMissing { .. } => Self::new(ProblemCode::VolumeMissing, detail),
            Error::AlreadyManaged { .. } => Self::new(ProblemCode::AlreadyManaged, detail),
            Error::NotAdoptable { .. } => Self::new(ProblemCode::NotAdoptable, detail),
            Error::NotAdopted => Self::new(ProblemCode::NotAdopted, detail),
            Error::ManagedElsewhere { .. } => Self::new(ProblemCode::ManagedElsewhere, detail),
            Error::CredentialsRejected { .. } => Self::new(ProblemCode::CredentialsRejected, detail),
            Error::PortTaken { .. } => Self::new(ProblemCode::PortTaken, detail),
            Error::PortsExhausted { .. } => Self::new(ProblemCode::PortsExhausted, detail),
            Error::OperationInProgress { operation } => {
                Self::new(ProblemCode::OperationInProgress, detail).with_operation(operation)
            }
            Error::OperationEnded => Self::new(ProblemCode::OperationEnded, detail),
            Error::NotCancellable { .. } | Error::TooLateToCancel { .. } => {
                Self::new(ProblemCode::NotCancellable, detail)
            }
            Error::InvalidTransition { .. } => Self::new(ProblemCode::InvalidTransition, detail),
            Error::DatabaseNotRunning { .. } => Self::new(ProblemCode::DatabaseNotRunning, detail),
            Error::DatabaseDedicated { .. } => Self::new(ProblemCode::DatabaseDedicated, detail),
            Error::AppContainerMissing { .. } => Self::new(ProblemCode::ContainerMissing, detail),
            Error::AppsLinked { .. } => Self::new(ProblemCode::AppsLinked, detail),
            Error::EngineUnavailable { .. } => Self::new(ProblemCode::EngineNotReady, detail),
            Error::EngineRefused { .. } => Self::new(ProblemCode::EngineRefused, detail),
            Error::CredentialsNotReady => Self::new(ProblemCode::CredentialsNotReady, detail),
            Error::RevisionMismatch { .. } => Self::new(ProblemCode::RevisionMismatch, detail),
            Error::RuntimeUnavailable { .. } => {
                Self::new(ProblemCode::RuntimeUnavailable, detail).with_retry_after(RUNTIME_RETRY)
            }
            Error::RuntimeRejected { .. } => Self::new(ProblemCode::RuntimeRejected, detail),
            Error::Unauthenticated => Self::new(ProblemCode::Unauthenticated, detail),
            Error::LoginFailed => Self::new(ProblemCode::LoginFailed, detail),
            Error::Forbidden { .. } => Self::new(ProblemCode::Forbidden, detail),
            Error::TooManyAttempts { retry_after } => {
                Self::new(ProblemCode::TooManyAttempts, detail).with_retry_after(retry_after)
            }
            Error::SetupDone => Self::new(ProblemCode::SetupDone, detail),
            Error::SetupNeeded => Self::new(ProblemCode::SetupNeeded, detail),
            Error::SetupTokenRejected => Self::new(ProblemCode::SetupTokenRejected, detail),
            Error::UserNameTaken { .. } => Self::new(ProblemCode::UserNameTaken, detail),
            Error::LastAdmin => Self::new(ProblemCode::LastAdmin, detail),
            Error::Busy => Self::new(ProblemCode::Busy, detail).with_retry_after(BUSY_RETRY),
            Error::StoreFull => Self::new(ProblemCode::StoreFull, detail).with_retry_after(FULL_RETRY),
            // Conditions of the start and of commands. A request can not meet them; their text names files of the server.
            Error::DataDirectoryLocked
            | Error::MasterKeyMissing { .. }
            | Error::MasterKeyWrong { .. }
            | Error::MasterKeyUnusable { .. }
            | Error::BackupUnusable { .. }
            | Error::PassphraseTooShort { .. }
            | Error::StoreExists { .. }
            | Error::Internal(_) => Self::internal(),
        }
    }
}

impl Problem {
    /// A defect. What it is stands in the log only.
    pub(crate) fn internal() -> Self {
        Self::new(ProblemCode::Internal, "something went wrong on our side")
    }
}

/// Writes down what the client is not told.
fn log(error: &Error) {
    match error {
        Error::Internal(_)
        | Error::DataDirectoryLocked
        | Error::MasterKeyMissing { .. }
        | Error::MasterKeyWrong { .. }
        | Error::MasterKeyUnusable { .. }
        | Error::BackupUnusable { .. }
        | Error::PassphraseTooShort { .. }
        | Error::StoreExists { .. } => tracing::error!(causes = %chain(error), "{error}"),
        Error::RuntimeUnavailable { internal } | Error::EngineUnavailable { internal } => {
            tracing::warn!(internal, "{error}");
        }
        Error::StoreFull => tracing::error!("{error}"),
        Error::Validation(_)
        | Error::NotFound { .. }
        | Error::NameTaken { .. }
        | Error::VolumeInUse { .. }
        | Error::VolumeMissing { .. }
        | Error::AlreadyManaged { .. }
        | Error::NotAdoptable { .. }
        | Error::NotAdopted
        | Error::ManagedElsewhere { .. }
        | Error::CredentialsRejected { .. }
        | Error::PortTaken { .. }
        | Error::PortsExhausted { .. }
        | Error::OperationInProgress { .. }
        | Error::OperationEnded
        | Error::NotCancellable { .. }
        | Error::TooLateToCancel { .. }
        | Error::InvalidTransition { .. }
        | Error::DatabaseNotRunning { .. }
        | Error::DatabaseDedicated { .. }
        | Error::AppContainerMissing { .. }
        | Error::AppsLinked { .. }
        | Error::EngineRefused { .. }
        | Error::CredentialsNotReady
        | Error::RevisionMismatch { .. }
        | Error::RuntimeRejected { .. }
        | Error::Unauthenticated
        | Error::LoginFailed
        | Error::Forbidden { .. }
        | Error::TooManyAttempts { .. }
        | Error::SetupDone
        | Error::SetupNeeded
        | Error::SetupTokenRejected
        | Error::UserNameTaken { .. }
        | Error::LastAdmin
        | Error::Busy => {}
    }
}

fn chain(error: &Error) -> String {
    let mut texts = Vec::new();
    let mut next = error.source();
    while let Some(cause) = next {
        texts.push(cause.to_string());
        next = cause.source();
    }
    texts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn internal_causes_stay_in_the_log() {
        let problem = Problem::from(Error::internal("no such column: secret"));
        assert_eq!(problem.code(), ProblemCode::Internal);
        assert!(!serde_json::to_string(&problem).unwrap().contains("column"));
    }

    #[test]
    fn paths_of_the_server_stay_in_the_log() {
        let problem =
            Problem::from(Error::MasterKeyMissing { path: "/var/lib/stardeck/master.key".to_owned() });
        assert!(!serde_json::to_string(&problem).unwrap().contains("master"));
    }

    #[test]
    fn an_unreachable_runtime_is_503_without_what_we_saw() {
        let problem = Problem::from(Error::RuntimeUnavailable {
            internal: "connect /run/podman/podman.sock".to_owned(),
        });
        assert_eq!(problem.code(), ProblemCode::RuntimeUnavailable);
        assert!(!serde_json::to_string(&problem).unwrap().contains("podman.sock"));
    }
}
