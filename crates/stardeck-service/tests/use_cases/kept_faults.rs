//! A call fails while data is being kept, attached again or removed. Whatever happens, what was kept stays kept, and
//! nothing else is left.

use stardeck_domain::{DatabaseStatus, ManagedDatabase, Operation, OperationState, Tombstone};
use stardeck_repository::volumes;
use stardeck_service::{databases::DataFate, runtime::RuntimeError};
use stardeck_testkit::{
    FakeRuntime, Method, ServicesBuilder, Snapshot, StoreSnapshot, TestBed, count_credentials,
    delete_request, reattach_request,
};

use super::{
    kept::{keep, list, reattach},
    support::{deploy, everything, refusal, runs, silence, succeeded, undone},
};

/// A way for a call to fail.
type Arm = fn(&FakeRuntime, u32, RuntimeError);
const ARMS: [Arm; 2] = [FakeRuntime::fail_at, FakeRuntime::lose_answer_at];

/// Which call was struck; None when none was.
fn struck(bed: &TestBed) -> Option<Method> {
    let call = bed.runtime.journal().into_iter().rev().find(|call| call.is_struck);
    bed.runtime.has_struck().then(|| call.unwrap().method)
}

/// Everything there is, with the tombstone as it is shown.
async fn all(bed: &TestBed) -> (Snapshot, StoreSnapshot, Vec<Tombstone>) {
    let (runtime, store) = everything(bed).await;
    let mut tombstones = Vec::new();
    for kept in list(bed).await {
        let id = kept.database.id;
        let held = bed.db.read(move |tx| volumes::list_of(tx, id)).await.unwrap();
        let held = held.iter().map(|volume| volume.id).collect();
        tombstones.push(Tombstone::of(&kept.database, held).unwrap());
        assert_eq!(count_credentials(&bed.db, id).await, 2);
    }
    (runtime, store, tombstones)
}

async fn try_reattach(bed: &TestBed, database: &ManagedDatabase) -> Option<Operation> {
    let mut request = reattach_request("store", database.id);
    request.expose_port = true;
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.ok()?;
    Some(bed.wait_for(operation.id).await)
}

/// Attaches again and again with a fault at the first, second, … call, until an attachment ends without meeting it.
async fn strike_every_call_of_reattach(
    arm: Arm,
    error: fn() -> RuntimeError,
) -> Vec<(Method, Option<Operation>)> {
    let mut outcomes = Vec::new();
    for call in 1.. {
        let bed = ServicesBuilder::new().start().await;
        let database = deploy(&bed, "shop").await;
        keep(&bed, &database).await;
        let before = all(&bed).await;
        arm(&bed.runtime, call, error());
        let outcome = try_reattach(&bed, &database).await;
        let method = struck(&bed);
        bed.runtime.clear_faults();
        let has_succeeded =
            outcome.as_ref().is_some_and(|operation| operation.state == OperationState::Succeeded);
        if !has_succeeded {
            assert_eq!(all(&bed).await, before, "call {call}: {outcome:#?}");
            // Nothing of the try stands in the way of the next.
            succeeded(&try_reattach(&bed, &database).await.unwrap());
        }
        let row = bed.services.databases.get(database.id).await.unwrap();
        runs(&bed, &row).await;
        assert_eq!(bed.runtime.snapshot().volumes, before.0.volumes, "call {call}");
        let Some(method) = method else {
            assert!(has_succeeded);
            break;
        };
        outcomes.push((method, outcome));
    }
    assert!(outcomes.len() > 20, "only {} calls were struck", outcomes.len());
    outcomes
}

/// The look before anything is written down.
fn is_look(method: Method) -> bool {
    matches!(method, Method::ListContainers | Method::FindVolume | Method::ListVolumeUsers)
}

#[tokio::test]
async fn attachment_that_is_refused_at_any_call_leaves_the_volume_kept() {
    for arm in ARMS {
        for (method, operation) in strike_every_call_of_reattach(arm, refusal).await {
            match operation {
                None => assert!(is_look(method), "{method:?}"),
                // An engine that is silent once is asked again.
                Some(operation) if method.is_of_engine() && operation.state == OperationState::Succeeded => {}
                Some(operation) => undone(&operation),
            }
        }
    }
}

#[tokio::test]
async fn attachment_that_meets_one_moment_of_silence_at_any_call_succeeds() {
    for arm in ARMS {
        for (method, operation) in strike_every_call_of_reattach(arm, silence).await {
            match operation {
                None => assert!(is_look(method), "{method:?}"),
                // Nothing is repeated once the engine takes part: a login that fails says something.
                Some(operation) if method.is_of_engine() => {
                    assert!(operation.state.is_final(), "{operation:#?}");
                }
                Some(operation) => succeeded(&operation),
            }
        }
    }
}

#[tokio::test]
async fn removal_that_fails_at_any_call_loses_nothing_that_is_to_be_kept() {
    for arm in ARMS {
        for error in [refusal, silence] {
            let mut calls = 0;
            loop {
                let bed = ServicesBuilder::new().start().await;
                let database = deploy(&bed, "shop").await;
                let volumes = bed.runtime.snapshot().volumes;
                arm(&bed.runtime, calls + 1, error());
                let request = delete_request("shop", DataFate::Keep);
                let begun = bed.services.databases.delete(&bed.admin, database.id, request).await;
                let state = match begun {
                    Ok(operation) => Some(bed.wait_for(operation.id).await.state),
                    Err(_) => None,
                };
                let has_struck = struck(&bed).is_some();
                bed.runtime.clear_faults();
                assert_eq!(bed.runtime.snapshot().volumes, volumes, "call {calls}");
                if state != Some(OperationState::Succeeded) {
                    let row = bed.services.databases.get(database.id).await.unwrap();
                    assert!(matches!(row.status, DatabaseStatus::Running | DatabaseStatus::Error));
                    keep(&bed, &database).await;
                }
                let (runtime, store, kept) = all(&bed).await;
                assert!(runtime.containers.is_empty() && runtime.secrets.is_empty(), "{runtime:#?}");
                assert!(store.databases.is_empty() && store.ports.is_empty(), "{store:#?}");
                assert_eq!((runtime.volumes, kept.len()), (volumes, 1));
                succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
                if !has_struck {
                    break;
                }
                calls += 1;
            }
            assert!(calls >= 5, "only {calls} calls were struck");
        }
    }
}

#[tokio::test]
async fn failed_removal_of_a_kept_volume_leaves_it_to_be_removed_again() {
    for arm in ARMS {
        for error in [refusal, silence] {
            let mut calls = 0;
            loop {
                let bed = ServicesBuilder::new().start().await;
                let empty = everything(&bed).await;
                let database = deploy(&bed, "shop").await;
                keep(&bed, &database).await;
                arm(&bed.runtime, calls + 1, error());
                let (databases, admin) = (&bed.services.databases, &bed.admin);
                if let Ok(operation) = databases.delete_kept(admin, database.id, "shop").await {
                    let operation = bed.wait_for(operation.id).await;
                    assert_ne!(operation.state, OperationState::Cancelled);
                }
                let has_struck = struck(&bed).is_some();
                bed.runtime.clear_faults();
                // Its row, and with it its logins, goes last: it is listed as long as anything of it may be there.
                if !list(&bed).await.is_empty() {
                    let operation = databases.delete_kept(admin, database.id, "shop").await.unwrap();
                    succeeded(&bed.wait_for(operation.id).await);
                }
                assert_eq!(everything(&bed).await, empty);
                assert_eq!(count_credentials(&bed.db, database.id).await, 0);
                if !has_struck {
                    break;
                }
                calls += 1;
            }
            assert!(calls >= 3, "only {calls} calls were struck");
        }
    }
}
