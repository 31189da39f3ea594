//! What is written down follows what Podman shows.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use stardeck_domain::{DatabaseStatus, DesiredState, Health, ManagedDatabase, OperationKind};
use stardeck_repository::{Page, databases, operations};
use stardeck_service::{StoreCheck, databases::DataFate, runtime::ContainerState};
use stardeck_testkit::{EngineBehaviour, Method, ServicesBuilder, TestBed, delete_request, until};

use super::support::{SHOP, deploy, refusal, runs, silence, succeeded};

const OFTEN: Duration = Duration::from_millis(20);

async fn observed() -> (TestBed, ManagedDatabase) {
    let bed = ServicesBuilder::new().observing_every(OFTEN).start().await;
    let database = deploy(&bed, "shop").await;
    (bed, database)
}

async fn row(bed: &TestBed, database: &ManagedDatabase) -> ManagedDatabase {
    bed.services.databases.get(database.id).await.unwrap()
}

async fn becomes(bed: &TestBed, database: &ManagedDatabase, status: DatabaseStatus) -> ManagedDatabase {
    until(status.as_str(), || async { Some(row(bed, database).await).filter(|row| row.status == status) })
        .await
}

/// Waits until the observer has looked at everything twice more, the second time from the beginning.
async fn two_more_looks(bed: &TestBed) {
    let seen = bed.runtime.count(Method::ListContainers);
    until("two more looks", || async {
        (bed.runtime.count(Method::ListContainers) > seen + 2).then_some(())
    })
    .await;
}

async fn stop(bed: &TestBed, database: &ManagedDatabase) {
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn container_stopped_by_others_is_seen_and_said() {
    let (bed, database) = observed().await;
    bed.runtime.end_container(SHOP, 0);
    let row = becomes(&bed, &database, DatabaseStatus::Stopped).await;
    assert_eq!(row.desired_state, DesiredState::Running, "what should be has not changed");
    assert!(row.status_reason.unwrap().contains("something other than Stardeck"));
}

#[tokio::test]
async fn container_that_died_is_an_error_with_its_exit_status() {
    let (bed, database) = observed().await;
    bed.runtime.end_container(SHOP, 137);
    let row = becomes(&bed, &database, DatabaseStatus::Error).await;
    assert!(row.status_reason.unwrap().contains("137"));
}

#[tokio::test]
async fn container_that_ended_by_itself_is_started_again_after_a_pause() {
    for exit_code in [0, 1] {
        let bed = ServicesBuilder::new().observing_every(OFTEN).restarting_after(OFTEN).start().await;
        let database = deploy(&bed, "shop").await;
        bed.runtime.end_container(SHOP, exit_code);
        until("a second start", || async { (bed.runtime.count(Method::StartContainer) == 2).then_some(()) })
            .await;
        let row = becomes(&bed, &database, DatabaseStatus::Running).await;
        assert_eq!(row.status_reason, None);
    }
}

#[tokio::test]
async fn container_that_ended_is_not_started_before_the_pause_is_over_nor_when_it_should_not_run() {
    let (bed, database) = observed().await;
    bed.runtime.end_container(SHOP, 1);
    becomes(&bed, &database, DatabaseStatus::Error).await;
    let reason = until("what follows from it", || async {
        row(&bed, &database).await.status_reason.filter(|reason| reason.ends_with("started again in 60 s"))
    })
    .await;
    assert!(reason.contains("exit status 1"), "{reason}");
    two_more_looks(&bed).await;
    assert_eq!(bed.runtime.count(Method::StartContainer), 1);
    stop(&bed, &database).await;
    two_more_looks(&bed).await;
    assert_eq!(bed.runtime.count(Method::StartContainer), 1);
}

#[tokio::test]
async fn container_in_a_crash_loop_is_stopped_and_the_reason_said() {
    let (bed, database) = observed().await;
    two_more_looks(&bed).await;
    bed.runtime.crash_container(SHOP, 2);
    two_more_looks(&bed).await;
    // Twice is no loop, but it has to answer again.
    runs(&bed, &database).await;
    bed.runtime.crash_container(SHOP, 1);
    let row = becomes(&bed, &database, DatabaseStatus::Error).await;
    let reason = row.status_reason.unwrap();
    assert!(reason.starts_with("ended 3 times within a minute"), "{reason}");
    // Nobody waits for its stop.
    until("its stop", || async {
        (bed.runtime.snapshot().containers[SHOP].state != ContainerState::Running).then_some(())
    })
    .await;
    two_more_looks(&bed).await;
    assert_eq!(bed.runtime.count(Method::StartContainer), 1);
    let (_, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    two_more_looks(&bed).await;
    runs(&bed, &database).await;
}

#[tokio::test]
async fn container_that_is_gone_is_missing_and_its_return_is_seen() {
    let (bed, database) = observed().await;
    let taken = bed.runtime.take_container(SHOP);
    let missing = becomes(&bed, &database, DatabaseStatus::Missing).await;
    assert!(missing.status_reason.unwrap().contains("gone"));
    bed.runtime.put_container_back(taken);
    let back = becomes(&bed, &database, DatabaseStatus::Running).await;
    assert_eq!((back.status_reason, back.health), (None, Health::Healthy));
}

#[tokio::test]
async fn podman_that_does_not_answer_changes_nothing() {
    let (bed, database) = observed().await;
    let before = row(&bed, &database).await;
    bed.runtime.go_away();
    two_more_looks(&bed).await;
    let after = row(&bed, &database).await;
    assert_eq!((after.status, after.health), (DatabaseStatus::Running, Health::Healthy));
    assert_eq!(after.updated_at, before.updated_at);
    bed.runtime.come_back();
    bed.runtime.end_container(SHOP, 0);
    becomes(&bed, &database, DatabaseStatus::Stopped).await;
}

#[tokio::test]
async fn engine_that_does_not_answer_any_more_is_unhealthy_and_its_return_is_seen() {
    let (bed, database) = observed().await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { is_deaf: true, ..EngineBehaviour::default() });
    // An answer counts for half a minute; this one is older.
    let long_ago = Utc::now() - TimeDelta::minutes(5);
    let id = database.id;
    let backdate = move |tx: &mut stardeck_repository::Tx| {
        databases::mark_health(tx, id, Health::Healthy, Some(long_ago))
    };
    bed.db.write(backdate).await.unwrap();
    let sick = until("an unhealthy engine", || async {
        Some(row(&bed, &database).await).filter(|row| row.health == Health::Unhealthy)
    })
    .await;
    assert_eq!(sick.status, DatabaseStatus::Running, "it still runs");
    let said = until("why", || async { row(&bed, &database).await.status_reason }).await;
    assert!(said.contains("does not answer"), "{said}");
    bed.runtime.set_engine_behaviour(EngineBehaviour::default());
    let well = until("a healthy engine", || async {
        Some(row(&bed, &database).await)
            .filter(|row| row.health == Health::Healthy && row.status_reason.is_none())
    })
    .await;
    assert_eq!(well.status, DatabaseStatus::Running);
}

#[tokio::test]
async fn server_that_starts_starts_what_should_run() {
    let bed = ServicesBuilder::new().start().await;
    let (shop, blog) = (deploy(&bed, "shop").await, deploy(&bed, "blog").await);
    stop(&bed, &blog).await;
    bed.runtime.reboot();
    let bed = bed.restart().await;
    let filter = operations::Filter { database_id: Some(shop.id), ..operations::Filter::default() };
    let operation = until("a start", || async {
        let list = bed.services.operations.list(filter.clone(), Page::default()).await.unwrap().items;
        list.into_iter().find(|operation| operation.kind == OperationKind::Start)
    })
    .await;
    assert_eq!(operation.requested_by, None, "in Stardeck's own name");
    succeeded(&bed.wait_for(operation.id).await);
    runs(&bed, &shop).await;
    assert_eq!(row(&bed, &blog).await.status, DatabaseStatus::Stopped);
    assert_ne!(bed.runtime.snapshot().containers["stardeck-db-blog"].state, ContainerState::Running);
}

#[tokio::test]
async fn server_that_starts_starts_what_had_died_before() {
    let (bed, shop) = observed().await;
    bed.runtime.end_container(SHOP, 137);
    becomes(&bed, &shop, DatabaseStatus::Error).await;
    let bed = bed.restart().await;
    becomes(&bed, &shop, DatabaseStatus::Running).await;
}

#[tokio::test]
async fn server_that_starts_before_podman_starts_what_should_run_later() {
    let (bed, shop) = observed().await;
    bed.runtime.reboot();
    bed.runtime.go_away();
    let bed = bed.restart().await;
    two_more_looks(&bed).await;
    assert_eq!(bed.runtime.count(Method::StartContainer), 1);
    bed.runtime.come_back();
    until("a second start", || async { (bed.runtime.count(Method::StartContainer) == 2).then_some(()) })
        .await;
    becomes(&bed, &shop, DatabaseStatus::Running).await;
}

#[tokio::test]
async fn running_databases_survive_the_server() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    let before = bed.runtime.snapshot();
    let bed = bed.restart().await;
    assert_eq!(bed.runtime.snapshot(), before);
    runs(&bed, &shop).await;
}

#[tokio::test]
async fn look_that_is_older_than_a_stop_changes_nothing() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    for arm in [stardeck_testkit::FakeRuntime::hang_method, stardeck_testkit::FakeRuntime::hang_after_method]
    {
        arm(&bed.runtime, Method::ListContainers);
        let other = ServicesBuilder::new().runtime(bed.runtime.clone()).store(bed.store.clone());
        let other = other.observing_every(OFTEN).start_unobserved().await;
        bed.runtime.until_hanging().await;
        stop(&bed, &shop).await;
        let stopped = row(&bed, &shop).await;
        bed.runtime.release();
        two_more_looks(&bed).await;
        let after = row(&bed, &shop).await;
        assert_eq!((after.status, after.desired_state), (DatabaseStatus::Stopped, DesiredState::Stopped));
        assert_eq!((after.updated_at, after.health), (stopped.updated_at, Health::Unknown));
        other.services.shut_down().await;
        let (_, operation) = bed.services.databases.start(&bed.admin, shop.id).await.unwrap();
        succeeded(&bed.wait_for(operation.id).await);
    }
}

#[tokio::test]
async fn database_that_somebody_stops_while_the_server_starts_stays_stopped() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    // The other server reads that it should run, and then sees a container that does not.
    bed.runtime.hang_method(Method::ListContainers);
    let other = ServicesBuilder::new().runtime(bed.runtime.clone()).store(bed.store.clone());
    let other = other.observing_every(OFTEN).start_unobserved().await;
    bed.runtime.until_hanging().await;
    stop(&bed, &shop).await;
    bed.runtime.release();
    two_more_looks(&bed).await;
    assert_eq!(row(&bed, &shop).await.desired_state, DesiredState::Stopped);
    assert_eq!(bed.runtime.count(Method::StartContainer), 1);
    other.services.shut_down().await;
}

#[tokio::test]
async fn reason_of_a_failed_operation_stays_until_something_changes() {
    let (bed, shop) = observed().await;
    stop(&bed, &shop).await;
    bed.runtime.fail_method(Method::StartContainer, refusal(), 1);
    let (_, operation) = bed.services.databases.start(&bed.admin, shop.id).await.unwrap();
    bed.wait_for(operation.id).await;
    two_more_looks(&bed).await;
    let failed = row(&bed, &shop).await;
    assert_eq!(failed.status, DatabaseStatus::Error);
    assert!(failed.status_reason.unwrap().starts_with("start failed"));
}

#[tokio::test]
async fn reason_of_half_a_removal_stays_although_the_container_is_gone() {
    let (bed, shop) = observed().await;
    bed.runtime.fail_method(Method::RemoveVolume, refusal(), 1);
    let request = delete_request("shop", DataFate::Delete);
    let operation = bed.services.databases.delete(&bed.admin, shop.id, request).await.unwrap();
    bed.wait_for(operation.id).await;
    two_more_looks(&bed).await;
    let failed = row(&bed, &shop).await;
    assert_eq!(failed.status, DatabaseStatus::Error);
    assert!(failed.status_reason.unwrap().contains("not today"));
    super::support::delete(&bed, &shop).await;
}

#[tokio::test]
async fn readiness_tells_which_part_answers() {
    let bed = ServicesBuilder::new().start().await;
    assert!(bed.services.readiness.check().await.is_ready());
    bed.runtime.fail_method(Method::Info, silence(), 1);
    let report = bed.services.readiness.check().await;
    assert!(report.store == StoreCheck::Ok && !report.runtime && !report.is_ready());
}
