//! Rows as they lie in the tables, and the way from and to domain types. Text that a domain type does not know is
//! [`Error::Corrupt`]: it is never turned into a default.
//!
//! Timestamps are text in RFC 3339, in UTC, always with nine digits of fraction, so that they sort as text.

mod account;
mod app;
mod audit;
mod credential;
mod database;
mod event;
mod logical;
mod operation;
mod port;
mod registry;
mod token;
mod volume;

use std::{fmt::Display, str::FromStr};

use chrono::{DateTime, SecondsFormat, Utc};
use stardeck_domain::{InvalidValue, Port};

pub(crate) use account::{NewSessionRow, NewUserRow, SessionRow, UserRow};
pub(crate) use app::{AppRow, ConnectionNames, ConnectionRow, NewAppRow, NewConnectionRow};
pub(crate) use audit::{AuditRow, NewAuditRow};
pub(crate) use credential::{CredentialRow, NewCredentialRow};
pub(crate) use database::{DatabaseRow, NewDatabaseRow};
pub(crate) use event::{EventRow, NewEventRow};
pub(crate) use logical::{LogicalDatabaseRow, LogicalUserRow, NewLogicalDatabaseRow, NewLogicalUserRow};
pub(crate) use operation::{LogRow, NewOperationRow, NewStepRow, OperationEventRow, OperationRow, StepRow};
pub(crate) use port::{NewPortRow, PortRow};
pub(crate) use registry::{NewRegistryRow, RegistryRow};
pub(crate) use token::{ApiTokenRow, NewApiTokenRow};
pub(crate) use volume::{NewVolumeRow, VolumeRow};

use crate::Error;

/// A moment as it is stored.
pub(crate) fn timestamp_text(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Nanos, true)
}

/// A stored moment.
pub(crate) fn timestamp(column: &str, text: &str) -> Result<DateTime<Utc>, Error> {
    DateTime::parse_from_rfc3339(text).map(|at| at.to_utc()).map_err(|error| Error::corrupt(column, error))
}

/// A stored moment that may be absent.
pub(crate) fn timestamp_if_any(column: &str, text: Option<&str>) -> Result<Option<DateTime<Utc>>, Error> {
    text.map(|text| timestamp(column, text)).transpose()
}

/// A stored enum, id or address.
pub(crate) fn parsed<T>(column: &str, text: &str) -> Result<T, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.parse().map_err(|error: T::Err| Error::corrupt(column, error))
}

/// A stored enum, id or address that may be absent.
pub(crate) fn parsed_if_any<T>(column: &str, text: Option<&str>) -> Result<Option<T>, Error>
where
    T: FromStr,
    T::Err: Display,
{
    text.map(|text| parsed(column, text)).transpose()
}

/// A stored name or version.
pub(crate) fn checked<T>(column: &str, text: String) -> Result<T, Error>
where
    T: TryFrom<String, Error = InvalidValue>,
{
    T::try_from(text).map_err(|error| Error::corrupt(column, error))
}

/// A stored port.
pub(crate) fn port(column: &str, number: i32) -> Result<Port, Error> {
    Port::parse(i64::from(number)).map_err(|error| Error::corrupt(column, error))
}

/// A stored count, which is never negative.
pub(crate) fn count(column: &str, number: i32) -> Result<u32, Error> {
    u32::try_from(number).map_err(|error| Error::corrupt(column, error))
}

/// A count as it is stored.
///
/// # Errors
/// It is above 2147483647, the most that an `Integer` of Diesel holds.
pub(crate) fn integer(number: u32) -> Result<i32, Error> {
    i32::try_from(number).map_err(Error::other)
}

/// A stored truth value. The CHECK constraint lets only 0 and 1 in.
pub(crate) const fn truth(number: i32) -> bool {
    number != 0
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn timestamps_round_trip_to_the_nanosecond() {
        let at = DateTime::from_timestamp(1_700_000_000, 123_456_789).unwrap();
        assert_eq!(timestamp_text(at), "2023-11-14T22:13:20.123456789Z");
        assert_eq!(timestamp("t", &timestamp_text(at)).unwrap(), at);
    }

    #[test]
    fn timestamps_sort_as_text() {
        let first = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let steps = [0, 1, 999, 1_000, 999_999_999, 1_000_000_000, 60_000_000_000];
        let texts: Vec<_> =
            steps.iter().map(|ns| timestamp_text(first + TimeDelta::nanoseconds(*ns))).collect();
        assert!(texts.is_sorted(), "{texts:?}");
    }

    #[test]
    fn text_that_is_no_timestamp_is_corrupt() {
        assert!(matches!(timestamp("users.created_at", "yesterday"), Err(Error::Corrupt { .. })));
    }
}
