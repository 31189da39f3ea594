//! Apps with databases of every engine on real Podman: an app that reads its variables writes and reads through them.

use std::{collections::BTreeMap, time::Duration};

use secrecy::ExposeSecret as _;
use stardeck_domain::{App, AppRestart, DatabaseName, Delivery, LogicalName, ManagedDatabase};
use stardeck_service::{
    Error, Timings,
    apps::{
        ConnectionCredentials, CreateApp, DatabaseChoice, LinkApp, LinkOptions, LogicalFate, UnlinkApp,
        UserFate,
    },
    databases::{CreateDatabase, DataFate},
};
use stardeck_testkit::{APP_PROBE, EngineRow, PodmanEnv, TEST_TIMINGS, engine_row, image, until, wait_for};

use crate::world::{World, exposed, succeeded, unique_name};

/// The database's name, with which the keys of the probe begin as well.
const WITHIN: &str = "app_probe";

pub(crate) async fn world() -> World {
    // What is tested is what an app can do, not how fast; a busy host takes longer to check a password.
    let timings = Timings { login: Duration::from_secs(30), ..TEST_TIMINGS };
    World::with_drivers(timings, stardeck_drivers::client).await
}

pub(crate) fn app_request(name: &str, database: Option<DatabaseChoice>, delivery: Delivery) -> CreateApp {
    // Reads its variables from files where they are given so, as images of databases' clients do.
    let script = "for f in /run/secrets/*; do [ -f \"$f\" ] && export \"$(basename \"$f\")=$(cat \"$f\")\"; done; \
                  exec probe serve";
    let has_limits = PodmanEnv::new().has_limits();
    CreateApp {
        image: image(APP_PROBE),
        name: DatabaseName::parse(name).unwrap(),
        command: ["sh", "-c", script].map(str::to_owned).to_vec(),
        env: vec![("GREETING".to_owned(), "hello".to_owned().into())],
        ports: Vec::new(),
        volumes: Vec::new(),
        restart: AppRestart::OnFailure,
        memory_bytes: has_limits.then_some(256 * 1024 * 1024),
        cpu_millis: has_limits.then_some(1000),
        labels: BTreeMap::new(),
        database,
        link: LinkOptions {
            database: Some(LogicalName::parse(WITHIN).unwrap()),
            delivery: Some(delivery),
            accept_visible_env: delivery == Delivery::Env,
            ..LinkOptions::default()
        },
    }
}

pub(crate) fn database_request(row: &EngineRow, name: &str) -> CreateDatabase {
    CreateDatabase { engine: row.engine, version: row.version(), image: row.image(), ..exposed(name, "1") }
}

/// What the app itself says when it uses its own variables.
pub(crate) async fn probe(world: &World, app: &App, words: &[&str]) -> String {
    let entry = world.services.apps.get(app.id).await.unwrap().app;
    let script = "for f in /run/secrets/*; do [ -f \"$f\" ] && export \"$(basename \"$f\")=$(cat \"$f\")\"; done; \
                  exec probe \"$@\"";
    let exec = ["exec", entry.container_name.as_str(), "sh", "-c", script, "probe"];
    let all = [&exec[..], words].concat();
    until("an app that finds the database's name", || async {
        let said = world.podman.run(&all).text;
        let is_lookup = ["could not translate", "Unknown server host", "name resolution", "not known"];
        is_lookup.iter().all(|words| !said.contains(words)).then_some(said)
    })
    .await
}

pub(crate) async fn deployed(world: &World, request: CreateApp) -> App {
    let (app, _, operation) = world.services.apps.create(&world.admin, request).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    app
}

pub(crate) async fn removed(world: &World, app: &App) {
    let name = app.name.as_str();
    let operation = world.services.apps.delete(&world.admin, app.id, name, true).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert!(world.podman.names_with(&app.id.to_string()).is_empty());
    assert!(world.podman.names_with(&format!("stardeck-app-{name}")).is_empty());
}

/// An app with an existing database, its password in files: nothing of it shows in an inspection. Then its password is
/// rotated, and its link removed.
async fn with_an_existing_database(row: &EngineRow) {
    let world = world().await;
    let (shop, operation, _leftovers) = world.deploy(database_request(row, &unique_name("shared"))).await;
    succeeded(&operation);
    let existing = Some(DatabaseChoice::Existing { database: shop.id });
    let web = deployed(&world, app_request(&unique_name("web"), existing, Delivery::File)).await;
    assert_eq!(probe(&world, &web, &["write", "greeting", "it's mine"]).await, "");
    assert_eq!(probe(&world, &web, &["read", "greeting"]).await, "it's mine");

    let apps = &world.services.apps;
    let connection = apps.list_connections(shop.id).await.unwrap().remove(0).connection;
    let before = apps.connection_credentials(&world.admin, shop.id, connection.id).await.unwrap();
    hidden(&world, &web, before.password.expose()).await;
    let (_, operation) = apps.rotate(&world.admin, shop.id, connection.id).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    let after = apps.connection_credentials(&world.admin, shop.id, connection.id).await.unwrap();
    assert_ne!(before.password.expose(), after.password.expose());
    assert_eq!(probe(&world, &web, &["read", "greeting"]).await, "it's mine");
    hidden(&world, &web, after.password.expose()).await;

    // Without root it is tried from the host, which knows no names of the app's network.
    if !world.podman.is_rootless() {
        with_an_external_database(&world, &after).await;
    }
    let request =
        UnlinkApp { user: UserFate::Revoke, database: LogicalFate::Drop, confirm: Some(WITHIN.to_owned()) };
    let operation = apps.unlink(&world.admin, shop.id, connection.id, request).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert!(world.services.logical.list_databases(shop.id).await.unwrap().is_empty());
    assert!(probe(&world, &web, &["check"]).await.starts_with("fail"), "the app has no variables any more");
    let options = app_request("x", None, Delivery::Env).link;
    let (_, operation) = apps.link(&world.admin, shop.id, LinkApp { app: web.id, options }).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    assert!(probe(&world, &web, &["check"]).await.starts_with("ok"));
    removed(&world, &web).await;
    world.delete(&shop, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// Another app uses the same login by its URL, as it would one of a server that somebody else runs.
async fn with_an_external_database(world: &World, login: &ConnectionCredentials) {
    let url = login.variables.iter().find(|variable| variable.name == "DATABASE_URL").unwrap();
    let external = |connection_string| DatabaseChoice::External { connection_string, accept_untested: false };
    let wrong = url.value.expose_secret().replacen('@', "x@", 1);
    let request = app_request(&unique_name("guest"), Some(external(wrong.into())), Delivery::File);
    let refused = world.services.apps.create(&world.admin, request).await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    let choice = external(url.value.clone());
    let guest = deployed(world, app_request(&unique_name("guest"), Some(choice), Delivery::File)).await;
    assert_eq!(probe(world, &guest, &["read", "greeting"]).await, "it's mine");
    assert_eq!(probe(world, &guest, &["write", "guest", "was here"]).await, "");
    hidden(world, &guest, login.password.expose()).await;
    removed(world, &guest).await;
}

/// No password shows in an inspection of the app, in the store or in a command line.
async fn hidden(world: &World, app: &App, password: &str) {
    let entry = world.services.apps.get(app.id).await.unwrap().app;
    assert!(!world.podman.must(&["inspect", entry.container_name.as_str()]).contains(password));
    assert!(!world.store.holds_text(password), "the store holds a password in clear");
    for process in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
        let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
        assert!(!String::from_utf8_lossy(&line).contains(password), "a command line shows a password");
    }
}

/// An app with a dedicated database, both deployed by one operation.
async fn with_a_new_database(row: &EngineRow) {
    let world = world().await;
    let choice =
        DatabaseChoice::New { engine: row.engine, version: row.version(), image: row.image(), name: None };
    let web = deployed(&world, app_request(&unique_name("web"), Some(choice), Delivery::Env)).await;
    assert_eq!(probe(&world, &web, &["write", "greeting", "mine alone"]).await, "");
    assert_eq!(probe(&world, &web, &["read", "greeting"]).await, "mine alone");
    let own = world.services.apps.get(web.id).await.unwrap().connections.remove(0).database_id;
    let own: ManagedDatabase = world.row(own).await;
    assert!(!own.is_shared && own.connection_count == 1);
    removed(&world, &web).await;
    world.delete(&own, DataFate::Delete).await;
    assert!(world.podman.names_with(&own.id.to_string()).is_empty());
    world.services.shut_down().await;
}

macro_rules! cases {
    ($($case:ident: $row:literal, $body:expr;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            $body(engine_row($row)).await;
        }
    )+ };
}

cases! {
    postgresql_app_with_an_existing_database: "postgres:16", with_an_existing_database;
    mariadb_app_with_an_existing_database: "mariadb:10.11", with_an_existing_database;
    mysql_app_with_an_existing_database: "mysql:9", with_an_existing_database;
    redis_app_with_an_existing_database: "redis:7", with_an_existing_database;
    mongodb_app_with_an_existing_database: "mongo:6", with_an_existing_database;

    postgresql_app_with_a_new_database: "postgres:17", with_a_new_database;
    mariadb_app_with_a_new_database: "mariadb:11.8", with_a_new_database;
    mysql_app_with_a_new_database: "mysql:9", with_a_new_database;
    redis_app_with_a_new_database: "redis:8", with_a_new_database;
    mongodb_app_with_a_new_database: "mongo:6", with_a_new_database;
}
