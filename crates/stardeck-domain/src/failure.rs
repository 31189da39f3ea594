//! Why an operation failed, as it is kept with the operation and shown to people.

use crate::text_enum::text_enum;

text_enum! {
    /// The conditions under which an operation can fail. The API maps each to one problem.
    pub enum FailureCode ("failure code") {
        /// The registry has no such image or tag, or there is no such registry name.
        ImageNotFound = "image_not_found",
        /// The registry wants credentials or refuses the ones given.
        ImageUnauthorized = "image_unauthorized",
        /// The registry did not answer, or asked us to slow down.
        RegistryUnavailable = "registry_unavailable",
        /// Something else holds the host port.
        PortTaken = "port_taken",
        /// Something still answers on a host port that should be closed.
        PortStillOpen = "port_still_open",
        /// An object of this name exists and is not ours.
        NameTaken = "name_taken",
        /// No range of addresses is free for the data network.
        SubnetsExhausted = "subnets_exhausted",
        /// Podman does not answer.
        RuntimeUnavailable = "runtime_unavailable",
        /// Podman answered, and refused.
        RuntimeRejected = "runtime_rejected",
        /// The container ended before the engine answered.
        EngineExited = "engine_exited",
        /// The engine did not answer in time.
        EngineNotReady = "engine_not_ready",
        /// The engine answered and refused our login.
        CredentialsRejected = "credentials_rejected",
        /// The container is gone.
        ContainerMissing = "container_missing",
        /// The volume that holds the data is gone.
        VolumeMissing = "volume_missing",
        /// Something else uses the volume that holds the data.
        VolumeInUse = "volume_in_use",
        /// The image is not one of the engine asked for, or lacks what it should declare.
        ImageUnsuitable = "image_unsuitable",
        /// The engine answered, and refused what was asked for.
        EngineRefused = "engine_refused",
        /// The app's container ended right after its start.
        AppExited = "app_exited",
        /// On its network the database's name does not lead to it.
        NameNotResolved = "name_not_resolved",
        /// Somebody cancelled the operation.
        Cancelled = "cancelled",
        /// The server was stopped or killed in the middle.
        Interrupted = "interrupted",
        /// A defect on our side; the log has the details.
        Internal = "internal",
    }
}

/// Why an operation failed. Everything in it may be shown to a person who may see the operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Failure {
    /// The condition.
    pub code: FailureCode,
    /// What happened, in words, without secrets and internal paths.
    pub detail: String,
    /// The step that failed.
    pub step: Option<String>,
    /// The last lines of the engine's log, where they explain the failure.
    pub log_tail: Vec<String>,
}

impl Failure {
    /// A failure with its explanation.
    pub fn new(code: FailureCode, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), step: None, log_tail: Vec::new() }
    }
}
