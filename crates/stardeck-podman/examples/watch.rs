//! Tells what happens to containers, across restarts of the service:
//! `cargo run -p stardeck-podman --example watch -- /run/podman/podman.sock`.

#![expect(clippy::print_stdout, reason = "an example shows its result")]

use stardeck_podman::{Client, EventItem, EventOptions, Filters};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let socket = std::env::args().nth(1).unwrap_or_else(|| "/run/podman/podman.sock".to_owned());
    let filters = Filters::from([("type".to_owned(), vec!["container".to_owned()])]);
    let mut events = Client::new(socket).events().watch(EventOptions { filters, ..EventOptions::default() });
    loop {
        match events.next().await {
            EventItem::Connected => println!("connected; a list now shows what was missed"),
            EventItem::Event(event) => {
                println!("{}\t{}\t{}", event.time(), event.action, event.name().unwrap_or(&event.actor.id));
            }
            EventItem::Disconnected(error) => println!("gone for now: {error}"),
        }
    }
}
