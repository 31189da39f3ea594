//! Answers of Podman that go on while it works: cut anywhere on their way, they mean the same as in one piece.

use std::time::Duration;

use chrono::{DateTime, Utc};
use stardeck_podman::{
    EventItem, EventOptions, ExecOptions, LogLine, LogOptions, OutputSource, PullEvent, PullOptions,
    PullPolicy,
};

use crate::{
    podman::{ask, chunked, raw, told, whole},
    text,
};

/// What came, in words, and how it ended.
#[derive(Debug, PartialEq, Eq)]
struct Heard {
    items: Vec<String>,
    end: Option<String>,
}

/// How an answer travels.
#[derive(Clone, Copy)]
struct Way<'a> {
    body: &'a [u8],
    /// Longest pieces, in bytes, one after the other.
    sizes: &'a [usize],
    /// Whether it is sent to its end.
    has_end: bool,
}

/// A byte for the call, a byte for the sizes of pieces, and what is answered.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let (call, rest) = text::chosen(input);
    let (cut, body) = text::chosen(rest);
    let sizes = [1 + (cut & 7), 1 + (cut >> 3 & 7) * 5, 1 + cut / 2];
    let has_end = call & 0x80 == 0;
    let calls: [fn(Way<'_>) -> Heard; 7] =
        [logs, logs_with_times, events, pull, compatible_pull, statistics, process];
    let call = text::one_of(&calls, call & 0x7f);
    let at_once = call(Way { body, sizes: &[usize::MAX], has_end });
    let in_pieces = call(Way { body, sizes: &sizes, has_end });
    assert_eq!(at_once, in_pieces, "cut into pieces of {sizes:?} it means something else");
}

impl<'a> Way<'a> {
    fn pieces(self) -> Vec<&'a [u8]> {
        let (mut rest, mut pieces) = (self.body, Vec::new());
        for size in self.sizes.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            let (piece, more) = rest.split_at((*size).min(rest.len()));
            pieces.push(piece);
            rest = more;
        }
        pieces
    }

    fn chunked(self) -> Vec<Vec<u8>> {
        chunked(self.pieces(), self.has_end)
    }
}

fn logs(way: Way<'_>) -> Heard {
    let (lines, end) = read_logs(way, false);
    for (line, (source, payload)) in lines.iter().zip(frames(way.body)) {
        let text = String::from_utf8_lossy(payload);
        let text = text.strip_suffix('\n').unwrap_or(&text);
        assert_eq!(line.text, text.strip_suffix('\r').unwrap_or(text));
        assert_eq!((line.source, line.time), (source, None));
        assert_eq!(line.complete, payload.ends_with(b"\n"));
    }
    assert!(lines.len() <= frames(way.body).len());
    heard(&lines, end)
}

fn logs_with_times(way: Way<'_>) -> Heard {
    let (lines, end) = read_logs(way, true);
    for (line, (source, payload)) in lines.iter().zip(frames(way.body)) {
        let text = String::from_utf8_lossy(payload);
        assert_eq!(line.source, source);
        assert!(text.contains(&line.text), "{line:?} of {text:?}");
        assert!(line.time.is_some() || line.text.len() + 2 >= text.len(), "{line:?} of {text:?}");
    }
    heard(&lines, end)
}

fn read_logs(way: Way<'_>, timestamps: bool) -> (Vec<LogLine>, Option<String>) {
    let options = LogOptions { timestamps, ..LogOptions::default() };
    ask(vec![way.chunked()], async |client| {
        let mut lines = Vec::new();
        let mut stream = match client.containers().logs("web", &options).await {
            Ok(stream) => stream,
            Err(error) => return (lines, Some(told(&error))),
        };
        while let Some(line) = stream.next().await {
            match line {
                Ok(line) => lines.push(line),
                Err(error) => return (lines, Some(told(&error))),
            }
        }
        (lines, None)
    })
}

/// The frames of a stream, read in the simplest way there is: as far as they are whole.
fn frames(mut bytes: &[u8]) -> Vec<(OutputSource, &[u8])> {
    let mut frames = Vec::new();
    while let Some((header, rest)) = bytes.split_first_chunk::<8>() {
        let [kind, 0, 0, 0, length @ ..] = *header else { break };
        let source = match kind {
            0 | 1 => OutputSource::Stdout,
            2 => OutputSource::Stderr,
            _ => break,
        };
        let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
        let Some((payload, rest)) = rest.split_at_checked(length) else { break };
        if !payload.is_empty() {
            frames.push((source, payload));
        }
        bytes = rest;
    }
    frames
}

fn events(way: Way<'_>) -> Heard {
    let options = EventOptions { since: Some(DateTime::<Utc>::UNIX_EPOCH), ..EventOptions::default() };
    let lines = way.body.split(|byte| *byte == b'\n').count();
    let (items, end) = ask(vec![way.chunked()], async |client| {
        let mut events = client.events().watch(options);
        let mut items = Vec::new();
        // It would connect again without an end.
        loop {
            match events.next().await {
                EventItem::Connected => assert!(items.is_empty(), "it is connected once"),
                EventItem::Event(event) => items.push(event),
                EventItem::Disconnected(error) => return (items, Some(told(&error))),
            }
        }
    });
    assert!(items.len() <= lines, "one line is one event");
    let mut known = std::collections::HashSet::new();
    for event in &items {
        assert!(!event.action.is_empty(), "{event:?}");
        assert!(known.insert((&event.actor.id, &event.action, event.time_nanos)), "{event:?} is told twice");
    }
    heard(&items, end)
}

fn pull(way: Way<'_>) -> Heard {
    read_pull(way, PullPolicy::Missing)
}

fn compatible_pull(way: Way<'_>) -> Heard {
    read_pull(way, PullPolicy::Always)
}

fn read_pull(way: Way<'_>, policy: PullPolicy) -> Heard {
    let options = PullOptions { policy, ..PullOptions::default() };
    let image = whole(br#"{"Id":"sha256:1"}"#);
    ask(vec![way.chunked(), image], async |client| {
        let mut items: Vec<PullEvent> = Vec::new();
        let mut stream = match client.images().pull("docker.io/library/alpine:3", &options).await {
            Ok(stream) => stream,
            Err(error) => return heard(&items, Some(told(&error))),
        };
        while let Some(item) = stream.next().await {
            assert!(!matches!(items.last(), Some(PullEvent::Done { .. })), "it goes on after its end");
            match item {
                Ok(item) => items.push(item),
                Err(error) => return heard(&items, Some(told(&error))),
            }
        }
        assert!(matches!(items.last(), Some(PullEvent::Done { .. })), "neither failed nor done: {items:?}");
        heard(&items, None)
    })
}

fn statistics(way: Way<'_>) -> Heard {
    ask(vec![way.chunked()], async |client| {
        let mut items = Vec::new();
        let mut stream = match client.containers().watch_stats(&["web"], Duration::from_secs(1)).await {
            Ok(stream) => stream,
            Err(error) => return heard(&items, Some(told(&error))),
        };
        while let Some(item) = stream.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(error) => return heard(&items, Some(told(&error))),
            }
        }
        heard(&items, None)
    })
}

/// What a process writes. The connection is raw, so that its end can not be told from a cut between two frames.
fn process(way: Way<'_>) -> Heard {
    let created = whole(br#"{"Id":"5e55"}"#);
    let ended = whole(br#"{"ID":"5e55","Running":false,"ExitCode":3}"#);
    ask(vec![created, raw(way.pieces()), ended], async |client| {
        let mut items: Vec<(OutputSource, Vec<u8>)> = Vec::new();
        let mut process = client.exec().start("web", &ExecOptions::new(["ls"])).await.expect("it is started");
        let end = loop {
            match process.next().await {
                Some(Ok((source, bytes))) => items.push((source, bytes.to_vec())),
                Some(Err(error)) => break Some(told(&error)),
                None => break None,
            }
        };
        let expected = frames(way.body);
        assert!(items.iter().map(|(source, bytes)| (*source, bytes.as_slice())).eq(expected), "{items:?}");
        match end {
            None => assert_eq!(process.wait().await.ok(), Some(3)),
            Some(_) => process.detach(),
        }
        heard(&items, end)
    })
}

fn heard<T: std::fmt::Debug>(items: &[T], end: Option<String>) -> Heard {
    Heard { items: items.iter().map(|item| format!("{item:?}")).collect(), end }
}
