//! From Podman's error texts to [`ErrorKind`].
//!
//! The texts are Podman's own (`libpod/define/errors.go`, `containers/storage/errors.go`, `containers/image`)
//! and those of the operating system and the OCI runtime behind it.

use serde::Deserialize;

use super::{ApiError, ErrorKind};
use crate::endpoint::{Endpoint, Subject};

/// Longest text of a non-JSON answer that is kept, in characters.
const MAX_TEXT: usize = 2048;

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    cause: String,
    message: String,
    #[serde(default)]
    response: u16,
}

impl ApiError {
    /// Reads an error answer, which is JSON from Podman's handlers and plain text from its router.
    pub(crate) fn from_body(
        endpoint: Endpoint,
        status: u16,
        body: &[u8],
        reference_id: Option<String>,
    ) -> Self {
        let wire = serde_json::from_slice(body).unwrap_or_else(|_| {
            let text: String = String::from_utf8_lossy(body).trim().chars().take(MAX_TEXT).collect();
            let message = if text.is_empty() { "no reason given".to_owned() } else { text };
            Wire { cause: String::new(), message, response: status }
        });
        let response = if wire.response == 0 { status } else { wire.response };
        Self { cause: wire.cause, message: wire.message, response, endpoint, reference_id }
    }

    /// An error that came inside a stream, behind a status of 200.
    pub(crate) fn in_stream(endpoint: Endpoint, message: String) -> Self {
        Self { cause: String::new(), message, response: 200, endpoint, reference_id: None }
    }

    /// The condition behind this error; see [`super::Error::kind`].
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::ApiError) {
    /// use stardeck_podman::ErrorKind;
    ///
    /// if error.kind() == ErrorKind::PortInUse {
    ///     println!("choose another port");
    /// }
    /// # }
    /// ```
    pub fn kind(&self) -> ErrorKind {
        self.kind_by_call().or_else(|| self.kind_by_text()).unwrap_or_else(|| self.kind_by_status())
    }

    /// Is the object that the call was about absent?
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::ApiError) {
    /// println!("already gone: {}", error.is_not_found());
    /// # }
    /// ```
    pub fn is_not_found(&self) -> bool {
        match self.endpoint.subject() {
            Subject::Container | Subject::Exec => self.kind() == ErrorKind::NotFound,
            Subject::Image => self.kind() == ErrorKind::ImageMissing,
            Subject::Network => self.kind() == ErrorKind::NetworkMissing,
            Subject::Secret => self.kind() == ErrorKind::SecretMissing,
            Subject::Volume => self.kind() == ErrorKind::VolumeMissing,
            Subject::System => false,
        }
    }

    /// Does something that exists, or its state, stand in the way?
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::ApiError) {
    /// println!("something is in the way: {}", error.is_conflict());
    /// # }
    /// ```
    pub fn is_conflict(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::NameInUse
                | ErrorKind::PortInUse
                | ErrorKind::AddressInUse
                | ErrorKind::ImageInUse
                | ErrorKind::VolumeInUse
                | ErrorKind::NetworkInUse
                | ErrorKind::SecretInUse
                | ErrorKind::SubnetTaken
                | ErrorKind::AlreadyConnected
                | ErrorKind::NotConnected
                | ErrorKind::StateImproper
        )
    }

    /// Could the same call succeed later, without anything else being changed?
    ///
    /// ```
    /// # fn example(error: &stardeck_podman::ApiError) {
    /// println!("try again later: {}", error.is_retryable());
    /// # }
    /// ```
    pub fn is_retryable(&self) -> bool {
        matches!(self.kind(), ErrorKind::RegistryUnreachable | ErrorKind::RateLimited)
    }

    /// Does a call about many objects fail because one of them is gone?
    pub(crate) fn says_something_vanished(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::NotFound
                | ErrorKind::ImageMissing
                | ErrorKind::VolumeMissing
                | ErrorKind::NetworkMissing
                | ErrorKind::SecretMissing
        )
    }

    /// Does a look at a container fail because its process ended during the look?
    pub(crate) fn says_its_process_ended(&self) -> bool {
        self.says("/proc/")
            && self.says("/cgroup")
            && self.says_any(&["no such process", "no such file or directory"])
    }

    fn says(&self, text: &str) -> bool {
        self.cause.contains(text) || self.message.contains(text)
    }

    fn says_any(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| self.says(text))
    }

    /// Conditions whose text means different things for different calls.
    fn kind_by_call(&self) -> Option<ErrorKind> {
        use Endpoint as E;
        let is = |calls: &[E]| calls.contains(&self.endpoint);
        if is(&[E::ImagePull, E::ImagePullCompat]) {
            return Some(self.kind_of_pull());
        }
        let archive = is(&[E::ContainerArchiveGet, E::ContainerArchivePut, E::ContainerArchiveStat]);
        if archive && !self.says("no such container") {
            let missing = self.response == 404 || self.says("no such file or directory");
            return missing.then_some(ErrorKind::PathMissing);
        }
        if is(&[E::ContainerLogs]) && self.says("this container is not logging output") {
            return Some(ErrorKind::NoLog);
        }
        if is(&[E::ImageRemove])
            && self.says_any(&["image is in use", "image used by", "image is being used"])
        {
            return Some(ErrorKind::ImageInUse);
        }
        None
    }

    /// Conditions that one text names whatever the call was. The order matters where one text holds another.
    fn kind_by_text(&self) -> Option<ErrorKind> {
        const TABLE: &[(ErrorKind, &[&str])] = &[
            (
                ErrorKind::NameInUse,
                &[
                    "that name is already in use",
                    "volume already exists",
                    "network already exists",
                    "secret name in use",
                    "container already exists",
                    // A rename, where Podman keeps its state in SQLite (5.x).
                    "UNIQUE constraint failed: ContainerConfig.Name",
                ],
            ),
            (ErrorKind::SecretInUse, &["secret in use", "secret is in use"]),
            (ErrorKind::SecretMissing, &["no such secret"]),
            (ErrorKind::NotFound, &["no such container", "no such exec session"]),
            (ErrorKind::ImageMissing, &["image not known", "no such image"]),
            (ErrorKind::VolumeMissing, &["no such volume"]),
            (ErrorKind::NetworkMissing, &["network not found"]),
            (ErrorKind::VolumeInUse, &["volume is being used"]),
            (ErrorKind::NetworkInUse, &["network is being used"]),
            (ErrorKind::AlreadyConnected, &["network is already connected"]),
            (ErrorKind::NotConnected, &["is not connected to network"]),
            (ErrorKind::SubnetTaken, &["is already used on the host or by another config"]),
            (ErrorKind::AddressInUse, &["is already allocated"]),
            // The second of each is what pasta says, which publishes ports without root (5.x).
            (
                ErrorKind::AddressNotLocal,
                &["cannot assign requested address", "Cannot assign requested address"],
            ),
            (ErrorKind::PortInUse, &["address already in use", "Address already in use"]),
            (
                ErrorKind::CommandNotFound,
                &["attempted to invoke a command that was not found", "executable file not found"],
            ),
            (ErrorKind::NoSpace, &["no space left on device"]),
            (
                ErrorKind::Unsupported,
                &[
                    "given version is not supported",
                    // Without root, on control groups v1.
                    "only available for cgroup v2",
                    "rootless containers with cgroup V1",
                ],
            ),
            (
                ErrorKind::StateImproper,
                &["container state improper", "exec session state improper", "has no defined healthcheck"],
            ),
            (
                ErrorKind::BadParameter,
                &[
                    "invalid argument",
                    "is an invalid filter",
                    "cannot unmarshal",
                    "failed to parse parameters",
                ],
            ),
        ];
        TABLE.iter().find(|(_, texts)| self.says_any(texts)).map(|(kind, _)| *kind)
    }

    /// The last resort, for plain-text answers: 404 is then the router's, for a call it does not have.
    fn kind_by_status(&self) -> ErrorKind {
        match (self.response, self.cause.is_empty()) {
            (404 | 405 | 501, true) => ErrorKind::Unsupported,
            (404, false) => match self.endpoint.subject() {
                Subject::Container | Subject::Exec => ErrorKind::NotFound,
                Subject::Image => ErrorKind::ImageMissing,
                Subject::Network => ErrorKind::NetworkMissing,
                Subject::Secret => ErrorKind::SecretMissing,
                Subject::Volume => ErrorKind::VolumeMissing,
                Subject::System => ErrorKind::Other,
            },
            (400, _) => ErrorKind::BadParameter,
            _ => ErrorKind::Other,
        }
    }

    /// Texts of `containers/image` and of registries; versions wrap them differently, hence substrings.
    fn kind_of_pull(&self) -> ErrorKind {
        const TABLE: &[(ErrorKind, &[&str])] = &[
            (ErrorKind::RateLimited, &["toomanyrequests", "Too Many Requests", "pull rate limit"]),
            (
                ErrorKind::Unauthorized,
                &[
                    "unauthorized",
                    "authentication required",
                    "access to the resource is denied",
                    "invalid username/password",
                ],
            ),
            (ErrorKind::BadReference, &["invalid reference format", "short-name", "repository name must be"]),
            (
                ErrorKind::ManifestUnknown,
                &[
                    "manifest unknown",
                    "name unknown",
                    "repository does not exist",
                    "no image found in manifest list",
                ],
            ),
            (ErrorKind::ImageMissing, &["image not known"]),
            (
                ErrorKind::RegistryUnreachable,
                &[
                    "connection refused",
                    "connection reset",
                    "no such host",
                    "i/o timeout",
                    "TLS handshake timeout",
                    "network is unreachable",
                    "no route to host",
                    "server gave HTTP response to HTTPS client",
                    "x509:",
                    "unexpected EOF",
                    "server misbehaving",
                    "Bad Gateway",
                    "Service Unavailable",
                    "Gateway Timeout",
                ],
            ),
            (ErrorKind::NoSpace, &["no space left on device"]),
        ];
        TABLE.iter().find(|(_, texts)| self.says_any(texts)).map_or(ErrorKind::Other, |(kind, _)| *kind)
    }
}

#[cfg(test)]
mod tests;
