//! Small types that several requests and answers share.

use std::fmt;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::text_enum::text_enum;

text_enum! {
    /// State of a container (`libpod/define/containerstate.go`).
    ContainerStatus, default "unknown" {
        /// Made, never started.
        Created = "created",
        /// Prepared by the OCI runtime, not started.
        Initialized = "initialized",
        /// Its main process runs.
        Running = "running",
        /// Its main process is gone and has not been cleaned up yet; lasts up to about a second.
        Stopped = "stopped",
        /// Frozen.
        Paused = "paused",
        /// Its main process is gone.
        Exited = "exited",
        /// Being removed.
        Removing = "removing",
        /// Being stopped. Stays for good when the service dies in the middle of a stop.
        Stopping = "stopping",
        /// Podman does not know.
        Unknown = "unknown",
    }
}

text_enum! {
    /// Result of Podman's own healthcheck. Empty for containers without one.
    HealthStatus, default "" {
        /// There is no healthcheck.
        NotConfigured = "",
        /// Not decided yet; for ever where no systemd runs the timer.
        Starting = "starting",
        /// The last check passed.
        Healthy = "healthy",
        /// Several checks in a row failed.
        Unhealthy = "unhealthy",
        /// The container is not running (5.5 and later).
        Stopped = "stopped",
        /// Started anew after an unpause (5.x).
        Reset = "reset",
    }
}

text_enum! {
    /// Transport protocol of a port.
    Protocol, default "tcp" {
        /// TCP.
        Tcp = "tcp",
        /// UDP.
        Udp = "udp",
        /// SCTP.
        Sctp = "sctp",
    }
}

text_enum! {
    /// When Podman starts a container again by itself. `""`, the unset policy of 4.x, means the same as `no`.
    RestartPolicy, default "no" {
        /// Never.
        No = "no",
        /// Whenever it ends, whatever its exit code.
        Always = "always",
        /// When it ends with an exit code other than 0, as often as `restart_tries` says.
        OnFailure = "on-failure",
        /// Like `always`, except after a stop.
        UnlessStopped = "unless-stopped",
    }
}

/// A signal by name, for example `SIGTERM`. Podman 4 reports numbers, Podman 5 names; both are read.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Signal(String);

/// Linux signals by number, the same on all architectures Podman is built for except MIPS.
const SIGNALS: [&str; 31] = [
    "SIGHUP",
    "SIGINT",
    "SIGQUIT",
    "SIGILL",
    "SIGTRAP",
    "SIGABRT",
    "SIGBUS",
    "SIGFPE",
    "SIGKILL",
    "SIGUSR1",
    "SIGSEGV",
    "SIGUSR2",
    "SIGPIPE",
    "SIGALRM",
    "SIGTERM",
    "SIGSTKFLT",
    "SIGCHLD",
    "SIGCONT",
    "SIGSTOP",
    "SIGTSTP",
    "SIGTTIN",
    "SIGTTOU",
    "SIGURG",
    "SIGXCPU",
    "SIGXFSZ",
    "SIGVTALRM",
    "SIGPROF",
    "SIGWINCH",
    "SIGIO",
    "SIGPWR",
    "SIGSYS",
];

impl Signal {
    /// The signal's name with its `SIG`, or its number as text when it has no name.
    ///
    /// ```
    /// # fn example(signal: &stardeck_podman::Signal) {
    /// println!("stopped by {}", signal.as_str());
    /// # }
    /// ```
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The signal's number; `None` when the name means nothing.
    pub(crate) fn number(&self) -> Option<usize> {
        SIGNALS.iter().position(|name| *name == self.0).map(|index| index + 1).or_else(|| self.0.parse().ok())
    }

    fn from_text(text: &str) -> Self {
        match text.parse::<u64>() {
            Ok(number) => Self::from_number(number),
            Err(_) if text.is_empty() || text.starts_with("SIG") => Self(text.to_owned()),
            Err(_) => Self(format!("SIG{text}")),
        }
    }

    fn from_number(number: u64) -> Self {
        let index = usize::try_from(number).ok().and_then(|number| number.checked_sub(1));
        let name = index.and_then(|index| SIGNALS.get(index));
        Self(name.map_or_else(|| number.to_string(), |name| (*name).to_owned()))
    }
}

impl<'de> Deserialize<'de> for Signal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Shape {
            Number(u64),
            Text(String),
        }
        Ok(match Shape::deserialize(deserializer)? {
            Shape::Number(number) => Self::from_number(number),
            Shape::Text(text) => Self::from_text(&text),
        })
    }
}

/// Environment variables as `NAME=value` texts. Their values can be passwords, so `Debug` shows names only.
#[derive(Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct Environment(Vec<String>);

impl Environment {
    /// The value of a variable. The last one counts when a name is there twice, as for a process.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let web = client.containers().inspect("web").await?;
    /// println!("{:?}", web.config.env.get("PATH"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn get(&self, name: &str) -> Option<&str> {
        self.iter().filter(|(key, _)| *key == name).last().map(|(_, value)| value)
    }

    /// All variables, in Podman's order. A text without `=` is a name with an empty value.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// for (name, value) in client.containers().inspect("web").await?.config.env.iter() {
    ///     println!("{name} has {} bytes", value.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|text| text.split_once('=').unwrap_or((text, "")))
    }

    /// Are there no variables?
    ///
    /// ```
    /// assert!(stardeck_podman::Environment::default().is_empty());
    /// ```
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<String> for Environment {
    fn from_iter<I: IntoIterator<Item = String>>(texts: I) -> Self {
        Self(texts.into_iter().collect())
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// Podman's own healthcheck of a container. Its timers need systemd.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Healthcheck {
    /// `["NONE"]`, `["CMD", …]` or `["CMD-SHELL", text]`.
    pub test: Vec<String>,
    /// Between two checks. Sent in nanoseconds.
    #[serde(with = "nanoseconds")]
    pub interval: Duration,
    /// For one check.
    #[serde(with = "nanoseconds")]
    pub timeout: Duration,
    /// After a start, in which failures do not count.
    #[serde(with = "nanoseconds")]
    pub start_period: Duration,
    /// Failures in a row that make the container unhealthy.
    pub retries: u32,
}

mod nanoseconds {
    use super::{Deserialize, Deserializer, Duration, Serializer};

    pub(super) fn serialize<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u64(u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX))
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
        // Go's durations are signed; a negative one switches the check off and is no time at all.
        Ok(Duration::from_nanos(u64::try_from(i64::deserialize(deserializer)?).unwrap_or_default()))
    }
}
