//! Podman's errors in the service's words.

use stardeck_domain::ImageReference;
use stardeck_podman::{Error, ErrorKind};

use crate::runtime::{ImageProblem, RuntimeError};

/// Puts an error about the named object into the service's words.
pub(super) fn runtime_error(what: &str) -> impl FnOnce(Error) -> RuntimeError + use<'_> {
    move |error| {
        let detail = describe(&error);
        match error.kind() {
            ErrorKind::Unavailable | ErrorKind::TimedOut => RuntimeError::Unavailable { detail },
            ErrorKind::NotFound
            | ErrorKind::VolumeMissing
            | ErrorKind::NetworkMissing
            | ErrorKind::SecretMissing => RuntimeError::NotFound { what: what.to_owned() },
            ErrorKind::NameInUse
            | ErrorKind::VolumeInUse
            | ErrorKind::NetworkInUse
            | ErrorKind::ImageInUse => RuntimeError::Conflict { detail },
            ErrorKind::PortInUse => RuntimeError::PortTaken { detail },
            ErrorKind::SubnetTaken => RuntimeError::SubnetTaken { detail },
            ErrorKind::ImageMissing => {
                RuntimeError::ImageUnavailable { reason: ImageProblem::NotFound, detail }
            }
            _ => RuntimeError::Rejected { detail },
        }
    }
}

/// Puts an error of a list into the service's words. There is always a list, so that what is missing is something in it: it
/// was removed while Podman looked, again and again, and a later try succeeds.
pub(super) fn list_error(what: &str) -> impl FnOnce(Error) -> RuntimeError + use<'_> {
    move |error| {
        let detail = format!("Podman can not list {what} while some are removed: {}", describe(&error));
        match runtime_error(what)(error) {
            RuntimeError::NotFound { .. } | RuntimeError::ImageUnavailable { .. } => {
                RuntimeError::Unavailable { detail }
            }
            other => other,
        }
    }
}

/// Puts an error of a pull into the service's words: there, most failures are the registry's.
pub(super) fn pull_error(reference: &ImageReference) -> impl Fn(Error) -> RuntimeError + use<'_> {
    move |error| {
        let words = describe(&error);
        let reason = match error.kind() {
            ErrorKind::ManifestUnknown
            | ErrorKind::ImageMissing
            | ErrorKind::NotFound
            | ErrorKind::BadParameter
            | ErrorKind::BadReference => ImageProblem::NotFound,
            ErrorKind::Unauthorized => ImageProblem::Unauthorized,
            _ if has_no_registry(reference, &words) => ImageProblem::NotFound,
            ErrorKind::RegistryUnreachable | ErrorKind::RateLimited => ImageProblem::Unreachable,
            ErrorKind::Unavailable | ErrorKind::TimedOut => {
                return RuntimeError::Unavailable { detail: words };
            }
            _ => return RuntimeError::Rejected { detail: words },
        };
        let detail = format!("{reference} is not on this host and could not be pulled: {words}");
        RuntimeError::ImageUnavailable { reason, detail }
    }
}

/// Whether there is nobody to ask, now or later: the registry's name means nothing here, this host is configured not to
/// ask it, or the image is of the kind that only ever exists locally.
fn has_no_registry(reference: &ImageReference, words: &str) -> bool {
    reference.registry() == "localhost"
        || words.contains("no such host")
        || words.contains("is blocked in")
        || words.contains("did not resolve to an alias")
}

/// Podman's own words without our call's name around them.
fn describe(error: &Error) -> String {
    error.api().map_or_else(|| error.to_string(), |api| api.message.clone())
}
