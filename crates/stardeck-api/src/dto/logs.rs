//! What a database server logged.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{InvalidValue, ValidationErrors};
use stardeck_service::runtime::{LogLine, LogQuery, LogStream};
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
        let mut fields = Fields::default();
        let tail = fields.optional("tail", self.tail.as_deref(), |text| number(text, 1, TAIL_MAX));
        let since = fields.optional("since", self.since.as_deref(), |text| {
            DateTime::parse_from_rfc3339(text)
                .map(|time| time.with_timezone(&Utc))
                .map_err(|_| InvalidValue::new("invalid_time", "must be a time such as 2026-01-31T12:00:00Z"))
        });
        fields.finish()?;
        Ok(LogQuery { tail: tail.unwrap_or(TAIL_DEFAULT), since })
    }
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
    /// Lines that a database server logged, oldest first.
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
        let stream = match line.stream {
            LogStream::Stdout => LogStreamView::Stdout,
            LogStream::Stderr => LogStreamView::Stderr,
        };
        Self { at: line.at, stream, line: line.line }
    }
}
