//! The stream of events.

use std::collections::BTreeMap;
use std::time::Duration;

use stardeck_podman::{CreateContainer, Event, EventItem, EventOptions, EventStream, Filters};
use tokio::time::timeout;

use super::scope::Scope;

/// The next event with this action; a stream that stays silent fails the test.
async fn until(events: &mut EventStream, action: &str) -> Event {
    let search = async {
        loop {
            if let EventItem::Event(event) = events.next().await
                && event.action == action
            {
                return *event;
            }
        }
    };
    timeout(Duration::from_secs(30), search).await.unwrap_or_else(|_| panic!("no event {action}"))
}

#[tokio::test]
async fn life_of_a_container_is_told_in_order() {
    let scope = Scope::new().await;
    let label = format!("sdp.scope={}", scope.name(""));
    let filters = Filters::from([("label".to_owned(), vec![label])]);
    let mut events = scope.client.events().watch(EventOptions { filters, ..EventOptions::default() });
    assert!(matches!(events.next().await, EventItem::Connected));
    let labels = BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))]);
    let spec = CreateContainer { labels, ..scope.shell("told", "exit 7") };
    scope.run(&spec).await;
    for action in ["create", "start"] {
        let event = until(&mut events, action).await;
        assert_eq!((event.name(), event.exit_code()), (Some(spec.name.as_str()), None));
    }
    assert_eq!(until(&mut events, "died").await.exit_code(), Some(7));
    scope.client.containers().remove(&spec.name, &super::scope::at_once()).await.unwrap();
    until(&mut events, "remove").await;
}

#[tokio::test]
async fn events_before_the_subscription_are_told_when_asked_for() {
    let scope = Scope::new().await;
    let since = Some(chrono::Utc::now());
    let created = scope.create(&scope.sleeper("before")).await.unwrap();
    let mut events = scope.client.events().watch(EventOptions { since, ..EventOptions::default() });
    loop {
        let event = until(&mut events, "create").await;
        if event.actor.id == created.id {
            break;
        }
    }
}
