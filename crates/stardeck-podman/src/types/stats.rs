//! Resource use of containers, and what is at a path of one.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient;

/// Resource use of one container (`libpod/define/containerstats.go`). Counters run since its start.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct ContainerStats {
    /// Full id.
    pub container_id: String,
    /// Name.
    pub name: String,
    /// Processor use in percent of one processor, averaged since the start. Take rates from `cpu_nanos`.
    pub cpu_percent: f64,
    /// Processor time used, in nanoseconds.
    pub cpu_nanos: u64,
    /// When this was measured, in nanoseconds since 1970.
    pub at_nanos: u64,
    /// Memory in use, in bytes.
    pub memory_usage: u64,
    /// Memory limit in bytes; the host's memory when there is none.
    pub memory_limit: u64,
    /// Bytes received from all networks.
    pub network_received: u64,
    /// Bytes sent to all networks.
    pub network_sent: u64,
    /// Bytes read from disks.
    pub block_read: u64,
    /// Bytes written to disks.
    pub block_written: u64,
    /// Processes and threads.
    pub pids: u64,
}

/// Podman up to 4.9 counts the network in two fields, from 5.0 on by interface.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Wire {
    #[serde(rename = "ContainerID")]
    container_id: String,
    #[serde(rename = "Name")]
    name: String,
    #[serde(rename = "CPU")]
    cpu: f64,
    #[serde(rename = "CPUNano")]
    cpu_nano: u64,
    #[serde(rename = "SystemNano")]
    system_nano: u64,
    #[serde(rename = "MemUsage")]
    mem_usage: u64,
    #[serde(rename = "MemLimit")]
    mem_limit: u64,
    #[serde(rename = "NetInput")]
    net_input: u64,
    #[serde(rename = "NetOutput")]
    net_output: u64,
    #[serde(rename = "Network")]
    network: BTreeMap<String, Interface>,
    #[serde(rename = "BlockInput")]
    block_input: u64,
    #[serde(rename = "BlockOutput")]
    block_output: u64,
    #[serde(rename = "PIDs")]
    pids: u64,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Interface {
    rx_bytes: u64,
    tx_bytes: u64,
}

impl From<Wire> for ContainerStats {
    fn from(wire: Wire) -> Self {
        let received: u64 = wire.network.values().map(|interface| interface.rx_bytes).sum();
        let sent: u64 = wire.network.values().map(|interface| interface.tx_bytes).sum();
        Self {
            container_id: wire.container_id,
            name: wire.name,
            cpu_percent: wire.cpu,
            cpu_nanos: wire.cpu_nano,
            at_nanos: wire.system_nano,
            memory_usage: wire.mem_usage,
            memory_limit: wire.mem_limit,
            network_received: wire.net_input.saturating_add(received),
            network_sent: wire.net_output.saturating_add(sent),
            block_read: wire.block_input,
            block_written: wire.block_output,
            pids: wire.pids,
        }
    }
}

/// The answer around the statistics. Its error says nothing: Go writes an error value as `{}`.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct StatsReport {
    pub(crate) error: Option<serde_json::Value>,
    pub(crate) stats: Vec<ContainerStats>,
}

/// What is at a path of a container.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct PathStat {
    /// Last part of the path.
    pub name: String,
    /// Size in bytes.
    pub size: u64,
    /// Is it a directory?
    pub is_dir: bool,
    /// Where it leads, with links followed.
    pub link_target: String,
    /// When it was last written.
    #[serde(rename = "mtime", deserialize_with = "lenient::time")]
    pub modified: Option<DateTime<Utc>>,
}
