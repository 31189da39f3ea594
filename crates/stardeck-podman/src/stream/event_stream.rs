//! Events, with reconnection.
//!
//! Podman's stream can lose its first moments (4.3), end at a log rotation, and break with the service. This
//! one connects again by itself, overlaps by two seconds and leaves out what was delivered before.

use std::collections::{HashSet, VecDeque};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use tokio::time::Instant;

use super::lines::LineSplitter;
use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error};
use crate::request::{self, Filters};
use crate::transport::ReplyBody;
use crate::types::{Event, lenient};

/// Longest line that is accepted.
const MAX_LINE: usize = 1024 * 1024;
/// How far a connection reaches back behind the newest event seen.
const OVERLAP: TimeDelta = TimeDelta::seconds(2);
/// Events remembered to leave out repetitions; more than Podman writes in the overlap.
const MEMORY: usize = 8192;
/// Pause before the first reconnection; it doubles up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Which events to watch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EventOptions {
    /// Filters, for example `type` to `["container"]` or `label` to `["owner=me"]`.
    pub filters: Filters,
    /// Where to start; `None` is now, give or take two seconds.
    pub since: Option<DateTime<Utc>>,
}

/// What an [`EventStream`] delivers.
#[derive(Debug)]
pub enum EventItem {
    /// The stream is connected, for the first time or again. Events may have been missed: list now.
    Connected,
    /// Something happened.
    Event(Box<Event>),
    /// The stream broke. It will be connected again.
    Disconnected(Error),
}

/// An endless stream of events. It holds the service of a socket-activated Podman alive.
///
/// On Podman 4.3 the stream can fall silent when its log is rotated (about every 3000 events), so list from
/// time to time besides.
#[derive(Debug)]
pub struct EventStream {
    client: Client,
    filters: Filters,
    since: DateTime<Utc>,
    seen: Seen,
    state: State,
    pause: Duration,
}

#[derive(Debug)]
enum State {
    Pausing(Instant),
    Connecting,
    Reading { body: ReplyBody, lines: LineSplitter },
}

/// An event or, inside a 200, an error.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Failure {
    message: String,
    cause: String,
}

type Key = (String, String, i64);

/// The newest events, to leave out repetitions.
#[derive(Debug, Default)]
struct Seen {
    keys: HashSet<Key>,
    order: VecDeque<Key>,
}

impl Seen {
    /// Remembers an event. Is it new?
    fn insert(&mut self, event: &Event) -> bool {
        let key = (event.actor.id.clone(), event.action.clone(), event.time_nanos);
        if !self.keys.insert(key.clone()) {
            return false;
        }
        self.order.push_back(key);
        if self.order.len() > MEMORY
            && let Some(oldest) = self.order.pop_front()
        {
            self.keys.remove(&oldest);
        }
        true
    }
}

impl EventStream {
    pub(crate) fn new(client: Client, options: EventOptions) -> Self {
        let since = options.since.unwrap_or_else(Utc::now);
        Self {
            client,
            filters: options.filters,
            since,
            seen: Seen::default(),
            state: State::Connecting,
            pause: FIRST_PAUSE,
        }
    }

    /// The next item. It never ends; dropping the future loses nothing.
    ///
    /// ```no_run
    /// # async fn example(mut events: stardeck_podman::EventStream) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::EventItem;
    ///
    /// if let EventItem::Event(event) = events.next().await {
    ///     println!("{} {}", event.action, event.actor.id);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> EventItem {
        loop {
            match self.advance().await {
                Ok(Some(item)) => return item,
                Ok(None) => {}
                Err(error) => {
                    self.state = State::Pausing(Instant::now() + self.pause);
                    self.pause = self.pause.saturating_mul(2).min(LONGEST_PAUSE);
                    return EventItem::Disconnected(error);
                }
            }
        }
    }

    async fn advance(&mut self) -> Result<Option<EventItem>, Error> {
        match &mut self.state {
            State::Pausing(until) => {
                tokio::time::sleep_until(*until).await;
                self.state = State::Connecting;
                Ok(None)
            }
            State::Connecting => {
                let since = self.since.checked_sub_signed(OVERLAP).unwrap_or(self.since);
                let since = since.to_rfc3339_opts(SecondsFormat::Nanos, true);
                let request = request::system::events(&self.filters, Some(since), None, true);
                let body = self.client.send(request, Pace::Follow).await?.into_body();
                self.state = State::Reading { body, lines: LineSplitter::new(MAX_LINE) };
                Ok(Some(EventItem::Connected))
            }
            State::Reading { body, lines } => {
                let too_long =
                    |_| Error::TooLarge { endpoint: Endpoint::Events, what: "line", limit: MAX_LINE };
                let Some(line) = lines.next_line().map_err(too_long)? else {
                    let piece = body.chunk().await.unwrap_or_else(|| Err(body.cut()))?;
                    lines.push(&piece);
                    return Ok(None);
                };
                let event = read(&line)?;
                self.pause = FIRST_PAUSE;
                self.since = self.since.max(event.time());
                Ok(self.seen.insert(&event).then(|| EventItem::Event(Box::new(event))))
            }
        }
    }
}

fn read(line: &[u8]) -> Result<Event, Error> {
    let endpoint = Endpoint::Events;
    let decode = |reason| Error::Decode { endpoint, reason };
    let event: Event = lenient::from_slice(line).map_err(decode)?;
    if event.action.is_empty() {
        let failure: Failure = lenient::from_slice(line).map_err(decode)?;
        let mut error = ApiError::in_stream(endpoint, failure.message);
        error.cause = failure.cause;
        return Err(Error::Api(error));
    }
    Ok(event)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn same_event_again_is_left_out() {
        let mut seen = Seen::default();
        let event = Event { action: "start".into(), time_nanos: 1, ..Event::default() };
        assert!(seen.insert(&event));
        assert!(!seen.insert(&event));
        assert!(seen.insert(&Event { time_nanos: 2, ..event }));
    }

    #[test]
    fn memory_of_events_is_bounded() {
        let mut seen = Seen::default();
        for time_nanos in 0..20_000 {
            seen.insert(&Event { time_nanos, ..Event::default() });
        }
        assert_eq!((seen.keys.len(), seen.order.len()), (MEMORY, MEMORY));
    }

    #[test]
    fn error_inside_the_stream_is_an_error() {
        let error = read(br#"{"cause":"bad time","message":"failed: bad time","response":500}"#).unwrap_err();
        assert_eq!(error.api().unwrap().cause, "bad time");
    }
}
