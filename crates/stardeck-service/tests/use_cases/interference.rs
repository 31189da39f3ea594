//! What others do to a container is seen by the runtime's events, said in words, and healed where that is safe.

use std::time::{Duration, Instant};

use stardeck_domain::{
    ContainerName, DatabaseName, DatabaseStatus, Health, ManagedDatabase, NetworkName, News, OperationKind,
    OperationState,
};
use stardeck_service::{
    Error,
    events::{EventFollower, EventsFrom, Told},
    runtime::{ContainerRuntime as _, ContainerState, Labels},
};
use stardeck_testkit::{
    EngineBehaviour, ForeignContainer, Method, ServicesBuilder, TestBed, until, within_deadline,
};

use super::support::{SHOP, deploy, runs, succeeded};

/// Services whose runtime tells what happens, and which look at everything only once: what is seen later was told.
async fn told() -> (TestBed, ManagedDatabase) {
    let builder = ServicesBuilder::new();
    let bed = builder.telling_events().start().await;
    let database = deploy(&bed, "shop").await;
    (bed, database)
}

async fn row(bed: &TestBed, database: &ManagedDatabase) -> ManagedDatabase {
    bed.services.databases.get(database.id).await.unwrap()
}

/// Waits for a status with a reason that holds the words; without words, for one without a reason.
async fn shows(
    bed: &TestBed,
    database: &ManagedDatabase,
    status: DatabaseStatus,
    words: &str,
) -> ManagedDatabase {
    let what = format!("{status} because of {words:?}");
    until(&what, || async {
        Some(row(bed, database).await).filter(|row| {
            let reason = row.status_reason.as_deref().unwrap_or_default();
            row.status == status && reason.contains(words) && (!words.is_empty() || reason.is_empty())
        })
    })
    .await
}

pub(super) async fn follow(bed: &TestBed) -> EventFollower {
    bed.services.events.follow(EventsFrom::default()).await.unwrap()
}

/// The reason that a database shows next, however soon it shows another one or none.
pub(super) async fn next_reason(follower: &mut EventFollower) -> String {
    loop {
        if let Told::Event(event) = within_deadline("an event", follower.next()).await.unwrap()
            && let News::DatabaseChanged(facts) = event.news
            && let Some(reason) = facts.status_reason
        {
            return reason;
        }
    }
}

#[tokio::test]
async fn frozen_container_is_seen_and_its_going_on() {
    let (bed, database) = told().await;
    bed.runtime.pause_container(SHOP);
    let paused = shows(&bed, &database, DatabaseStatus::Paused, "paused").await;
    assert_eq!(paused.health, Health::Unknown, "one that is frozen does not answer");
    bed.runtime.unpause_container(SHOP);
    let back = shows(&bed, &database, DatabaseStatus::Running, "").await;
    assert_eq!(back.health, Health::Healthy);
    assert!(back.latency_ms.is_some() && back.last_answer_at >= paused.last_answer_at);
}

#[tokio::test]
async fn container_restarted_by_others_has_to_answer_again() {
    let (bed, database) = told().await;
    // Another start is one after that of the first look.
    bed.runtime.pause_container(SHOP);
    shows(&bed, &database, DatabaseStatus::Paused, "paused").await;
    bed.runtime.unpause_container(SHOP);
    shows(&bed, &database, DatabaseStatus::Running, "").await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { is_deaf: true, ..EngineBehaviour::default() });
    bed.runtime.restart_container(SHOP);
    let silent = shows(&bed, &database, DatabaseStatus::Starting, "does not answer").await;
    assert_eq!(silent.health, Health::Unhealthy);
    // Another look at its container says nothing new of its engine.
    for _ in 0..10 {
        bed.runtime.tell_of(SHOP);
        tokio::time::sleep(Duration::from_millis(30)).await;
        let row = bed.services.databases.get(database.id).await.unwrap();
        assert_eq!((row.status, row.health), (DatabaseStatus::Starting, Health::Unhealthy), "{row:?}");
        assert!(row.status_reason.unwrap().contains("does not answer"));
    }
    bed.runtime.set_engine_behaviour(EngineBehaviour::default());
    let well = shows(&bed, &database, DatabaseStatus::Running, "").await;
    assert_eq!(well.health, Health::Healthy);
}

#[tokio::test]
async fn container_that_somebody_starts_before_we_do_runs_at_once() {
    let (bed, database) = told().await;
    bed.runtime.end_container(SHOP, 1);
    shows(&bed, &database, DatabaseStatus::Error, "started again in 60 s").await;
    bed.runtime.start_container(SHOP).await.unwrap();
    shows(&bed, &database, DatabaseStatus::Running, "").await;
}

#[tokio::test]
async fn container_that_the_kernel_killed_says_so() {
    let (bed, database) = told().await;
    bed.runtime.kill_for_memory(SHOP);
    shows(&bed, &database, DatabaseStatus::Error, "the kernel killed it for want of memory").await;
}

#[tokio::test]
async fn container_that_ended_is_told_at_once_and_explained_after_that() {
    let (bed, database) = told().await;
    let mut follower = follow(&bed).await;
    bed.runtime.end_container(SHOP, 1);
    let explained = shows(&bed, &database, DatabaseStatus::Error, "started again in 60 s").await;
    assert!(explained.status_reason.unwrap().contains("exit status 1"));
    let mut reasons = Vec::new();
    while reasons.len() < 2 {
        if let Told::Event(event) = within_deadline("an event", follower.next()).await.unwrap()
            && let News::DatabaseChanged(facts) = event.news
            && facts.status == DatabaseStatus::Error
        {
            reasons.push(facts.status_reason.unwrap());
        }
    }
    assert_eq!(reasons[0], "the container ended with exit status 1");
}

#[tokio::test]
async fn renamed_container_is_found_by_its_labels_and_still_works() {
    let (bed, database) = told().await;
    bed.runtime.rename_container(SHOP, "other");
    let renamed =
        shows(&bed, &database, DatabaseStatus::Running, "renamed from stardeck-db-shop to other").await;
    assert_eq!(renamed.container_name, ContainerName::parse("other").unwrap());
    assert_eq!(renamed.name, DatabaseName::parse("shop").unwrap());
    let (_, operation) = bed.services.databases.restart(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    shows(&bed, &database, DatabaseStatus::Running, "renamed").await;
    bed.runtime.rename_container("other", SHOP);
    shows(&bed, &database, DatabaseStatus::Running, "").await;
}

#[tokio::test]
async fn container_made_anew_with_our_labels_is_found_again() {
    let (bed, database) = told().await;
    let before = row(&bed, &database).await.container_id;
    bed.runtime.replace_container(SHOP, None);
    let found = until("the new container", || async {
        Some(row(&bed, &database).await).filter(|row| row.container_id != before)
    })
    .await;
    assert!(found.container_id.is_some());
    shows(&bed, &database, DatabaseStatus::Running, "").await;
}

#[tokio::test]
async fn container_of_its_name_that_is_not_ours_is_not_taken_for_it() {
    let (bed, database) = told().await;
    bed.runtime.replace_container(SHOP, Some(Labels::new()));
    let words = "another one, which is not Stardeck's, is called stardeck-db-shop";
    shows(&bed, &database, DatabaseStatus::Missing, words).await;
    assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Running, "it is left alone");
}

#[tokio::test]
async fn container_taken_off_its_network_is_put_back_with_its_names() {
    let (bed, database) = told().await;
    let mut follower = follow(&bed).await;
    let before = bed.runtime.snapshot();
    bed.runtime.take_off_network(SHOP, NetworkName::data().as_str());
    until("the network", || async { (bed.runtime.snapshot() == before).then_some(()) }).await;
    let reason = next_reason(&mut follower).await;
    assert!(reason.contains("taken off the network"), "{reason}");
    shows(&bed, &database, DatabaseStatus::Running, "").await;
}

#[tokio::test]
async fn removed_container_is_missing_and_made_again_on_its_data() {
    let (bed, database) = told().await;
    drop(bed.runtime.take_container(SHOP));
    let missing = shows(&bed, &database, DatabaseStatus::Missing, "its data is kept").await;
    assert!(missing.allows(stardeck_domain::Action::Recreate));
    let (begun, operation) = bed.services.databases.recreate(&bed.admin, database.id).await.unwrap();
    assert_eq!((begun.status, operation.kind), (DatabaseStatus::Starting, OperationKind::Recreate));
    succeeded(&bed.wait_for(operation.id).await);
    runs(&bed, &database).await;
    assert_eq!(bed.runtime.count(Method::CreateVolume), 1, "the data is what it was");
    assert_eq!(bed.runtime.count(Method::PullImage), 0);
    let again = bed.services.databases.recreate(&bed.admin, database.id).await;
    assert!(matches!(again, Err(Error::InvalidTransition { .. })), "{again:?}");
}

#[tokio::test]
async fn removed_container_without_its_volume_says_so_and_is_not_made_again() {
    let (bed, database) = told().await;
    let volume = bed.runtime.snapshot().containers[SHOP].volumes[0].clone();
    drop(bed.runtime.take_container(SHOP));
    shows(&bed, &database, DatabaseStatus::Missing, "its data is kept").await;
    bed.runtime.remove_volume_by_hand(&volume);
    shows(&bed, &database, DatabaseStatus::Missing, "so is its data").await;
    let refused = bed.services.databases.recreate(&bed.admin, database.id).await;
    assert!(matches!(refused, Err(Error::VolumeMissing { .. })), "{refused:?}");
    assert_eq!(bed.runtime.count(Method::CreateContainer), 1);
}

#[tokio::test]
async fn failed_recreation_takes_back_its_container_and_stays_missing() {
    let (bed, database) = told().await;
    drop(bed.runtime.take_container(SHOP));
    shows(&bed, &database, DatabaseStatus::Missing, "its data is kept").await;
    bed.runtime.fail_method(Method::StartContainer, super::support::refusal(), 1);
    let (_, operation) = bed.services.databases.recreate(&bed.admin, database.id).await.unwrap();
    let ended = bed.wait_for(operation.id).await;
    assert_eq!((ended.state, ended.undone), (OperationState::Failed, Some(true)));
    assert!(!bed.runtime.snapshot().containers.contains_key(SHOP));
    shows(&bed, &database, DatabaseStatus::Missing, "recreate failed").await;
    let (_, operation) = bed.services.databases.recreate(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    runs(&bed, &database).await;
}

#[tokio::test]
async fn image_and_secret_that_are_gone_are_told_of_one_that_runs() {
    let (bed, database) = told().await;
    bed.runtime.remove_image(stardeck_testkit::POSTGRES_16);
    let row = shows(&bed, &database, DatabaseStatus::Running, "is no longer on this host").await;
    assert_eq!(row.health, Health::Healthy);
    bed.runtime.remove_secret_by_hand(&format!("stardeck-{}-bootstrap", database.id));
    shows(&bed, &database, DatabaseStatus::Running, "its secret").await;
    bed.runtime.add_image(stardeck_testkit::POSTGRES_16, 16);
    drop(bed.runtime.take_container(SHOP));
    shows(&bed, &database, DatabaseStatus::Missing, "its data is kept").await;
    let (_, operation) = bed.services.databases.recreate(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    // What was noted of the image and the secret is looked at anew when they are there again.
    shows(&bed, &database, DatabaseStatus::Running, "").await;
    runs(&bed, &database).await;
}

#[tokio::test]
async fn image_that_is_gone_is_not_replaced_by_another() {
    let (bed, database) = told().await;
    drop(bed.runtime.take_container(SHOP));
    bed.runtime.remove_image(stardeck_testkit::POSTGRES_16);
    shows(&bed, &database, DatabaseStatus::Missing, "the container is gone").await;
    bed.runtime.add_to_registry(stardeck_testkit::POSTGRES_16, 16);
    let (_, operation) = bed.services.databases.recreate(&bed.admin, database.id).await.unwrap();
    let ended = bed.wait_for(operation.id).await;
    assert_eq!(ended.state, OperationState::Failed);
    assert_eq!(bed.runtime.count(Method::PullImage), 0);
    shows(&bed, &database, DatabaseStatus::Missing, "no longer on this host").await;
}

#[tokio::test]
async fn engine_that_falls_silent_is_unhealthy_though_it_runs() {
    let (bed, database) = told().await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { is_deaf: true, ..EngineBehaviour::default() });
    bed.runtime.pause_container(SHOP);
    shows(&bed, &database, DatabaseStatus::Paused, "paused").await;
    bed.runtime.unpause_container(SHOP);
    let sick = shows(&bed, &database, DatabaseStatus::Starting, "does not answer").await;
    assert_eq!(sick.health, Health::Unhealthy);
    bed.runtime.set_engine_behaviour(EngineBehaviour::default());
    let well = shows(&bed, &database, DatabaseStatus::Running, "").await;
    assert_eq!(well.health, Health::Healthy, "it is asked again by itself");
}

#[tokio::test]
async fn nothing_is_missed_when_the_stream_is_cut_twenty_times() {
    let (bed, database) = told().await;
    for round in 0..20 {
        bed.runtime.cut_events();
        match round % 4 {
            0 => bed.runtime.pause_container(SHOP),
            1 => bed.runtime.unpause_container(SHOP),
            2 => bed.runtime.rename_container(SHOP, "other"),
            _ => bed.runtime.rename_container("other", SHOP),
        }
        bed.runtime.mend_events();
        match round % 4 {
            0 => shows(&bed, &database, DatabaseStatus::Paused, "paused").await,
            2 => shows(&bed, &database, DatabaseStatus::Running, "renamed").await,
            _ => shows(&bed, &database, DatabaseStatus::Running, "").await,
        };
    }
}

#[tokio::test]
async fn change_of_one_container_costs_no_list_and_a_page_view_costs_none_either() {
    let (bed, database) = told().await;
    let lists = bed.runtime.count(Method::ListContainers);
    for _ in 0..5 {
        bed.runtime.pause_container(SHOP);
        shows(&bed, &database, DatabaseStatus::Paused, "paused").await;
        bed.runtime.unpause_container(SHOP);
        shows(&bed, &database, DatabaseStatus::Running, "").await;
    }
    assert_eq!(bed.runtime.count(Method::ListContainers), lists);
    for _ in 0..5 {
        let page = stardeck_repository::Page::default();
        assert_eq!(bed.services.databases.list(page).await.unwrap().items.len(), 1);
        let loopback = std::net::Ipv4Addr::LOCALHOST.into();
        bed.services.databases.next_port(database.engine, loopback).await.unwrap();
        bed.services.apps.list(stardeck_repository::Page::default()).await.unwrap();
        bed.services.apps.list_connections(database.id).await.unwrap();
    }
    assert_eq!(bed.runtime.count(Method::ListContainers), lists + 1, "asked once after the last change");
}

#[tokio::test]
async fn other_peoples_containers_are_told_to_those_who_detect() {
    let (bed, _database) = told().await;
    let mut follower = follow(&bed).await;
    let foreign = ForeignContainer { name: "theirs".to_owned(), ..ForeignContainer::default() };
    bed.runtime.add_foreign_container(foreign);
    let began = Instant::now();
    for _ in 0..20 {
        bed.runtime.tell_of("theirs");
    }
    loop {
        if let Told::Event(event) = within_deadline("an event", follower.next()).await.unwrap()
            && event.news == News::DetectionChanged
        {
            break;
        }
    }
    assert!(began.elapsed() < Duration::from_secs(10));
    let more = tokio::time::timeout(Duration::from_millis(200), follower.next()).await;
    assert!(more.is_err(), "many changes are told as one: {more:?}");
}
