//! Queries of `operation_log`.

use chrono::{DateTime, Utc};
use diesel::{dsl::max, prelude::*};
use stardeck_domain::{OperationChange, OperationId, OperationLogLine, StepName};

use super::events;
use crate::{
    Error, Tx,
    rows::{LogRow, count, timestamp_text},
    schema::operation_log,
};

/// Most lines that an operation logs.
pub const LOG_LINES_MAX: u32 = 1000;
/// What stands in place of the lines above that.
const LEFT_OUT: &str = "further lines are left out";

/// Adds a line to an operation's log. Returns its number, which counts up from 1 within the operation. The last of
/// [`LOG_LINES_MAX`] lines says that further ones are left out, and so they are.
///
/// # Errors
/// [`Error::Conflict`] with `Reference` when there is no such operation.
pub fn append_log(
    tx: &mut Tx,
    id: OperationId,
    step: Option<StepName>,
    line: &str,
    now: DateTime<Utc>,
) -> Result<u32, Error> {
    let last: Option<i32> = operation_log::table
        .filter(operation_log::operation_id.eq(id.to_string()))
        .select(max(operation_log::seq))
        .first(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    let number = count("operation_log.seq", last.unwrap_or(0))?;
    if number >= LOG_LINES_MAX {
        return Ok(number);
    }
    let line = if number + 1 == LOG_LINES_MAX { LEFT_OUT } else { line };
    let seq = last.unwrap_or(0) + 1;
    let row = LogRow {
        operation_id: id.to_string(),
        seq,
        at: timestamp_text(now),
        step: step.map(|step| step.to_string()),
        line: line.to_owned(),
    };
    diesel::insert_into(operation_log::table)
        .values(row)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    events::record(tx, id, &OperationChange::Log { step, line: line.to_owned() })?;
    Ok(number + 1)
}

/// The lines of an operation's log with numbers above `after_seq` (0 for all), in order, at most `limit` of them. An
/// operation that does not exist has none.
///
/// # Errors
/// The store is in trouble.
pub fn log(tx: &mut Tx, id: OperationId, after_seq: u32, limit: u32) -> Result<Vec<OperationLogLine>, Error> {
    // Numbers above what the column holds are above every line there is.
    let after = i32::try_from(after_seq).unwrap_or(i32::MAX);
    let rows: Vec<LogRow> = operation_log::table
        .filter(operation_log::operation_id.eq(id.to_string()))
        .filter(operation_log::seq.gt(after))
        .order(operation_log::seq)
        .limit(i64::from(limit))
        .select(LogRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}
