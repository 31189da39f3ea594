//! Options and outcomes of the calls on existing containers.

use std::time::Duration;

use chrono::{DateTime, Utc};

use super::text_enum::text_enum;
use crate::request::Filters;

/// Which containers to list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ListContainers {
    /// Also those that are not running.
    pub all: bool,
    /// Filters, for example `label` to `["owner=me"]`. `name` takes regular expressions: anchor them.
    pub filters: Filters,
}

/// How to remove a container.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RemoveContainer {
    /// Also when it runs.
    pub force: bool,
    /// Also its anonymous volumes; named ones always stay.
    pub volumes: bool,
    /// Time from the stop signal to `SIGKILL` of a forced removal, in whole seconds; zero kills at once.
    pub grace: Option<Duration>,
    /// Succeed when there is no such container.
    pub ignore_missing: bool,
}

/// What to read of a container's log. By default: everything there is, both streams, then end.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "the flags are Podman's, each independent of the others")]
pub struct LogOptions {
    /// Go on with new lines as they come. Podman 4.3 leaks a file descriptor for each follow that is given up.
    pub follow: bool,
    /// What the container wrote to standard output.
    pub stdout: bool,
    /// What the container wrote to standard error.
    pub stderr: bool,
    /// Only the last lines, this many.
    pub tail: Option<u64>,
    /// Only lines from this time on. Before Podman 5.8 times have whole seconds.
    pub since: Option<DateTime<Utc>>,
    /// Only lines up to this time.
    pub until: Option<DateTime<Utc>>,
    /// Ask for the time of each line.
    pub timestamps: bool,
}

impl Default for LogOptions {
    fn default() -> Self {
        Self {
            follow: false,
            stdout: true,
            stderr: true,
            tail: None,
            since: None,
            until: None,
            timestamps: false,
        }
    }
}

/// Outcome of a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StartOutcome {
    /// It was started.
    Started,
    /// It was running already.
    AlreadyRunning,
}

/// Outcome of a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopOutcome {
    /// It was stopped.
    Stopped,
    /// It was not running.
    AlreadyStopped,
}

text_enum! {
    /// What to wait for.
    WaitCondition, default "stopped" {
        /// Made.
        Created = "created",
        /// Running.
        Running = "running",
        /// Frozen.
        Paused = "paused",
        /// Its process is gone.
        Stopped = "stopped",
        /// Its process is gone and cleaned up.
        Exited = "exited",
        /// Being removed.
        Removing = "removing",
        /// Its healthcheck passes (4.6 and later).
        Healthy = "healthy",
        /// Its healthcheck fails (4.6 and later).
        Unhealthy = "unhealthy",
    }
}
