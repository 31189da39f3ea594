//! Somebody cancels an operation.

use std::collections::BTreeSet;

use stardeck_domain::{
    AuditAction, FailureCode, OperationChange, OperationId, OperationState, StepName, StepState,
};
use stardeck_service::{
    Error,
    databases::CreateDatabase,
    operations::{FollowFrom, Follower},
};
use stardeck_testkit::{
    EngineBehaviour, FakeRuntime, Method, ServicesBuilder, TestBed, audited, create_request, until, version,
    within_deadline,
};

use super::support::{delete, deploy, everything, refusal, succeeded};

/// Cancels a deployment while a call hangs, lets the call go on where the step can not be left, and looks.
async fn cancelled_while_hanging(arm: impl Fn(&FakeRuntime), is_interruptible: bool) {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    arm(&bed.runtime);
    let mut request = create_request("shop");
    request.version = Some(version("17"));
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    bed.runtime.until_hanging().await;
    let answer = bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    assert!(answer.cancel_requested_at.is_some() && !answer.state.is_final());
    if !is_interruptible {
        bed.runtime.release();
    }
    let operation = bed.wait_for(operation.id).await;
    assert_eq!(
        (operation.state, operation.undone),
        (OperationState::Cancelled, Some(true)),
        "{operation:#?}"
    );
    assert_eq!(operation.error.unwrap().code, FailureCode::Cancelled);
    assert_eq!(everything(&bed).await, before);
    assert_eq!(
        audited(&bed.db, database.id).await,
        [AuditAction::DatabaseCreated, AuditAction::OperationCancelled]
    );
    // The name is free at once.
    bed.runtime.clear_faults();
    deploy(&bed, "shop").await;
}

#[tokio::test]
async fn pull_is_left_at_once() {
    cancelled_while_hanging(|runtime| runtime.hang_method(Method::PullImage), true).await;
}

#[tokio::test]
async fn waiting_for_the_engine_is_left_at_once() {
    for method in [Method::Reach, Method::Probe, Method::Login] {
        cancelled_while_hanging(|runtime| runtime.hang_method(method), true).await;
    }
}

#[tokio::test]
async fn call_that_makes_something_is_waited_for_and_then_taken_back() {
    for method in [
        Method::CreateNetwork,
        Method::CreateVolume,
        Method::CreateSecret,
        Method::CreateContainer,
        Method::StartContainer,
        Method::Secure,
    ] {
        cancelled_while_hanging(|runtime| runtime.hang_method(method), false).await;
        cancelled_while_hanging(|runtime| runtime.hang_after_method(method), false).await;
    }
}

/// The steps of a deployment of `shop`, whose image has to be pulled.
async fn steps() -> Vec<StepName> {
    let bed = ServicesBuilder::new().start().await;
    let (_, operation) = bed.services.databases.create(&bed.admin, with_pull("shop")).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    operation.steps.iter().map(|step| step.name).collect()
}

fn with_pull(name: &str) -> CreateDatabase {
    CreateDatabase { version: Some(version("17")), ..create_request(name) }
}

#[tokio::test]
async fn every_step_can_be_cancelled_as_it_begins_and_as_it_ends() {
    for step in steps().await {
        for moment in [StepState::Running, StepState::Succeeded] {
            let bed = ServicesBuilder::new().start().await;
            let before = everything(&bed).await;
            let (database, operation) =
                bed.services.databases.create(&bed.admin, with_pull("shop")).await.unwrap();
            let mut follower =
                bed.services.operations.follow(operation.id, FollowFrom::default()).await.unwrap();
            until_step(&mut follower, step, moment).await;
            let asked = bed.services.operations.cancel(&bed.admin, operation.id).await;
            let ended = bed.wait_for(operation.id).await;
            let context = format!("{step} {moment}: {ended:#?}");
            match asked {
                // Whoever was told that it is cancelled was told the truth, whatever was at work.
                Ok(_) => {
                    assert_eq!(ended.state, OperationState::Cancelled, "{context}");
                    assert_eq!(ended.undone, Some(true), "{context}");
                }
                // Nothing is left to cancel after the last step.
                Err(Error::OperationEnded) => {
                    assert_eq!(step, StepName::Finish, "{context}");
                    succeeded(&ended);
                    let database = bed.services.databases.get(database.id).await.unwrap();
                    delete(&bed, &database).await;
                }
                Err(error) => panic!("{error:?}, {context}"),
            }
            assert_eq!(everything(&bed).await, before, "{context}");
        }
    }
}

async fn until_step(follower: &mut Follower, wanted: StepName, moment: StepState) {
    while let Some(event) = within_deadline("an event", follower.next()).await.unwrap() {
        if let OperationChange::Step { step, state, .. } = event.change
            && (step, state) == (wanted, moment)
        {
            return;
        }
    }
    panic!("the operation ended before {wanted} was {moment}");
}

#[tokio::test]
async fn every_call_of_every_step_can_be_cancelled_before_and_after_it_is_carried_out() {
    let mut hung = BTreeSet::new();
    for is_after in [false, true] {
        for call in 1.. {
            let bed = ServicesBuilder::new().start().await;
            let before = everything(&bed).await;
            let Some(id) = hang_at(&bed, call, is_after).await else { break };
            let steps = bed.services.operations.get(id).await.unwrap().steps;
            hung.extend(steps.iter().find(|step| step.state == StepState::Running).map(|step| step.name));
            bed.services.operations.cancel(&bed.admin, id).await.unwrap();
            bed.runtime.release();
            let ended = bed.wait_for(id).await;
            let outcome = (ended.state, ended.undone);
            assert_eq!(outcome, (OperationState::Cancelled, Some(true)), "call {call}: {ended:#?}");
            assert_eq!(everything(&bed).await, before, "call {call}");
        }
    }
    // The first step only stands for what was done with the request, and calls nobody.
    let expected: BTreeSet<_> = steps().await.into_iter().filter(|step| *step != StepName::Reserve).collect();
    assert_eq!(hung, expected);
}

/// Begins a deployment of which a call hangs; None when it has fewer calls.
async fn hang_at(bed: &TestBed, call: u32, is_after: bool) -> Option<OperationId> {
    let (_, operation) = bed.services.databases.create(&bed.admin, with_pull("shop")).await.unwrap();
    // The request's own calls are over, and those of the operation begin when this task waits.
    if is_after {
        bed.runtime.hang_after(call);
    } else {
        bed.runtime.hang_before(call);
    }
    until("the call or the end", || async {
        if bed.runtime.has_struck() {
            return Some(Some(operation.id));
        }
        let state = bed.services.operations.get(operation.id).await.unwrap().state;
        state.is_final().then_some(None)
    })
    .await
}

#[tokio::test]
async fn engine_that_never_answers_is_given_up_when_asked_to() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { is_deaf: true, ..EngineBehaviour::default() });
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    until("a few probes", || async { (bed.runtime.count(Method::Probe) > 2).then_some(()) }).await;
    bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Cancelled, Some(true)));
    assert_eq!(everything(&bed).await, before);
    assert_eq!(
        bed.runtime.count(Method::StopContainer),
        0,
        "a stop in an initialisation takes its full grace"
    );
}

#[tokio::test]
async fn asking_twice_changes_nothing() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.hang_method(Method::CreateContainer);
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let first = bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    let second = bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    assert_eq!(first.cancel_requested_at, second.cancel_requested_at);
    bed.runtime.release();
    assert_eq!(bed.wait_for(operation.id).await.state, OperationState::Cancelled);
}

#[tokio::test]
async fn operation_that_has_ended_can_not_be_cancelled() {
    let bed = ServicesBuilder::new().start().await;
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let error = bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap_err();
    assert!(matches!(error, Error::OperationEnded), "{error:?}");
}

#[tokio::test]
async fn stop_can_not_be_cancelled() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    bed.runtime.hang_method(Method::StopContainer);
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    bed.runtime.until_hanging().await;
    let error = bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap_err();
    assert!(matches!(error, Error::NotCancellable { .. }), "{error:?}");
    bed.runtime.release();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn failure_before_the_cancel_stays_the_reason() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.fail_method(Method::StartContainer, refusal(), 1);
    bed.runtime.hang_method(Method::RemoveContainer);
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    bed.runtime.release();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(true)));
    assert_eq!(operation.error.unwrap().code, FailureCode::RuntimeRejected);
}
