//! Starting, stopping, restarting and removing.

use stardeck_domain::{
    Action, AuditAction, DatabaseStatus, DesiredState, FailureCode, Health, ManagedDatabase, OperationState,
    VolumeState,
};
use stardeck_service::{Error, databases::DataFate, runtime::ContainerState};
use stardeck_testkit::{
    EngineBehaviour, Method, ServicesBuilder, TestBed, audited, count_credentials, create_request,
    delete_request, store_snapshot,
};

use super::support::{SHOP, delete, deploy, everything, refusal, runs, succeeded};

async fn row(bed: &TestBed, database: &ManagedDatabase) -> ManagedDatabase {
    bed.services.databases.get(database.id).await.unwrap()
}

async fn stop(bed: &TestBed, database: &ManagedDatabase) {
    let (answer, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    assert_eq!((answer.status, answer.desired_state), (DatabaseStatus::Stopping, DesiredState::Stopped));
    succeeded(&bed.wait_for(operation.id).await);
}

async fn start(bed: &TestBed, database: &ManagedDatabase) {
    let (answer, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    assert_eq!((answer.status, answer.desired_state), (DatabaseStatus::Starting, DesiredState::Running));
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn stopped_database_starts_again_with_its_data() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let volumes = bed.runtime.snapshot().volumes;
    stop(&bed, &database).await;
    let stopped = row(&bed, &database).await;
    assert_eq!((stopped.status, stopped.health), (DatabaseStatus::Stopped, Health::Unknown));
    assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Exited);
    start(&bed, &database).await;
    runs(&bed, &database).await;
    assert_eq!(bed.runtime.snapshot().volumes, volumes);
    let actions = audited(&bed.db, database.id).await;
    assert_eq!(
        actions[..3],
        [AuditAction::DatabaseCreated, AuditAction::DatabaseStopped, AuditAction::DatabaseStarted]
    );
}

#[tokio::test]
async fn restarted_database_runs_with_its_data() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (answer, operation) = bed.services.databases.restart(&bed.admin, database.id).await.unwrap();
    assert_eq!((answer.status, answer.desired_state), (DatabaseStatus::Restarting, DesiredState::Running));
    succeeded(&bed.wait_for(operation.id).await);
    runs(&bed, &database).await;
    assert_eq!((bed.runtime.count(Method::StopContainer), bed.runtime.count(Method::StartContainer)), (1, 2));
}

#[tokio::test]
async fn status_that_does_not_allow_it_is_an_invalid_transition() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (databases, admin, id) = (&bed.services.databases, &bed.admin, database.id);
    let error = databases.start(admin, id).await.unwrap_err();
    let expected = (DatabaseStatus::Running, Action::Start);
    assert!(
        matches!(error, Error::InvalidTransition { from, action } if (from, action) == expected),
        "{error:?}"
    );
    stop(&bed, &database).await;
    for error in
        [databases.stop(admin, id).await.unwrap_err(), databases.restart(admin, id).await.unwrap_err()]
    {
        assert!(matches!(error, Error::InvalidTransition { from: DatabaseStatus::Stopped, .. }), "{error:?}");
    }
    assert_eq!(row(&bed, &database).await.desired_state, DesiredState::Stopped);
}

#[tokio::test]
async fn operation_in_progress_is_named_to_everybody_else() {
    let bed = ServicesBuilder::new().start().await;
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    bed.runtime.hang_method(Method::CreateContainer);
    let (database, operation) = databases.create(admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let delete = delete_request("shop", DataFate::Delete);
    for error in [
        databases.start(admin, database.id).await.unwrap_err(),
        databases.stop(admin, database.id).await.unwrap_err(),
        databases.restart(admin, database.id).await.unwrap_err(),
        databases.delete(admin, database.id, delete).await.unwrap_err(),
    ] {
        assert!(
            matches!(error, Error::OperationInProgress { operation: other } if other == operation.id),
            "{error:?}"
        );
    }
    bed.runtime.release();
    succeeded(&bed.wait_for(operation.id).await);
    runs(&bed, &database).await;
}

#[tokio::test]
async fn removal_with_data_leaves_nothing() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let database = deploy(&bed, "shop").await;
    delete(&bed, &database).await;
    assert_eq!(everything(&bed).await, before);
    assert_eq!(count_credentials(&bed.db, database.id).await, 0);
    let error = bed.services.databases.get(database.id).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    let actions = audited(&bed.db, database.id).await;
    assert_eq!(actions, [AuditAction::DatabaseCreated, AuditAction::DatabaseDeleted], "the audit log stays");
}

#[tokio::test]
async fn removal_that_keeps_the_data_keeps_volume_and_credentials_and_frees_the_name() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let volumes = bed.runtime.snapshot().volumes;
    let request = delete_request("shop", DataFate::Keep);
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(bed.runtime.count(Method::StopContainer), 1, "data that is kept is closed cleanly");
    let snapshot = bed.runtime.snapshot();
    assert!(snapshot.containers.is_empty() && snapshot.secrets.is_empty());
    assert_eq!(snapshot.volumes, volumes);
    let store = store_snapshot(&bed.db).await;
    assert_eq!((store.databases.len(), store.kept), (0, vec![database.id]));
    assert!(store.volumes.iter().all(|volume| volume.state == VolumeState::Kept && volume.initialised));
    assert_eq!(count_credentials(&bed.db, database.id).await, 2);
    assert!(matches!(bed.services.databases.get(database.id).await, Err(Error::NotFound { .. })));

    let again = deploy(&bed, "shop").await;
    assert_ne!(again.id, database.id);
    runs(&bed, &again).await;
    assert_eq!(bed.runtime.snapshot().volumes.len(), 2, "a new database never meets the data of an old one");
    delete(&bed, &again).await;
    assert_eq!(bed.runtime.snapshot().volumes, volumes, "and takes only its own away");
}

#[tokio::test]
async fn forced_removal_does_not_wait_for_a_clean_stop() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let mut request = delete_request("shop", DataFate::Keep);
    request.force = true;
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(bed.runtime.count(Method::StopContainer), 0);
}

#[tokio::test]
async fn database_whose_container_is_gone_can_be_removed() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    for data in [DataFate::Keep, DataFate::Delete] {
        let database = deploy(&bed, "shop").await;
        drop(bed.runtime.take_container(SHOP));
        let operation = bed
            .services
            .databases
            .delete(&bed.admin, database.id, delete_request("shop", data))
            .await
            .unwrap();
        succeeded(&bed.wait_for(operation.id).await);
    }
    let (runtime, store) = everything(&bed).await;
    assert_eq!((runtime.containers, store.databases), (before.0.containers, before.1.databases));
    assert_eq!((runtime.volumes.len(), store.kept.len()), (1, 1));
}

#[tokio::test]
async fn start_that_meets_a_taken_port_says_so_and_works_once_it_is_free() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.expose_port = true;
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    stop(&bed, &database).await;
    let port = database.external_port.unwrap().get();
    bed.runtime.occupy_port(port);
    let (_, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, None));
    assert_eq!(operation.error.unwrap().code, FailureCode::PortTaken);
    let failed = row(&bed, &database).await;
    assert_eq!((failed.status, failed.desired_state), (DatabaseStatus::Error, DesiredState::Running));
    assert!(failed.status_reason.unwrap().starts_with("start failed"));
    bed.runtime.free_port(port);
    start(&bed, &database).await;
    runs(&bed, &database).await;
}

#[tokio::test]
async fn engine_that_ends_at_its_start_is_an_error_with_its_last_words() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    stop(&bed, &database).await;
    let words = "could not write lock file: No space left on device";
    let ends_with = Some((1, vec![words.to_owned()]));
    bed.runtime.set_engine_behaviour(EngineBehaviour { ends_with, ..EngineBehaviour::default() });
    let (_, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    let failure = bed.wait_for(operation.id).await.error.unwrap();
    assert_eq!(failure.code, FailureCode::EngineExited);
    assert!(failure.log_tail.iter().any(|line| line == words), "{failure:?}");
    bed.runtime.set_engine_behaviour(EngineBehaviour::default());
    start(&bed, &database).await;
    runs(&bed, &database).await;
}

#[tokio::test]
async fn failed_stop_is_an_error_that_can_be_stopped_again() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    bed.runtime.fail_method(Method::StopContainer, refusal(), 1);
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    assert_eq!(bed.wait_for(operation.id).await.error.unwrap().code, FailureCode::RuntimeRejected);
    assert_eq!(row(&bed, &database).await.status, DatabaseStatus::Error);
    stop(&bed, &database).await;
}

#[tokio::test]
async fn log_shows_what_the_engine_wrote_and_is_empty_without_a_container() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let query = stardeck_service::runtime::LogQuery { tail: 10, since: None };
    let lines = bed.services.databases.logs(database.id, query.clone()).await.unwrap();
    assert!(lines.iter().any(|line| line.line == "ready to accept connections"), "{lines:?}");
    drop(bed.runtime.take_container(SHOP));
    assert!(bed.services.databases.logs(database.id, query).await.unwrap().is_empty());
}
