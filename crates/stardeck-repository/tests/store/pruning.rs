//! Which operations are forgotten, and which never are.

use stardeck_domain::{DatabaseId, OperationId, OperationState};
use stardeck_repository::operations;

use crate::fixture::{Store, missing, moment, texts};

/// An operation that ended then.
async fn ended(store: &Store, database: DatabaseId, at: i64) -> OperationId {
    let id = store.operation(database).await;
    let end = move |tx: &mut stardeck_repository::Tx| {
        operations::finish(tx, id, OperationState::Succeeded, None, None, moment(at))
    };
    store.write(end).await.unwrap();
    id
}

async fn prune(store: &Store, before: i64, keep: u32, limit: u32) -> usize {
    store.write(move |tx| operations::prune(tx, moment(before), keep, limit)).await.unwrap()
}

async fn is_there(store: &Store, id: OperationId) -> bool {
    store.read(move |tx| operations::get(tx, id)).await.is_ok()
}

#[tokio::test]
async fn what_ended_before_goes_with_its_steps_log_and_events() {
    let store = Store::new();
    let gone = DatabaseId::new();
    let old = ended(&store, gone, 10).await;
    let new = ended(&store, gone, 20).await;
    let running = store.operation(DatabaseId::new()).await;
    store.write(move |tx| operations::append_log(tx, old, None, "x", moment(0))).await.unwrap();
    assert_eq!(prune(&store, 20, 100, 100).await, 1);
    assert_eq!(missing(store.read(move |tx| operations::get(tx, old)).await), "operation");
    assert!(is_there(&store, new).await && is_there(&store, running).await);
    let mut raw = store.raw();
    assert!(texts(&mut raw, "SELECT line FROM operation_log").is_empty());
    assert_eq!(texts(&mut raw, "SELECT name FROM operation_steps").len(), 6);
    let old = format!("SELECT change FROM operation_events WHERE operation_id = '{old}'");
    assert!(texts(&mut raw, &old).is_empty());
}

#[tokio::test]
async fn last_operation_of_a_database_stays_as_long_as_the_database() {
    let store = Store::new();
    let (living, deleted) = (store.database("shop").await, store.database("blog").await);
    let first = ended(&store, living, 1).await;
    let last = ended(&store, living, 2).await;
    let last_of_deleted = ended(&store, deleted, 2).await;
    store.tamper(&format!("UPDATE managed_databases SET deleted_at = 'then' WHERE id = '{deleted}'"));
    assert_eq!(prune(&store, 1000, 100, 100).await, 2);
    assert!(is_there(&store, last).await);
    assert!(!is_there(&store, first).await && !is_there(&store, last_of_deleted).await);
}

#[tokio::test]
async fn unfinished_operations_stay_however_many_come_after() {
    let store = Store::new();
    let database = store.database("shop").await;
    // It began before all that ended, as one does that waits for Podman.
    let waiting = store.operation(DatabaseId::new()).await;
    store.tamper(&format!("UPDATE operations SET target_id = '{database}'"));
    for at in 0..5 {
        let other = store.operation(DatabaseId::new()).await;
        let end = move |tx: &mut stardeck_repository::Tx| {
            operations::finish(tx, other, OperationState::Failed, None, None, moment(at))
        };
        store.write(end).await.unwrap();
        store.tamper(&format!("UPDATE operations SET target_id = '{database}' WHERE id = '{other}'"));
    }
    assert_eq!(prune(&store, 0, 1, 100).await, 4);
    assert!(is_there(&store, waiting).await);
}

#[tokio::test]
async fn of_each_database_the_newest_stay_and_few_go_at_once() {
    let store = Store::new();
    let (busy, calm) = (store.database("busy").await, store.database("calm").await);
    let mut of_busy = Vec::new();
    for at in 0..10 {
        of_busy.push(ended(&store, busy, at).await);
    }
    let of_calm = [ended(&store, calm, 0).await, ended(&store, calm, 1).await];
    let mut gone = Vec::new();
    for _ in 0..4 {
        gone.push(prune(&store, 0, 3, 3).await);
    }
    assert_eq!(gone, [3, 3, 1, 0]);
    for (place, id) in of_busy.into_iter().enumerate() {
        assert_eq!(is_there(&store, id).await, place >= 7, "{place}");
    }
    for id in of_calm {
        assert!(is_there(&store, id).await);
    }
}
