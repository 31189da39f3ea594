//! Counting databases and operations.

use stardeck_domain::{DatabaseStatus, OperationKind, OperationState};
use stardeck_repository::{counts, operations, tombstones};

use crate::fixture::{Store, moment};

#[tokio::test]
async fn databases_and_operations_are_counted_by_what_they_are_in_and_tombstones_are_not() {
    let store = Store::new();
    assert!(store.read(counts::databases_by_status).await.unwrap().is_empty());
    let (shop, kept) = (store.database("shop").await, store.database("kept").await);
    store.database("blog").await;
    store.write(move |tx| tombstones::bury(tx, kept, None, moment(1))).await.unwrap();
    let databases = store.read(counts::databases_by_status).await.unwrap();
    assert_eq!(databases, [(DatabaseStatus::Creating, 2)]);
    let ended = store.operation(shop).await;
    store
        .write(move |tx| operations::finish(tx, ended, OperationState::Failed, None, None, moment(1)))
        .await
        .unwrap();
    store.operation(shop).await;
    let mut found = store.read(counts::operations_by_state).await.unwrap();
    found.sort();
    let create = OperationKind::Create;
    assert_eq!(found, [(create, OperationState::Queued, 1), (create, OperationState::Failed, 1)]);
}
