//! Queries of `events`: what happened to the installation as a whole.
//!
//! Triggers write them in the transaction that changes a database or an operation (see the migration), so that no
//! function here or elsewhere has to, and none can forget it. Only what is no row of ours is told by hand.

use chrono::Utc;
use diesel::{dsl::max, prelude::*};
use stardeck_domain::{Event, EventKind};

use crate::{
    Error, Tx,
    rows::{EventRow, NewEventRow, count},
    schema::events,
};

/// The events with numbers above `after` (0 for all that are kept), in order, at most `limit` of them. The oldest are
/// forgotten; then the first number is not the one after `after`.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, after: u32, limit: u32) -> Result<Vec<Event>, Error> {
    // Numbers above what the column holds are above every event there is.
    let after = i32::try_from(after).unwrap_or(i32::MAX);
    let rows: Vec<EventRow> = events::table
        .filter(events::seq.gt(after))
        .order(events::seq)
        .limit(i64::from(limit))
        .select(EventRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The number of the last event; 0 when there was none.
///
/// # Errors
/// The store is in trouble.
pub fn last(tx: &mut Tx) -> Result<u32, Error> {
    let last: Option<i32> =
        events::table.select(max(events::seq)).first(&mut tx.connection).map_err(Error::from_diesel)?;
    count("events.seq", last.unwrap_or(0))
}

/// Tells that the containers changed that detection looks at.
///
/// # Errors
/// The store is in trouble.
pub fn tell_detection_changed(tx: &mut Tx) -> Result<(), Error> {
    diesel::insert_into(events::table)
        .values(NewEventRow::bare(EventKind::DetectionChanged, Utc::now()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}
