//! Whether others on its network find a database by its name.
//!
//! Podman tells the name server of its networks (aardvark-dns) of a change by files and a signal. When two containers
//! start or stop at once, the server can miss a change, or find a file half written and end (seen with 1.4), and then
//! names are unknown until the next change. To be put on the network anew is such a change.

use std::{net::IpAddr, time::Duration};

use stardeck_domain::{ManagedDatabase, NetworkName};
use tokio::time::Instant;

use crate::{
    core::Core,
    runtime::{RuntimeError, RuntimeResult},
};

/// How often a container is put on its network anew before we give up.
const REPAIRS: u32 = 3;
/// First wait before the name server is asked again, which takes up a change within milliseconds.
const ASK_FIRST: Duration = Duration::from_millis(20);
/// How long the name server gets for taking up a change.
const ASK_FOR: Duration = Duration::from_millis(800);

/// Whether the name leads to the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    /// It does.
    Yes,
    /// It does since the container was put on the network anew.
    Repaired,
    /// It does not.
    No,
    /// The name server does not answer us, which says nothing about what it answers to containers.
    Unknown,
}

/// The names a database has on its network besides its container's.
pub(crate) fn aliases(database: &ManagedDatabase) -> Vec<String> {
    vec![database.name.to_string(), format!("db-{}", database.id.short())]
}

/// Makes sure that a running database is on a network, and that its name leads to it there. Must not be dropped half way, or
/// the container stays off the network.
pub(crate) async fn ensure(
    core: &Core,
    database: &ManagedDatabase,
    network: &NetworkName,
) -> RuntimeResult<Found> {
    let container = database.container_name.as_str();
    if address(core, database, network).await?.is_none() {
        join(core, database, network, container).await?;
    }
    let mut found = look(core, database, network).await?;
    for _ in 0..REPAIRS {
        if found != Found::No {
            break;
        }
        tracing::warn!(%container, %network, "the name server missed a start; the container joins anew");
        leave(core, database, network).await?;
        join(core, database, network, container).await?;
        found = match look(core, database, network).await? {
            Found::Yes => Found::Repaired,
            other => other,
        };
    }
    Ok(found)
}

/// Puts a database's container on a network, under the names that it has there.
pub(crate) async fn join(
    core: &Core,
    database: &ManagedDatabase,
    network: &NetworkName,
    container: &str,
) -> RuntimeResult<()> {
    core.runtime.connect_network(network, container, &aliases(database)).await
}

/// Takes a database's container off a network. One that is gone, or is not on it, needs nothing.
pub(crate) async fn leave(
    core: &Core,
    database: &ManagedDatabase,
    network: &NetworkName,
) -> RuntimeResult<()> {
    match core.runtime.disconnect_network(network, database.container_name.as_str()).await {
        // With the name server gone Podman says so, and has taken the container off the network nevertheless (seen with
        // 4.3). Where it has not, to connect changes nothing.
        Ok(()) | Err(RuntimeError::Rejected { .. } | RuntimeError::NotFound { .. }) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Asks until the name leads to the container, for a while.
async fn look(core: &Core, database: &ManagedDatabase, network: &NetworkName) -> RuntimeResult<Found> {
    let Some(address) = address(core, database, network).await? else { return Ok(Found::No) };
    let give_up = Instant::now() + ASK_FOR;
    let mut pause = ASK_FIRST;
    loop {
        match core.runtime.resolve(network, database.name.as_str()).await? {
            None => return Ok(Found::Unknown),
            Some(addresses) if addresses.contains(&address) => return Ok(Found::Yes),
            Some(_) if Instant::now() >= give_up => return Ok(Found::No),
            Some(_) => {}
        }
        tokio::time::sleep(pause).await;
        pause *= 2;
    }
}

/// The address of a database's container on a network; None while it has none there.
pub(crate) async fn address(
    core: &Core,
    database: &ManagedDatabase,
    network: &NetworkName,
) -> RuntimeResult<Option<IpAddr>> {
    let container = core.runtime.find_container(database.container_name.as_str()).await?;
    Ok(container.and_then(|container| container.addresses.get(network.as_str()).copied()))
}
