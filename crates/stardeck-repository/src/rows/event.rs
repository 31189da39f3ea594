//! Rows of `events`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{Event, EventKind, News};

use super::{count, parsed, timestamp, timestamp_text};
use crate::{Error, schema::events};

#[derive(Queryable, Selectable)]
#[diesel(table_name = events, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct EventRow {
    seq: i32,
    at: String,
    kind: String,
    facts: String,
}

impl TryFrom<EventRow> for Event {
    type Error = Error;

    fn try_from(row: EventRow) -> Result<Self, Error> {
        let wrong = |error| Error::corrupt("events.facts", error);
        let facts = row.facts.as_str();
        let news = match parsed("events.kind", &row.kind)? {
            EventKind::DatabaseCreated => News::DatabaseCreated(serde_json::from_str(facts).map_err(wrong)?),
            EventKind::DatabaseChanged => News::DatabaseChanged(serde_json::from_str(facts).map_err(wrong)?),
            EventKind::DatabaseDeleted => News::DatabaseDeleted(serde_json::from_str(facts).map_err(wrong)?),
            EventKind::OperationChanged => {
                News::OperationChanged(serde_json::from_str(facts).map_err(wrong)?)
            }
            EventKind::DetectionChanged => News::DetectionChanged,
        };
        Ok(Self { seq: count("events.seq", row.seq)?, at: timestamp("events.at", &row.at)?, news })
    }
}

#[derive(Insertable)]
#[diesel(table_name = events)]
pub(crate) struct NewEventRow {
    at: String,
    kind: &'static str,
    facts: &'static str,
}

impl NewEventRow {
    /// An event without facts.
    pub(crate) fn bare(kind: EventKind, at: DateTime<Utc>) -> Self {
        Self { at: timestamp_text(at), kind: kind.as_str(), facts: "{}" }
    }
}
