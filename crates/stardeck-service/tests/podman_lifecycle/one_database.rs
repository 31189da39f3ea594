//! What happens to one database, whatever its engine. What every engine has to do is in `engines.rs`.

use std::{
    net::{SocketAddr, TcpListener},
    time::{Duration, Instant},
};

use async_trait::async_trait;
use stardeck_domain::{
    DatabaseStatus, Engine, FailureCode, LogicalName, LoginName, OperationState, Password, StepName,
};
use stardeck_drivers::{
    Accounts, EngineClient, Error as DriverError, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser,
    Probe, ServerInfo, UserFacts,
};
use stardeck_service::{
    Error, Page, Timings,
    databases::{CreateDatabase, DataFate},
};
use stardeck_testkit::{Leftovers, TEST_TIMINGS, create_request, password, until, wait_for};

use crate::world::{HOSTILE, World, address, exposed, log_in, succeeded, unique_name};

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

    async fn list_databases(&self, _: &Login) -> Result<Vec<LogicalDatabaseFacts>, DriverError> {
        Err(DriverError::Timeout)
    }

    async fn create_database(&self, _: &Login, _: &NewLogicalDatabase) -> Result<(), DriverError> {
        Err(DriverError::Timeout)
    }

    async fn drop_database(&self, _: &Login, _: &LogicalName) -> Result<(), DriverError> {
        Err(DriverError::Timeout)
    }

    async fn list_users(&self, _: &Login) -> Result<Vec<UserFacts>, DriverError> {
        Err(DriverError::Timeout)
    }

    async fn put_user(&self, _: &Login, _: &NewUser) -> Result<(), DriverError> {
        Err(DriverError::Timeout)
    }

    async fn set_password(&self, _: &Login, _: &LoginName, _: &Password) -> Result<(), DriverError> {
        Err(DriverError::Timeout)
    }

    async fn drop_user(&self, _: &Login, _: &LoginName) -> Result<(), DriverError> {
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
    world.app("wait", &old.internal_url, &["40"]).await;
    world.app("write", &old.internal_url, &["greeting", "still here"]).await;
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
    world.app("wait", &new.internal_url, &["40"]).await;
    assert_eq!(world.app("read", &new.internal_url, &["greeting"]).await, "still here");
    let opens_nothing =
        world.podman.must(&["exec", database.container_name.as_str(), "sh", "-c", "cat /run/secrets/*"]);
    let refused = log_in(&database, &old.username, password(&opens_nothing)).await;
    assert!(matches!(refused, Err(DriverError::CredentialsRejected { .. })), "{refused:?}");

    world.delete(&database, DataFate::Delete).await;
    assert!(world.podman.names_with(&id.to_string()).is_empty(), "nothing is left of either");
    assert!(world.services.databases.list_kept(Page::default()).await.unwrap().items.is_empty());
    world.services.shut_down().await;
}
