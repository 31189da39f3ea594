//! The service, its host and its storage (`libpod/define/info.go`).

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

/// A version of Podman. What follows the three numbers (`-dev`, `-rc1`) is not kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Changes break clients.
    pub major: u64,
    /// Changes add.
    pub minor: u64,
    /// Changes repair.
    pub patch: u64,
}

impl Version {
    /// The oldest Podman this crate is tested with.
    pub const OLDEST: Self = Self::new(4, 3, 0);
    /// The version of the libpod API whose paths and shapes this crate uses. A Podman serves it as long as its own
    /// `MinAPIVersion` is no later.
    pub const API: Self = Self::new(4, 0, 0);

    /// A version by its numbers, to compare with.
    ///
    /// ```
    /// use stardeck_podman::Version;
    ///
    /// assert!("5.8.6".parse::<Version>()? > Version::new(5, 1, 0));
    /// # Ok::<(), stardeck_podman::ParseVersionError>(())
    /// ```
    pub const fn new(major: u64, minor: u64, patch: u64) -> Self {
        Self { major, minor, patch }
    }
}

/// A text that is no version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a version number")]
pub struct ParseVersionError;

impl FromStr for Version {
    type Err = ParseVersionError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let numbers = text.split(|c: char| !c.is_ascii_digit() && c != '.').next().unwrap_or_default();
        let mut parts = numbers.split('.').map(str::parse);
        let mut next = || parts.next().unwrap_or(Ok(0)).map_err(|_| ParseVersionError);
        Ok(Self { major: next()?, minor: next()?, patch: next()? })
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Answer to a ping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ping {
    /// Version of Podman, from the header `Libpod-Api-Version`.
    pub libpod_version: Version,
    /// Version of the Docker API it imitates, or empty.
    pub docker_api_version: String,
}

/// Versions of the engine's parts.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct VersionInfo {
    /// Version of Podman as text.
    pub version: String,
    /// Version of the Docker API it imitates.
    pub api_version: String,
    /// Podman, conmon and the OCI runtime.
    pub components: Vec<ComponentVersion>,
    /// Operating system.
    pub os: String,
    /// Processor architecture.
    pub arch: String,
    /// Version of the kernel.
    pub kernel_version: String,
}

/// Version of one part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ComponentVersion {
    /// Name of the part.
    pub name: String,
    /// Version, in its own words.
    pub version: String,
    /// What the part says besides.
    pub details: ComponentDetails,
}

/// What a part says besides its version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct ComponentDetails {
    /// Of Podman: the newest version of the libpod API it serves, which is its own version. Empty of other parts.
    #[serde(rename = "APIVersion")]
    pub api_version: String,
    /// Of Podman: the oldest version of the libpod API it serves. Empty of other parts.
    #[serde(rename = "MinAPIVersion")]
    pub min_api_version: String,
}

/// Host, storage and version.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Info {
    /// The host.
    pub host: HostInfo,
    /// The storage.
    pub store: StoreInfo,
    /// Podman itself.
    pub version: PodmanVersion,
}

/// Podman's version inside [`Info`].
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PodmanVersion {
    /// Version as text.
    pub version: String,
    /// System and architecture, for example `linux/amd64`.
    pub os_arch: String,
}

/// The host as Podman sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HostInfo {
    /// Host name.
    pub hostname: String,
    /// Processor architecture.
    pub arch: String,
    /// Operating system.
    pub os: String,
    /// Kernel version.
    pub kernel: String,
    /// Number of processors.
    pub cpus: u64,
    /// Memory, in bytes.
    pub mem_total: u64,
    /// Free memory, in bytes.
    pub mem_free: u64,
    /// `v1` or `v2`.
    pub cgroup_version: String,
    /// `systemd` or `cgroupfs`.
    pub cgroup_manager: String,
    /// Controllers Podman may use.
    pub cgroup_controllers: Vec<String>,
    /// `netavark` or `cni`.
    pub network_backend: String,
    /// Details of the network backend (later than 4.3).
    pub network_backend_info: NetworkBackendInfo,
    /// `boltdb` or `sqlite`; empty on 4.3.
    pub database_backend: String,
    /// `file`, `journald` or `none`.
    pub event_logger: String,
    /// Default log driver.
    pub log_driver: String,
    /// The OCI runtime.
    pub oci_runtime: OciRuntime,
    /// Rights and confinement.
    pub security: HostSecurity,
    /// `pasta` or `slirp4netns` (5.x).
    pub rootless_network_cmd: String,
}

/// Details of the network backend.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct NetworkBackendInfo {
    /// Version, in its own words.
    pub version: String,
    /// The DNS server of networks.
    pub dns: DnsInfo,
}

/// The DNS server of networks.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct DnsInfo {
    /// Version, in its own words; empty when it is not installed.
    pub version: String,
    /// Its program.
    pub path: String,
}

/// The OCI runtime.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct OciRuntime {
    /// `crun` or `runc`.
    pub name: String,
    /// Its program.
    pub path: String,
    /// Version, in its own words.
    pub version: String,
}

/// Rights and confinement of the service.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct HostSecurity {
    /// Does it run as an ordinary user?
    pub rootless: bool,
    /// Is `SELinux` in use?
    #[serde(rename = "selinuxEnabled")]
    pub selinux_enabled: bool,
    /// Is `AppArmor` in use?
    #[serde(rename = "apparmorEnabled")]
    pub apparmor_enabled: bool,
}

/// The storage of images, containers and volumes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StoreInfo {
    /// `overlay`, `vfs`, ….
    pub graph_driver_name: String,
    /// Directory of images and containers.
    pub graph_root: String,
    /// Size of the file system below `graph_root`, in bytes (4.x and later).
    pub graph_root_allocated: u64,
    /// Bytes used on that file system.
    pub graph_root_used: u64,
    /// Directory of volumes.
    pub volume_path: String,
    /// How many containers there are.
    pub container_store: StoreNumbers,
}

/// Numbers of containers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StoreNumbers {
    /// All.
    pub number: u64,
    /// Running.
    pub running: u64,
    /// Frozen.
    pub paused: u64,
    /// Not running.
    pub stopped: u64,
}
