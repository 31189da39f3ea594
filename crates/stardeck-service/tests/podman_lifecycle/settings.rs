//! Changing settings of a database that runs. The same for every engine and version; what differs is in
//! `stardeck_testkit::ENGINE_ROWS`.

use std::{
    collections::BTreeMap,
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    time::Duration,
};

use secrecy::ExposeSecret;
use stardeck_domain::{FailureCode, ManagedDatabase, Operation, OperationState, Port};
use stardeck_engines::{ConnectionTarget, adapter};
use stardeck_service::{
    Timings,
    databases::{Change, ChangeDatabase, DataFate},
};
use stardeck_testkit::{EngineRow, TEST_TIMINGS, engine_row, password, wait_for};

use crate::{
    engines::request,
    world::{HOSTILE, World, address, succeeded, unique_name},
};

const GIBIBYTE: u64 = 1 << 30;

/// Servers are asked beside those of other tests, which can take longer than one test's own would.
async fn patient_world() -> World {
    let timings = Timings { login: Duration::from_secs(10), ..TEST_TIMINGS };
    World::with_drivers(timings, stardeck_drivers::client).await
}

fn free_port() -> Port {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    Port::parse(i64::from(port)).unwrap()
}

fn engine_settings((name, value): (&str, &str)) -> Change<BTreeMap<String, Option<String>>> {
    Change::To([(name.to_owned(), Some(value.to_owned()))].into())
}

async fn change(world: &World, database: &ManagedDatabase, request: ChangeDatabase) -> Operation {
    let databases = &world.services.databases;
    let outcome = databases.change_settings(&world.admin, database.id, None, request, false).await.unwrap();
    wait_for(&world.services.operations, outcome.operation.unwrap().id).await
}

/// The URL for a client on this host, of a logical database that holds the row's own tables.
fn url(row: &EngineRow, database: &ManagedDatabase, at: SocketAddr) -> String {
    let password = password(HOSTILE);
    let target = ConnectionTarget {
        host: &at.ip().to_string(),
        port: Port::parse(i64::from(at.port())).unwrap(),
        user: &database.admin_user,
        password: &password,
        database: row.scratch_database,
    };
    adapter(row.engine).connection_url(&target).expose_secret().to_owned()
}

/// What a client program on this host is told about the settings.
fn ask(world: &World, row: &EngineRow, database: &ManagedDatabase) -> String {
    let at = address(database);
    let env = [
        format!("HOST={}", at.ip()),
        format!("PORT={}", at.port()),
        format!("LOGIN={}", database.admin_user),
        format!("PASSWORD={HOSTILE}"),
        format!("URL={}", url(row, database, at)),
    ];
    let mut arguments = vec!["run", "--rm", "--network=host"];
    arguments.extend(env.iter().flat_map(|variable| ["--env", variable.as_str()]));
    arguments.extend([stardeck_testkit::APP_PROBE, "sh", "-c", row.settings.ask]);
    let said = world.podman.run(&arguments);
    assert!(said.is_success, "{}", said.text);
    said.text
}

fn greeting(world: &World, row: &EngineRow, database: &ManagedDatabase) -> String {
    world.podman.probe("host", &["read", &url(row, database, address(database)), "greeting"]).text
}

async fn is_changed_and_put_back(row: &EngineRow) {
    let world = patient_world().await;
    let name = unique_name("set");
    let (database, operation, _leftovers) = world.deploy(request(row, &name)).await;
    succeeded(&operation);
    let id = database.id;
    let container = database.container_name.as_str();
    world
        .podman
        .probe("host", &["write", &url(row, &database, address(&database)), "greeting", "still here"]);

    // A limit, what follows it, and a setting of a person's own.
    let larger = ChangeDatabase {
        memory_bytes: Change::To(GIBIBYTE),
        cpu_millis: Change::To(1500),
        engine_settings: engine_settings(row.settings.chosen),
        ..ChangeDatabase::default()
    };
    succeeded(&change(&world, &database, larger).await);
    let answer = ask(&world, row, &database);
    assert!(row.settings.answers.iter().all(|part| answer.contains(part)), "{answer}");
    let limits = "{{.HostConfig.Memory}} {{.HostConfig.MemorySwap}} {{.HostConfig.CpuQuota}}";
    let limits = world.podman.must(&["inspect", container, "--format", limits]);
    assert_eq!(limits.trim(), format!("{GIBIBYTE} {GIBIBYTE} 150000"));
    assert_eq!(greeting(&world, row, &database), "still here");

    // What the server does not take.
    let before = world.row(id).await;
    let wrong =
        ChangeDatabase { engine_settings: engine_settings(row.settings.wrong), ..ChangeDatabase::default() };
    let operation = change(&world, &database, wrong).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(true)), "{operation:#?}");
    let failure = operation.error.unwrap();
    assert_eq!(
        (failure.code, failure.step.as_deref()),
        (FailureCode::EngineExited, Some("ready")),
        "{failure:?}"
    );
    assert!(!failure.log_tail.is_empty());
    let after = world.row(id).await;
    assert_eq!((after.container_id, after.settings), (before.container_id, before.settings));
    assert_eq!(ask(&world, row, &database), answer);
    assert_eq!(greeting(&world, row, &database), "still here");

    port_moves_and_closes(&world, row, &database).await;
    let left = world.podman.names_with(&name);
    assert!(left.iter().all(|name| !name.contains("-before-")), "{left:?}");
    world.delete(&database, DataFate::Delete).await;
    assert!(world.podman.names_with(&id.to_string()).is_empty());
    assert!(world.podman.names_with(&name).is_empty());
    world.services.shut_down().await;
}

async fn port_moves_and_closes(world: &World, row: &EngineRow, database: &ManagedDatabase) {
    let (old, new) = (address(database), free_port());
    let elsewhere = ChangeDatabase {
        external_port: Some(new),
        bind_address: Some(Ipv4Addr::UNSPECIFIED.into()),
        confirm_public: true,
        ..ChangeDatabase::default()
    };
    succeeded(&change(world, database, elsewhere).await);
    assert!(TcpStream::connect(old).is_err(), "nothing answers at the old port");
    for address in stardeck_service::reachable_addresses(Ipv4Addr::UNSPECIFIED.into()) {
        // The addresses of bridges come and go with other tests' containers.
        if address.is_loopback() {
            TcpStream::connect((address, new.get())).unwrap();
        }
    }
    let moved = world.row(database.id).await;
    assert_eq!(greeting(world, row, &moved), "still here");

    let close = ChangeDatabase { expose_port: Some(false), ..ChangeDatabase::default() };
    succeeded(&change(world, database, close).await);
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, new.get())).is_err(), "nothing answers any more");
    assert_eq!(world.row(database.id).await.external_port, None);

    let open = ChangeDatabase {
        expose_port: Some(true),
        external_port: Some(new),
        bind_address: Some(Ipv4Addr::LOCALHOST.into()),
        ..ChangeDatabase::default()
    };
    succeeded(&change(world, database, open).await);
    assert_eq!(greeting(world, row, &world.row(database.id).await), "still here");
}

/// A limit that no server of the engine can live with: it ends again and again, and the old container comes back.
/// PostgreSQL, Redis and Valkey live with the least that there is.
async fn too_little_memory_is_put_back(row: &EngineRow) {
    let world = patient_world().await;
    let (database, operation, _leftovers) = world.deploy(request(row, &unique_name("small"))).await;
    succeeded(&operation);
    world
        .podman
        .probe("host", &["write", &url(row, &database, address(&database)), "greeting", "still here"]);
    let little = ChangeDatabase { memory_bytes: Change::To(16 << 20), ..ChangeDatabase::default() };
    let operation = change(&world, &database, little).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(true)), "{operation:#?}");
    let failure = operation.error.unwrap();
    assert_eq!(failure.code, FailureCode::EngineExited, "{failure:?}");
    assert!(failure.detail.contains("memory (the limit is 16 MiB)"), "{failure:?}");
    assert_eq!(greeting(&world, row, &database), "still here");
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

/// One test per row and case.
macro_rules! cases {
    ($($case:ident: $row:literal, $body:expr;)+) => { $(
        #[tokio::test(flavor = "multi_thread")]
        async fn $case() {
            $body(engine_row($row)).await;
        }
    )+ };
}

cases! {
    postgresql_16_is_changed_and_put_back: "postgres:16", is_changed_and_put_back;
    postgresql_18_is_changed_and_put_back: "postgres:18", is_changed_and_put_back;
    mariadb_10_11_is_changed_and_put_back: "mariadb:10.11", is_changed_and_put_back;
    mysql_9_is_changed_and_put_back: "mysql:9", is_changed_and_put_back;
    redis_7_is_changed_and_put_back: "redis:7", is_changed_and_put_back;
    redis_8_is_changed_and_put_back: "redis:8", is_changed_and_put_back;
    valkey_8_is_changed_and_put_back: "valkey:8", is_changed_and_put_back;
    mongodb_6_is_changed_and_put_back: "mongo:6", is_changed_and_put_back;

    mariadb_with_too_little_memory_is_put_back: "mariadb:10.11", too_little_memory_is_put_back;
    mysql_with_too_little_memory_is_put_back: "mysql:9", too_little_memory_is_put_back;
    mongodb_with_too_little_memory_is_put_back: "mongo:6", too_little_memory_is_put_back;
}
