//! What the service needs of whatever runs containers, in the service's words.
//!
//! One implementation speaks to Podman ([`podman::PodmanRuntime`]); another, in the test kit, fails on demand. What is
//! *not* here: anything about databases.

pub mod podman;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use ipnet::Ipv4Net;
use secrecy::SecretString;
use stardeck_domain::{
    ContainerId, ContainerName, ImageId, ImageReference, NetworkName, Password, Port, SecretName, VolumeName,
};
use stardeck_engines::{ImageFacts, SeedFile};
use tokio::sync::mpsc;

/// Labels on an object of the runtime.
pub type Labels = BTreeMap<String, String>;

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

/// The runtime's own facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeInfo {
    /// Its version, such as `4.3.1`.
    pub version: String,
    /// Whether it runs without root, so that container addresses are out of reach.
    pub rootless: bool,
}

/// A container as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSummary {
    /// Its id.
    pub id: ContainerId,
    /// Its names; usually one.
    pub names: Vec<String>,
    /// Its state.
    pub state: ContainerState,
    /// Its labels.
    pub labels: Labels,
    /// The networks it is on.
    pub networks: Vec<String>,
    /// The host ports it publishes, whether it runs or not.
    pub host_ports: Vec<u16>,
    /// How it ended, when it has.
    pub exit_code: Option<i32>,
    /// When it was last started, as exactly as the list tells (Podman: to the second).
    pub started_at: Option<DateTime<Utc>>,
}

/// What a container does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContainerState {
    /// Made, never started (or the host was restarted since).
    Created,
    /// Running.
    Running,
    /// On its way down.
    Stopping,
    /// Frozen.
    Paused,
    /// Ended.
    Exited,
    /// On its way out.
    Removing,
    /// Something newer than this program.
    Unknown,
}

/// A container as inspection shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerDetails {
    /// Its id.
    pub id: ContainerId,
    /// Its name.
    pub name: String,
    /// Its state.
    pub state: ContainerState,
    /// How it ended, when it has.
    pub exit_code: Option<i32>,
    /// Whether the kernel killed it for want of memory, as far as the runtime knows.
    pub oom_killed: bool,
    /// How often the runtime restarted it.
    pub restart_count: u32,
    /// When it was last started.
    pub started_at: Option<DateTime<Utc>>,
    /// Its labels.
    pub labels: Labels,
    /// The image it runs.
    pub image_id: ImageId,
    /// Its address on each network it is on.
    pub addresses: BTreeMap<String, IpAddr>,
    /// Its aliases on each network it is on.
    pub aliases: BTreeMap<String, Vec<String>>,
}

/// A container to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSpec {
    /// Its name.
    pub name: ContainerName,
    /// The name it has for itself.
    pub hostname: String,
    /// The image, by id, so that nothing is pulled and nothing else is run.
    pub image: ImageId,
    /// Its labels.
    pub labels: Labels,
    /// Variables without secrets.
    pub env: BTreeMap<String, String>,
    /// Arguments; empty for the image's own.
    pub command: Vec<String>,
    /// Secrets mounted as files.
    pub secret_files: Vec<SecretFileSpec>,
    /// Volumes mounted.
    pub volumes: Vec<(VolumeName, String)>,
    /// The network it is on.
    pub network: NetworkName,
    /// The names it has there besides its own.
    pub aliases: Vec<String>,
    /// Ports published on the host.
    pub published_ports: Vec<PublishedPort>,
    /// Size of `/dev/shm` in bytes.
    pub shm_bytes: u64,
    /// How long a stop waits before it kills.
    pub stop_grace: Duration,
    /// Most memory in bytes; None for no limit.
    pub memory_bytes: Option<u64>,
}

/// A secret mounted as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretFileSpec {
    /// The secret in the runtime's store.
    pub secret: SecretName,
    /// The absolute path in the container.
    pub target: String,
    /// The owner.
    pub uid: u32,
    /// The group.
    pub gid: u32,
    /// The permission bits.
    pub mode: u32,
}

/// A port published on the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublishedPort {
    /// The host's address.
    pub address: IpAddr,
    /// The host's port.
    pub host_port: Port,
    /// The container's port.
    pub container_port: Port,
}

/// An image that is present.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageDetails {
    /// Its id.
    pub id: ImageId,
    /// Its digest in the registry, when known.
    pub digest: Option<String>,
    /// Its labels.
    pub labels: Labels,
    /// What it declares.
    pub facts: ImageFacts,
}

/// How far a pull is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullProgress {
    /// The layer it is about.
    pub layer: Option<String>,
    /// What happens, in the runtime's words.
    pub status: String,
    /// Bytes so far.
    pub current: Option<u64>,
    /// Bytes in all.
    pub total: Option<u64>,
}

/// A login for the registry of a pull.
#[derive(Debug, Clone)]
pub struct RegistryLogin {
    /// The user name.
    pub username: String,
    /// The password or token.
    pub password: Password,
}

/// A volume, network or secret as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedObject {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
}

/// A network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkDetails {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Whether names are resolved on it.
    pub dns_enabled: bool,
    /// Its IPv4 ranges.
    pub subnets: Vec<Ipv4Net>,
}

/// A network to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NetworkSpec {
    /// Its name.
    pub name: NetworkName,
    /// The name of its bridge on the host, at most 15 bytes (IFNAMSIZ).
    pub interface: String,
    /// Its range.
    pub subnet: Ipv4Net,
    /// Its labels.
    pub labels: Labels,
}

/// One line of a container's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// When it was written, as far as the runtime knows.
    pub at: Option<DateTime<Utc>>,
    /// Which stream it came from.
    pub stream: LogStream,
    /// The text.
    pub line: String,
}

/// A container's output stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogStream {
    /// Standard output.
    Stdout,
    /// Standard error. Most engines log here.
    Stderr,
}

/// Which lines of a log are wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogQuery {
    /// The last so many lines.
    pub tail: u32,
    /// Only lines since then.
    pub since: Option<DateTime<Utc>>,
}

/// A way to a container's port from where we are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reach {
    /// The address to connect to, good until the container is started again.
    pub addr: SocketAddr,
}

/// Something that runs containers. Every call is bounded in time; every `ensure` and `remove` may be repeated.
#[async_trait]
pub trait ContainerRuntime: Send + Sync {
    /// Asks whether it answers, and what it is.
    async fn info(&self) -> RuntimeResult<RuntimeInfo>;

    /// All containers of the host, running or not, whoever made them.
    async fn list_containers(&self) -> RuntimeResult<Vec<ContainerSummary>>;
    /// One container by name or id.
    async fn find_container(&self, name: &str) -> RuntimeResult<Option<ContainerDetails>>;
    /// Makes a container. The image must be present.
    async fn create_container(&self, spec: &ContainerSpec) -> RuntimeResult<ContainerId>;
    /// Puts a file into it, also before its first start, into volumes too; an older one is replaced.
    async fn put_file(&self, name: &str, file: &SeedFile) -> RuntimeResult<()>;
    /// Starts it; done already is success.
    async fn start_container(&self, name: &str) -> RuntimeResult<()>;
    /// Stops it cleanly within the grace, then kills it; stopped already is success.
    async fn stop_container(&self, name: &str, grace: Duration) -> RuntimeResult<()>;
    /// Kills and removes it with its anonymous volumes; gone already is success.
    async fn remove_container(&self, name: &str) -> RuntimeResult<()>;
    /// Its last log lines, oldest first.
    async fn container_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<Vec<LogLine>>;
    /// A way to a port of it from here.
    async fn reach(&self, name: &str, port: Port) -> RuntimeResult<Reach>;

    /// An image that is present.
    async fn find_image(&self, reference: &str) -> RuntimeResult<Option<ImageDetails>>;
    /// Pulls an image, telling how far it is. Dropping the future ends the pull.
    async fn pull_image(
        &self,
        reference: &ImageReference,
        login: Option<&RegistryLogin>,
        progress: mpsc::Sender<PullProgress>,
    ) -> RuntimeResult<ImageId>;

    /// All volumes.
    async fn list_volumes(&self) -> RuntimeResult<Vec<NamedObject>>;
    /// One volume.
    async fn find_volume(&self, name: &str) -> RuntimeResult<Option<NamedObject>>;
    /// The containers that mount a volume, running or not, whoever made them.
    async fn list_volume_users(&self, name: &str) -> RuntimeResult<Vec<ContainerSummary>>;
    /// The bytes that each volume takes on the disk. Slow, since it looks at every file.
    async fn volume_sizes(&self) -> RuntimeResult<BTreeMap<String, u64>>;
    /// Makes a volume.
    async fn create_volume(&self, name: &VolumeName, labels: &Labels) -> RuntimeResult<()>;
    /// Removes a volume that nothing uses; gone already is success.
    async fn remove_volume(&self, name: &str) -> RuntimeResult<()>;

    /// All networks.
    async fn list_networks(&self) -> RuntimeResult<Vec<NetworkDetails>>;
    /// Makes a bridge network with name resolution.
    async fn create_network(&self, spec: &NetworkSpec) -> RuntimeResult<()>;

    /// One secret, without its value. Podman 4.3 can not filter secrets by label.
    async fn find_secret(&self, name: &str) -> RuntimeResult<Option<NamedObject>>;
    /// Stores a secret.
    async fn create_secret(
        &self,
        name: &SecretName,
        labels: &Labels,
        value: &SecretString,
    ) -> RuntimeResult<()>;
    /// Removes a secret; gone already is success.
    async fn remove_secret(&self, name: &str) -> RuntimeResult<()>;
}
