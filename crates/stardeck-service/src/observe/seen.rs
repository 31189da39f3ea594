//! What a look at a container shows, and which container is a database's.

use chrono::{DateTime, SubsecRound as _, Utc};
use stardeck_domain::{ContainerId, DatabaseId, InstanceId, ManagedDatabase, Origin};

use crate::{
    labels, ownership,
    runtime::{ContainerDetails, ContainerRuntime, ContainerState, ContainerSummary, Labels, RuntimeError},
};

/// A container as far as it matters here, whether it was seen in the list or by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) id: ContainerId,
    pub(super) name: String,
    pub(super) state: ContainerState,
    pub(super) exit_code: Option<i32>,
    /// To the second, which is what the list tells.
    pub(super) started_at: Option<DateTime<Utc>>,
    /// The same, as exactly as an inspection tells it.
    pub(super) started_exactly: Option<DateTime<Utc>>,
    /// How often Podman started it again by itself, which the list does not tell.
    pub(super) restarts: Option<u32>,
    pub(super) networks: Vec<String>,
}

impl Seen {
    pub(super) fn listed(container: &ContainerSummary) -> Self {
        Self {
            id: container.id.clone(),
            name: container.names.first().cloned().unwrap_or_default(),
            state: container.state,
            exit_code: container.exit_code,
            started_at: container.started_at.map(|at| at.trunc_subsecs(0)),
            started_exactly: None,
            restarts: None,
            networks: container.networks.clone(),
        }
    }

    pub(super) fn inspected(container: &ContainerDetails) -> Self {
        Self {
            id: container.id.clone(),
            name: container.name.clone(),
            state: container.state,
            exit_code: container.exit_code,
            started_at: container.started_at.map(|at| at.trunc_subsecs(0)),
            started_exactly: container.started_at,
            restarts: Some(container.restart_count),
            networks: container.aliases.keys().cloned().collect(),
        }
    }

    /// Whether it is there and does not run.
    pub(super) fn is_down(&self) -> bool {
        match self.state {
            ContainerState::Created | ContainerState::Exited => true,
            ContainerState::Running
            | ContainerState::Stopping
            | ContainerState::Paused
            | ContainerState::Removing
            | ContainerState::Unknown => false,
        }
    }
}

/// Whether a container of the list is the database's. One that somebody made anew, or gave another name, still is when it
/// carries our labels; an adopted one carries none.
fn is_listed_own(container: &ContainerSummary, database: &ManagedDatabase, instance: InstanceId) -> bool {
    match database.origin {
        Origin::Created => labels::is_of_database(&container.labels, instance, database.id),
        Origin::Adopted => ownership::is_listed_as(container, database, instance),
    }
}

/// The database's container in the list: the one with its name, else the very one that it had, else any.
pub(super) fn pick<'a>(
    database: &ManagedDatabase,
    containers: &'a [ContainerSummary],
    instance: InstanceId,
) -> Option<&'a ContainerSummary> {
    let own: Vec<_> =
        containers.iter().filter(|container| is_listed_own(container, database, instance)).collect();
    let has_name = |container: &&&ContainerSummary| {
        container.names.iter().any(|name| name == database.container_name.as_str())
    };
    let is_same = |container: &&&ContainerSummary| database.container_id.as_ref() == Some(&container.id);
    own.iter().find(has_name).or_else(|| own.iter().find(is_same)).or_else(|| own.first()).copied()
}

/// The database's container, looked for by itself: by its name, as the one that just changed, by the id it had.
pub(super) async fn find(
    runtime: &dyn ContainerRuntime,
    database: &ManagedDatabase,
    changed: Option<&ContainerDetails>,
    instance: InstanceId,
) -> Result<Option<ContainerDetails>, RuntimeError> {
    let named = match changed.filter(|changed| changed.name == database.container_name.as_str()) {
        Some(changed) => Some(changed.clone()),
        None => runtime.find_container(database.container_name.as_str()).await?,
    };
    if let Some(found) = named.filter(|found| ownership::is_of(found, database, instance)) {
        return Ok(Some(found));
    }
    if let Some(changed) = changed.filter(|changed| ownership::is_of(changed, database, instance)) {
        return Ok(Some(changed.clone()));
    }
    let Some(id) = &database.container_id else { return Ok(None) };
    let found = runtime.find_container(id.as_str()).await?;
    Ok(found.filter(|found| ownership::is_of(found, database, instance)))
}

/// The database that a container says it is of.
pub(super) fn database_of(labels: &Labels, instance: InstanceId) -> Option<DatabaseId> {
    let id = labels.get(labels::DATABASE)?.parse().ok()?;
    labels::is_of_database(labels, instance, id).then_some(id)
}
