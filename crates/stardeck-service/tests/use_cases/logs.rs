//! Following what a database server logs.

use stardeck_service::{
    Error,
    logs::{LogEvent, LogFollower},
    runtime::LogQuery,
};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, within_deadline};

use super::support::{SHOP, delete, deploy, silence};

async fn follow(bed: &TestBed, id: stardeck_domain::DatabaseId, tail: u32) -> LogFollower {
    bed.services.logs.follow(id, &LogQuery { tail, since: None }).await.unwrap()
}

async fn next(follower: &mut LogFollower) -> Option<LogEvent> {
    within_deadline("a line", follower.next()).await
}

/// Reads until a line of this text, which is included.
async fn until_line(follower: &mut LogFollower, wanted: &str) -> Vec<LogEvent> {
    let mut events = Vec::new();
    loop {
        let event = next(follower).await.unwrap();
        let is_last = matches!(&event, LogEvent::Line { line, .. } if line.line == wanted);
        events.push(event);
        if is_last {
            return events;
        }
    }
}

#[tokio::test]
async fn one_log_is_read_once_for_all_and_everybody_is_told_the_same() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    let mut early = follow(&bed, shop.id, 10_000).await;
    for number in 0..100 {
        bed.runtime.write_log(SHOP, &format!("line {number}"));
    }
    let told = until_line(&mut early, "line 99").await;
    let late = until_line(&mut follow(&bed, shop.id, 10_000).await, "line 99").await;
    assert_eq!(told, late);
    assert_eq!(bed.runtime.count(Method::FollowLogs), 1);
    let numbers: Vec<_> = told
        .iter()
        .map(|event| match event {
            LogEvent::Line { number, .. } => *number,
            LogEvent::Gap { .. } => panic!("{event:?}"),
        })
        .collect();
    assert_eq!(numbers, (numbers[0]..).take(told.len()).collect::<Vec<_>>());
}

#[tokio::test]
async fn whoever_falls_behind_is_told_how_much_is_lost_to_it() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    let (mut slow, mut quick) = (follow(&bed, shop.id, 0).await, follow(&bed, shop.id, 0).await);
    for round in 0..3 {
        for number in 0..5_000 {
            bed.runtime.write_log(SHOP, &format!("line {round} {number}"));
        }
        let told = until_line(&mut quick, &format!("line {round} 4999")).await;
        assert_eq!(told.len(), 5_000);
    }
    assert_eq!(next(&mut slow).await, Some(LogEvent::Gap { lines: 5_000 }));
    let told = until_line(&mut slow, "line 2 4999").await;
    assert_eq!(told.len(), 10_000);
    assert!(matches!(&told[0], LogEvent::Line { line, .. } if line.line == "line 1 0"));
}

#[tokio::test]
async fn a_log_ends_with_its_database_and_with_the_server() {
    let bed = ServicesBuilder::new().start().await;
    let (shop, other) = (deploy(&bed, "shop").await, deploy(&bed, "other").await);
    let mut of_shop = follow(&bed, shop.id, 10_000).await;
    let mut of_other = follow(&bed, other.id, 10_000).await;
    delete(&bed, &shop).await;
    while next(&mut of_shop).await.is_some() {}
    assert!(matches!(
        bed.services.logs.follow(shop.id, &LogQuery { tail: 1, since: None }).await,
        Err(Error::NotFound { .. })
    ));
    let TestBed { services, .. } = bed;
    services.shut_down().await;
    while next(&mut of_other).await.is_some() {}
}

#[tokio::test]
async fn an_outage_of_the_runtime_is_waited_for() {
    let bed = ServicesBuilder::new().start().await;
    let shop = deploy(&bed, "shop").await;
    bed.runtime.fail_method(Method::FollowLogs, silence(), 1);
    let mut follower = follow(&bed, shop.id, 0).await;
    bed.runtime.write_log(SHOP, "while nobody could read");
    let told = until_line(&mut follower, "while nobody could read").await;
    assert_eq!(told.len(), 1);
}
