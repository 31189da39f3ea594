//! `operation_events`: everything that changes an operation is told, once, and in order.

use stardeck_domain::{
    DatabaseId, Failure, FailureCode, OperationChange, OperationId, OperationState, StepName, StepState,
    TransferProgress,
};
use stardeck_repository::{Db, Error, Tx, meta, operations};

use crate::fixture::{Store, moment};

async fn changes(store: &Store, id: OperationId) -> Vec<OperationChange> {
    let events = store.read(move |tx| operations::events(tx, id, 0, 10_000)).await.unwrap();
    for (seq, event) in (1..).zip(&events) {
        assert_eq!(event.seq, seq, "{events:?}");
    }
    events.into_iter().map(|event| event.change).collect()
}

fn step(step: StepName, state: StepState, detail: Option<&str>) -> OperationChange {
    OperationChange::Step { step, state, detail: detail.map(str::to_owned) }
}

fn progress(current: u64) -> TransferProgress {
    TransferProgress { status: "Downloading".to_owned(), current, total: 100, layers: Vec::new() }
}

#[tokio::test]
async fn every_change_of_an_operation_is_an_event() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    let failure = Failure::new(FailureCode::ImageNotFound, "no such tag");
    let error = failure.clone();
    store
        .write(move |tx| {
            operations::begin(tx, id)?;
            operations::begin_step(tx, id, StepName::Reserve, moment(1))?;
            operations::finish_step(tx, id, StepName::Reserve, StepState::Succeeded, None, moment(1))?;
            operations::begin_step(tx, id, StepName::Image, moment(2))?;
            operations::append_log(tx, id, Some(StepName::Image), "pulling", moment(2))?;
            operations::record_progress(tx, id, StepName::Image, &progress(40), "40 of 100")?;
            operations::request_cancel(tx, id, moment(3))?;
            operations::request_cancel(tx, id, moment(4))?;
            operations::finish_step(tx, id, StepName::Image, StepState::Failed, Some("no"), moment(4))?;
            operations::begin_undo(tx, id)?;
            operations::mark_undone(tx, id, StepName::Image)?;
            operations::mark_undone(tx, id, StepName::Reserve)?;
            operations::finish(tx, id, OperationState::Failed, Some(&error), Some(true), moment(5))
        })
        .await
        .unwrap();
    let state = |state| OperationChange::State { state };
    assert_eq!(
        changes(&store, id).await,
        [
            state(OperationState::Queued),
            state(OperationState::Running),
            step(StepName::Reserve, StepState::Running, None),
            step(StepName::Reserve, StepState::Succeeded, None),
            step(StepName::Image, StepState::Running, None),
            OperationChange::Log { step: Some(StepName::Image), line: "pulling".to_owned() },
            OperationChange::Progress { step: StepName::Image, progress: progress(40) },
            OperationChange::CancelRequested,
            step(StepName::Image, StepState::Failed, Some("no")),
            state(OperationState::Undoing),
            step(StepName::Reserve, StepState::Undone, None),
            OperationChange::Ended {
                state: OperationState::Failed,
                error: Some(failure),
                undone: Some(true)
            },
        ]
    );
    let found = store.read(move |tx| operations::get(tx, id)).await.unwrap();
    assert_eq!(found.steps[1].detail.as_deref(), Some("no"));
}

#[tokio::test]
async fn events_are_read_in_parts() {
    let store = Store::new();
    let (id, other) = (store.operation(DatabaseId::new()).await, store.operation(DatabaseId::new()).await);
    for _ in 0..4 {
        store.write(move |tx| operations::begin(tx, id)).await.unwrap();
    }
    let part = store.read(move |tx| operations::events(tx, id, 1, 2)).await.unwrap();
    assert_eq!(part.iter().map(|event| event.seq).collect::<Vec<_>>(), [2, 3]);
    assert!(store.read(move |tx| operations::events(tx, id, u32::MAX, 2)).await.unwrap().is_empty());
    assert_eq!(store.read(move |tx| operations::last_event(tx, id)).await.unwrap(), 5);
    assert_eq!(store.read(move |tx| operations::last_event(tx, other)).await.unwrap(), 1);
    assert_eq!(store.read(|tx| operations::last_event(tx, OperationId::new())).await.unwrap(), 0);
}

#[tokio::test]
async fn who_watches_is_woken_by_what_is_committed_and_by_nothing_else() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    let mut watched = store.db.operation_events();
    store.write(|tx| meta::set(tx, "colour", "blue")).await.unwrap();
    let taken_back = store
        .write(move |tx: &mut Tx| {
            operations::begin(tx, id)?;
            operations::begin(tx, OperationId::new())
        })
        .await;
    assert!(taken_back.is_err());
    store.write(|tx| meta::set(tx, "colour", "red")).await.unwrap();
    assert!(!watched.has_changed().unwrap());
    assert_eq!(changes(&store, id).await.len(), 1, "what is taken back was not told");
    store.write(move |tx| operations::begin(tx, id)).await.unwrap();
    assert!(watched.has_changed().unwrap());
    watched.mark_unchanged();
    assert!(!watched.has_changed().unwrap());
}

#[tokio::test]
async fn log_and_progress_are_bounded_and_the_end_is_told_all_the_same() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    let last = store
        .write(move |tx| {
            let mut last = 0;
            for number in 0..operations::LOG_LINES_MAX + 20 {
                last = operations::append_log(tx, id, None, &format!("line {number}"), moment(1))?;
            }
            for number in 0..5_000 {
                operations::record_progress(tx, id, StepName::Image, &progress(number), "pulling")?;
            }
            operations::finish(tx, id, OperationState::Succeeded, None, None, moment(2))?;
            Ok(last)
        })
        .await
        .unwrap();
    assert_eq!(last, operations::LOG_LINES_MAX);
    let lines = store.read(move |tx| operations::log(tx, id, 0, 10_000)).await.unwrap();
    assert_eq!(lines.len(), 1000);
    assert_eq!(
        (lines[998].line.as_str(), lines[999].line.as_str()),
        ("line 998", "further lines are left out")
    );
    let changes = changes(&store, id).await;
    assert_eq!(changes.len(), 5_001);
    assert!(changes.last().unwrap().is_last());
}

#[tokio::test]
async fn epoch_stays_when_the_file_is_opened_again() {
    let store = Store::new();
    let epoch = store.read(meta::event_epoch).await.unwrap();
    let again = Db::open(&store.path()).unwrap();
    assert_eq!(again.read(meta::event_epoch).await.unwrap(), epoch);
    assert_ne!(Store::new().read(meta::event_epoch).await.unwrap(), epoch);
    store.tamper("DELETE FROM meta WHERE key = 'event_epoch'");
    assert!(matches!(store.read(meta::event_epoch).await, Err(Error::Corrupt { .. })));
}
