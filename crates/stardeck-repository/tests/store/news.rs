//! `events`: what changes a database or an operation is told in the transaction that changes it.

use stardeck_domain::{
    DatabaseId, DatabaseStatus, DesiredState, Event, Health, News, OperationState, Tombstone,
};
use stardeck_repository::{Db, Error, Tx, databases, events, meta, operations, tombstones};

use crate::fixture::{Store, moment, new_database, texts};

async fn told(store: &Store, after: u32) -> Vec<Event> {
    let events = store.read(move |tx| events::list(tx, after, 1_000)).await.unwrap();
    for (seq, event) in (after + 1..).zip(&events) {
        assert_eq!(event.seq, seq, "{events:?}");
    }
    events
}

#[tokio::test]
async fn life_of_a_database_is_told_as_it_was_committed() {
    let store = Store::new();
    let id = store.database("shop").await;
    store
        .write(move |tx| {
            databases::set_status(tx, id, DatabaseStatus::Error, Some("it \"ended\""), moment(1))?;
            databases::set_desired_state(tx, id, DesiredState::Stopped)
        })
        .await
        .unwrap();
    store.write(move |tx| databases::mark_health(tx, id, Health::Unhealthy, None)).await.unwrap();
    let again = store.write(move |tx| databases::mark_health(tx, id, Health::Unhealthy, Some(moment(2))));
    again.await.unwrap();
    let before = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    store.write(move |tx| tombstones::bury(tx, id, None, moment(3))).await.unwrap();
    let (mut revived, tombstone) =
        (new_database("blog"), store.read(move |tx| tombstones::find(tx, id)).await);
    revived.id = id;
    assert!(Tombstone::of(&tombstone.unwrap().unwrap(), Vec::new()).is_some());
    store.write(move |tx| tombstones::revive(tx, &revived, None, moment(4))).await.unwrap();
    store.write(move |tx| databases::forget(tx, id)).await.unwrap();

    let events = told(&store, 0).await;
    let shown: Vec<_> = events
        .iter()
        .map(|event| match &event.news {
            News::DatabaseCreated(facts) => ("created", facts),
            News::DatabaseChanged(facts) => ("changed", facts),
            News::DatabaseDeleted(facts) => ("deleted", facts),
            other => panic!("{other:?}"),
        })
        .map(|(kind, facts)| (kind, facts.name.as_str(), facts.status, facts.health))
        .collect();
    let (creating, error) = (DatabaseStatus::Creating, DatabaseStatus::Error);
    let expected = [
        ("created", "shop", creating, Health::Unknown),
        ("changed", "shop", error, Health::Unknown),
        ("changed", "shop", error, Health::Unknown),
        ("changed", "shop", error, Health::Unhealthy),
        ("deleted", "shop", error, Health::Unhealthy),
        ("created", "blog", creating, Health::Unknown),
        ("deleted", "blog", creating, Health::Unknown),
    ];
    assert_eq!(shown, expected, "being asked with the same answer is no news");
    let News::DatabaseChanged(facts) = &events[3].news else { panic!("{:?}", events[3]) };
    assert_eq!((facts.id, &facts.status_reason), (before.id, &before.status_reason));
    assert_eq!((facts.desired_state, facts.revision), (before.desired_state, before.revision));
}

#[tokio::test]
async fn states_of_an_operation_and_its_cancel_are_told() {
    let store = Store::new();
    let target = DatabaseId::new();
    let id = store.operation(target).await;
    store
        .write(move |tx| {
            operations::begin(tx, id)?;
            operations::begin(tx, id)?;
            operations::request_cancel(tx, id, moment(1))?;
            operations::begin_undo(tx, id)?;
            operations::append_log(tx, id, None, "a line", moment(2))?;
            operations::finish(tx, id, OperationState::Cancelled, None, Some(true), moment(3))
        })
        .await
        .unwrap();
    let shown: Vec<_> = told(&store, 0)
        .await
        .into_iter()
        .map(|event| match event.news {
            News::OperationChanged(facts) => {
                assert_eq!((facts.id, facts.target), (id, target));
                (facts.state, facts.cancel_requested)
            }
            other => panic!("{other:?}"),
        })
        .collect();
    let expected = [
        (OperationState::Queued, false),
        (OperationState::Running, false),
        (OperationState::Running, true),
        (OperationState::Undoing, true),
        (OperationState::Cancelled, true),
    ];
    assert_eq!(shown, expected);
}

#[tokio::test]
async fn what_is_taken_back_is_not_told_and_leaves_no_gap() {
    let store = Store::new();
    let mut watched = store.db.events();
    watched.mark_unchanged();
    let id = store.database("shop").await;
    assert!(watched.has_changed().unwrap());
    assert_eq!(*watched.borrow_and_update(), 1);
    let taken_back = store
        .write(move |tx: &mut Tx| {
            databases::set_status(tx, id, DatabaseStatus::Error, None, moment(1))?;
            Err::<(), _>(databases::get(tx, DatabaseId::new()).unwrap_err())
        })
        .await;
    assert!(matches!(taken_back, Err(Error::NotFound { .. })));
    store.write(|tx| meta::set(tx, "colour", "red")).await.unwrap();
    assert!(!watched.has_changed().unwrap());
    store.write(events::tell_detection_changed).await.unwrap();
    assert_eq!(*watched.borrow_and_update(), 2);
    let events = told(&store, 1).await;
    assert!(matches!(&events[..], [Event { seq: 2, news: News::DetectionChanged, .. }]), "{events:?}");
}

#[tokio::test]
async fn oldest_events_are_forgotten_and_numbers_are_not_given_again() {
    let store = Store::new();
    store.write(|tx| (0..10_250).try_for_each(|_| events::tell_detection_changed(tx))).await.unwrap();
    let kept = store.read(|tx| events::list(tx, 0, 20_000)).await.unwrap();
    assert_eq!((kept.first().unwrap().seq, kept.last().unwrap().seq), (201, 10_250));
    store.tamper("DELETE FROM events");
    let again = Db::open(&store.path()).unwrap();
    again.write(events::tell_detection_changed).await.unwrap();
    assert_eq!(again.read(events::last).await.unwrap(), 10_251);
    let kinds = "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'managed_databases'";
    assert_eq!(texts(&mut store.raw(), kinds).len(), 5);
}
