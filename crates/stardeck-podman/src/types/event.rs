//! Events (`pkg/domain/entities/events.go`).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::parts::HealthStatus;
use super::text_enum::text_enum;

text_enum! {
    /// What an event is about.
    EventKind, default "" {
        /// A container.
        Container = "container",
        /// An image.
        Image = "image",
        /// A network (5.4 and later).
        Network = "network",
        /// A pod.
        Pod = "pod",
        /// A secret (5.5 and later).
        Secret = "secret",
        /// Podman as a whole.
        System = "system",
        /// A volume.
        Volume = "volume",
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Event {
    /// What it is about.
    #[serde(rename = "Type")]
    pub kind: EventKind,
    /// What happened: `create`, `start`, `died` (not Docker's `die`), `cleanup`, `remove`, `health_status`, ….
    pub action: String,
    /// Whom it happened to.
    pub actor: EventActor,
    /// When, in nanoseconds since 1970.
    #[serde(rename = "timeNano")]
    pub time_nanos: i64,
    /// Result of the check, for `health_status`. Podman before 4.7 gives the one before the check.
    pub health_status: HealthStatus,
}

/// Whom an event happened to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct EventActor {
    /// Full id, or name for objects without one.
    #[serde(rename = "ID")]
    pub id: String,
    /// `name`, `image`, `containerExitCode` and the labels of a container.
    pub attributes: BTreeMap<String, String>,
}

impl Event {
    /// When it happened.
    ///
    /// ```
    /// # fn example(event: &stardeck_podman::Event) {
    /// println!("{} at {}", event.action, event.time());
    /// # }
    /// ```
    pub fn time(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_nanos(self.time_nanos)
    }

    /// Name of the container (or other object).
    ///
    /// ```
    /// # fn example(event: &stardeck_podman::Event) {
    /// println!("{} of {}", event.action, event.name().unwrap_or("nobody"));
    /// # }
    /// ```
    pub fn name(&self) -> Option<&str> {
        self.actor.attributes.get("name").map(String::as_str)
    }

    /// Exit code of a `died` or `exec_died`. Podman 4.3 attaches a stale 0 to other events, which is left out.
    ///
    /// ```
    /// # fn example(event: &stardeck_podman::Event) {
    /// if let Some(code) = event.exit_code() {
    ///     println!("it ended with {code}");
    /// }
    /// # }
    /// ```
    pub fn exit_code(&self) -> Option<i32> {
        let ended = matches!(self.action.as_str(), "died" | "exec_died");
        let code = self.actor.attributes.get("containerExitCode").filter(|_| ended)?;
        code.parse().ok()
    }
}
