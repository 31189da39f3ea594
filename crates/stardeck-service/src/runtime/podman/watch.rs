//! Podman's stream of events, in the service's words.

use stardeck_podman::{Client, Event, EventItem, EventKind, EventOptions};
use tokio::sync::mpsc;

use crate::runtime::{ObjectKind, RuntimeChange, RuntimeEvent};

/// How many events wait for whoever watches. Above that the stream waits, which loses nothing.
const AHEAD: usize = 256;

/// Begins to watch. It ends when the receiver is dropped.
pub(super) fn watch(client: &Client) -> mpsc::Receiver<RuntimeEvent> {
    let (sender, receiver) = mpsc::channel(AHEAD);
    let mut stream = client.events().watch(EventOptions::default());
    tokio::spawn(async move {
        loop {
            let item = tokio::select! {
                item = stream.next() => item,
                () = sender.closed() => return,
            };
            let told = match item {
                EventItem::Connected => Some(RuntimeEvent::Connected),
                EventItem::Event(event) => change(*event).map(RuntimeEvent::Changed),
                EventItem::Disconnected(error) => Some(RuntimeEvent::Lost { detail: error.to_string() }),
            };
            if let Some(told) = told
                && sender.send(told).await.is_err()
            {
                return;
            }
        }
    });
    receiver
}

/// None for what changes nothing that is looked at: commands run in a container, and checks of its health.
fn change(event: Event) -> Option<RuntimeChange> {
    if event.action.starts_with("exec") || event.action == "health_status" {
        return None;
    }
    let at = event.time();
    let name = event.name().map(str::to_owned);
    let what = match event.kind {
        EventKind::Container => ObjectKind::Container,
        EventKind::Image => ObjectKind::Image,
        EventKind::Network => ObjectKind::Network,
        EventKind::Volume => ObjectKind::Volume,
        EventKind::Secret => ObjectKind::Secret,
        EventKind::Pod | EventKind::System | EventKind::Other(_) => ObjectKind::Other,
    };
    // An event of a network is about the container that joined or left it.
    let id = match (what, event.actor.attributes.get("container")) {
        (ObjectKind::Network, Some(container)) => container.clone(),
        _ => event.actor.id,
    };
    Some(RuntimeChange { what, action: event.action, id, name, at })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use stardeck_podman::EventActor;

    use super::*;

    fn event(kind: EventKind, action: &str, attributes: &[(&str, &str)]) -> Event {
        let attributes: BTreeMap<_, _> =
            attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        let actor = EventActor { id: "net".to_owned(), attributes };
        Event { kind, action: action.to_owned(), actor, ..Event::default() }
    }

    #[test]
    fn commands_in_a_container_are_no_change_of_it() {
        assert_eq!(change(event(EventKind::Container, "exec_died", &[])), None);
        assert_eq!(change(event(EventKind::Container, "health_status", &[])), None);
        assert!(change(event(EventKind::Container, "died", &[])).is_some());
    }

    #[test]
    fn a_change_of_a_network_is_about_the_container() {
        let told = change(event(EventKind::Network, "disconnect", &[("container", "c1")])).unwrap();
        assert_eq!((told.what, told.id.as_str()), (ObjectKind::Network, "c1"));
    }
}
