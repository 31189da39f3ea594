//! What a container writes and uses while it runs.

use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::stream::BoxStream;
use stardeck_domain::ContainerId;

use super::{LogLine, RuntimeResult};

/// The lines of a log as they come; it ends with the container.
pub type LogFollow = BoxStream<'static, RuntimeResult<LogLine>>;

/// What a container uses at one moment. Counters run since its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerUsage {
    /// The container.
    pub container_id: ContainerId,
    /// When it was measured.
    pub at: DateTime<Utc>,
    /// Processor time used so far, over all cores.
    pub cpu: Duration,
    /// Memory in use.
    pub memory_bytes: u64,
    /// Its limit; the host's memory when it has none.
    pub memory_limit_bytes: u64,
    /// Received from all networks so far.
    pub network_received_bytes: u64,
    /// Sent to all networks so far.
    pub network_sent_bytes: u64,
    /// Read from disks so far.
    pub block_read_bytes: u64,
    /// Written to disks so far.
    pub block_written_bytes: u64,
    /// Processes and threads.
    pub processes: u64,
}
