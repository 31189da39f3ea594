//! What an adoption would find and change, in words and values.

use std::net::IpAddr;

use stardeck_domain::{
    Confidence, ContainerId, DatabaseName, Engine, ImageReference, LoginName, NetworkName, Port, VersionTag,
    VolumeKind,
};

use super::{AdoptDatabase, adopt::Examined};

/// What an adoption would find and change.
#[derive(Debug, Clone)]
pub struct AdoptionReport {
    /// The container.
    pub container_id: ContainerId,
    /// Its name.
    pub container_name: String,
    /// The name the database would have.
    pub name: DatabaseName,
    /// The engine.
    pub engine: Engine,
    /// What kind of it, or whose build.
    pub flavor: Option<String>,
    /// The version its image tells.
    pub version: Option<VersionTag>,
    /// The version the server itself reports.
    pub server_version: String,
    /// The image it runs.
    pub image: String,
    /// How sure it is that this is a database server.
    pub confidence: Confidence,
    /// What speaks for it.
    pub reasons: Vec<String>,
    /// The administrator whose login worked.
    pub admin_user: LoginName,
    /// Where that login comes from, in words.
    pub login_from: String,
    /// The volumes and directories it mounts: kind, name or path, place in the container.
    pub volumes: Vec<(VolumeKind, String, String)>,
    /// The port of the host that leads to it.
    pub external_port: Option<Port>,
    /// The address that port is bound to.
    pub bind_address: Option<IpAddr>,
    /// The port apps would reach it by.
    pub internal_port: Port,
    /// The network it would be on.
    pub network: NetworkName,
    /// What would change, in words; empty when nothing would.
    pub changes: Vec<String>,
    /// What stays somebody else's, in words.
    pub stays: Vec<String>,
}

/// Puts what was found into words.
pub(super) fn report(examined: &Examined, request: &AdoptDatabase) -> AdoptionReport {
    let container = &examined.container;
    let network = NetworkName::data();
    let published = examined.published();
    let changes = if examined.was_connected {
        Vec::new()
    } else {
        vec![format!(
            "the container {} is connected to the network {network} under the name {}, without a restart",
            container.name, request.name
        )]
    };
    AdoptionReport {
        container_id: container.id.clone(),
        container_name: container.name.clone(),
        name: request.name.clone(),
        engine: examined.detected.engine,
        flavor: examined.detected.flavor.clone(),
        version: examined.detected.version.clone(),
        server_version: examined.login.info.version.clone(),
        image: ImageReference::parse(&container.setup.image)
            .map_or_else(|_| container.setup.image.clone(), |image| image.to_string()),
        confidence: examined.detected.confidence,
        reasons: examined.detected.reasons.clone(),
        admin_user: examined.login.user.clone(),
        login_from: examined.login.origin.clone(),
        volumes: examined.mounts(),
        external_port: published.map(|port| port.host_port),
        bind_address: published.map(|port| port.address),
        internal_port: examined.port,
        network,
        changes,
        stays: vec![
            "its settings, image and data stay with whoever made it: what needs a new container is told, not done"
                .to_owned(),
            "releasing it takes it off the network again and forgets its login".to_owned(),
        ],
    }
}
