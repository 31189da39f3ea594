//! Somebody cancels an operation.

use stardeck_domain::{AuditAction, FailureCode, OperationState};
use stardeck_service::Error;
use stardeck_testkit::{
    EngineBehaviour, FakeRuntime, Method, ServicesBuilder, audited, create_request, until, version,
};

use super::support::{deploy, everything, refusal, succeeded};

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
