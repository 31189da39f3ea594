//! A server that somebody else runs is tried from where apps are, not from the host, on real Podman.

use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{Delivery, ManagedDatabase};
use stardeck_drivers::Login;
use stardeck_service::{
    Error,
    apps::{DatabaseChoice, TriedFrom},
    databases::DataFate,
};
use stardeck_testkit::engine_row;

use crate::{
    apps::{app_request, database_request, deployed, removed, world},
    world::{World, succeeded, unique_name},
};

/// The code that a connection string is refused with.
async fn code(world: &World, url: &str) -> &'static str {
    match world.services.apps.test_external(&SecretString::from(url.to_owned())).await {
        Err(Error::Validation(errors)) => {
            assert!(!format!("{errors:?}").contains("hush-hush"), "{errors:?}");
            errors.0.first().unwrap().code
        }
        other => panic!("{other:?}"),
    }
}

/// The URL by which the administrator is let in, as an app writes it.
async fn url(world: &World, database: &ManagedDatabase) -> String {
    let shown = world.services.databases.credentials(&world.admin, database.id).await.unwrap();
    shown.internal_url.expose_secret().to_owned()
}

/// Each thing that can be wrong is told by its code.
async fn tried_from_the_network_of_apps(row: &str, missing: &str) {
    let world = world().await;
    let (shop, operation, _leftovers) =
        world.deploy(database_request(engine_row(row), &unique_name("shared"))).await;
    succeeded(&operation);
    let right = url(&world, &shop).await;
    let trial = world.services.apps.test_external(&SecretString::from(right.clone())).await.unwrap();
    assert_eq!((trial.from, trial.untried_because), (TriedFrom::Network, None));
    assert_eq!(trial.server_version, shop_version(&world, &shop).await);

    let (scheme, rest) = right.split_once("://").unwrap();
    let (login, rest) = rest.rsplit_once('@').unwrap();
    let user = login.split(':').next().unwrap();
    let (at, _) = rest.split_once('/').unwrap();
    let (host, port) = at.split_once(':').unwrap();
    for (given, expected) in [
        (format!("{scheme}://{user}:hush-hush@{at}/"), "credentials_rejected"),
        (format!("{scheme}://{login}@{at}/{missing}"), "unknown_database"),
        (format!("{scheme}://{login}@{host}:1/"), "connection_refused"),
        (format!("{scheme}://{login}@no-such-host.invalid:{port}/"), "unknown_host"),
        (format!("{scheme}://{login}@localhost:{port}/"), "host_is_the_app"),
    ] {
        assert_eq!(code(&world, &given).await, expected);
    }
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

async fn shop_version(world: &World, database: &ManagedDatabase) -> Option<String> {
    world.row(database.id).await.server_version
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_server_is_tried_from_the_network_of_apps() {
    tried_from_the_network_of_apps("postgres:16", "no_such_database").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_server_is_tried_from_the_network_of_apps() {
    tried_from_the_network_of_apps("mariadb:10.11", "no_such_database").await;
}

/// A database of one app alone is on a network of these two: the host reaches it, other apps do not.
#[tokio::test(flavor = "multi_thread")]
async fn postgresql_server_that_only_the_host_reaches_is_refused() {
    let world = world().await;
    let row = engine_row("postgres:16");
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("shared"))).await;
    succeeded(&operation);
    let choice =
        DatabaseChoice::New { engine: row.engine, version: row.version(), image: row.image(), name: None };
    let alone = deployed(&world, app_request(&unique_name("alone"), Some(choice), Delivery::File)).await;
    let apps = &world.services.apps;
    let connection = apps.get(alone.id).await.unwrap().connections.remove(0);
    let own = world.row(connection.database_id).await;
    let login = apps.connection_credentials(&world.admin, own.id, connection.id).await.unwrap();
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
    let address = world.podman.must(&["inspect", "--format", format, own.container_name.as_str()]);
    let by_host = Login {
        addr: (address.trim().parse::<std::net::IpAddr>().unwrap(), own.internal_port.get()).into(),
        user: login.username.clone(),
        password: login.password.clone(),
        database: Some(connection.logical_database.to_string()),
        timeout: std::time::Duration::from_secs(10),
    };
    stardeck_drivers::client(own.engine).unwrap().login(&by_host).await.unwrap();
    let given = login.variables.iter().find(|variable| variable.name == "DATABASE_URL").unwrap();
    let given = given.value.expose_secret().replacen(own.internal_host.as_str(), address.trim(), 1);
    assert!(["unreachable", "connection_refused"].contains(&code(&world, &given).await));
    removed(&world, &alone).await;
    world.delete(&own, DataFate::Delete).await;
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}
