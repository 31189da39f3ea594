//! What a database server or an app logged.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{InvalidValue, ValidationErrors};
use stardeck_service::{
    logs::LogEvent,
    runtime::{LogLine, LogQuery, LogStream},
};
use utoipa::{IntoParams, ToSchema};

use super::{
    fields::Fields,
    lists::{list_view, number},
};

/// Most lines of one answer.
const TAIL_MAX: u32 = 10_000;
/// Lines of an answer when nothing is said.
const TAIL_DEFAULT: u32 = 200;

/// Which lines are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct LogsQuery {
    /// The last so many lines.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 10000, default = 200)]
    tail: Option<String>,
    /// Only lines since this time (RFC 3339).
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<String>,
}

impl LogsQuery {
    pub(crate) fn check(self) -> Result<LogQuery, ValidationErrors> {
        check(self.tail.as_deref(), self.since.as_deref(), 1)
    }
}

/// Which lines to begin with.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct FollowLogsQuery {
    /// The last so many lines, as far as they are kept for followers (4 MiB); 0 for new ones only.
    #[param(value_type = Option<u32>, minimum = 0, maximum = 10000, default = 200)]
    tail: Option<String>,
    /// Of those, only lines since this time (RFC 3339).
    #[param(value_type = Option<DateTime<Utc>>)]
    since: Option<String>,
}

impl FollowLogsQuery {
    pub(crate) fn check(self) -> Result<LogQuery, ValidationErrors> {
        check(self.tail.as_deref(), self.since.as_deref(), 0)
    }
}

fn check(tail: Option<&str>, since: Option<&str>, tail_min: u32) -> Result<LogQuery, ValidationErrors> {
    let mut fields = Fields::default();
    let tail = fields.optional("tail", tail, |text| number(text, tail_min, TAIL_MAX));
    let since = fields.optional("since", since, |text| {
        DateTime::parse_from_rfc3339(text)
            .map(|time| time.with_timezone(&Utc))
            .map_err(|_| InvalidValue::new("invalid_time", "must be a time such as 2026-01-31T12:00:00Z"))
    });
    fields.finish()?;
    Ok(LogQuery { tail: tail.unwrap_or(TAIL_DEFAULT), since })
}

/// One line.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = LogLine)]
pub(crate) struct LogLineView {
    /// When it was written, as far as that is known.
    at: Option<DateTime<Utc>>,
    /// Which stream it came from.
    stream: LogStreamView,
    /// The text.
    line: String,
}

/// An output stream of a container.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = LogStream)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogStreamView {
    /// Standard output.
    Stdout,
    /// Standard error. Most database servers log here.
    Stderr,
}

list_view! {
    /// Lines that a database server or an app logged, oldest first.
    LogList of LogLineView;
}

impl LogList {
    /// The lines found. There is no next part: an earlier one is had with a larger `tail`.
    pub(crate) fn of_lines(lines: Vec<LogLine>) -> Self {
        Self { items: lines.into_iter().map(LogLineView::of).collect(), next_cursor: None }
    }
}

impl LogLineView {
    fn of(line: LogLine) -> Self {
        Self { at: line.at, stream: LogStreamView::of(line.stream), line: line.line }
    }
}

impl LogStreamView {
    fn of(stream: LogStream) -> Self {
        match stream {
            LogStream::Stdout => Self::Stdout,
            LogStream::Stderr => Self::Stderr,
        }
    }
}

/// One frame of `GET /api/databases/{id}/logs/follow` and `GET /api/containers/{id}/logs/follow`. `type` says which members say something; the others are null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LogFrame {
    /// What it is.
    r#type: LogFrameType,
    /// Counts up from line to line (`line`). Another connection may count from another line on.
    seq: Option<u64>,
    /// When the line was written, as far as that is known (`line`).
    at: Option<DateTime<Utc>>,
    /// Which stream it came from (`line`).
    stream: Option<LogStreamView>,
    /// The text (`line`).
    line: Option<String>,
    /// How many lines are left out (`gap`).
    skipped: Option<u64>,
}

/// What a frame of a log is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LogFrameType {
    /// A line was written.
    Line,
    /// The follower was so slow that lines were lost to it. `…/logs` may still have them.
    Gap,
}

impl LogFrame {
    /// What is sent of an event.
    pub(crate) fn of(event: LogEvent) -> Self {
        match event {
            LogEvent::Line { number, line } => Self {
                r#type: LogFrameType::Line,
                seq: Some(number),
                at: line.at,
                stream: Some(LogStreamView::of(line.stream)),
                line: Some(line.line.clone()),
                skipped: None,
            },
            LogEvent::Gap { lines } => Self {
                r#type: LogFrameType::Gap,
                seq: None,
                at: None,
                stream: None,
                line: None,
                skipped: Some(lines),
            },
        }
    }
}
