//! Finding the database servers on the host that nobody manages yet.
//!
//! One list of all containers, which is kept until something changes; then only what is not known yet is looked at: each image once, and of containers those
//! that may be databases, all at the same time. What a container was set up with does not change as long as it exists,
//! so neither does what it is taken for. What is *not* here: how one is told from another (`stardeck-engines`).

mod cache;
mod evidence;

use std::sync::Arc;

use stardeck_domain::{Confidence, ContainerId, Engine, InstanceId, ManagedDatabase, Origin, VersionTag};
use stardeck_engines::{Detected, classify};
use stardeck_repository::databases;

use crate::{
    Error, Page, Slice,
    core::Core,
    labels, ownership,
    runtime::{ContainerDetails, ContainerState, ContainerSummary, ImageDetails, PublishedPort},
};

pub(crate) use cache::Cache;

/// A database server that nobody manages yet.
#[derive(Debug, Clone)]
pub struct DetectedDatabase {
    /// The container it runs in.
    pub container_id: ContainerId,
    /// That container's name.
    pub container_name: String,
    /// What that container does.
    pub state: ContainerState,
    /// The image it runs, as it names it.
    pub image: String,
    /// The ports of the host that lead to it.
    pub ports: Vec<PublishedPort>,
    /// The engine it is taken for.
    pub engine: Engine,
    /// What kind of it, or whose build.
    pub flavor: Option<String>,
    /// Its version, as far as anything tells.
    pub version: Option<VersionTag>,
    /// How sure that is.
    pub confidence: Confidence,
    /// What speaks for it, in words.
    pub reasons: Vec<String>,
}

impl DetectedDatabase {
    fn new(container: &ContainerSummary, detected: Detected) -> Self {
        Self {
            container_id: container.id.clone(),
            container_name: container.names.first().cloned().unwrap_or_default(),
            state: container.state,
            image: container.image.clone(),
            ports: container.published_ports.clone(),
            engine: detected.engine,
            flavor: detected.flavor,
            version: detected.version,
            confidence: detected.confidence,
            reasons: detected.reasons,
        }
    }
}

/// One page of them, by the container's id.
pub(crate) async fn detect(
    core: &Arc<Core>,
    cache: &Cache,
    page: &Page,
) -> Result<Slice<DetectedDatabase>, Error> {
    let containers = core.containers.get(core.runtime.as_ref()).await?;
    let rows = core.db.read(|tx| databases::list_all(tx).map_err(Error::from)).await?;
    let mut unmanaged: Vec<ContainerSummary> =
        containers.iter().filter(|found| !is_managed(found, &rows, core.instance)).cloned().collect();
    cache.keep_only(&containers);
    unmanaged.sort_by_key(place);
    let mut found = cache.classify(core, unmanaged).await?;
    found.retain(|(container, _)| {
        page.after.as_ref().is_none_or(|after| place(container).as_str() > after.as_str())
    });
    let wanted = usize::try_from(page.limit.max(1)).unwrap_or(usize::MAX);
    let next = (found.len() > wanted).then(|| found.get(wanted - 1).map(|(container, _)| place(container)));
    let items = found.into_iter().take(wanted);
    Ok(Slice {
        items: items.map(|(container, detected)| DetectedDatabase::new(&container, detected)).collect(),
        next: next.flatten(),
    })
}

/// What one container is, looked at closely; None when it is no database server.
pub(crate) fn classify_one(container: &ContainerDetails, image: Option<&ImageDetails>) -> Option<Detected> {
    classify(&evidence::of_setup(container, image))
}

/// Where a container stands in the list: the first half of its id, in the form that all cursors have.
fn place(container: &ContainerSummary) -> String {
    let id = container.id.as_str();
    let parts = [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)];
    parts.map(|(from, to)| id.get(from..to).unwrap_or_default()).join("-")
}

/// Whether some Stardeck made it, or this one adopted it. The pauses of pods are nobody's databases either.
fn is_managed(container: &ContainerSummary, rows: &[ManagedDatabase], instance: InstanceId) -> bool {
    let mut adopted = rows.iter().filter(|row| row.origin == Origin::Adopted);
    container.is_infra
        || container.labels.contains_key(labels::MANAGED)
        || adopted.any(|row| ownership::is_listed_as(container, row, instance))
}
