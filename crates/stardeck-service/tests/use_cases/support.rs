//! What the tests of all use cases need.

use std::collections::BTreeMap;

use stardeck_domain::{DatabaseStatus, Health, ManagedDatabase, Operation, OperationState, StepState};
use stardeck_service::{
    databases::{Change, ChangeDatabase, DataFate},
    runtime::RuntimeError,
};
use stardeck_testkit::{
    Snapshot, StoreSnapshot, TestBed, count_credentials, create_request, delete_request, store_snapshot,
};

/// The container of the database `shop`.
pub(crate) const SHOP: &str = "stardeck-db-shop";

/// Deploys a database and waits until it runs.
pub(crate) async fn deploy(bed: &TestBed, name: &str) -> ManagedDatabase {
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request(name)).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    bed.services.databases.get(database.id).await.unwrap()
}

/// Changes settings and waits until that is done.
pub(crate) async fn change(bed: &TestBed, database: &ManagedDatabase, request: ChangeDatabase) -> Operation {
    let databases = &bed.services.databases;
    let outcome = databases.change_settings(&bed.admin, database.id, None, request, false).await.unwrap();
    bed.wait_for(outcome.operation.unwrap().id).await
}

/// Settings of the server, to be set.
pub(crate) fn engine_settings(settings: &[(&str, &str)]) -> Change<BTreeMap<String, Option<String>>> {
    Change::To(settings.iter().map(|(name, value)| ((*name).to_owned(), Some((*value).to_owned()))).collect())
}

/// Removes a database with its data and waits until it is gone.
pub(crate) async fn delete(bed: &TestBed, database: &ManagedDatabase) {
    let request = delete_request(database.name.as_str(), DataFate::Delete);
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

/// Everything that is anywhere, without what stays on purpose: the shared network and pulled images.
pub(crate) async fn everything(bed: &TestBed) -> (Snapshot, StoreSnapshot) {
    (bed.runtime.snapshot().without_network_and_images(), store_snapshot(&bed.db).await)
}

/// The operation and all its steps succeeded.
pub(crate) fn succeeded(operation: &Operation) {
    assert_eq!(operation.state, OperationState::Succeeded, "{operation:#?}");
    assert!(operation.steps.iter().all(|step| step.state == StepState::Succeeded), "{operation:#?}");
    assert_eq!((&operation.error, operation.undone), (&None, None));
    assert!(operation.finished_at.is_some());
}

/// The operation failed, says why, and everything it did was taken back.
pub(crate) fn undone(operation: &Operation) {
    assert_eq!(operation.state, OperationState::Failed, "{operation:#?}");
    assert_eq!(operation.undone, Some(true), "{operation:#?}");
    let failure = operation.error.as_ref().unwrap();
    assert!(!failure.detail.is_empty() && failure.step.is_some(), "{failure:?}");
    let unfinished = [StepState::Running, StepState::Succeeded];
    assert!(operation.steps.iter().all(|step| !unfinished.contains(&step.state)), "{operation:#?}");
}

/// The database runs, has proved it, and has exactly the credentials it should have.
pub(crate) async fn runs(bed: &TestBed, database: &ManagedDatabase) {
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!((row.status, row.health, row.status_reason), (DatabaseStatus::Running, Health::Healthy, None));
    assert!(row.container_id.is_some() && row.server_version.is_some() && row.last_answer_at.is_some());
    assert_eq!(count_credentials(&bed.db, database.id).await, 2, "the administrator and our own role");
    bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
}

/// Podman answers, and refuses.
pub(crate) fn refusal() -> RuntimeError {
    RuntimeError::Rejected { detail: "not today".to_owned() }
}

/// Podman does not answer.
pub(crate) fn silence() -> RuntimeError {
    RuntimeError::Unavailable { detail: "connection reset".to_owned() }
}
