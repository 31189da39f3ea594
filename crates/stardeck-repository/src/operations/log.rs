//! Queries of `operation_log`.

use chrono::{DateTime, Utc};
use diesel::{dsl::max, prelude::*};
use stardeck_domain::{OperationId, OperationLogLine, StepName};

use crate::{
    Error, Tx,
    rows::{LogRow, count, timestamp_text},
    schema::operation_log,
};

/// Adds a line to an operation's log. Returns its number, which counts up from 1 within the operation.
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
    count("operation_log.seq", seq)
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
