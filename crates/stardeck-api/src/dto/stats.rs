//! What a database or an app uses.

use chrono::{DateTime, Utc};
use serde::Serialize;
use stardeck_service::stats::{RunningUsage, Usage};
use utoipa::ToSchema;

/// What a database or an app uses. All but what is on the disk is null while it does not run; counters begin anew with each
/// start.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContainerStats {
    /// When it was measured.
    sampled_at: DateTime<Utc>,
    /// The processor time it used lately, as a part of one core: 0.5 is half a core, 2.0 two whole ones. Taken over the
    /// time since the measurement before, at most a minute, and at least a quarter of a second.
    #[schema(minimum = 0)]
    cpu_cores: Option<f64>,
    /// Memory in use, in bytes, as Podman counts it: with what the kernel keeps of files it read.
    memory_bytes: Option<u64>,
    /// The most memory it may use, in bytes; the host's memory when it has no limit.
    memory_limit_bytes: Option<u64>,
    /// Bytes received over all networks since it was started.
    network_received_bytes: Option<u64>,
    /// Bytes sent over all networks since it was started.
    network_sent_bytes: Option<u64>,
    /// Bytes read from disks since it was started.
    block_read_bytes: Option<u64>,
    /// Bytes written to disks since it was started.
    block_written_bytes: Option<u64>,
    /// Processes and threads.
    processes: Option<u64>,
    /// Bytes that its volumes take on the disk; null while that is not known.
    disk_bytes: Option<u64>,
    /// When that was measured.
    disk_sampled_at: Option<DateTime<Utc>>,
}

impl ContainerStats {
    pub(crate) fn of(usage: Usage) -> Self {
        let (cpu_cores, container) =
            usage.running.map(|RunningUsage { cores, container }| (cores, container)).unzip();
        let container = container.as_ref();
        Self {
            sampled_at: usage.at,
            cpu_cores,
            memory_bytes: container.map(|container| container.memory_bytes),
            memory_limit_bytes: container.map(|container| container.memory_limit_bytes),
            network_received_bytes: container.map(|container| container.network_received_bytes),
            network_sent_bytes: container.map(|container| container.network_sent_bytes),
            block_read_bytes: container.map(|container| container.block_read_bytes),
            block_written_bytes: container.map(|container| container.block_written_bytes),
            processes: container.map(|container| container.processes),
            disk_bytes: usage.disk.map(|(bytes, _)| bytes),
            disk_sampled_at: usage.disk.map(|(_, at)| at),
        }
    }
}
