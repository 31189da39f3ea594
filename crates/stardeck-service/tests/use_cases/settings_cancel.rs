//! Somebody cancels a change of settings.

use std::time::Duration;

use stardeck_domain::{DatabaseConfig, ManagedDatabase, OperationId, OperationState, StepName, StepState};
use stardeck_service::{
    Error, Timings,
    databases::{Change, ChangeDatabase},
};
use stardeck_testkit::{Method, ServicesBuilder, TEST_TIMINGS, TestBed, until};

use super::support::{deploy, everything, runs, succeeded};

fn more() -> ChangeDatabase {
    ChangeDatabase { expose_port: Some(true), memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() }
}

async fn begin(bed: &TestBed, database: &ManagedDatabase) -> OperationId {
    let databases = &bed.services.databases;
    let outcome = databases.change_settings(&bed.admin, database.id, None, more(), false).await.unwrap();
    outcome.operation.unwrap().id
}

/// Begins a change of which a call hangs; None when it has fewer calls.
async fn hang_at(
    bed: &TestBed,
    database: &ManagedDatabase,
    call: u32,
    is_after: bool,
) -> Option<OperationId> {
    let id = begin(bed, database).await;
    // The request's own calls are over, and those of the operation begin when this task waits.
    if is_after {
        bed.runtime.hang_after(call);
    } else {
        bed.runtime.hang_before(call);
    }
    until("the call or the end", || async {
        if bed.runtime.has_struck() {
            return Some(Some(id));
        }
        let state = bed.services.operations.get(id).await.unwrap().state;
        state.is_final().then_some(None)
    })
    .await
}

#[tokio::test]
async fn every_call_of_a_change_can_be_cancelled_until_the_old_container_goes() {
    for is_after in [false, true] {
        let mut cancelled = 0;
        let mut late = 0;
        for call in 1.. {
            // The port that is given back would rest for a while.
            let timings = Timings { port_quarantine: Duration::ZERO, ..TEST_TIMINGS };
            let bed = ServicesBuilder::new().timings(timings).start().await;
            let database = deploy(&bed, "shop").await;
            let before = everything(&bed).await;
            let Some(id) = hang_at(&bed, &database, call, is_after).await else { break };
            let steps = bed.services.operations.get(id).await.unwrap().steps;
            let running = steps.iter().find(|step| step.state == StepState::Running).map(|step| step.name);
            let asked = bed.services.operations.cancel(&bed.admin, id).await;
            bed.runtime.release();
            let ended = bed.wait_for(id).await;
            let context = format!("call {call}, {running:?}: {ended:#?}");
            match asked {
                Ok(_) => {
                    let outcome = (ended.state, ended.undone);
                    assert_eq!(outcome, (OperationState::Cancelled, Some(true)), "{context}");
                    assert_eq!(everything(&bed).await, before, "{context}");
                    runs(&bed, &bed.services.databases.get(database.id).await.unwrap()).await;
                    cancelled += 1;
                }
                Err(error) => {
                    assert!(matches!(error, Error::TooLateToCancel { .. }), "{error:?}, {context}");
                    assert_eq!(running, Some(StepName::Discard), "{context}");
                    succeeded(&ended);
                    let row = bed.services.databases.get(database.id).await.unwrap();
                    assert!(DatabaseConfig::of(&row).external_port.is_some(), "{context}");
                    late += 1;
                }
            }
        }
        assert!(cancelled > 15 && late > 1, "{cancelled} cancelled, {late} too late");
    }
}

#[tokio::test]
async fn stop_of_the_old_container_is_waited_for() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    bed.runtime.hang_method(Method::StopContainer);
    let id = begin(&bed, &database).await;
    bed.runtime.until_hanging().await;
    bed.services.operations.cancel(&bed.admin, id).await.unwrap();
    tokio::task::yield_now().await;
    let state = bed.services.operations.get(id).await.unwrap().state;
    assert_eq!(state, OperationState::Running, "what is still stopping can not be started");
    bed.runtime.release();
    let ended = bed.wait_for(id).await;
    assert_eq!((ended.state, ended.undone), (OperationState::Cancelled, Some(true)), "{ended:#?}");
    runs(&bed, &bed.services.databases.get(database.id).await.unwrap()).await;
}
