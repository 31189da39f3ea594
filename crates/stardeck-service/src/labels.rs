//! The labels on every object we make, by which it is found again and told from other people's.
//!
//! Two Stardecks may share one Podman, so `managed` alone proves nothing: ownership is our instance *and* the
//! database, and undo asks for the operation as well.

use stardeck_domain::{AppId, ConnectionId, DatabaseId, InstanceId, OperationId};

use crate::runtime::Labels;

/// Marks everything that some Stardeck made.
pub const MANAGED: &str = "stardeck.managed";
/// Which Stardeck made it.
pub const INSTANCE: &str = "stardeck.instance";
/// For which database.
pub const DATABASE: &str = "stardeck.database";
/// For which app.
pub const APP: &str = "stardeck.app";
/// For which link.
pub const CONNECTION: &str = "stardeck.connection";
/// In which operation.
pub const OPERATION: &str = "stardeck.operation";
/// The variables that links gave to a container that somebody else made, between commas.
pub const GIVEN_ENV: &str = "stardeck.given-env";
/// The networks that links put such a container on, between commas.
pub const GIVEN_NETWORKS: &str = "stardeck.given-networks";
/// What a network is for.
pub const PURPOSE: &str = "stardeck.purpose";

/// The labels of an object made for a database.
pub(crate) fn of_database(instance: InstanceId, database: DatabaseId, operation: OperationId) -> Labels {
    let mut labels = of_instance(instance);
    labels.insert(DATABASE.to_owned(), database.to_string());
    labels.insert(OPERATION.to_owned(), operation.to_string());
    labels
}

/// The labels of an object made for an app.
pub(crate) fn of_app(instance: InstanceId, app: AppId, operation: OperationId) -> Labels {
    let mut labels = of_instance(instance);
    labels.insert(APP.to_owned(), app.to_string());
    labels.insert(OPERATION.to_owned(), operation.to_string());
    labels
}

/// The labels of the network of a link. It goes with its database, too.
pub(crate) fn of_link(instance: InstanceId, database: DatabaseId, connection: ConnectionId) -> Labels {
    let mut labels = of_instance(instance);
    labels.insert(DATABASE.to_owned(), database.to_string());
    labels.insert(CONNECTION.to_owned(), connection.to_string());
    labels
}

/// The link that a network was made for by us.
pub(crate) fn link_of(labels: &Labels, instance: InstanceId) -> Option<ConnectionId> {
    let connection = labels.get(CONNECTION).filter(|_| has(labels, INSTANCE, &instance.to_string()))?;
    connection.parse().ok()
}

/// The database that a network was made for.
pub(crate) fn database_of(labels: &Labels) -> Option<DatabaseId> {
    labels.get(DATABASE).and_then(|id| id.parse().ok())
}

/// The labels of a container that was made anew for the last time, and is given back to whoever made it. It is not
/// [`MANAGED`] any more.
pub(crate) fn of_given_back(instance: InstanceId, app: AppId, operation: OperationId) -> Labels {
    let mut labels = of_app(instance, app, operation);
    labels.remove(MANAGED);
    labels
}

/// No labels.
pub(crate) fn none() -> Labels {
    Labels::new()
}

/// Our labels among others.
pub(crate) fn ours(labels: &Labels) -> impl Iterator<Item = &String> {
    labels.keys().filter(|key| key.starts_with("stardeck."))
}

/// The names in a label.
pub(crate) fn names_in<'a>(labels: &'a Labels, key: &str) -> impl Iterator<Item = &'a str> + use<'a> {
    labels.get(key).into_iter().flat_map(|text| text.split(',')).filter(|name| !name.is_empty())
}

/// Whether we made the object for this app, in whichever operation.
pub(crate) fn is_of_app(labels: &Labels, instance: InstanceId, app: AppId) -> bool {
    has(labels, INSTANCE, &instance.to_string()) && has(labels, APP, &app.to_string())
}

/// Whether we made the object for this app in this very operation.
pub(crate) fn is_of_app_operation(
    labels: &Labels,
    instance: InstanceId,
    app: AppId,
    operation: OperationId,
) -> bool {
    is_of_app(labels, instance, app) && has(labels, OPERATION, &operation.to_string())
}

/// The labels of an object that belongs to the whole installation.
pub(crate) fn of_instance(instance: InstanceId) -> Labels {
    Labels::from([(MANAGED.to_owned(), "true".to_owned()), (INSTANCE.to_owned(), instance.to_string())])
}

/// Whether we made the object for this database, in whichever operation.
pub(crate) fn is_of_database(labels: &Labels, instance: InstanceId, database: DatabaseId) -> bool {
    has(labels, INSTANCE, &instance.to_string()) && has(labels, DATABASE, &database.to_string())
}

/// Whether we made the object for this database in this very operation.
pub(crate) fn is_of_operation(
    labels: &Labels,
    instance: InstanceId,
    database: DatabaseId,
    operation: OperationId,
) -> bool {
    is_of_database(labels, instance, database) && has(labels, OPERATION, &operation.to_string())
}

fn has(labels: &Labels, key: &str, value: &str) -> bool {
    labels.get(key).is_some_and(|found| found == value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_instance_or_operation_is_not_ours() {
        let (instance, database, operation) = (InstanceId::new(), DatabaseId::new(), OperationId::new());
        let labels = of_database(instance, database, operation);
        assert!(is_of_operation(&labels, instance, database, operation));
        assert!(!is_of_operation(&labels, instance, database, OperationId::new()));
        assert!(is_of_database(&labels, instance, database));
        assert!(!is_of_database(&labels, InstanceId::new(), database));
        assert!(!is_of_database(&labels, instance, DatabaseId::new()));
    }
}
