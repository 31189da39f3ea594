//! What a runtime holds at one moment, to be compared with another.

use std::collections::{BTreeMap, BTreeSet};

use stardeck_service::runtime::{ContainerState, Labels, NetworkDetails};

use super::FakeRuntime;
use crate::LogicalContent;

/// All objects of a runtime at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Containers by name.
    pub containers: BTreeMap<String, ContainerFacts>,
    /// Labels of the volumes by name.
    pub volumes: BTreeMap<String, Labels>,
    /// What engines hold in the volumes, where it is more than accounts.
    pub logical: BTreeMap<String, LogicalContent>,
    /// Networks by name.
    pub networks: BTreeMap<String, NetworkDetails>,
    /// Labels of the secrets by name.
    pub secrets: BTreeMap<String, Labels>,
    /// References of the images that are present.
    pub images: BTreeSet<String>,
}

/// What matters of a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerFacts {
    /// Its state.
    pub state: ContainerState,
    /// Its labels.
    pub labels: Labels,
    /// Its variables.
    pub env: BTreeMap<String, String>,
    /// The networks it is on, with its aliases there.
    pub networks: BTreeMap<String, Vec<String>>,
    /// The host ports it publishes.
    pub host_ports: Vec<u16>,
    /// The volumes it mounts, anonymous ones included.
    pub volumes: Vec<String>,
    /// The configurations it was made with.
    pub configs: Vec<String>,
    /// Most memory in bytes, and most processor time in thousandths.
    pub limits: (Option<u64>, Option<u32>),
}

impl FakeRuntime {
    /// All objects as they are now.
    pub fn snapshot(&self) -> Snapshot {
        let state = self.inner().lock();
        let objects = &state.objects;
        let containers = objects.containers.iter().map(|(name, container)| {
            let facts = ContainerFacts {
                state: container.state,
                labels: container.labels.clone(),
                env: container.env.clone(),
                networks: container.networks.clone(),
                host_ports: container.ports.iter().map(|port| port.host_port.get()).collect(),
                configs: container.configs.clone(),
                limits: container.limits,
                volumes: container.volumes.iter().chain(&container.anonymous_volumes).cloned().collect(),
            };
            (name.clone(), facts)
        });
        Snapshot {
            containers: containers.collect(),
            volumes: objects
                .volumes
                .iter()
                .map(|(name, volume)| (name.clone(), volume.labels.clone()))
                .collect(),
            logical: objects
                .volumes
                .iter()
                .filter(|(_, volume)| volume.logical != LogicalContent::default())
                .map(|(name, volume)| (name.clone(), volume.logical.clone()))
                .collect(),
            networks: objects.networks.clone(),
            secrets: objects
                .secrets
                .iter()
                .map(|(name, secret)| (name.clone(), secret.labels.clone()))
                .collect(),
            images: objects.images.keys().cloned().collect(),
        }
    }
}

impl Snapshot {
    /// The same without what a deployment leaves on purpose when it is taken back: the shared network, and an image
    /// that was pulled.
    #[must_use]
    pub fn without_network_and_images(mut self) -> Self {
        self.networks.retain(|name, _| name != stardeck_domain::DATA_NETWORK);
        self.images.clear();
        self
    }
}
