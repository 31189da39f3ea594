//! Database servers on the host that nobody manages yet.

use std::net::IpAddr;

use serde::Serialize;
use stardeck_domain::{Confidence, ContainerId, Engine, Port, VersionTag};
use stardeck_service::{
    DetectedDatabase,
    runtime::{ContainerState, PublishedPort},
};
use utoipa::ToSchema;

use super::lists::list_view;

/// A database server on the host that nobody manages yet.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DetectedDatabase)]
pub(crate) struct DetectedDatabaseView {
    /// The container it runs in, by which it is adopted.
    container_id: ContainerId,
    /// That container's name.
    container_name: String,
    /// The engine it is taken for.
    #[serde(rename = "type")]
    engine: Engine,
    /// What kind of that engine, such as `timescaledb`, or whose build, such as `bitnami`; null for the plain one.
    flavor: Option<String>,
    /// Its version, as far as its image tells; null when nothing does.
    version: Option<VersionTag>,
    /// The image it runs, as the container names it.
    #[schema(example = "docker.io/library/postgres:16")]
    image: String,
    /// What the container does.
    state: DetectedState,
    /// The ports of the host that lead to it.
    ports: Vec<DetectedPort>,
    /// How sure it is that this is a database server.
    confidence: Confidence,
    /// What speaks for it, in words.
    reasons: Vec<String>,
}

/// What a container that was found does.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum DetectedState {
    /// Made, never started.
    Created,
    /// Running.
    Running,
    /// On its way down.
    Stopping,
    /// Frozen.
    Paused,
    /// Ended.
    Exited,
    /// On its way out.
    Removing,
    /// Something newer than this program.
    Unknown,
}

/// A port of the host that leads into a container.
#[derive(Debug, Serialize, ToSchema)]
struct DetectedPort {
    /// The address of the host it is bound to.
    #[schema(value_type = String, example = "127.0.0.1")]
    bind_address: IpAddr,
    /// The port of the host.
    host_port: Port,
    /// The port in the container.
    container_port: Port,
}

impl DetectedDatabaseView {
    pub(crate) fn of(found: DetectedDatabase) -> Self {
        Self {
            container_id: found.container_id,
            container_name: found.container_name,
            engine: found.engine,
            flavor: found.flavor,
            version: found.version,
            image: found.image,
            state: state(found.state),
            ports: found.ports.iter().map(port).collect(),
            confidence: found.confidence,
            reasons: found.reasons,
        }
    }
}

fn state(state: ContainerState) -> DetectedState {
    match state {
        ContainerState::Created => DetectedState::Created,
        ContainerState::Running => DetectedState::Running,
        ContainerState::Stopping => DetectedState::Stopping,
        ContainerState::Paused => DetectedState::Paused,
        ContainerState::Exited => DetectedState::Exited,
        ContainerState::Removing => DetectedState::Removing,
        ContainerState::Unknown => DetectedState::Unknown,
    }
}

fn port(port: &PublishedPort) -> DetectedPort {
    DetectedPort {
        bind_address: port.address,
        host_port: port.host_port,
        container_port: port.container_port,
    }
}

list_view! {
    /// Database servers that nobody manages yet.
    DetectedDatabaseList of DetectedDatabaseView;
}
