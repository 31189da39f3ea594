//! One entry of the list of containers (`pkg/domain/entities/container_ps.go`).

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient;
use super::parts::{ContainerStatus, HealthStatus, Protocol};

/// A container as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ContainerSummary {
    /// Full id.
    pub id: String,
    /// Names, without a leading slash.
    pub names: Vec<String>,
    /// Reference the container was made from.
    pub image: String,
    /// Id of the image.
    #[serde(rename = "ImageID")]
    pub image_id: String,
    /// State.
    pub state: ContainerStatus,
    /// Result of Podman's healthcheck; the field is called `Status` on the wire.
    #[serde(rename = "Status")]
    pub health: HealthStatus,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Ports published on the host.
    pub ports: Vec<PublishedPort>,
    /// Paths in the container that something is mounted on.
    pub mounts: Vec<String>,
    /// Names of the networks.
    pub networks: Vec<String>,
    /// Command line.
    pub command: Vec<String>,
    /// When it was made.
    #[serde(deserialize_with = "lenient::time")]
    pub created: Option<DateTime<Utc>>,
    /// When it was last started.
    #[serde(deserialize_with = "lenient::time")]
    pub started_at: Option<DateTime<Utc>>,
    /// When it last ended.
    #[serde(deserialize_with = "lenient::time")]
    pub exited_at: Option<DateTime<Utc>>,
    /// Exit code of its last run; 0 when it never ended.
    pub exit_code: i32,
    /// Process id on the host; 0 when it does not run.
    pub pid: i64,
    /// Id of its pod, or empty.
    pub pod: String,
    /// Is it the helper container of a pod?
    pub is_infra: bool,
    /// Does Podman remove it when it ends?
    pub auto_remove: bool,
    /// How often Podman restarted it (4.9 and later).
    pub restarts: Option<u64>,
}

impl ContainerSummary {
    /// Its first name, the one it was made with.
    ///
    /// ```
    /// use stardeck_podman::ContainerSummary;
    ///
    /// let container = ContainerSummary { names: vec!["web".into()], ..ContainerSummary::default() };
    /// assert_eq!(container.name(), Some("web"));
    /// ```
    pub fn name(&self) -> Option<&str> {
        self.names.first().map(String::as_str)
    }
}

/// Ports published on the host, a range of them as one entry.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct PublishedPort {
    /// Address on the host; `None` is all of them.
    #[serde(deserialize_with = "lenient::ip")]
    pub host_ip: Option<IpAddr>,
    /// First port in the container.
    pub container_port: u16,
    /// First port on the host.
    #[serde(deserialize_with = "lenient::port")]
    pub host_port: Option<u16>,
    /// How many ports follow each other.
    pub range: u16,
    /// Transport protocol. Podman joins several of one port by commas; then it is `Other`.
    pub protocol: Protocol,
}
