//! The details of one container (`libpod/define/container_inspect.go`), in the shapes of 4.x and 5.x.

use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient;
use super::parts::{ContainerStatus, Environment, HealthStatus, Healthcheck, RestartPolicy, Signal};
use super::text_enum::text_enum;

/// Everything about one container.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerInspect {
    /// Full id.
    pub id: String,
    /// Name, without a leading slash.
    pub name: String,
    /// When it was made.
    #[serde(deserialize_with = "lenient::time")]
    pub created: Option<DateTime<Utc>>,
    /// Id of its image.
    pub image: String,
    /// Reference it was made from.
    pub image_name: String,
    /// Digest of its image's manifest (4.3 and later).
    pub image_digest: String,
    /// How often Podman restarted it by its restart policy.
    pub restart_count: u64,
    /// State of its main process.
    pub state: ContainerState,
    /// What was asked for inside.
    pub config: ContainerConfig,
    /// What was asked for on the host's side.
    pub host_config: HostConfig,
    /// What is mounted.
    pub mounts: Vec<MountPoint>,
    /// Addresses and ports.
    pub network_settings: NetworkSettings,
    /// Id of its pod, or empty.
    pub pod: String,
    /// Is it the helper container of a pod?
    pub is_infra: bool,
    /// Capabilities its processes have.
    pub effective_caps: Vec<String>,
    /// Capabilities its processes can get at most.
    pub bounding_caps: Vec<String>,
    /// Ids of its exec sessions.
    #[serde(rename = "ExecIDs")]
    pub exec_ids: Vec<String>,
}

/// State of a container's main process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the flags are Podman's")]
pub struct ContainerState {
    /// State.
    pub status: ContainerStatus,
    /// Does it run?
    pub running: bool,
    /// Is it frozen?
    pub paused: bool,
    /// Is Podman about to start it again?
    pub restarting: bool,
    /// Did the kernel kill it for lack of memory? Podman 4.3 on control groups v1 never says so.
    #[serde(rename = "OOMKilled")]
    pub oom_killed: bool,
    /// Process id on the host; 0 when it does not run.
    pub pid: i64,
    /// Process id of its monitor.
    pub conmon_pid: i64,
    /// Exit code of its last run; 0 when it never ended.
    pub exit_code: i32,
    /// Text of the last failure (5.x). No failure when it runs: a start of a running container is noted here.
    pub error: String,
    /// When it was last started.
    #[serde(deserialize_with = "lenient::time")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it last ended. Podman takes this and the start from different clocks: of a process that ends at
    /// once it can be the earlier one.
    #[serde(deserialize_with = "lenient::time")]
    pub finished_at: Option<DateTime<Utc>>,
    /// Result of Podman's healthcheck.
    pub health: ContainerHealth,
    /// Its control group.
    pub cgroup_path: String,
}

/// Result of Podman's healthcheck.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerHealth {
    /// Result; [`HealthStatus::NotConfigured`] without a healthcheck, whichever way this version says so.
    pub status: HealthStatus,
    /// Failures in a row.
    pub failing_streak: u64,
}

/// What was asked for inside a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerConfig {
    /// Host name inside.
    pub hostname: String,
    /// `user[:group]`, or empty for root.
    pub user: String,
    /// Environment variables, the image's included. Before Podman 5.3 with the values of env secrets.
    pub env: Environment,
    /// Command.
    pub cmd: Vec<String>,
    /// Entrypoint. Podman 4 joins its words by spaces, so an argument with a space arrives as two.
    #[serde(deserialize_with = "lenient::words")]
    pub entrypoint: Vec<String>,
    /// Reference it was made from.
    pub image: String,
    /// Labels, the image's included.
    pub labels: BTreeMap<String, String>,
    /// Annotations, Podman's own included.
    pub annotations: BTreeMap<String, String>,
    /// Ports the image or the request exposes, as `5432/tcp` (5.x).
    #[serde(deserialize_with = "lenient::keys")]
    pub exposed_ports: BTreeSet<String>,
    /// Signal of a stop.
    pub stop_signal: Signal,
    /// Seconds from the stop signal to `SIGKILL`.
    pub stop_timeout: u64,
    /// Podman's own healthcheck.
    pub healthcheck: Option<Healthcheck>,
    /// Podman secrets it was given.
    pub secrets: Vec<AttachedSecret>,
    /// Time zone.
    pub timezone: String,
    /// Working directory.
    pub working_dir: String,
    /// Does it have a terminal?
    pub tty: bool,
}

/// A Podman secret given to a container. Its target does not show.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct AttachedSecret {
    /// Name of the secret.
    pub name: String,
    /// Id of the secret at the time the container was made.
    #[serde(rename = "ID")]
    pub id: String,
    /// Owner of the file.
    #[serde(rename = "UID")]
    pub uid: u32,
    /// Group of the file.
    #[serde(rename = "GID")]
    pub gid: u32,
    /// Mode of the file.
    pub mode: u32,
}

/// What was asked for on the host's side.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
#[expect(clippy::struct_excessive_bools, reason = "the flags are Podman's")]
pub struct HostConfig {
    /// When Podman itself starts it again.
    pub restart_policy: RestartPolicyInspect,
    /// Memory limit in bytes; 0 is none.
    pub memory: i64,
    /// Limit of memory and swap together, in bytes; 0 is none.
    pub memory_swap: i64,
    /// Relative processor weight; 0 is the default.
    pub cpu_shares: u64,
    /// Microseconds of processor time in each period; 0 is no limit.
    pub cpu_quota: i64,
    /// Length of a period, in microseconds.
    pub cpu_period: u64,
    /// Processor limit in billionths of a processor; 0 is none.
    pub nano_cpus: i64,
    /// Limit of processes and threads; 0 or less is none.
    pub pids_limit: i64,
    /// Published ports by port of the container, as `5432/tcp`.
    pub port_bindings: BTreeMap<String, Vec<PortBinding>>,
    /// Mounts in the notation of the command line.
    pub binds: Vec<String>,
    /// Where the log goes.
    pub log_config: LogConfigInspect,
    /// Limits of each process.
    pub ulimits: Vec<Ulimit>,
    /// Size of `/dev/shm`, in bytes.
    pub shm_size: i64,
    /// Is the root file system read-only?
    pub readonly_rootfs: bool,
    /// Capabilities given, relative to Podman's default.
    pub cap_add: Vec<String>,
    /// Capabilities taken, relative to Podman's default.
    pub cap_drop: Vec<String>,
    /// `bridge`, `host`, `none`, `container:…`, `slirp4netns`, `pasta`.
    pub network_mode: String,
    /// Process namespace: `private`, `host`, `container:…`.
    pub pid_mode: String,
    /// Security options, for example `no-new-privileges`.
    pub security_opt: Vec<String>,
    /// Does an init run as process 1?
    pub init: bool,
    /// Does it have all of root's powers?
    pub privileged: bool,
    /// Does Podman remove it when it ends?
    pub auto_remove: bool,
    /// Tmpfs mounts by path.
    pub tmpfs: BTreeMap<String, String>,
}

/// Restart policy as it was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RestartPolicyInspect {
    /// The policy. Podman 4 writes an unset one as empty text, Podman 5 as `no`; both are `No` here.
    #[serde(deserialize_with = "restart_policy")]
    pub name: RestartPolicy,
    /// Tries of the policy `on-failure`; 0 is without limit.
    pub maximum_retry_count: u64,
}

/// Log settings as they are.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct LogConfigInspect {
    /// Driver, for example `k8s-file`.
    #[serde(rename = "Type")]
    pub driver: String,
    /// File of the log.
    pub path: String,
    /// Largest size as text with a unit, for example `10.49MB`; `0B` is no limit.
    pub size: String,
}

/// A limit of each process.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Ulimit {
    /// Name, for example `RLIMIT_NOFILE`.
    pub name: String,
    /// What a process starts with.
    pub soft: i64,
    /// What a process may raise it to.
    pub hard: i64,
}

text_enum! {
    /// What kind of thing is mounted.
    MountKind, default "" {
        /// A path of the host.
        Bind = "bind",
        /// A named or anonymous volume.
        Volume = "volume",
        /// Memory.
        Tmpfs = "tmpfs",
    }
}

/// Something mounted in a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct MountPoint {
    /// What kind of thing it is.
    #[serde(rename = "Type")]
    pub kind: MountKind,
    /// Name of the volume, or empty.
    pub name: String,
    /// Path on the host.
    pub source: String,
    /// Path in the container.
    pub destination: String,
    /// Driver of the volume.
    pub driver: String,
    /// Can it be written to?
    #[serde(rename = "RW")]
    pub rw: bool,
    /// Mount options.
    pub options: Vec<String>,
}

/// Addresses and ports of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct NetworkSettings {
    /// Published ports by port of the container, as `5432/tcp`. Ports that are only exposed are left out.
    pub ports: BTreeMap<String, Vec<PortBinding>>,
    /// The container's place in each of its networks, by network name. The addresses beside this map on the
    /// wire are empty on named networks, so they are not read.
    pub networks: BTreeMap<String, EndpointSettings>,
}

impl NetworkSettings {
    /// The container's address in a network. It changes with every start.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let web = client.containers().inspect("web").await?;
    /// println!("{:?}", web.network_settings.address_in("front"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn address_in(&self, network: &str) -> Option<IpAddr> {
        self.networks.get(network).and_then(|endpoint| endpoint.ip_address)
    }
}

/// A container's place in one network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EndpointSettings {
    /// Its address; `None` when it does not run.
    #[serde(rename = "IPAddress", deserialize_with = "lenient::ip")]
    pub ip_address: Option<IpAddr>,
    /// Its IPv6 address.
    #[serde(rename = "GlobalIPv6Address", deserialize_with = "lenient::ip")]
    pub ipv6_address: Option<IpAddr>,
    /// Address of the network's bridge.
    #[serde(deserialize_with = "lenient::ip")]
    pub gateway: Option<IpAddr>,
    /// Hardware address.
    pub mac_address: String,
    /// Name of the network on 4.x, its id on 5.x.
    #[serde(rename = "NetworkID")]
    pub network_id: String,
    /// Names it answers to in this network, Podman's own additions included.
    pub aliases: Vec<String>,
}

/// A port on the host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct PortBinding {
    /// Address on the host; `None` is all of them, which is empty text on 4.x and `0.0.0.0` on 5.x.
    #[serde(deserialize_with = "specific_ip")]
    pub host_ip: Option<IpAddr>,
    /// Port on the host.
    #[serde(deserialize_with = "lenient::port")]
    pub host_port: Option<u16>,
}

fn specific_ip<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<IpAddr>, D::Error> {
    Ok(lenient::ip(deserializer)?.filter(|address| !address.is_unspecified()))
}

fn restart_policy<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<RestartPolicy, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(if text.is_empty() { RestartPolicy::No } else { RestartPolicy::from(text.as_str()) })
}
