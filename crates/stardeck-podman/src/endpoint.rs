//! The calls this crate makes, as one table: method and path template of each.
//!
//! An [`Endpoint`] names the operation in errors, where the meaning of a `cause` depends on it. Filling in
//! names and parameters is the business of `request`.

use std::fmt;

/// HTTP method of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Method {
    Get,
    Head,
    Post,
    Put,
    Delete,
}

impl Method {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
        }
    }
}

/// The kind of object a call is about, which decides what "not found" refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    System,
    Container,
    Exec,
    Image,
    Network,
    Secret,
    Volume,
}

macro_rules! endpoints {
    ($($(#[$doc:meta])* $name:ident: $method:ident $path:literal, $subject:ident;)+) => {
        /// One call of the API. It displays as `POST /libpod/containers/{name}/start`.
        ///
        /// Paths are those of Podman's `pkg/api/server/register_*.go`. Calls under `/libpod` are sent below
        /// `/v4.0.0`, which every Podman from 4.3 to 5.8 answers in the same shape; the one Docker-compatible
        /// call is sent below `/v1.41`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Endpoint {
            $($(#[$doc])* $name,)+
        }

        impl Endpoint {
            /// Path below the version prefix, with `{…}` where a name goes.
            ///
            /// ```
            /// use stardeck_podman::Endpoint;
            ///
            /// assert_eq!(Endpoint::ContainerStart.path_template(), "/libpod/containers/{name}/start");
            /// ```
            pub fn path_template(self) -> &'static str {
                match self { $(Self::$name => $path,)+ }
            }

            pub(crate) fn method(self) -> Method {
                match self { $(Self::$name => Method::$method,)+ }
            }

            pub(crate) fn subject(self) -> Subject {
                match self { $(Self::$name => Subject::$subject,)+ }
            }

            #[cfg(test)]
            pub(crate) const ALL: &[Self] = &[$(Self::$name,)+];
        }
    };
}

endpoints! {
    /// Is the service there, and which version is it?
    Ping: Get "/libpod/_ping", System;
    /// Versions of the engine's parts.
    Version: Get "/libpod/version", System;
    /// Host, storage and versions.
    Info: Get "/libpod/info", System;
    /// Disk used by images, containers and volumes.
    DiskUsage: Get "/libpod/system/df", System;
    /// Stream of events.
    Events: Get "/libpod/events", System;

    /// List containers.
    ContainerList: Get "/libpod/containers/json", Container;
    /// Inspect one container.
    ContainerInspect: Get "/libpod/containers/{name}/json", Container;
    /// Does a container exist?
    ContainerExists: Get "/libpod/containers/{name}/exists", Container;
    /// Run a container's healthcheck.
    ContainerHealthcheck: Get "/libpod/containers/{name}/healthcheck", Container;
    /// Create a container.
    ContainerCreate: Post "/libpod/containers/create", Container;
    /// Start a container.
    ContainerStart: Post "/libpod/containers/{name}/start", Container;
    /// Stop a container.
    ContainerStop: Post "/libpod/containers/{name}/stop", Container;
    /// Stop and start a container.
    ContainerRestart: Post "/libpod/containers/{name}/restart", Container;
    /// Send a signal to a container's main process.
    ContainerKill: Post "/libpod/containers/{name}/kill", Container;
    /// Freeze a container.
    ContainerPause: Post "/libpod/containers/{name}/pause", Container;
    /// Thaw a container.
    ContainerUnpause: Post "/libpod/containers/{name}/unpause", Container;
    /// Rename a container.
    ContainerRename: Post "/libpod/containers/{name}/rename", Container;
    /// Change a container's limits.
    ContainerUpdate: Post "/libpod/containers/{name}/update", Container;
    /// Remove a container.
    ContainerRemove: Delete "/libpod/containers/{name}", Container;
    /// Remove the containers that do not run.
    ContainerPrune: Post "/libpod/containers/prune", Container;
    /// Wait for a container to reach a condition.
    ContainerWait: Post "/libpod/containers/{name}/wait", Container;
    /// Read a container's log.
    ContainerLogs: Get "/libpod/containers/{name}/logs", Container;
    /// List a container's processes.
    ContainerTop: Get "/libpod/containers/{name}/top", Container;
    /// Resource use of containers.
    ContainerStats: Get "/libpod/containers/stats", Container;
    /// Copy files out of a container.
    ContainerArchiveGet: Get "/libpod/containers/{name}/archive", Container;
    /// Copy files into a container.
    ContainerArchivePut: Put "/libpod/containers/{name}/archive", Container;
    /// What is at a path of a container?
    ContainerArchiveStat: Head "/libpod/containers/{name}/archive", Container;

    /// Prepare a process in a running container.
    ExecCreate: Post "/libpod/containers/{name}/exec", Container;
    /// Start a prepared process, attached.
    ExecStart: Post "/libpod/exec/{id}/start", Exec;
    /// State and exit code of a prepared process.
    ExecInspect: Get "/libpod/exec/{id}/json", Exec;

    /// List images.
    ImageList: Get "/libpod/images/json", Image;
    /// Inspect one image.
    ImageInspect: Get "/libpod/images/{reference}/json", Image;
    /// Does an image exist?
    ImageExists: Get "/libpod/images/{reference}/exists", Image;
    /// Pull an image by the libpod call.
    ImagePull: Post "/libpod/images/pull", Image;
    /// Pull an image by the Docker-compatible call, which reports bytes.
    ImagePullCompat: Post "/images/create", Image;
    /// Load images from an archive.
    ImageLoad: Post "/libpod/images/load", Image;
    /// Give an image another name.
    ImageTag: Post "/libpod/images/{reference}/tag", Image;
    /// Remove an image.
    ImageRemove: Delete "/libpod/images/{reference}", Image;
    /// Remove the images that no container uses.
    ImagePrune: Post "/libpod/images/prune", Image;

    /// List networks.
    NetworkList: Get "/libpod/networks/json", Network;
    /// Inspect one network.
    NetworkInspect: Get "/libpod/networks/{name}/json", Network;
    /// Does a network exist?
    NetworkExists: Get "/libpod/networks/{name}/exists", Network;
    /// Create a network.
    NetworkCreate: Post "/libpod/networks/create", Network;
    /// Remove a network.
    NetworkRemove: Delete "/libpod/networks/{name}", Network;
    /// Remove the networks that no container is on.
    NetworkPrune: Post "/libpod/networks/prune", Network;
    /// Connect a container to a network.
    NetworkConnect: Post "/libpod/networks/{name}/connect", Network;
    /// Disconnect a container from a network.
    NetworkDisconnect: Post "/libpod/networks/{name}/disconnect", Network;

    /// List secrets.
    SecretList: Get "/libpod/secrets/json", Secret;
    /// Inspect one secret (never its value).
    SecretInspect: Get "/libpod/secrets/{name}/json", Secret;
    /// Create a secret.
    SecretCreate: Post "/libpod/secrets/create", Secret;
    /// Remove a secret.
    SecretRemove: Delete "/libpod/secrets/{name}", Secret;

    /// List volumes.
    VolumeList: Get "/libpod/volumes/json", Volume;
    /// Inspect one volume.
    VolumeInspect: Get "/libpod/volumes/{name}/json", Volume;
    /// Does a volume exist?
    VolumeExists: Get "/libpod/volumes/{name}/exists", Volume;
    /// Create a volume.
    VolumeCreate: Post "/libpod/volumes/create", Volume;
    /// Remove a volume.
    VolumeRemove: Delete "/libpod/volumes/{name}", Volume;
    /// Remove the volumes that no container uses.
    VolumePrune: Post "/libpod/volumes/prune", Volume;
}

impl Endpoint {
    /// Does the call only read? Such a call can be sent again when the first answer got lost.
    ///
    /// ```
    /// use stardeck_podman::Endpoint;
    ///
    /// assert!(Endpoint::ContainerList.is_read_only());
    /// assert!(!Endpoint::ContainerStart.is_read_only());
    /// ```
    pub fn is_read_only(self) -> bool {
        matches!(self.method(), Method::Get | Method::Head)
    }

    /// Version prefix of the path; see the type's documentation for the reason.
    pub(crate) fn prefix(self) -> &'static str {
        if self == Self::ImagePullCompat { "/v1.41" } else { "/v4.0.0" }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method().as_str(), self.path_template())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROUTES: [(&str, &str); 4] = [
        ("4.3.1", include_str!("../tests/golden/routes-v4.3.1.txt")),
        ("4.9.4", include_str!("../tests/golden/routes-v4.9.4.txt")),
        ("5.4.2", include_str!("../tests/golden/routes-v5.4.2.txt")),
        ("5.8.2", include_str!("../tests/golden/routes-v5.8.2.txt")),
    ];

    /// Replaces every `{…}` by `{}`: the names of path variables are of no account.
    fn shape(path: &str) -> String {
        let mut parts = path.split(['{', '}']);
        let mut shape = parts.next().unwrap().to_owned();
        while let (Some(_), Some(rest)) = (parts.next(), parts.next()) {
            shape.push_str("{}");
            shape.push_str(rest);
        }
        shape
    }

    #[test]
    fn every_call_is_a_route_of_every_version() {
        for (version, routes) in ROUTES {
            for endpoint in Endpoint::ALL.iter().filter(|endpoint| **endpoint != Endpoint::ImagePullCompat) {
                let known = routes.lines().filter_map(|line| line.rsplit_once(' ')).any(|(methods, path)| {
                    let method = endpoint.method().as_str();
                    methods.to_ascii_uppercase().contains(method)
                        && shape(path) == shape(endpoint.path_template())
                });
                assert!(known, "{endpoint} is no route of {version}");
            }
        }
    }
}
