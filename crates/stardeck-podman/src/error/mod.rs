//! What can go wrong, and what a caller can do about it.
//!
//! Podman's HTTP status says little: a name in use, a busy port and a missing image are all 500 in some
//! versions. What is stable is the `cause` text together with the call that was made, so [`Error::kind`]
//! decides by those. The table behind it was measured on Podman 4.3, 4.9, 5.4 and 5.8.

mod classify;

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::types::Version;

/// Any failure of a call.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The service could not be reached, or the connection broke.
    #[error("{endpoint}: {stage} failed on {}", socket.display())]
    Transport {
        /// The call that was made.
        endpoint: Endpoint,
        /// How far it had got.
        stage: Stage,
        /// The Unix socket of the service.
        socket: PathBuf,
        /// The operating system's or HTTP library's reason.
        #[source]
        source: io::Error,
    },
    /// Nothing came within the time allowed. Podman may still be at work on the call.
    #[error("{endpoint}: {stage} took longer than {after:?}")]
    Timeout {
        /// The call that was made.
        endpoint: Endpoint,
        /// How far it had got.
        stage: Stage,
        /// The time that was allowed.
        after: Duration,
    },
    /// Podman answered that it could not do it.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// Podman's answer could not be read. Values are left out of `reason`, since they can be secret.
    #[error("{endpoint}: answer not understood: {reason}")]
    Decode {
        /// The call that was made.
        endpoint: Endpoint,
        /// What was wrong with the answer.
        reason: String,
    },
    /// An answer, line or frame was larger than this crate accepts.
    #[error("{endpoint}: {what} larger than {limit} bytes")]
    TooLarge {
        /// The call that was made.
        endpoint: Endpoint,
        /// What was too large.
        what: &'static str,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The call was not made because an argument can not be part of a request.
    #[error("{endpoint}: {reason}")]
    InvalidInput {
        /// The call that was asked for.
        endpoint: Endpoint,
        /// What was wrong with the argument.
        reason: &'static str,
    },
    /// Crate and service do not understand each other's version. Nothing but a change of one of them helps.
    #[error("Podman {found} is not supported: {reason}")]
    UnsupportedVersion {
        /// The call that told.
        endpoint: Endpoint,
        /// Version of Podman.
        found: Version,
        /// What would be right.
        reason: String,
    },
    /// A stream of bytes given by the caller could not be read or written.
    #[error("{endpoint}: the caller's stream failed")]
    Stream {
        /// The call that was made.
        endpoint: Endpoint,
        /// The stream's own reason.
        #[source]
        source: io::Error,
    },
}

/// How far a call had got when it failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// Opening the Unix socket. Podman has not heard of the call.
    Connect,
    /// Sending the request and waiting for the head of the answer. Podman may have done the work.
    Head,
    /// Reading the rest of the answer.
    Body,
}

impl std::fmt::Display for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Connect => "connecting",
            Self::Head => "waiting for the answer",
            Self::Body => "reading the answer",
        })
    }
}

/// Podman's own error: `{"cause": …, "message": …, "response": …}`, or the text of a non-JSON answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{endpoint}: {message} (status {response})")]
#[non_exhaustive]
pub struct ApiError {
    /// The innermost reason. Its wording is stable across versions. Empty when the answer was plain text.
    pub cause: String,
    /// The whole chain of reasons. For people; wording changes between versions.
    pub message: String,
    /// The status Podman meant; 200 when the error came inside a stream.
    pub response: u16,
    /// The call that was made.
    pub endpoint: Endpoint,
    /// Podman's id of the request (`X-Reference-Id`), which its own log repeats.
    pub reference_id: Option<String>,
}

/// The condition behind an error, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The container (or exec session) does not exist.
    NotFound,
    /// Another object of the same type has this name already.
    NameInUse,
    /// A host port is taken, by a container or any other process.
    PortInUse,
    /// The address to publish on does not belong to this host.
    AddressNotLocal,
    /// A requested static address in a network is taken.
    AddressInUse,
    /// The image is not in the local storage.
    ImageMissing,
    /// The image is used by a container.
    ImageInUse,
    /// The volume does not exist.
    VolumeMissing,
    /// A container uses the volume.
    VolumeInUse,
    /// The network does not exist.
    NetworkMissing,
    /// A container is connected to the network.
    NetworkInUse,
    /// The subnet overlaps one of the host or of another network.
    SubnetTaken,
    /// The container is connected to the network already.
    AlreadyConnected,
    /// The container is not connected to the network.
    NotConnected,
    /// The secret does not exist.
    SecretMissing,
    /// A secret is used by a container.
    SecretInUse,
    /// A parameter was refused.
    BadParameter,
    /// The container is in a state that does not allow this.
    StateImproper,
    /// The command is not in the image.
    CommandNotFound,
    /// The path does not exist in the container.
    PathMissing,
    /// The container's log driver keeps nothing that could be read.
    NoLog,
    /// The registry wants (other) credentials.
    Unauthorized,
    /// The registry has no such image or tag.
    ManifestUnknown,
    /// The registry could not be reached, or does not speak the expected protocol.
    RegistryUnreachable,
    /// The registry refuses more requests for now.
    RateLimited,
    /// The image reference is malformed, or a short name without a registry.
    BadReference,
    /// The disk is full.
    NoSpace,
    /// The Podman service could not be reached, or the connection broke.
    Unavailable,
    /// The Podman service took too long.
    TimedOut,
    /// This Podman does not have the call, or not as the user it runs as.
    Unsupported,
    /// Anything else.
    Other,
}

impl Error {
    /// The condition behind this error, told by `cause` and call, never by the HTTP status alone.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::ErrorKind;
    ///
    /// match client.containers().start("web").await {
    ///     Err(error) if error.kind() == ErrorKind::PortInUse => println!("its port is taken"),
    ///     other => println!("{other:?}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        match self {
            Self::Transport { .. } => ErrorKind::Unavailable,
            Self::Timeout { .. } => ErrorKind::TimedOut,
            Self::Api(error) => error.kind(),
            Self::InvalidInput { .. } => ErrorKind::BadParameter,
            Self::UnsupportedVersion { .. } => ErrorKind::Unsupported,
            Self::Decode { .. } | Self::TooLarge { .. } | Self::Stream { .. } => ErrorKind::Other,
        }
    }

    /// Is the object that the call was about absent? An image missing on container create is not this: the
    /// call was about a container.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// match client.networks().remove("front").await {
    ///     Err(error) if error.is_not_found() => println!("it was gone already"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_not_found(&self) -> bool {
        matches!(self, Self::Api(error) if error.is_not_found())
    }

    /// Does something that exists, or its state, stand in the way?
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// match client.volumes().remove("pages").await {
    ///     Err(error) if error.is_conflict() => println!("a container uses it"),
    ///     other => other?,
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Api(error) if error.is_conflict())
    }

    /// Could the very same call succeed if it is simply sent again, without harm?
    ///
    /// True when Podman never heard of the call, when a call that only reads got no (whole) answer, and for
    /// passing troubles of a registry.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let mut tries = 0;
    /// while let Err(error) = client.containers().start("web").await {
    ///     tries += 1;
    ///     if tries == 3 || !error.is_retryable() {
    ///         return Err(error);
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Transport { endpoint, stage, .. } | Self::Timeout { endpoint, stage, .. } => {
                *stage == Stage::Connect || endpoint.is_read_only()
            }
            Self::Api(error) => error.is_retryable(),
            Self::Decode { .. }
            | Self::TooLarge { .. }
            | Self::InvalidInput { .. }
            | Self::UnsupportedVersion { .. }
            | Self::Stream { .. } => false,
        }
    }

    /// The call that failed.
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::Error) {
    /// println!("it was {} that failed", error.endpoint());
    /// # }
    /// ```
    pub fn endpoint(&self) -> Endpoint {
        match self {
            Self::Transport { endpoint, .. }
            | Self::Timeout { endpoint, .. }
            | Self::Decode { endpoint, .. }
            | Self::TooLarge { endpoint, .. }
            | Self::InvalidInput { endpoint, .. }
            | Self::UnsupportedVersion { endpoint, .. }
            | Self::Stream { endpoint, .. } => *endpoint,
            Self::Api(error) => error.endpoint,
        }
    }

    /// Podman's own error, when it is one.
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::Error) {
    /// if let Some(answer) = error.api() {
    ///     println!("Podman says: {}", answer.cause);
    /// }
    /// # }
    /// ```
    pub fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            Self::Transport { .. }
            | Self::Timeout { .. }
            | Self::Decode { .. }
            | Self::TooLarge { .. }
            | Self::InvalidInput { .. }
            | Self::UnsupportedVersion { .. }
            | Self::Stream { .. } => None,
        }
    }
}
