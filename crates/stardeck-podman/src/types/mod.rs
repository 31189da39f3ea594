//! What goes into requests and comes out of answers.
//!
//! Answers are read leniently: a missing or null field is its default, an unknown word is kept as `Other`,
//! and both shapes that versions 4 and 5 use for some fields are understood. Only what a client needs is
//! here; unknown fields are ignored.

mod container_create;
mod container_inspect;
mod container_list;
mod container_options;
mod disk_usage;
mod event;
mod exec;
mod image;
pub(crate) mod lenient;
mod network;
mod parts;
mod prune;
mod secret;
mod stats;
mod system;
#[cfg(test)]
mod tests;
mod text_enum;
mod volume;

pub use container_create::{
    BindOrTmpfs, CpuLimits, CreateContainer, CreatedContainer, LogConfig, LogDriver, MemoryLimits,
    NamedVolume, PidsLimit, PortMapping, ResourceLimits, Rlimit, RlimitKind, SecretMount,
};
pub use container_inspect::{
    AttachedSecret, ContainerConfig, ContainerHealth, ContainerInspect, ContainerState, EndpointSettings,
    HostConfig, LogConfigInspect, MountKind, MountPoint, NetworkSettings, PortBinding, RestartPolicyInspect,
    Ulimit,
};
pub use container_list::{ContainerSummary, PublishedPort};
pub use container_options::{
    ListContainers, LogOptions, RemoveContainer, StartOutcome, StopOutcome, WaitCondition,
};
pub use disk_usage::{DiskUsage, VolumeUsage};
pub use event::{Event, EventActor, EventKind};
pub use exec::{ExecInspect, ExecOptions};
pub use image::{
    ImageConfig, ImageInspect, ImageSummary, PullEvent, PullOptions, PullPolicy, RegistryAuth, RemovedImage,
};
pub use network::{CreateNetwork, Network, NetworkAttachment, Subnet};
pub use parts::{ContainerStatus, Environment, HealthStatus, Healthcheck, Protocol, RestartPolicy, Signal};
pub(crate) use prune::PruneReport;
pub use secret::{CreatedSecret, Secret};
pub(crate) use stats::StatsReport;
pub use stats::{ContainerStats, PathStat};
pub use system::{
    ComponentDetails, ComponentVersion, DnsInfo, HostInfo, HostSecurity, Info, NetworkBackendInfo,
    OciRuntime, ParseVersionError, Ping, PodmanVersion, StoreInfo, StoreNumbers, Version, VersionInfo,
};
pub use volume::{CreateVolume, Volume};
