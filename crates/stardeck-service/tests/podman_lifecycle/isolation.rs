//! An app reaches its own databases and no others: neither by name nor by address.

use stardeck_domain::{App, Delivery, LinkNetwork, ManagedDatabase};
use stardeck_service::{
    apps::{DatabaseChoice, LogicalFate, UnlinkApp, UserFate},
    databases::DataFate,
};
use stardeck_testkit::{engine_row, wait_for};

use crate::{
    apps::{app_request, database_request, deployed, probe, removed, world},
    world::{World, succeeded, unique_name},
};

/// Tries to connect to a host and a port, and says how that ended.
const KNOCK: &str = "
import socket, sys
try:
    socket.create_connection((sys.argv[1], int(sys.argv[2])), 3).close()
    print('open')
except socket.gaierror:
    print('unknown')
except OSError:
    print('closed')
";

async fn knock(world: &World, app: &App, host: &str, port: u16) -> String {
    let container = world.services.apps.get(app.id).await.unwrap().app.container_name;
    let port = port.to_string();
    world.podman.must(&["exec", container.as_str(), "python3", "-c", KNOCK, host, &port]).trim().to_owned()
}

/// The addresses of a database on the networks that it is on.
fn addresses(world: &World, database: &ManagedDatabase) -> Vec<String> {
    let format = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
    let text = world.podman.must(&["inspect", "--format", format, database.container_name.as_str()]);
    text.split_whitespace().map(str::to_owned).collect()
}

fn address(world: &World, database: &ManagedDatabase) -> String {
    addresses(world, database).remove(0)
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_app_reaches_its_own_database_and_not_that_of_others() {
    let world = world().await;
    let row = engine_row("postgres:16");
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("shared"))).await;
    succeeded(&operation);
    let choice =
        DatabaseChoice::New { engine: row.engine, version: row.version(), image: row.image(), name: None };
    let alone = deployed(&world, app_request(&unique_name("alone"), Some(choice), Delivery::Env)).await;
    let existing = Some(DatabaseChoice::Existing { database: shop.id });
    let guest = deployed(&world, app_request(&unique_name("guest"), existing, Delivery::Env)).await;
    let own = world.services.apps.get(alone.id).await.unwrap().connections.remove(0).database_id;
    let own = world.row(own).await;
    assert_ne!(own.network, shop.network);
    assert!(probe(&world, &alone, &["check"]).await.starts_with("ok"));
    assert!(probe(&world, &guest, &["check"]).await.starts_with("ok"));

    let port = own.internal_port.get();
    for (app, mine, other) in [(&alone, &own, &shop), (&guest, &shop, &own)] {
        assert_eq!(knock(&world, app, &address(&world, mine), port).await, "open", "{}", app.name);
        assert_eq!(knock(&world, app, other.internal_host.as_str(), port).await, "unknown", "{}", app.name);
        assert_eq!(knock(&world, app, &address(&world, other), port).await, "closed", "{}", app.name);
    }
    removed(&world, &alone).await;
    removed(&world, &guest).await;
    let network = own.network.to_string();
    assert!(world.podman.must(&["network", "ls", "--format", "{{.Name}}"]).contains(&network));
    world.delete(&own, DataFate::Delete).await;
    world.delete(&shop, DataFate::Delete).await;
    assert!(!world.podman.must(&["network", "ls", "--format", "{{.Name}}"]).contains(&network));
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_app_on_a_network_of_its_own_reaches_one_shared_database_and_not_the_other() {
    let world = world().await;
    let row = engine_row("postgres:16");
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("shop"))).await;
    succeeded(&operation);
    let (other, operation, _others) = world.deploy(database_request(row, &unique_name("other"))).await;
    succeeded(&operation);
    let existing = Some(DatabaseChoice::Existing { database: shop.id });
    let mut request = app_request(&unique_name("guest"), existing, Delivery::File);
    request.link.network = Some(LinkNetwork::Own);
    let guest = deployed(&world, request).await;
    assert!(probe(&world, &guest, &["check"]).await.starts_with("ok"));
    let port = shop.internal_port.get();
    assert_eq!(knock(&world, &guest, shop.internal_host.as_str(), port).await, "open");
    assert_eq!(knock(&world, &guest, other.internal_host.as_str(), port).await, "unknown");
    assert_eq!(knock(&world, &guest, &address(&world, &other), port).await, "closed");
    assert_eq!(addresses(&world, &shop).len(), 2);

    world.stop(shop.id).await;
    succeeded(&world.start(shop.id).await);
    assert!(probe(&world, &guest, &["check"]).await.starts_with("ok"));

    let connection = world.services.apps.list_connections(shop.id).await.unwrap().remove(0).connection;
    let network = connection.network.unwrap().to_string();
    let request = UnlinkApp { user: UserFate::Revoke, database: LogicalFate::Keep, confirm: None };
    let operation = world.services.apps.unlink(&world.admin, shop.id, connection.id, request).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert!(!world.podman.must(&["network", "ls", "--format", "{{.Name}}"]).contains(&network));
    assert_eq!(addresses(&world, &shop).len(), 1);
    removed(&world, &guest).await;
    world.delete(&other, DataFate::Delete).await;
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}
