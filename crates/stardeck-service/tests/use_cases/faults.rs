//! A call to the runtime fails, at every place where there is one. Whatever happens, it is all or nothing.

use stardeck_domain::{DatabaseStatus, FailureCode, Operation, OperationState};
use stardeck_service::{
    databases::{CreateDatabase, DataFate},
    runtime::{ImageProblem, RuntimeError},
};
use stardeck_testkit::{
    EngineBehaviour, FakeRuntime, Method, POSTGRES_17, ServicesBuilder, TestBed, create_request,
    delete_request, version,
};

use super::support::{delete, everything, refusal, runs, silence, succeeded, undone};

/// Deploys again and again with a fault at the first, second, … call, until a deployment ends without meeting it.
/// After each, all must be well or nothing must be left. Returns what became of each.
async fn strike_every_call(arm: impl Fn(&FakeRuntime, u32)) -> Vec<(Method, Option<Operation>)> {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let mut outcomes = Vec::new();
    for call in 1.. {
        let mut request = create_request("shop");
        request.version = Some(version("17"));
        bed.runtime.remove_image(POSTGRES_17);
        arm(&bed.runtime, call);
        let outcome = attempt(&bed, request).await;
        let has_struck = bed.runtime.has_struck();
        bed.runtime.clear_faults();
        if let Some(operation) = &outcome
            && operation.state == OperationState::Succeeded
        {
            let database = bed.services.databases.get(operation.database_id).await.unwrap();
            runs(&bed, &database).await;
            delete(&bed, &database).await;
        }
        assert_eq!(everything(&bed).await, before, "call {call}: {outcome:#?}");
        if !has_struck {
            succeeded(&outcome.unwrap());
            break;
        }
        let struck = bed.runtime.journal().into_iter().rev().find(|call| call.is_struck).unwrap();
        outcomes.push((struck.method, outcome));
    }
    assert!(outcomes.len() > 20, "only {} calls were struck", outcomes.len());
    outcomes
}

/// Arms a fault.
type Arm = Box<dyn Fn(&FakeRuntime)>;

/// None when the request itself was refused.
async fn attempt(bed: &TestBed, request: CreateDatabase) -> Option<Operation> {
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.ok()?;
    Some(bed.wait_for(operation.id).await)
}

#[tokio::test]
async fn create_that_is_refused_at_any_call_leaves_nothing() {
    for (method, operation) in strike_every_call(|runtime, call| runtime.fail_at(call, refusal())).await {
        match operation {
            None => {
                assert_eq!(method, Method::ListContainers, "only the look beforehand refuses the request");
            }
            // An engine that is silent once is asked again.
            Some(operation) if method.is_of_engine() && operation.state == OperationState::Succeeded => {}
            Some(operation) => undone(&operation),
        }
    }
}

#[tokio::test]
async fn create_whose_answer_is_lost_at_any_call_leaves_nothing() {
    let arm = |runtime: &FakeRuntime, call| runtime.lose_answer_at(call, refusal());
    for (method, operation) in strike_every_call(arm).await {
        match operation {
            None => assert_eq!(method, Method::ListContainers),
            Some(operation) if method.is_of_engine() && operation.state == OperationState::Succeeded => {}
            Some(operation) => undone(&operation),
        }
    }
}

#[tokio::test]
async fn create_that_meets_one_moment_of_silence_at_any_call_succeeds() {
    for (method, operation) in strike_every_call(|runtime, call| runtime.fail_at(call, silence())).await {
        let Some(operation) = operation else {
            assert_eq!(method, Method::ListContainers);
            continue;
        };
        // Nothing is repeated once the engine takes part: a login that fails says something.
        if !method.is_of_engine() {
            succeeded(&operation);
        }
    }
}

#[tokio::test]
async fn create_whose_answer_is_lost_in_a_moment_of_silence_finds_what_it_made() {
    let arm = |runtime: &FakeRuntime, call| runtime.lose_answer_at(call, silence());
    for (method, operation) in strike_every_call(arm).await {
        let Some(operation) = operation else { continue };
        if !method.is_of_engine() {
            succeeded(&operation);
        }
    }
}

#[tokio::test]
async fn failed_undo_leaves_a_row_that_can_be_deleted() {
    for method in [
        Method::ListContainers,
        Method::RemoveContainer,
        Method::FindSecret,
        Method::RemoveSecret,
        Method::ListVolumes,
        Method::RemoveVolume,
    ] {
        let bed = ServicesBuilder::new().start().await;
        let before = everything(&bed).await;
        bed.runtime.hang_method(Method::StartContainer);
        let (database, operation) =
            bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
        bed.runtime.until_hanging().await;
        bed.runtime
            .set_engine_behaviour(EngineBehaviour { refuses_logins: true, ..EngineBehaviour::default() });
        bed.runtime.fail_method(method, refusal(), 1);
        bed.runtime.release();
        let operation = bed.wait_for(operation.id).await;
        assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(false)), "{method:?}");
        assert_eq!(operation.error.unwrap().code, FailureCode::CredentialsRejected);

        let row = bed.services.databases.get(database.id).await.unwrap();
        assert_eq!(row.status, DatabaseStatus::Error);
        assert!(row.status_reason.unwrap().contains("create failed"));
        delete(&bed, &database).await;
        assert_eq!(everything(&bed).await, before, "{method:?}");
    }
}

#[tokio::test]
async fn failure_says_what_went_wrong_and_in_which_step() {
    let taken = || RuntimeError::PortTaken { detail: "bind: address already in use".to_owned() };
    let exits = |code, line: &str| EngineBehaviour {
        ends_with: Some((code, vec![line.to_owned()])),
        ..Default::default()
    };
    let cases: [(&str, FailureCode, Arm); 5] = [
        (
            "start",
            FailureCode::PortTaken,
            Box::new(move |runtime| runtime.fail_method(Method::StartContainer, taken(), 1)),
        ),
        (
            "volume",
            FailureCode::RuntimeRejected,
            Box::new(|runtime| runtime.fail_method(Method::CreateVolume, refusal(), 1)),
        ),
        (
            "ready",
            FailureCode::EngineExited,
            Box::new(move |runtime| runtime.set_engine_behaviour(exits(1, "no space left on device"))),
        ),
        (
            "ready",
            FailureCode::EngineExited,
            Box::new(move |runtime| runtime.set_engine_behaviour(exits(137, "killed"))),
        ),
        (
            "ready",
            FailureCode::CredentialsRejected,
            Box::new(|runtime| {
                runtime.set_engine_behaviour(EngineBehaviour { refuses_logins: true, ..Default::default() });
            }),
        ),
    ];
    for (step, code, arm) in cases {
        let bed = ServicesBuilder::new().start().await;
        let before = everything(&bed).await;
        arm(&bed.runtime);
        let operation = attempt(&bed, create_request("shop")).await.unwrap();
        undone(&operation);
        let failure = operation.error.unwrap();
        assert_eq!((failure.step.as_deref(), failure.code), (Some(step), code), "{failure:?}");
        if code == FailureCode::EngineExited {
            assert_eq!(failure.log_tail.len(), 1, "the engine's last words explain it: {failure:?}");
        }
        assert_eq!(everything(&bed).await, before);
    }
}

#[tokio::test]
async fn pull_that_fails_says_why() {
    let unavailable =
        |reason| RuntimeError::ImageUnavailable { reason, detail: "the registry's words".to_owned() };
    for (answer, code) in [
        (None, FailureCode::ImageNotFound),
        (Some(unavailable(ImageProblem::Unauthorized)), FailureCode::ImageUnauthorized),
        (Some(unavailable(ImageProblem::Unreachable)), FailureCode::RegistryUnavailable),
    ] {
        let bed = ServicesBuilder::new().start().await;
        let before = everything(&bed).await;
        let reference = "docker.io/acme/postgres:16";
        if let Some(error) = answer {
            bed.runtime.set_registry_error(reference, error);
        }
        let mut request = create_request("shop");
        request.image = Some(stardeck_testkit::image(reference));
        let operation = attempt(&bed, request).await.unwrap();
        undone(&operation);
        assert_eq!(operation.error.unwrap().code, code);
        assert_eq!(everything(&bed).await, before);
    }
}

#[tokio::test]
async fn image_that_is_something_else_is_unsuitable() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let facts = stardeck_engines::ImageFacts { exposed_ports: vec![80], ..Default::default() };
    bed.runtime.add_image_with("docker.io/acme/web:16", facts);
    let mut request = create_request("shop");
    request.image = Some(stardeck_testkit::image("docker.io/acme/web:16"));
    let operation = attempt(&bed, request).await.unwrap();
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::ImageUnsuitable);
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn failed_removal_leaves_the_database_to_be_removed_again() {
    for method in [Method::RemoveContainer, Method::RemoveSecret, Method::RemoveVolume] {
        let bed = ServicesBuilder::new().start().await;
        let before = everything(&bed).await;
        let database = super::support::deploy(&bed, "shop").await;
        bed.runtime.fail_method(method, refusal(), 1);
        let request = delete_request("shop", DataFate::Delete);
        let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
        let operation = bed.wait_for(operation.id).await;
        assert_eq!((operation.state, operation.undone), (OperationState::Failed, None), "{method:?}");
        let row = bed.services.databases.get(database.id).await.unwrap();
        assert_eq!(row.status, DatabaseStatus::Error);
        assert!(row.status_reason.unwrap().contains("delete failed"));
        delete(&bed, &database).await;
        assert_eq!(everything(&bed).await, before, "{method:?}");
    }
}
