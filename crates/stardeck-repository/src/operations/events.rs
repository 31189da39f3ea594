//! Queries of `operation_events`. Every function that changes an operation writes the event in the same transaction,
//! so that the events are all that can be told about it.

use diesel::{dsl::max, prelude::*};
use stardeck_domain::{OperationChange, OperationEvent, OperationId};

use crate::{
    Error, Tx,
    rows::{OperationEventRow, count, integer, timestamp_text},
    schema::operation_events,
};

/// Above this number only what changes the operation's state is still written down.
const ROOM: u32 = 5_000;

/// The events of an operation with numbers above `after` (0 for all), in order, at most `limit` of them. An operation
/// that does not exist has none.
///
/// # Errors
/// The store is in trouble.
pub fn events(tx: &mut Tx, id: OperationId, after: u32, limit: u32) -> Result<Vec<OperationEvent>, Error> {
    // Numbers above what the column holds are above every event there is.
    let after = i32::try_from(after).unwrap_or(i32::MAX);
    let rows: Vec<OperationEventRow> = operation_events::table
        .filter(operation_events::operation_id.eq(id.to_string()))
        .filter(operation_events::seq.gt(after))
        .order(operation_events::seq)
        .limit(i64::from(limit))
        .select(OperationEventRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// The number of an operation's last event; 0 when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn last_event(tx: &mut Tx, id: OperationId) -> Result<u32, Error> {
    let last: Option<i32> = operation_events::table
        .filter(operation_events::operation_id.eq(id.to_string()))
        .select(max(operation_events::seq))
        .first(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    count("operation_events.seq", last.unwrap_or(0))
}

/// Writes an event down.
pub(super) fn record(tx: &mut Tx, id: OperationId, change: &OperationChange) -> Result<(), Error> {
    let seq = last_event(tx, id)?;
    record_as(tx, id, seq, change)
}

/// Writes an event down that can be done without, unless there are very many already.
pub(super) fn record_if_room(tx: &mut Tx, id: OperationId, change: &OperationChange) -> Result<(), Error> {
    match last_event(tx, id)? {
        last if last < ROOM => record_as(tx, id, last, change),
        _ => Ok(()),
    }
}

fn record_as(tx: &mut Tx, id: OperationId, last: u32, change: &OperationChange) -> Result<(), Error> {
    let row = OperationEventRow {
        operation_id: id.to_string(),
        seq: integer(last.saturating_add(1))?,
        at: timestamp_text(tx.began_at),
        change: serde_json::to_string(change).map_err(Error::other)?,
    };
    diesel::insert_into(operation_events::table)
        .values(row)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    tx.has_events = true;
    Ok(())
}
