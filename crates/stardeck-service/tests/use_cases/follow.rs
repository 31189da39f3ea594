//! Following an operation: everybody is told the same, whenever they come and however slow they are.

use stardeck_domain::{
    EpochId, OperationChange, OperationEvent, OperationId, OperationState, StepName, StepState,
};
use stardeck_service::{
    Error, OperationFilter, Page,
    operations::{FollowFrom, Follower},
};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request, version, within_deadline};

use super::support::{deploy, succeeded};

async fn follow(bed: &TestBed, id: OperationId, after: u32) -> Follower {
    bed.services.operations.follow(id, FollowFrom { after, epoch: None }).await.unwrap()
}

async fn next(follower: &mut Follower) -> Option<OperationEvent> {
    within_deadline("an event", follower.next()).await.unwrap()
}

async fn all(mut follower: Follower) -> Vec<OperationEvent> {
    let mut events = Vec::new();
    while let Some(event) = next(&mut follower).await {
        events.push(event);
    }
    events
}

fn seqs(events: &[OperationEvent]) -> Vec<u32> {
    events.iter().map(|event| event.seq).collect()
}

#[tokio::test]
async fn who_comes_early_late_or_after_the_end_is_told_the_same() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.hang_method(Method::CreateContainer);
    let mut request = create_request("shop");
    request.version = Some(version("17"));
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    let early = tokio::spawn(all(follow(&bed, operation.id, 0).await));
    bed.runtime.until_hanging().await;
    let late = tokio::spawn(all(follow(&bed, operation.id, 0).await));
    bed.runtime.release();
    let (early, late) = (early.await.unwrap(), late.await.unwrap());
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(early, late);
    assert_eq!(early, all(follow(&bed, operation.id, 0).await).await);
    assert_eq!(seqs(&early), (1..).take(early.len()).collect::<Vec<_>>(), "without gaps");

    // What was told is what became of it.
    let ended = OperationChange::Ended { state: OperationState::Succeeded, error: None, undone: None };
    assert_eq!(early.last().unwrap().change, ended);
    let steps = early.iter().filter_map(|event| match event.change {
        OperationChange::Step { step, state, .. } => Some((step, state)),
        _ => None,
    });
    let expected = operation
        .steps
        .iter()
        .flat_map(|step| [(step.name, StepState::Running), (step.name, StepState::Succeeded)]);
    assert_eq!(steps.collect::<Vec<_>>(), expected.collect::<Vec<_>>());
    let last_progress = early.iter().rev().find_map(|event| match &event.change {
        OperationChange::Progress { step: StepName::Image, progress } => Some(progress),
        _ => None,
    });
    let progress = last_progress.unwrap();
    assert_eq!((progress.current, progress.total, progress.layers.len()), (80_000_000, 80_000_000, 1));
}

#[tokio::test]
async fn who_was_cut_off_goes_on_where_it_was_also_after_a_restart() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.hang_method(Method::Login);
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let mut follower = follow(&bed, operation.id, 0).await;
    let epoch = follower.epoch();
    let mut events = Vec::new();
    for _ in 0..7 {
        events.push(next(&mut follower).await.unwrap());
    }
    drop(follower);
    let bed = bed.restart().await;
    let from = FollowFrom { after: 7, epoch: Some(epoch) };
    let follower = bed.services.operations.follow(operation.id, from).await.unwrap();
    assert_eq!(follower.epoch(), epoch);
    bed.runtime.release();
    events.extend(all(follower).await);
    assert_eq!(events, all(follow(&bed, operation.id, 0).await).await);
    assert!(events.last().unwrap().change.is_last());
}

#[tokio::test]
async fn a_number_of_another_epoch_or_that_was_never_given_begins_anew() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let operations = bed.services.operations.list(OperationFilter::default(), Page::default()).await.unwrap();
    let id = operations.items.iter().find(|operation| operation.database_id == database.id).unwrap().id;
    let events = all(follow(&bed, id, 0).await).await;
    let last = events.last().unwrap().seq;
    assert_eq!(all(follow(&bed, id, last).await).await, [], "who knows the end is told nothing more");
    assert_eq!(
        all(follow(&bed, id, last - 1).await).await,
        events.last().cloned().into_iter().collect::<Vec<_>>()
    );
    assert_eq!(all(follow(&bed, id, last + 1).await).await, events);
    let from = FollowFrom { after: last, epoch: Some(EpochId::new()) };
    assert_eq!(all(bed.services.operations.follow(id, from).await.unwrap()).await, events);
    let unknown = bed.services.operations.follow(OperationId::new(), FollowFrom::default()).await;
    assert!(matches!(unknown, Err(Error::NotFound { what: "operation", .. })), "{unknown:?}");
}

#[tokio::test]
async fn who_takes_nothing_delays_nobody_and_misses_nothing() {
    let bed = ServicesBuilder::new().start().await;
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    let mut slow = follow(&bed, operation.id, 0).await;
    let first = next(&mut slow).await.unwrap();
    let quick = all(follow(&bed, operation.id, 0).await).await;
    succeeded(&bed.wait_for(operation.id).await);
    let mut rest = all(slow).await;
    rest.insert(0, first);
    assert_eq!(rest, quick);
}
