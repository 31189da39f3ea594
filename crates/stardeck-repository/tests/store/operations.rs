//! Queries of `operations`, `operation_steps` and `operation_log`.

use stardeck_domain::{
    DatabaseId, Failure, FailureCode, OperationId, OperationKind, OperationState, StepName, StepState,
};
use stardeck_repository::{Constraint, Error, Page, Tx, databases, operations};

use crate::fixture::{Store, conflict, missing, moment, new_operation};

/// What brings an operation into a state.
type Enter = fn(&mut Tx, OperationId) -> Result<(), Error>;

fn failure() -> Failure {
    Failure {
        code: FailureCode::ImageNotFound,
        detail: "no such tag".to_owned(),
        step: Some("image".to_owned()),
        log_tail: vec!["one".to_owned(), "two".to_owned()],
    }
}

async fn finish(store: &Store, id: OperationId, state: OperationState, at: i64) -> Result<(), Error> {
    store.write(move |tx| operations::finish(tx, id, state, None, None, moment(at))).await
}

#[tokio::test]
async fn new_operation_is_queued_with_its_steps_pending_in_order() {
    let store = Store::new();
    let new = new_operation(DatabaseId::new());
    let expected = new.clone();
    store.write(move |tx| operations::insert(tx, &new, moment(0))).await.unwrap();
    let found = store.read(move |tx| operations::get(tx, expected.id)).await.unwrap();
    assert_eq!((found.state, found.kind), (OperationState::Queued, OperationKind::Create));
    assert_eq!((found.database_id, found.requested_by), (expected.database_id, expected.requested_by));
    assert_eq!((found.input, found.created_at), (expected.input, moment(0)));
    assert_eq!(found.steps.iter().map(|step| step.name).collect::<Vec<_>>(), expected.steps);
    assert!(found.steps.iter().all(|step| step.state == StepState::Pending && step.started_at.is_none()));
    assert!(found.error.is_none() && found.undone.is_none() && found.finished_at.is_none());
}

#[tokio::test]
async fn second_operation_on_a_database_waits_for_the_end_of_the_first() {
    let store = Store::new();
    let database = store.database("shop").await;
    let first = store.operation(database).await;
    let ways: [(OperationState, Enter); 3] = [
        (OperationState::Queued, |_, _| Ok(())),
        (OperationState::Running, operations::begin),
        (OperationState::Undoing, operations::begin_undo),
    ];
    for (state, enter) in ways {
        store.write(move |tx| enter(tx, first)).await.unwrap();
        let second = new_operation(database);
        let refused = store.write(move |tx| operations::insert(tx, &second, moment(1))).await;
        assert_eq!(conflict(refused), Constraint::OperationInProgress, "{state}");
        let at_work =
            store.read(move |tx| operations::find_unfinished_of(tx, database)).await.unwrap().unwrap();
        assert_eq!((at_work.id, at_work.state, at_work.steps.len()), (first, state, 3));
    }
    store.operation(DatabaseId::new()).await;
    finish(&store, first, OperationState::Failed, 2).await.unwrap();
    assert!(store.read(move |tx| operations::find_unfinished_of(tx, database)).await.unwrap().is_none());
    store.operation(database).await;
}

#[tokio::test]
async fn operation_that_ended_can_not_begin_or_end_again() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    finish(&store, id, OperationState::Succeeded, 1).await.unwrap();
    assert_eq!(missing(store.write(move |tx| operations::begin(tx, id)).await), "unfinished operation");
    assert_eq!(missing(store.write(move |tx| operations::begin_undo(tx, id)).await), "unfinished operation");
    assert_eq!(missing(finish(&store, id, OperationState::Failed, 2).await), "unfinished operation");
    let found = store.read(move |tx| operations::get(tx, id)).await.unwrap();
    assert_eq!((found.state, found.finished_at), (OperationState::Succeeded, Some(moment(1))));
}

#[tokio::test]
async fn operation_that_is_being_undone_can_not_begin_again() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    store.write(move |tx| operations::begin(tx, id)).await.unwrap();
    store.write(move |tx| operations::begin(tx, id)).await.unwrap();
    store.write(move |tx| operations::begin_undo(tx, id)).await.unwrap();
    store.write(move |tx| operations::begin_undo(tx, id)).await.unwrap();
    assert_eq!(missing(store.write(move |tx| operations::begin(tx, id)).await), "unfinished operation");
}

#[tokio::test]
async fn operation_can_not_end_in_a_state_that_is_not_final() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    assert!(matches!(finish(&store, id, OperationState::Running, 1).await, Err(Error::Database(_))));
}

#[tokio::test]
async fn failure_is_read_back_whole() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    let end = move |tx: &mut Tx| {
        operations::finish(tx, id, OperationState::Failed, Some(&failure()), Some(true), moment(3))
    };
    store.write(end).await.unwrap();
    let found = store.read(move |tx| operations::get(tx, id)).await.unwrap();
    assert_eq!((found.error, found.undone), (Some(failure()), Some(true)));
    assert_eq!(found.finished_at, Some(moment(3)));
}

#[tokio::test]
async fn step_tells_when_it_ran_and_what_it_did() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    store
        .write(move |tx| {
            operations::begin_step(tx, id, StepName::Image, moment(1))?;
            operations::set_step_detail(tx, id, StepName::Image, "90%")?;
            operations::finish_step(tx, id, StepName::Image, StepState::Succeeded, None, moment(2))?;
            operations::begin_step(tx, id, StepName::Container, moment(3))?;
            operations::finish_step(tx, id, StepName::Container, StepState::Failed, Some("no"), moment(4))
        })
        .await
        .unwrap();
    let steps = store.read(move |tx| operations::get(tx, id)).await.unwrap().steps;
    let [reserve, image, container] = steps.as_slice() else { panic!("{steps:?}") };
    assert_eq!(reserve.state, StepState::Pending);
    assert_eq!((image.state, image.detail.as_deref()), (StepState::Succeeded, Some("90%")));
    assert_eq!((image.started_at, image.finished_at), (Some(moment(1)), Some(moment(2))));
    assert_eq!((container.state, container.detail.as_deref()), (StepState::Failed, Some("no")));

    store.write(move |tx| operations::begin_step(tx, id, StepName::Image, moment(9))).await.unwrap();
    let again = store.read(move |tx| operations::get(tx, id)).await.unwrap().steps.remove(1);
    assert_eq!((again.state, again.started_at), (StepState::Running, Some(moment(9))));
    assert_eq!((again.finished_at, again.detail), (None, None));
}

#[tokio::test]
async fn undo_marks_what_was_done_and_leaves_what_failed_or_never_began() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    store
        .write(move |tx| {
            operations::finish_step(tx, id, StepName::Reserve, StepState::Succeeded, None, moment(1))?;
            operations::finish_step(tx, id, StepName::Image, StepState::Failed, None, moment(2))?;
            for step in [StepName::Container, StepName::Image, StepName::Reserve, StepName::Reserve] {
                operations::mark_undone(tx, id, step)?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let steps = store.read(move |tx| operations::get(tx, id)).await.unwrap().steps;
    let states: Vec<_> = steps.iter().map(|step| step.state).collect();
    assert_eq!(states, [StepState::Undone, StepState::Failed, StepState::Pending]);
}

#[tokio::test]
async fn step_that_the_operation_does_not_have_is_not_found() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    let results = store
        .write(move |tx| {
            Ok([
                operations::begin_step(tx, id, StepName::Stop, moment(0)),
                operations::set_step_detail(tx, id, StepName::Stop, "x"),
                operations::finish_step(tx, id, StepName::Stop, StepState::Skipped, None, moment(0)),
                operations::mark_undone(tx, id, StepName::Stop),
            ])
        })
        .await
        .unwrap();
    for result in results {
        assert_eq!(missing(result), "step");
    }
}

#[tokio::test]
async fn cancel_is_remembered_until_the_operation_has_ended() {
    let store = Store::new();
    let id = store.operation(DatabaseId::new()).await;
    assert!(!store.read(move |tx| operations::is_cancel_requested(tx, id)).await.unwrap());
    assert!(store.write(move |tx| operations::request_cancel(tx, id, moment(1))).await.unwrap());
    assert!(store.write(move |tx| operations::request_cancel(tx, id, moment(2))).await.unwrap());
    assert!(store.read(move |tx| operations::is_cancel_requested(tx, id)).await.unwrap());
    let found = store.read(move |tx| operations::get(tx, id)).await.unwrap();
    assert_eq!(found.cancel_requested_at, Some(moment(1)), "the first request counts");

    let other = store.operation(DatabaseId::new()).await;
    finish(&store, other, OperationState::Succeeded, 3).await.unwrap();
    assert!(!store.write(move |tx| operations::request_cancel(tx, other, moment(4))).await.unwrap());
    assert!(!store.read(move |tx| operations::is_cancel_requested(tx, other)).await.unwrap());
}

#[tokio::test]
async fn questions_about_an_unknown_operation_are_not_found() {
    let store = Store::new();
    let id = OperationId::new();
    assert_eq!(missing(store.read(move |tx| operations::get(tx, id)).await), "operation");
    assert_eq!(missing(store.read(move |tx| operations::is_cancel_requested(tx, id)).await), "operation");
    assert_eq!(
        missing(store.write(move |tx| operations::request_cancel(tx, id, moment(0))).await),
        "operation"
    );
    assert_eq!(missing(store.write(move |tx| operations::begin(tx, id)).await), "unfinished operation");
}

#[tokio::test]
async fn filter_narrows_the_list_and_pages_go_on_within_it() {
    let store = Store::new();
    let (one, other) = (DatabaseId::new(), DatabaseId::new());
    let mut of_one = Vec::new();
    for round in 0..3 {
        let id = store.operation(one).await;
        finish(&store, id, OperationState::Succeeded, round).await.unwrap();
        of_one.push(id);
        let id = store.operation(other).await;
        finish(&store, id, OperationState::Failed, round).await.unwrap();
    }
    let waiting = store.operation(other).await;
    let ids = |slice: &stardeck_repository::Slice<stardeck_domain::Operation>| {
        slice.items.iter().map(|operation| operation.id).collect::<Vec<_>>()
    };

    let filter = operations::Filter { database_id: Some(one), ..Default::default() };
    let page = Page { limit: 2, after: None };
    let asked = filter.clone();
    let first = store.read(move |tx| operations::list(tx, &asked, &page)).await.unwrap();
    assert_eq!(ids(&first), of_one[..2]);
    let page = Page { limit: 2, after: first.next };
    let second = store.read(move |tx| operations::list(tx, &filter, &page)).await.unwrap();
    assert_eq!((ids(&second), second.next.clone()), (of_one[2..].to_vec(), None));
    assert_eq!(second.items[0].steps.len(), 3);

    let filter = operations::Filter { state: Some(OperationState::Queued), ..Default::default() };
    let queued = store.read(move |tx| operations::list(tx, &filter, &Page::default())).await.unwrap();
    assert_eq!(ids(&queued), [waiting]);
    let filter = operations::Filter { kind: Some(OperationKind::Stop), ..Default::default() };
    let stops = store.read(move |tx| operations::list(tx, &filter, &Page::default())).await.unwrap();
    assert!(stops.items.is_empty());
    let unfinished = store.read(operations::list_unfinished).await.unwrap();
    assert_eq!(unfinished.iter().map(|operation| operation.id).collect::<Vec<_>>(), [waiting]);
}

#[tokio::test]
async fn log_counts_per_operation_and_is_read_from_any_line() {
    let store = Store::new();
    let (id, other) = (store.operation(DatabaseId::new()).await, store.operation(DatabaseId::new()).await);
    let seqs = store
        .write(move |tx| {
            let first = operations::append_log(tx, id, None, "begun", moment(1))?;
            let elsewhere = operations::append_log(tx, other, None, "begun too", moment(1))?;
            let second = operations::append_log(tx, id, Some(StepName::Image), "pulling", moment(2))?;
            let third = operations::append_log(tx, id, None, "done", moment(3))?;
            Ok([first, elsewhere, second, third])
        })
        .await
        .unwrap();
    assert_eq!(seqs, [1, 1, 2, 3]);
    let lines = store.read(move |tx| operations::log(tx, id, 1, 1)).await.unwrap();
    assert_eq!(lines.len(), 1);
    assert_eq!((lines[0].seq, lines[0].line.as_str()), (2, "pulling"));
    assert_eq!((lines[0].step, lines[0].at), (Some(StepName::Image), moment(2)));
    assert_eq!(store.read(move |tx| operations::log(tx, id, 0, 100)).await.unwrap().len(), 3);
    assert!(store.read(move |tx| operations::log(tx, id, u32::MAX, 100)).await.unwrap().is_empty());
    let lost = store.write(|tx| operations::append_log(tx, OperationId::new(), None, "x", moment(0))).await;
    assert_eq!(conflict(lost), Constraint::Reference);
}

#[tokio::test]
async fn operation_outlives_its_database() {
    let store = Store::new();
    let database = store.database("shop").await;
    let id = store.operation(database).await;
    store.write(move |tx| databases::forget(tx, database)).await.unwrap();
    assert_eq!(store.read(move |tx| operations::get(tx, id)).await.unwrap().database_id, database);
}
