//! What a look at a container says about its database.

use stardeck_domain::{ContainerName, DatabaseStatus, DesiredState, Health, ManagedDatabase, Origin};

use super::seen::Seen;
use crate::runtime::ContainerState;

/// What a look at the container says about the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Verdict {
    pub(super) status: DatabaseStatus,
    pub(super) reason: Option<String>,
    /// None when the engine was not asked.
    pub(super) health: Option<Health>,
}

/// What is said of a container that is gone.
pub(super) const GONE: &str = "the container is gone";

/// What the container's state says. None when it says nothing. `notes` is what there is to say of one that runs.
pub(super) fn judge(
    database: &ManagedDatabase,
    container: Option<&Seen>,
    notes: Option<&str>,
) -> Option<Verdict> {
    // An engine that does not run has not answered, whatever it did before.
    let is_stale = database.health != Health::Unknown;
    let verdict = |status, reason: Option<&str>| {
        let health = (is_stale && status != DatabaseStatus::Running).then_some(Health::Unknown);
        Some(Verdict { status, reason: reason.map(str::to_owned), health })
    };
    let Some(container) = container else {
        // After half a removal the container is gone on purpose; why the rest failed is worth more.
        let is_half_removed =
            database.desired_state == DesiredState::Absent && database.status == DatabaseStatus::Error;
        return verdict(DatabaseStatus::Missing, Some(GONE)).filter(|_| !is_half_removed);
    };
    match container.state {
        // That the engine does not answer is told until it does.
        ContainerState::Running if database.health == Health::Unhealthy => {
            verdict(DatabaseStatus::Running, database.status_reason.as_deref())
        }
        ContainerState::Running => verdict(DatabaseStatus::Running, notes),
        ContainerState::Paused => verdict(DatabaseStatus::Paused, Some("the container is paused")),
        ContainerState::Stopping | ContainerState::Removing | ContainerState::Unknown => None,
        ContainerState::Created | ContainerState::Exited => {
            if database.desired_state != DesiredState::Running {
                // A reason from a failed operation stays until something changes.
                return verdict(DatabaseStatus::Stopped, None)
                    .filter(|_| database.status != DatabaseStatus::Error);
            }
            match container.exit_code {
                Some(code) if code != 0 => {
                    let reason = format!("the container ended with exit status {code}");
                    verdict(DatabaseStatus::Error, Some(&reason))
                        .filter(|_| database.status != DatabaseStatus::Error)
                }
                _ => verdict(DatabaseStatus::Stopped, Some("stopped by something other than Stardeck"))
                    .filter(|_| !matches!(database.status, DatabaseStatus::Error | DatabaseStatus::Stopped)),
            }
        }
    }
}

/// What there is to say of a container that has another name than we gave it.
pub(super) fn renamed(database: &ManagedDatabase) -> Option<String> {
    let given = ContainerName::of_database(&database.name);
    let is_renamed = database.origin == Origin::Created && database.container_name != given;
    is_renamed.then(|| {
        format!(
            "its container was renamed from {given} to {} by something other than Stardeck",
            database.container_name
        )
    })
}
