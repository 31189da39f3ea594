//! Podman goes away in the middle of the work, for a moment or for good.

use std::time::{Duration, Instant};

use stardeck_domain::{DatabaseStatus, FailureCode, OperationState};
use stardeck_service::databases::DataFate;
use stardeck_testkit::{ServicesBuilder, TestBed, create_request, delete_request, until};

use super::support::{delete, deploy, everything, runs, succeeded, undone};

/// The refusals of an outage that is over before our patience is.
const SHORT: Option<u32> = Some(2);

/// Waits until the operation takes back what it did, or has ended without.
async fn undoing(bed: &TestBed, id: stardeck_domain::OperationId) -> OperationState {
    until("an undo or an end", || async {
        let state = bed.services.operations.get(id).await.unwrap().state;
        (state == OperationState::Undoing || state.is_final()).then_some(state)
    })
    .await
}

#[tokio::test]
async fn create_outlasts_a_short_outage_that_begins_at_any_call() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let mut outages = 0;
    for call in 1.. {
        bed.runtime.go_away_at(call, SHORT);
        let created = bed.services.databases.create(&bed.admin, create_request("shop")).await;
        if let Ok((database, operation)) = created {
            succeeded(&bed.wait_for(operation.id).await);
            runs(&bed, &database).await;
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            delete(&bed, &database).await;
            if !has_struck {
                break;
            }
        }
        bed.runtime.clear_faults();
        assert_eq!(everything(&bed).await, before, "call {call}");
        outages += 1;
    }
    assert!(outages > 15, "only {outages} outages");
}

#[tokio::test]
async fn create_gives_up_in_a_long_outage_and_takes_everything_back_when_it_is_over() {
    let bed = ServicesBuilder::new().patience(Duration::from_millis(250)).start().await;
    let before = everything(&bed).await;
    let mut outages = 0;
    for call in 1.. {
        bed.runtime.go_away_at(call, None);
        let Ok((database, operation)) =
            bed.services.databases.create(&bed.admin, create_request("shop")).await
        else {
            bed.runtime.clear_faults();
            assert_eq!(everything(&bed).await, before, "call {call}");
            continue;
        };
        let state = undoing(&bed, operation.id).await;
        let has_struck = bed.runtime.has_struck();
        bed.runtime.come_back();
        let operation = bed.wait_for(operation.id).await;
        if state == OperationState::Succeeded {
            delete(&bed, &database).await;
        } else {
            undone(&operation);
            assert_eq!(operation.error.unwrap().code, FailureCode::RuntimeUnavailable);
        }
        assert_eq!(everything(&bed).await, before, "call {call}");
        if !has_struck {
            break;
        }
        outages += 1;
    }
    assert!(outages > 15, "only {outages} outages");
}

#[tokio::test]
async fn stop_that_gives_up_in_a_long_outage_says_so_and_can_be_asked_for_again() {
    let bed = ServicesBuilder::new().patience(Duration::from_millis(250)).start().await;
    let database = deploy(&bed, "shop").await;
    // The first call is the question beforehand whether Podman answers.
    bed.runtime.go_away_at(2, None);
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, None));
    assert_eq!(operation.error.unwrap().code, FailureCode::RuntimeUnavailable);
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!(row.status, DatabaseStatus::Error);
    assert!(row.status_reason.unwrap().contains("does not answer"));
    bed.runtime.come_back();
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn verbs_outlast_a_short_outage_that_begins_at_any_call() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    // The first call is the question beforehand, which refuses the request.
    for call in 2..=8 {
        bed.runtime.go_away_at(call, SHORT);
        let (_, operation) = databases.stop(admin, database.id).await.unwrap();
        succeeded(&bed.wait_for(operation.id).await);
        bed.runtime.go_away_at(call, SHORT);
        let (_, operation) = databases.start(admin, database.id).await.unwrap();
        succeeded(&bed.wait_for(operation.id).await);
        bed.runtime.go_away_at(call, SHORT);
        let (_, operation) = databases.restart(admin, database.id).await.unwrap();
        succeeded(&bed.wait_for(operation.id).await);
        bed.runtime.clear_faults();
        runs(&bed, &database).await;
    }
}

#[tokio::test]
async fn removal_outlasts_a_short_outage_that_begins_at_any_call() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    for call in 2..=9 {
        let database = deploy(&bed, "shop").await;
        bed.runtime.go_away_at(call, SHORT);
        let request = delete_request("shop", DataFate::Delete);
        let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
        succeeded(&bed.wait_for(operation.id).await);
        bed.runtime.clear_faults();
        assert_eq!(everything(&bed).await, before, "call {call}");
    }
}

#[tokio::test]
async fn server_ends_at_once_in_an_outage_and_the_next_one_goes_on() {
    for call in [6, 8, 10, 12] {
        let bed = ServicesBuilder::new().patience(Duration::from_mins(5)).start().await;
        bed.runtime.go_away_at(call, None);
        let (database, operation) =
            bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
        until("the outage", || async { bed.runtime.has_struck().then_some(()) }).await;
        let TestBed { services, runtime, store, .. } = bed;
        let begun = Instant::now();
        services.shut_down().await;
        assert!(begun.elapsed() < Duration::from_secs(15), "call {call}: it waited for Podman");
        runtime.come_back();
        let bed = ServicesBuilder::new().store(store).runtime(runtime).start().await;
        let operation = bed.wait_for(operation.id).await;
        undone(&operation);
        assert_eq!(operation.error.unwrap().code, FailureCode::Interrupted);
        assert!(bed.services.databases.get(database.id).await.is_err());
    }
}

#[tokio::test]
async fn create_can_be_cancelled_in_an_outage() {
    let bed = ServicesBuilder::new().patience(Duration::from_mins(5)).start().await;
    let before = everything(&bed).await;
    for call in [6, 8, 10, 12] {
        bed.runtime.go_away_at(call, None);
        let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
        until("the outage", || async { bed.runtime.has_struck().then_some(()) }).await;
        bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
        assert_eq!(undoing(&bed, operation.id).await, OperationState::Undoing);
        bed.runtime.come_back();
        let operation = bed.wait_for(operation.id).await;
        assert_eq!((operation.state, operation.undone), (OperationState::Cancelled, Some(true)));
        assert_eq!(everything(&bed).await, before, "call {call}");
    }
}
