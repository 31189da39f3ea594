//! The body of a container create (Podman's `pkg/specgen/specgen.go`).
//!
//! Podman ignores fields it does not know without a word, so the names here are pinned by snapshot tests and
//! by tests that create containers and inspect them.

use std::collections::BTreeMap;
use std::fmt;
use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::network::NetworkAttachment;
use super::parts::{Healthcheck, Protocol, RestartPolicy};
use super::text_enum::text_enum;

/// A container to be made. Build it with `..CreateContainer::default()`: fields are added over time.
///
/// `Debug` shows the names of environment variables, not their values.
///
/// ```
/// use stardeck_podman::{CreateContainer, NamedVolume};
///
/// let spec = CreateContainer {
///     name: "web".into(),
///     image: "docker.io/library/nginx:1".into(),
///     volumes: vec![NamedVolume { name: "pages".into(), dest: "/usr/share/nginx/html".into(), options: vec![] }],
///     init: true,
///     ..CreateContainer::default()
/// };
/// # assert_eq!(spec.name, "web");
/// ```
#[derive(Clone, Default, PartialEq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are Podman's, each independent of the others")]
pub struct CreateContainer {
    /// Name, `[a-zA-Z0-9][a-zA-Z0-9_.-]*`.
    pub name: String,
    /// Image reference or id. It must be in the local storage: create never pulls.
    pub image: String,
    /// Environment variables. They can be read by anyone who can inspect; use `secrets` for passwords.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, String>,
    /// Environment variables whose value is a Podman secret: variable to secret name. The value shows in
    /// `inspect` before Podman 5.3. It is read at each start.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub secret_env: BTreeMap<String, String>,
    /// Podman secrets mounted as files. Their value is copied when the container is made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<SecretMount>,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Annotations.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub annotations: BTreeMap<String, String>,
    /// Replaces the image's entrypoint, and drops its command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entrypoint: Option<Vec<String>>,
    /// Replaces the image's command.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// `user[:group]`, names or numbers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Working directory, absolute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work_dir: Option<String>,
    /// Host name inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hostname: Option<String>,
    /// Bind mounts and tmpfs.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mounts: Vec<BindOrTmpfs>,
    /// Named volumes. One that does not exist is made, without labels.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<NamedVolume>,
    /// Ports published on the host. They are checked and taken at start, not here.
    #[serde(rename = "portmappings", skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<PortMapping>,
    /// Bridge networks by name. Empty means Podman's default.
    #[serde(rename = "Networks", skip_serializing_if = "BTreeMap::is_empty")]
    pub networks: BTreeMap<String, NetworkAttachment>,
    /// Lines for `/etc/hosts`, as `name:address`.
    #[serde(rename = "hostadd", skip_serializing_if = "Vec::is_empty")]
    pub extra_hosts: Vec<String>,
    /// When Podman itself starts the container again. Podman does so without any pause between tries.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<RestartPolicy>,
    /// Tries of the policy `on-failure`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_tries: Option<u32>,
    /// Podman's own healthcheck; `test: ["NONE"]` switches the image's off.
    #[serde(rename = "healthconfig", skip_serializing_if = "Option::is_none")]
    pub healthcheck: Option<Healthcheck>,
    /// Memory, CPU and process limits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_limits: Option<ResourceLimits>,
    /// Size of `/dev/shm`, in bytes (Podman's default is 64 MB).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shm_size: Option<u64>,
    /// Seconds from the stop signal to `SIGKILL` (Podman's default is 10).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_timeout: Option<u64>,
    /// Number of the stop signal. `None` keeps the image's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stop_signal: Option<i32>,
    /// Capabilities taken away; `ALL` takes every one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_drop: Vec<String>,
    /// Capabilities given.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<String>,
    /// Forbids gaining privileges by set-uid programs.
    #[serde(skip_serializing_if = "is_false")]
    pub no_new_privileges: bool,
    /// Makes the root file system read-only. No tmpfs is mounted for it, and 5.8 makes `/dev/shm` read-only
    /// too unless `read_write_tmpfs` is set.
    #[serde(skip_serializing_if = "is_false")]
    pub read_only_filesystem: bool,
    /// Keeps `/dev/shm`, `/tmp` and `/run` writable beside `read_only_filesystem` (4.9 and later; ignored by 4.3).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_write_tmpfs: Option<bool>,
    /// Resource limits of processes. Give none, or both `nofile` and `nproc`: 4.3 raises the missing one to
    /// 1048576.
    #[serde(rename = "r_limits", skip_serializing_if = "Vec::is_empty")]
    pub rlimits: Vec<Rlimit>,
    /// Where the log goes.
    #[serde(rename = "log_configuration", skip_serializing_if = "Option::is_none")]
    pub log: Option<LogConfig>,
    /// Runs a small init as process 1, which forwards signals and reaps. Without it a stop soon after a start
    /// can run into its whole timeout.
    #[serde(skip_serializing_if = "is_false")]
    pub init: bool,
    /// Allocates a terminal; output is then one stream with carriage returns.
    #[serde(skip_serializing_if = "is_false")]
    pub terminal: bool,
    /// Time zone name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timezone: Option<String>,
}

impl fmt::Debug for CreateContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CreateContainer")
            .field("name", &self.name)
            .field("image", &self.image)
            .field("env", &self.env.keys())
            .field("labels", &self.labels)
            .field("secrets", &self.secrets)
            .field("volumes", &self.volumes)
            .field("ports", &self.ports)
            .field("networks", &self.networks)
            .finish_non_exhaustive()
    }
}

/// A Podman secret mounted as a file.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct SecretMount {
    /// Name of the secret.
    pub source: String,
    /// Path in the container; relative ones are below `/run/secrets`.
    pub target: String,
    /// Owner of the file.
    #[serde(rename = "UID")]
    pub uid: u32,
    /// Group of the file.
    #[serde(rename = "GID")]
    pub gid: u32,
    /// Mode of the file, for example `0o400`. Sent as a decimal number.
    pub mode: u32,
}

/// A bind mount or a tmpfs, in the form of the OCI runtime specification.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct BindOrTmpfs {
    /// Absolute path in the container.
    pub destination: String,
    /// `bind` or `tmpfs`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Path on the host, or `tmpfs`.
    pub source: String,
    /// Mount options, for example `ro`, `z`, `size=16m`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A named volume in a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct NamedVolume {
    /// Name of the volume. An empty name makes an anonymous volume.
    pub name: String,
    /// Absolute path in the container.
    pub dest: String,
    /// Mount options, for example `rw`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<String>,
}

/// A port of the container published on the host.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PortMapping {
    /// Address of the host; `None` is all of them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_ip: Option<IpAddr>,
    /// Port in the container.
    pub container_port: u16,
    /// Port on the host; `None` lets Podman choose a free one when the container is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_port: Option<u16>,
    /// Transport protocol.
    pub protocol: Protocol,
}

/// Limits set by control groups.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct ResourceLimits {
    /// Memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory: Option<MemoryLimits>,
    /// Processor time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu: Option<CpuLimits>,
    /// Processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pids: Option<PidsLimit>,
}

/// Memory limits, in bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct MemoryLimits {
    /// Most memory.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// Most memory and swap together. Without it Podman allows twice the limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub swap: Option<i64>,
    /// Memory the kernel tries to leave when it gets scarce.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reservation: Option<i64>,
}

/// Processor limits.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct CpuLimits {
    /// Relative weight, 1024 by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shares: Option<u64>,
    /// Microseconds of processor time in each period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quota: Option<i64>,
    /// Length of a period, in microseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<u64>,
}

/// Limit of processes and threads.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct PidsLimit {
    /// Most processes and threads.
    pub limit: i64,
}

/// A limit of each process.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Rlimit {
    /// What is limited.
    #[serde(rename = "type")]
    pub kind: RlimitKind,
    /// What a process starts with.
    pub soft: u64,
    /// What a process may raise it to.
    pub hard: u64,
}

/// What an [`Rlimit`] limits. Podman wants these short names: with `RLIMIT_NOFILE` the container is made, and
/// then fails to start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RlimitKind {
    /// Open files.
    Nofile,
    /// Processes of the user.
    Nproc,
    /// Locked memory, in bytes.
    Memlock,
    /// Core dump size, in bytes.
    Core,
}

text_enum! {
    /// Where a container's log goes.
    LogDriver, default "k8s-file" {
        /// A file beside the container, readable through the API.
        K8sFile = "k8s-file",
        /// The journal of systemd.
        Journald = "journald",
        /// Nowhere.
        None = "none",
    }
}

/// Log settings of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct LogConfig {
    /// Where the log goes.
    pub driver: LogDriver,
    /// Most bytes kept; without it there is no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size: Option<i64>,
}

/// Answer to a create.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct CreatedContainer {
    /// Id of the new container.
    pub id: String,
    /// What Podman found odd about the request.
    pub warnings: Vec<String>,
}

/// For `skip_serializing_if`, which hands over a reference.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}
