//! The container of an app, in the service's words. What holds for every one of them, the adapter adds.

use std::{collections::BTreeMap, time::Duration};

use stardeck_domain::{AppRestart, ContainerName, ImageId, NetworkName, SecretName, VolumeName};

use super::{Labels, PublishedPort, SecretFileSpec};

/// A container of an app to be made. It gets no right beyond the runtime's own set, and can gain none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppContainerSpec {
    /// Its name.
    pub name: ContainerName,
    /// The name it has for itself and for others on its networks.
    pub hostname: String,
    /// The image, by id, so that nothing is pulled and nothing else is run.
    pub image: ImageId,
    /// Its labels.
    pub labels: Labels,
    /// Variables that are no secrets.
    pub env: BTreeMap<String, String>,
    /// Variables whose values are secrets in the runtime's store.
    pub secret_env: BTreeMap<String, SecretName>,
    /// Secrets mounted as files.
    pub secret_files: Vec<SecretFileSpec>,
    /// Arguments; empty for the image's own.
    pub command: Vec<String>,
    /// Volumes mounted.
    pub volumes: Vec<(VolumeName, String)>,
    /// The networks it is on.
    pub networks: Vec<NetworkName>,
    /// Ports published on the host.
    pub published_ports: Vec<PublishedPort>,
    /// When it is started again.
    pub restart: AppRestart,
    /// How long a stop waits before it kills.
    pub stop_grace: Duration,
    /// Most memory in bytes; None for no limit.
    pub memory_bytes: Option<u64>,
    /// Most processor time, in thousandths of one processor; None for no limit.
    pub cpu_millis: Option<u32>,
}
