//! The use cases on a real Podman with real engines: the tests' own, which `cargo xtask test` starts.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use async_trait::async_trait;
use secrecy::{ExposeSecret, SecretString};
use stardeck_domain::{
    DatabaseId, DatabaseStatus, Engine, FailureCode, Health, LoginName, ManagedDatabase, Operation,
    OperationState, Password, Port, StepName,
};
use stardeck_drivers::{Accounts, EngineClient, Error as DriverError, Login, Probe, ServerInfo};
use stardeck_service::{
    Actor, DriverLookup, Error, Page, Services, Timings,
    databases::{CreateDatabase, DataFate},
    runtime::{LogQuery, podman::PodmanRuntime},
};
use stardeck_testkit::{
    Leftovers, PodmanEnv, TEST_TIMINGS, TempStore, create_request, delete_request, password, start_on, until,
    version, wait_for,
};

/// Everything that URLs, shells and SQL take for something else.
const HOSTILE: &str = r#"p@ss:/#?%&+ 'w"ord\$`ü"#;

/// Use cases on the tests' own Podman.
struct World {
    podman: PodmanEnv,
    store: TempStore,
    services: Services,
    admin: Actor,
}

impl World {
    async fn new() -> Self {
        Self::with_drivers(TEST_TIMINGS, stardeck_drivers::client).await
    }

    async fn with_drivers(timings: Timings, drivers: DriverLookup) -> Self {
        let (podman, store) = (PodmanEnv::new(), TempStore::new());
        let runtime = Arc::new(PodmanRuntime::new(podman.client()));
        let (services, admin) = start_on(&store, runtime, drivers, timings).await;
        Self { podman, store, services, admin }
    }

    /// Deploys a database. The guard removes what is left of it, should the test fail.
    async fn deploy(&self, request: CreateDatabase) -> (ManagedDatabase, Operation, Leftovers) {
        let (database, operation) = self.services.databases.create(&self.admin, request).await.unwrap();
        let leftovers = Leftovers::of_database(&self.podman, &database.id.to_string());
        let operation = wait_for(&self.services.operations, operation.id).await;
        (database, operation, leftovers)
    }

    async fn stop(&self, id: DatabaseId) {
        let (_, operation) = self.services.databases.stop(&self.admin, id).await.unwrap();
        succeeded(&wait_for(&self.services.operations, operation.id).await);
    }

    async fn start(&self, id: DatabaseId) -> Operation {
        let (_, operation) = self.services.databases.start(&self.admin, id).await.unwrap();
        wait_for(&self.services.operations, operation.id).await
    }

    async fn delete(&self, database: &ManagedDatabase, data: DataFate) {
        let request = delete_request(database.name.as_str(), data);
        let operation = self.services.databases.delete(&self.admin, database.id, request).await.unwrap();
        succeeded(&wait_for(&self.services.operations, operation.id).await);
    }

    async fn row(&self, id: DatabaseId) -> ManagedDatabase {
        self.services.databases.get(id).await.unwrap()
    }

    /// What an app on the data network meets.
    fn app(&self, command: &str, url: &SecretString, arguments: &[&str]) -> String {
        let all = [&[command, url.expose_secret()], arguments].concat();
        self.podman.probe("stardeck-data", &all).text
    }
}

fn succeeded(operation: &Operation) {
    assert_eq!(operation.state, OperationState::Succeeded, "{operation:#?}");
}

/// A name that no other test or run uses.
fn unique_name(word: &str) -> String {
    format!("{word}-{}", DatabaseId::new().short())
}

fn exposed(name: &str, tag: &str) -> CreateDatabase {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    CreateDatabase {
        version: Some(version(tag)),
        expose_port: true,
        external_port: Some(Port::parse(i64::from(free)).unwrap()),
        admin_password: Some(password(HOSTILE)),
        ..create_request(name)
    }
}

/// A login from the host by the exposed port.
async fn log_in(
    database: &ManagedDatabase,
    user: &LoginName,
    password: Password,
) -> Result<ServerInfo, DriverError> {
    let login = Login {
        addr: address(database),
        user: user.clone(),
        password,
        database: None,
        timeout: Duration::from_secs(10),
    };
    stardeck_drivers::client(database.engine).unwrap().login(&login).await
}

fn address(database: &ManagedDatabase) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, database.external_port.unwrap().get()).into()
}

/// Whether a password is in what Podman shows of the container, in its log, in the store or in a command line.
fn assert_hidden(world: &World, container: &str, secret: &str) {
    let as_json = serde_json::to_string(secret).unwrap();
    for form in [secret, as_json.trim_matches('"')] {
        assert!(
            !world.podman.must(&["inspect", container]).contains(form),
            "podman inspect shows a password"
        );
        assert!(!world.podman.must(&["logs", container]).contains(form), "the log shows a password");
        assert!(!world.store.holds_text(form), "the store holds a password in clear");
        for process in std::fs::read_dir("/proc").unwrap().filter_map(Result::ok) {
            // A process that is gone by now shows nothing.
            let line = std::fs::read(process.path().join("cmdline")).unwrap_or_default();
            assert!(!String::from_utf8_lossy(&line).contains(form), "a command line shows a password");
        }
    }
}

/// A database is deployed, used from the host and from an app, stopped, started and removed.
async fn whole_life(tag: &str, data: DataFate) {
    let world = World::new().await;
    let name = unique_name("life");
    let (database, operation, _leftovers) = world.deploy(exposed(&name, tag)).await;
    succeeded(&operation);
    let (id, container) = (database.id, database.container_name.to_string());
    let row = world.row(id).await;
    assert_eq!((row.status, row.health), (DatabaseStatus::Running, Health::Healthy));
    assert!(row.server_version.unwrap().starts_with(&format!("{tag}.")));

    let credentials = world.services.databases.credentials(&world.admin, id).await.unwrap();
    assert_eq!(credentials.password.expose(), HOSTILE);
    let server = log_in(&database, &credentials.username, credentials.password.clone()).await.unwrap();
    assert!(server.version.starts_with(tag));
    let wrong = log_in(&database, &credentials.username, password("wrong")).await;
    assert!(matches!(wrong, Err(DriverError::CredentialsRejected { .. })), "{wrong:?}");

    // The one-time password is a file in the container, and opens nothing any more.
    let bootstrap = world.podman.must(&["exec", &container, "sh", "-c", "cat /run/secrets/*"]);
    let refused = log_in(&database, &credentials.username, password(&bootstrap)).await;
    assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");
    assert_hidden(&world, &container, HOSTILE);
    assert_hidden(&world, &container, &bootstrap);

    let url = &credentials.internal_url;
    let answer = world.app("wait", url, &["60"]);
    assert!(answer.contains(tag) && !answer.starts_with("fail"), "{answer}");
    world.app("write", url, &["greeting", "still here"]);
    let elsewhere = SecretString::from(url.expose_secret().replace("p%40ss", "wrong"));
    assert!(world.app("check", &elsewhere, &[]).contains("password authentication failed"));

    world.stop(id).await;
    assert_eq!(world.row(id).await.status, DatabaseStatus::Stopped);
    assert!(TcpStream::connect(address(&database)).is_err(), "nobody listens any more");
    succeeded(&world.start(id).await);
    world.app("wait", url, &["60"]);
    assert_eq!(world.app("read", url, &["greeting"]), "still here");
    let (_, operation) = world.services.databases.restart(&world.admin, id).await.unwrap();
    succeeded(&wait_for(&world.services.operations, operation.id).await);
    world.app("wait", url, &["60"]);
    assert_eq!(world.app("read", url, &["greeting"]), "still here");
    let lines = world.services.databases.logs(id, LogQuery { tail: 50, since: None }).await.unwrap();
    assert!(lines.iter().any(|line| line.line.contains("ready to accept connections")), "{lines:?}");

    let mounts =
        world.podman.must(&["inspect", &container, "--format", "{{range .Mounts}}{{.Name}} {{end}}"]);
    let mounts: Vec<_> = mounts.split_whitespace().map(str::to_owned).collect();
    assert!(mounts.iter().all(|volume| volume.contains(&id.to_string())), "anonymous volumes: {mounts:?}");
    world.delete(&database, data).await;
    let kept = match data {
        DataFate::Keep => mounts,
        DataFate::Delete => Vec::new(),
    };
    assert_eq!(world.podman.names_with(&id.to_string()), kept);
    assert!(world.podman.names_with(&name).iter().all(|left| kept.contains(left)));
    assert!(TcpStream::connect(address(&database)).is_err(), "the port is closed");
    assert!(!world.store.holds_text(HOSTILE));
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_16_lives_and_leaves_nothing() {
    whole_life("16", DataFate::Delete).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_17_lives_and_leaves_only_the_data_that_is_kept() {
    whole_life("17", DataFate::Keep).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn image_that_does_not_exist_is_told_and_everything_taken_back() {
    let world = World::new().await;
    let name = unique_name("none");
    let (database, operation, _leftovers) = world.deploy(exposed(&name, "16.999")).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(true)), "{operation:#?}");
    let failure = operation.error.unwrap();
    assert_eq!(
        (failure.code, failure.step.as_deref()),
        (FailureCode::ImageNotFound, Some("image")),
        "{failure:?}"
    );
    assert!(world.podman.names_with(&database.id.to_string()).is_empty());
    assert!(world.podman.names_with(&name).is_empty());
    assert!(world.services.databases.get(database.id).await.is_err());
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cancelled_deployment_is_killed_and_leaves_nothing() {
    let world = World::with_drivers(TEST_TIMINGS, |_| Some(&Silence)).await;
    let request = exposed(&unique_name("cancel"), "16");
    let (database, operation) = world.services.databases.create(&world.admin, request).await.unwrap();
    let _leftovers = Leftovers::of_database(&world.podman, &database.id.to_string());
    until("the engine's start", || async {
        let steps = world.services.operations.get(operation.id).await.unwrap().steps;
        steps.iter().any(|step| step.name == StepName::Ready && step.started_at.is_some()).then_some(())
    })
    .await;
    let begun = Instant::now();
    world.services.operations.cancel(&world.admin, operation.id).await.unwrap();
    let operation = wait_for(&world.services.operations, operation.id).await;
    assert_eq!(
        (operation.state, operation.undone),
        (OperationState::Cancelled, Some(true)),
        "{operation:#?}"
    );
    assert!(begun.elapsed() < Duration::from_secs(20), "a clean stop would have taken the full grace");
    assert!(world.podman.names_with(&database.id.to_string()).is_empty());
    world.services.shut_down().await;
}

/// The driver of an engine that never answers.
struct Silence;

#[async_trait]
impl EngineClient for Silence {
    fn engine(&self) -> Engine {
        create_request("any").engine
    }

    async fn probe(&self, _: SocketAddr, _: Duration) -> Probe {
        Probe::NotYet { reason: "silence".to_owned() }
    }

    async fn login(&self, _: &Login) -> Result<ServerInfo, DriverError> {
        Err(DriverError::Timeout)
    }

    async fn secure(&self, _: &Login, _: &Accounts) -> Result<(), DriverError> {
        Err(DriverError::Timeout)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn start_on_a_port_that_somebody_took_says_so() {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(exposed(&unique_name("port"), "16")).await;
    succeeded(&operation);
    world.stop(database.id).await;
    let listener = TcpListener::bind(address(&database)).unwrap();
    let failure = world.start(database.id).await.error.unwrap();
    assert_eq!(failure.code, FailureCode::PortTaken, "{failure:?}");
    assert_eq!(world.row(database.id).await.status, DatabaseStatus::Error);
    drop(listener);
    succeeded(&world.start(database.id).await);
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_others_do_to_the_container_is_seen() {
    let timings = Timings { observe_every: Duration::from_millis(200), ..TEST_TIMINGS };
    let world = World::with_drivers(timings, stardeck_drivers::client).await;
    let (database, operation, _leftovers) = world.deploy(exposed(&unique_name("seen"), "16")).await;
    succeeded(&operation);
    let container = database.container_name.as_str();
    let becomes = async |status: DatabaseStatus| {
        until(status.as_str(), || async { (world.row(database.id).await.status == status).then_some(()) })
            .await;
    };
    world.podman.must(&["stop", container]);
    becomes(DatabaseStatus::Stopped).await;
    world.podman.must(&["start", container]);
    becomes(DatabaseStatus::Running).await;
    world.podman.must(&["pause", container]);
    becomes(DatabaseStatus::Paused).await;
    world.podman.must(&["unpause", container]);
    becomes(DatabaseStatus::Running).await;
    world.podman.must(&["rm", "--force", "--time", "0", container]);
    becomes(DatabaseStatus::Missing).await;
    world.delete(&database, DataFate::Delete).await;
    assert!(world.podman.names_with(&database.id.to_string()).is_empty());
    world.services.shut_down().await;
}

/// Deleted with its data kept, the database comes back under another name, with its data and its passwords.
#[tokio::test(flavor = "multi_thread")]
async fn kept_volume_is_attached_again_with_its_data_and_passwords() {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(exposed(&unique_name("kept"), "16")).await;
    succeeded(&operation);
    let id = database.id;
    let old = world.services.databases.credentials(&world.admin, id).await.unwrap();
    world.app("wait", &old.internal_url, &["60"]);
    world.app("write", &old.internal_url, &["greeting", "still here"]);
    world.delete(&database, DataFate::Keep).await;
    let volumes = world.podman.names_with(&id.to_string());

    let kept = world.services.databases.list_kept(Page::default()).await.unwrap().items.remove(0);
    assert_eq!((&kept.database.name, kept.major), (&database.name, Some(16)));
    assert_eq!(kept.volumes.iter().map(|(volume, _)| volume.name.clone()).collect::<Vec<_>>(), volumes);
    let size = kept.volumes[0].1.unwrap();
    assert!(size > 10_000_000, "a new database takes more than {size} bytes");

    // Somebody else's container on the volume would destroy the data.
    let reader = unique_name("stardeck-test-reader");
    let mount = format!("{}:/data:ro", volumes[0]);
    let create = ["create", "--name", &reader, "--volume", &mount, "localhost/app-probe:1", "true"];
    world.podman.must(&create);
    let name = unique_name("again");
    let again =
        CreateDatabase { admin_password: None, version: None, kept_volume: Some(id), ..exposed(&name, "16") };
    let refused = world.services.databases.create(&world.admin, again.clone()).await;
    world.podman.must(&["rm", "--force", &reader]);
    assert!(
        matches!(&refused, Err(Error::VolumeInUse { holder }) if holder.contains(&reader)),
        "{refused:?}"
    );

    let (database, operation, _leftovers) = world.deploy(again).await;
    succeeded(&operation);
    assert_eq!((database.id, database.name.as_str()), (id, name.as_str()));
    assert_eq!(world.row(id).await.status, DatabaseStatus::Running);
    log_in(&database, &old.username, old.password.clone()).await.unwrap();
    let new = world.services.databases.credentials(&world.admin, id).await.unwrap();
    assert_eq!(new.password.expose(), HOSTILE);
    world.app("wait", &new.internal_url, &["60"]);
    assert_eq!(world.app("read", &new.internal_url, &["greeting"]), "still here");
    let opens_nothing =
        world.podman.must(&["exec", database.container_name.as_str(), "sh", "-c", "cat /run/secrets/*"]);
    let refused = log_in(&database, &old.username, password(&opens_nothing)).await;
    assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");

    world.delete(&database, DataFate::Delete).await;
    assert!(world.podman.names_with(&id.to_string()).is_empty(), "nothing is left of either");
    assert!(world.services.databases.list_kept(Page::default()).await.unwrap().items.is_empty());
    world.services.shut_down().await;
}
