//! What a runtime holds, and what it is asked for.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use chrono::{DateTime, Utc};
use ipnet::Ipv4Net;
use stardeck_domain::{
    ContainerId, ContainerName, ImageId, NetworkName, Password, Port, SecretName, VolumeName,
};
use stardeck_engines::ImageFacts;

use super::ContainerSetup;

/// Labels on an object of the runtime.
pub type Labels = BTreeMap<String, String>;

/// The runtime's own facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeInfo {
    /// Its version, such as `4.3.1`.
    pub version: String,
    /// Whether it runs without root, so that container addresses are out of reach.
    pub rootless: bool,
    /// Whether it can hold a container to a limit of memory.
    pub can_limit_memory: bool,
    /// Whether it can hold a container to a limit of processor time.
    pub can_limit_cpu: bool,
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
    /// The image as it names it; a name, or an id where the image has none.
    pub image: String,
    /// The image it runs.
    pub image_id: ImageId,
    /// Its arguments, the image's own where it has none of its own; the entrypoint is not among them.
    pub command: Vec<String>,
    /// The host ports it publishes, whether it runs or not.
    pub host_ports: Vec<u16>,
    /// The same with what they lead to. Ports of other protocols than TCP are not among them.
    pub published_ports: Vec<PublishedPort>,
    /// Whether it only holds the namespaces of a pod.
    pub is_infra: bool,
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

impl ContainerState {
    /// The text form used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Running => "running",
            Self::Stopping => "stopping",
            Self::Paused => "paused",
            Self::Exited => "exited",
            Self::Removing => "removing",
            Self::Unknown => "unknown",
        }
    }
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
    /// How it was set up, which stays the same as long as it exists.
    pub setup: ContainerSetup,
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
    /// The port it listens on, at which [`super::ContainerRuntime::reach`] is asked for it.
    pub port: Port,
    /// Ports published on the host.
    pub published_ports: Vec<PublishedPort>,
    /// Size of `/dev/shm` in bytes.
    pub shm_bytes: u64,
    /// How long a stop waits before it kills.
    pub stop_grace: Duration,
    /// Most memory in bytes; None for no limit.
    pub memory_bytes: Option<u64>,
    /// Most processor time in thousandths of one processor; None for no limit.
    pub cpu_millis: Option<u32>,
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
    /// What its containers start with.
    pub entrypoint: Vec<String>,
    /// What they start it with.
    pub command: Vec<String>,
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
