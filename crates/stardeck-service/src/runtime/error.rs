//! What goes wrong at a runtime.

/// What went wrong at the runtime, by what the caller can do about it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// There is no such object.
    #[error("there is no {what}")]
    NotFound {
        /// What was looked for, with its name.
        what: String,
    },
    /// An object of this name exists, or the object is in use.
    #[error("conflict: {detail}")]
    Conflict {
        /// The runtime's own words.
        detail: String,
    },
    /// Something else holds the host port.
    #[error("the host port is in use: {detail}")]
    PortTaken {
        /// The runtime's own words.
        detail: String,
    },
    /// The address range is in use on this host.
    #[error("the address range is in use: {detail}")]
    SubnetTaken {
        /// The runtime's own words.
        detail: String,
    },
    /// The image could not be had.
    #[error("the image can not be had: {detail}")]
    ImageUnavailable {
        /// Why, so that the right advice can be given.
        reason: ImageProblem,
        /// The runtime's own words.
        detail: String,
    },
    /// The runtime does not answer.
    #[error("the runtime does not answer: {detail}")]
    Unavailable {
        /// What we saw.
        detail: String,
    },
    /// The runtime answered, and refused.
    #[error("the runtime refused: {detail}")]
    Rejected {
        /// The runtime's own words.
        detail: String,
    },
}

/// Why an image could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageProblem {
    /// No such image, tag or registry name.
    NotFound,
    /// Credentials are needed or wrong.
    Unauthorized,
    /// The registry does not answer or asks us to slow down.
    Unreachable,
}

/// A result from the runtime.
pub type RuntimeResult<T> = Result<T, RuntimeError>;
