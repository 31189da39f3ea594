//! The own networks of links. On each are one database and one app, so that the app reaches that database and no other.
//!
//! Such a network is as old as its link: it is made before the app's container, and goes when nothing in the book stands
//! for the link any more.

use stardeck_domain::{
    ConnectionId, DatabaseConnection, DatabaseId, DatabaseName, ManagedDatabase, NetworkName,
    next_free_own_subnet,
};
use stardeck_repository::connections;

use super::{ensure, ensure_of, names};
use crate::{
    Error,
    core::Core,
    labels,
    operations::step::StepError,
    runtime::{NetworkDetails, RuntimeError},
};

/// The name of the network of a link to be made.
pub(crate) fn name_of(app: &DatabaseName, id: ConnectionId) -> NetworkName {
    NetworkName::of_link(app, &id.short())
}

/// The network on which the app of a link meets its database.
pub(crate) fn meeting_place<'a>(
    connection: &'a DatabaseConnection,
    database: &'a ManagedDatabase,
) -> &'a NetworkName {
    connection.network.as_ref().unwrap_or(&database.network)
}

/// Makes sure that the network exists on which the app of a link meets its database.
pub(crate) async fn ensure_meeting_place(
    core: &Core,
    connection: &DatabaseConnection,
    database: &ManagedDatabase,
) -> Result<(), StepError> {
    let (runtime, instance) = (core.runtime.as_ref(), core.instance);
    let Some(network) = &connection.network else {
        return ensure_of(runtime, instance, database).await.map(drop);
    };
    let interface = format!("sl-{}", connection.id.short());
    let labels = labels::of_link(instance, database.id, connection.id);
    ensure(runtime, network, interface, labels, next_free_own_subnet).await.map(drop)
}

/// The links of a database that have networks of their own.
pub(crate) async fn of_database(core: &Core, id: DatabaseId) -> Result<Vec<DatabaseConnection>, Error> {
    let links = core.db.read(move |tx| connections::list_of_database(tx, id).map_err(Error::from)).await?;
    Ok(links.into_iter().filter(|link| link.network.is_some()).collect())
}

/// Removes the networks of links that are no more, and takes their databases off them. One that somebody put another
/// container on stays.
pub(crate) async fn sweep(core: &Core) -> Result<(), Error> {
    for network in core.runtime.list_networks().await? {
        let Some(link) = labels::link_of(&network.labels, core.instance) else { continue };
        match core.db.read(move |tx| connections::get(tx, link).map_err(Error::from)).await {
            Ok(_) => {}
            Err(Error::NotFound { .. }) => remove(core, &network).await?,
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Takes the database of a link off the link's own network, and removes that.
pub(crate) async fn remove_of(core: &Core, connection: ConnectionId) -> Result<(), Error> {
    for network in core.runtime.list_networks().await? {
        if labels::link_of(&network.labels, core.instance) == Some(connection) {
            remove(core, &network).await?;
        }
    }
    Ok(())
}

async fn remove(core: &Core, network: &NetworkDetails) -> Result<(), Error> {
    let database = match labels::database_of(&network.labels) {
        Some(id) => core.find_database(id).await?,
        None => None,
    };
    if let Some(database) = database {
        let name = NetworkName::parse(&network.name).map_err(Error::internal)?;
        names::leave(core, &database, &name).await?;
    }
    match core.runtime.remove_network(&network.name).await {
        Err(RuntimeError::Conflict { detail } | RuntimeError::Rejected { detail }) => {
            tracing::info!(network = %network.name, %detail, "something is still on the network of a removed link");
            Ok(())
        }
        removed => Ok(removed?),
    }
}
