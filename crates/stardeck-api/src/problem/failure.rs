//! The one map from a failed operation to the same problem object, with the status the request would have had.

use stardeck_domain::{Failure, FailureCode, OperationId};

use super::{Problem, ProblemCode};

impl Problem {
    /// Why an operation failed.
    pub(crate) fn of_failure(operation: OperationId, failure: &Failure) -> Self {
        let mut problem = Self::new(code_of(failure.code), failure.detail.clone())
            .on(format!("/api/operations/{operation}"));
        problem.0.step.clone_from(&failure.step);
        problem.0.log_tail.clone_from(&failure.log_tail);
        problem
    }
}

const fn code_of(code: FailureCode) -> ProblemCode {
    match code {
        FailureCode::ImageNotFound => ProblemCode::ImageNotFound,
        FailureCode::ImageUnauthorized => ProblemCode::ImageUnauthorized,
        FailureCode::RegistryUnavailable => ProblemCode::RegistryUnavailable,
        FailureCode::PortTaken => ProblemCode::PortTaken,
        FailureCode::PortStillOpen => ProblemCode::PortStillOpen,
        FailureCode::NameTaken => ProblemCode::NameTaken,
        FailureCode::SubnetsExhausted => ProblemCode::SubnetsExhausted,
        FailureCode::RuntimeUnavailable => ProblemCode::RuntimeUnavailable,
        FailureCode::RuntimeRejected => ProblemCode::RuntimeRejected,
        FailureCode::EngineExited => ProblemCode::EngineExited,
        FailureCode::EngineNotReady => ProblemCode::EngineNotReady,
        FailureCode::CredentialsRejected => ProblemCode::CredentialsRejected,
        FailureCode::ContainerMissing => ProblemCode::ContainerMissing,
        FailureCode::VolumeMissing => ProblemCode::VolumeMissing,
        FailureCode::VolumeInUse => ProblemCode::VolumeInUse,
        FailureCode::ImageUnsuitable => ProblemCode::ImageUnsuitable,
        FailureCode::EngineRefused => ProblemCode::EngineRefused,
        FailureCode::AppExited => ProblemCode::AppExited,
        FailureCode::NameNotResolved => ProblemCode::NameNotResolved,
        FailureCode::Cancelled => ProblemCode::Cancelled,
        FailureCode::Interrupted => ProblemCode::Interrupted,
        FailureCode::Internal => ProblemCode::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_failures_are_the_codes_of_problems() {
        for code in FailureCode::ALL {
            assert_eq!(code_of(*code).as_str(), code.as_str());
        }
    }

    #[test]
    fn a_missing_image_is_a_bad_gateway() {
        let failure =
            Failure::new(FailureCode::ImageNotFound, "docker.io/library/postgres:99 does not exist");
        let json = serde_json::to_value(Problem::of_failure(OperationId::new(), &failure)).unwrap();
        assert_eq!(json["status"], 502);
        assert_eq!(json["code"], "image_not_found");
    }
}
