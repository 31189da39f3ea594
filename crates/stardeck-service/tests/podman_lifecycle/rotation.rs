//! Passwords are replaced while apps write.

use std::time::Duration;

use stardeck_domain::{App, Delivery, ManagedDatabase};
use stardeck_drivers::Error as DriverError;
use stardeck_service::{
    apps::{AppVolume, CreateApp, DatabaseChoice},
    databases::RotatedLogin,
};
use stardeck_testkit::{EngineRow, until, wait_for};

use crate::{
    apps::{app_request, database_request, deployed, removed, world},
    world::{World, log_in, succeeded, unique_name},
};

/// Writes one number after the other, connects again when that fails, and goes on after the last number that the server
/// took. It counts its connections as well.
const WRITER: &str = "
import os, time, psycopg2

def kept(name):
    return int(open(name).read()) if os.path.exists(name) else 0

def keep(name, number):
    with open(name + '.new', 'w') as file:
        file.write(str(number))
    os.rename(name + '.new', name)

url = os.environ.get('DATABASE_URL') or open(os.environ['DATABASE_URL_FILE']).read()
taken, connection = kept('/app/taken'), None
while True:
    try:
        if connection is None:
            connection = psycopg2.connect(url, connect_timeout=3)
            connection.autocommit = True
            keep('/app/connections', kept('/app/connections') + 1)
            connection.cursor().execute('create table if not exists written (n bigint primary key)')
        connection.cursor().execute('insert into written values (%s) on conflict do nothing', (taken + 1,))
        taken += 1
        keep('/app/taken', taken)
    except psycopg2.Error as error:
        print(error, flush=True)
        connection = None
        time.sleep(0.05)
    time.sleep(0.005)
";

/// Prints which of the numbers up to the argument the table lacks.
const MISSING: &str = "
import os, sys, psycopg2
url = os.environ.get('DATABASE_URL') or open(os.environ['DATABASE_URL_FILE']).read()
cursor = psycopg2.connect(url).cursor()
cursor.execute('select count(*) from generate_series(1, %s) n where n not in (select n from written)', (sys.argv[1],))
print(cursor.fetchone()[0])
";

/// Opens connections until the server refuses one.
const MANY: &str = "
import os, psycopg2
url = os.environ.get('DATABASE_URL') or open(os.environ['DATABASE_URL_FILE']).read()
try:
    held = [psycopg2.connect(url) for number in range(60)]
    print('it takes', len(held))
except psycopg2.Error as error:
    print(error)
";

fn writer(name: &str, shop: &ManagedDatabase, delivery: Delivery) -> CreateApp {
    let existing = Some(DatabaseChoice::Existing { database: shop.id });
    let request = app_request(name, existing, delivery);
    CreateApp {
        command: ["python3", "-c", WRITER].map(str::to_owned).to_vec(),
        volumes: vec![AppVolume { name: "home".to_owned(), path: "/app".to_owned() }],
        link: stardeck_service::apps::LinkOptions { database: None, ..request.link },
        ..request
    }
}

async fn container(world: &World, app: &App) -> String {
    world.services.apps.get(app.id).await.unwrap().app.container_name.to_string()
}

async fn kept(world: &World, app: &App, name: &str) -> u64 {
    let container = container(world, app).await;
    let path = format!("/app/{name}");
    world.podman.run(&["exec", &container, "cat", &path]).text.trim().parse().unwrap_or(0)
}

async fn until_written(world: &World, app: &App, number: u64) {
    until("an app that goes on writing", || async {
        (kept(world, app, "taken").await >= number).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_rotation_under_load_loses_no_write_and_leaves_other_apps_alone() {
    let world = world().await;
    let row = stardeck_testkit::engine_row("postgres:16");
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("shared"))).await;
    succeeded(&operation);
    let one = deployed(&world, writer(&unique_name("one"), &shop, Delivery::File)).await;
    let other = deployed(&world, writer(&unique_name("other"), &shop, Delivery::Env)).await;
    until_written(&world, &one, 50).await;
    until_written(&world, &other, 50).await;
    let others_container = container(&world, &other).await;
    let connections = kept(&world, &other, "connections").await;

    let apps = &world.services.apps;
    let links = apps.list_connections(shop.id).await.unwrap();
    let link = links.iter().find(|link| link.connection.app_id == one.id).unwrap().connection.clone();
    for _ in 0..2 {
        let (before, others) = (kept(&world, &one, "taken").await, kept(&world, &other, "taken").await);
        let (_, operation) = apps.rotate(&world.admin, shop.id, link.id).await.unwrap();
        succeeded(&wait_for(&world.services.operations, operation.id).await);
        until_written(&world, &one, before + 50).await;
        until_written(&world, &other, others + 50).await;
    }
    for app in [&one, &other] {
        let (name, taken) = (container(&world, app).await, kept(&world, app, "taken").await);
        let missing = world.podman.must(&["exec", &name, "python3", "-c", MISSING, &taken.to_string()]);
        assert_eq!(missing.trim(), "0", "of {taken} numbers that the server took");
    }
    let name = container(&world, &one).await;
    let said = world.podman.must(&["exec", &name, "python3", "-c", MANY]);
    assert!(
        said.contains("too many connections for role"),
        "an app has its part of the connections only: {said}"
    );
    assert!(kept(&world, &one, "connections").await >= 3, "it connected anew after each rotation");
    assert_eq!(container(&world, &other).await, others_container);
    assert_eq!(kept(&world, &other, "connections").await, connections, "the other app kept its connection");
    removed(&world, &one).await;
    removed(&world, &other).await;
    world.delete(&shop, stardeck_service::databases::DataFate::Delete).await;
    tokio::time::timeout(Duration::from_secs(30), world.services.shut_down()).await.unwrap();
}

/// The old password is refused, the new one opens it, and our own role goes on.
async fn replaced(row: &EngineRow) {
    let world = world().await;
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("rotated"))).await;
    succeeded(&operation);
    let databases = &world.services.databases;
    let before = databases.credentials(&world.admin, shop.id).await.unwrap();
    for whose in [RotatedLogin::Management, RotatedLogin::Admin, RotatedLogin::Management] {
        databases.rotate_credentials(&world.admin, shop.id, whose).await.unwrap();
        world.services.logical.list_databases(shop.id).await.unwrap();
    }
    let after = databases.credentials(&world.admin, shop.id).await.unwrap();
    let refused = log_in(&shop, &before.username, before.password).await;
    assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");
    log_in(&shop, &after.username, after.password).await.unwrap();
    world.stop(shop.id).await;
    succeeded(&world.start(shop.id).await);
    world.delete(&shop, stardeck_service::databases::DataFate::Delete).await;
    world.services.shut_down().await;
}

macro_rules! cases {
    ($($case:ident: $row:literal;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            replaced(stardeck_testkit::engine_row($row)).await;
        }
    )+ };
}

cases! {
    postgresql_passwords_of_administrator_and_own_role_are_replaced: "postgres:16";
    mariadb_passwords_of_administrator_and_own_role_are_replaced: "mariadb:10.11";
    mysql_passwords_of_administrator_and_own_role_are_replaced: "mysql:9";
    redis_passwords_of_administrator_and_own_role_are_replaced: "redis:7";
    mongodb_passwords_of_administrator_and_own_role_are_replaced: "mongo:6";
}
