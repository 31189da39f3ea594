//! Which container is a database's. The one question that the use cases, their steps and the observer all ask.
//!
//! What we made carries our labels. What was adopted carries none of ours: it is known by its id as long as it exists,
//! and when somebody made it anew, by its name together with what holds its data or who runs it.

use std::collections::BTreeMap;

use secrecy::ExposeSecret as _;
use serde::{Deserialize, Serialize};
use stardeck_domain::{InstanceId, ManagedDatabase, NetworkName, Origin};

use crate::{
    apps::PreviewVariable,
    core::Core,
    labels,
    runtime::{ContainerDetails, ContainerSummary, Labels, MountSource, RuntimeError},
};

/// Labels by which the programs that run containers know theirs.
const RUNNERS: &[&str] = &[
    "com.docker.compose.project",
    "com.docker.compose.service",
    "io.podman.compose.project",
    "io.podman.compose.service",
    UNIT,
];
/// Whether a label says that a program runs the container and would make it anew.
pub(crate) fn is_runners_label(name: &str) -> bool {
    RUNNERS.contains(&name)
}

/// Folders of the host in which no database keeps its data.
const HOSTS_OWN: &[&str] = &["/etc/", "/dev/", "/proc/", "/run/", "/sys/", "/var/run/"];
/// The label that has the systemd unit.
const UNIT: &str = "PODMAN_SYSTEMD_UNIT";

/// By what an adopted container is known when it was made anew. Kept as JSON in its row's `spec`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Marks {
    /// The labels of who runs it.
    pub(crate) runner: BTreeMap<String, String>,
    /// The volumes and directories of the host that it mounts.
    pub(crate) sources: Vec<String>,
    /// Whether it was on our network before, so that giving it back leaves it there.
    pub(crate) was_connected: bool,
}

impl Marks {
    /// The marks of a container as it is.
    pub(crate) fn of(container: &ContainerDetails, was_connected: bool) -> Self {
        Self { runner: runner(&container.labels), sources: sources(container), was_connected }
    }

    /// Whether a program runs the container that ran the adopted one. A person who made it by hand is none.
    fn has_runner_of(&self, labels: &Labels) -> bool {
        !self.runner.is_empty() && runner(labels) == self.runner
    }

    /// The marks that were written down for an adopted database.
    pub(crate) fn recorded(database: &ManagedDatabase) -> Self {
        serde_json::from_str(&database.spec.0).unwrap_or_default()
    }
}

/// The database's container, if it is there. An adopted one is also found under another name.
pub(crate) async fn find(
    core: &Core,
    database: &ManagedDatabase,
) -> Result<Option<ContainerDetails>, RuntimeError> {
    let by_id = database.container_id.as_ref().filter(|_| database.origin == Origin::Adopted);
    if let Some(id) = by_id
        && let Some(found) = core.runtime.find_container(id.as_str()).await?
    {
        return Ok(Some(found));
    }
    let found = core.runtime.find_container(database.container_name.as_str()).await?;
    Ok(found.filter(|found| is_of(found, database, core.instance)))
}

/// Whether the list alone tells that a container is the database's. One that was adopted, made anew by hand, is known by
/// what it mounts, which the list does not tell: see [`is_of`].
pub(crate) fn is_listed_as(
    container: &ContainerSummary,
    database: &ManagedDatabase,
    instance: InstanceId,
) -> bool {
    let has_name = container.names.iter().any(|name| name == database.container_name.as_str());
    match database.origin {
        Origin::Created => has_name && labels::is_of_database(&container.labels, instance, database.id),
        Origin::Adopted => {
            let marks = Marks::recorded(database);
            database.container_id.as_ref() == Some(&container.id)
                || (has_name && marks.has_runner_of(&container.labels))
        }
    }
}

/// Whether a container is the database's, looked at closely.
pub(crate) fn is_of(container: &ContainerDetails, database: &ManagedDatabase, instance: InstanceId) -> bool {
    match database.origin {
        Origin::Created => labels::is_of_database(&container.labels, instance, database.id),
        Origin::Adopted => {
            let marks = Marks::recorded(database);
            let has_source = sources(container).iter().any(|source| marks.sources.contains(source));
            let has_runner = marks.has_runner_of(&container.labels);
            database.container_id.as_ref() == Some(&container.id)
                || (container.name == database.container_name.as_str() && (has_source || has_runner))
        }
    }
}

/// The lines that link an app where it is described, when a program makes its container by a description: another one made
/// here would be in that program's way, and it would put one without the variables in its place.
pub(crate) fn lines_to_link(
    container: &ContainerDetails,
    given: &[PreviewVariable],
    network: &NetworkName,
) -> Option<Vec<String>> {
    let known = runner(&container.labels);
    let label = |keys: [&str; 2]| keys.iter().find_map(|key| known.get(*key));
    let variables = given.iter().map(|variable| (variable.name.as_str(), variable.value.expose_secret()));
    let first =
        "make the database and its user here, and give the app these, with the user's password:".to_owned();
    let mut lines = vec![first];
    if let Some(service) = label(["com.docker.compose.service", "io.podman.compose.service"]) {
        lines.push(format!("services.{service}.environment in the compose file:"));
        lines.extend(variables.map(|(name, value)| format!("  {name}: \"{value}\"")));
        lines.push(format!("services.{service}.networks: [default, {network}]"));
        lines.push(format!("networks.{network}: {{external: true}}"));
        return Some(lines);
    }
    if let Some(unit) = known.get(UNIT) {
        lines.push(format!("[Container] of {unit}:"));
        lines.extend(variables.map(|(name, value)| format!("Environment=\"{name}={value}\"")));
        lines.push(format!("Network={network}"));
        return Some(lines);
    }
    let is_described = container.setup.pod.is_some() || !known.is_empty();
    is_described.then(|| {
        lines.push("env of the container, where it and its pod are described:".to_owned());
        lines.extend(variables.map(|(name, value)| format!("{name}={value}")));
        lines.push(format!("the network of the pod: {network}"));
        lines
    })
}

/// The unit by which systemd brings the container of an adopted database back when it is removed.
pub(crate) fn unit_of(database: &ManagedDatabase) -> Option<String> {
    Marks::recorded(database).runner.remove(UNIT)
}

/// What makes the container of an adopted database again, where it was made.
pub(crate) fn lines_to_bring_back(database: &ManagedDatabase) -> Vec<String> {
    let Marks { runner, sources, .. } = Marks::recorded(database);
    let label = |key: &str| runner.get(key).map(String::as_str);
    if let Some(unit) = label(UNIT) {
        return vec![format!("systemctl start {unit}")];
    }
    let project = label("com.docker.compose.project").or_else(|| label("io.podman.compose.project"));
    let service = label("com.docker.compose.service").or_else(|| label("io.podman.compose.service"));
    if let Some(project) = project {
        let service = service.map(|service| format!(" {service}")).unwrap_or_default();
        return vec![format!("podman-compose --project-name {project} up --detach{service}")];
    }
    let on = if sources.is_empty() { String::new() } else { format!(", on {}", sources.join(" and ")) };
    vec![format!("podman run a container named {} from {}{on}", database.container_name, database.image)]
}

fn runner(labels: &Labels) -> BTreeMap<String, String> {
    let known = RUNNERS.iter().filter_map(|key| labels.get_key_value(*key));
    known.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// What may hold its data. Many containers are given files of the host's own, such as the time zone.
fn sources(container: &ContainerDetails) -> Vec<String> {
    let is_of_host = |path: &str| HOSTS_OWN.iter().any(|folder| path.starts_with(folder));
    let sources = container.setup.mounts.iter().filter_map(|mount| match &mount.source {
        MountSource::Volume(name) => Some(name.clone()),
        MountSource::Bind(path) => (!is_of_host(path)).then(|| path.clone()),
        MountSource::Other => None,
    });
    sources.collect()
}
