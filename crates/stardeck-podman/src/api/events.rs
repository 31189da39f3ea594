//! Events.

use crate::client::Client;
use crate::stream::{EventOptions, EventStream};

/// Calls about events.
#[derive(Debug, Clone, Copy)]
pub struct Events<'a> {
    client: &'a Client,
}

impl<'a> Events<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Watches events from now on, across restarts of the service. Nothing is sent before the first `next`.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) {
    /// use stardeck_podman::{EventItem, EventOptions};
    ///
    /// let mut events = client.events().watch(EventOptions::default());
    /// loop {
    ///     match events.next().await {
    ///         EventItem::Connected => println!("list everything now"),
    ///         EventItem::Event(event) => println!("{} {}", event.action, event.actor.id),
    ///         EventItem::Disconnected(error) => println!("{error}"),
    ///     }
    /// }
    /// # }
    /// ```
    pub fn watch(&self, options: EventOptions) -> EventStream {
        EventStream::new(self.client.clone(), options)
    }
}
