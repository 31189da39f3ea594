//! Queries of `operations`, `operation_steps`, `operation_log` and `operation_events`.
//!
//! An operation is unfinished while it is queued, running or undoing. It refers to its target and its requester by id
//! without foreign keys, so that it outlives them.

mod events;
mod log;
mod prune;
mod steps;

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    prelude::*,
    sql_types::{Bool, Text},
};
use stardeck_domain::{
    DatabaseId, Failure, NewOperation, Operation, OperationChange, OperationId, OperationKind,
    OperationState, OperationStep,
};

pub use self::{
    events::{events, last_event},
    log::{LOG_LINES_MAX, append_log, log},
    prune::prune,
    steps::{begin_step, finish_step, mark_undone, record_progress, set_step_detail},
};
use crate::{
    Error, Page, Slice, Tx, audit,
    error::require_row,
    rows::{NewOperationRow, OperationRow, timestamp_text},
    schema::operations,
};

const WHAT: &str = "operation";
const WHAT_UNFINISHED: &str = "unfinished operation";

/// Which operations are wanted; every field that is given narrows the list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only those in this state.
    pub state: Option<OperationState>,
    /// Only those on this database.
    pub database_id: Option<DatabaseId>,
    /// Only those of this kind.
    pub kind: Option<OperationKind>,
}

/// Writes an operation down, queued, with all its steps pending.
///
/// # Errors
/// [`Error::Conflict`] with `OperationInProgress` when another operation on the same database is unfinished.
pub fn insert(tx: &mut Tx, operation: &NewOperation, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::insert_into(operations::table)
        .values(NewOperationRow::new(operation, now))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    steps::insert(tx, operation.id, &operation.steps)?;
    events::record(tx, operation.id, &OperationChange::State { state: OperationState::Queued })
}

/// An operation by its id.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: OperationId) -> Result<Operation, Error> {
    let row =
        operations::table.find(id.to_string()).select(OperationRow::as_select()).first(&mut tx.connection);
    find_one(tx, row)?.ok_or_else(|| Error::not_found(WHAT, &id))
}

/// The operation that is at work on a database, or waits to be. The deployment of an app is at work on the database that it
/// deploys as well, which its input names.
///
/// # Errors
/// The store is in trouble.
pub fn find_unfinished_of(tx: &mut Tx, database: DatabaseId) -> Result<Option<Operation>, Error> {
    let deploys =
        sql::<Bool>("ifnull(json_extract(input, '$.deploys'), '') = ").bind::<Text, _>(database.to_string());
    let row = operations::table
        .filter(operations::target_id.eq(database.to_string()).or(deploys))
        .filter(operations::state.eq_any(unfinished()))
        .select(OperationRow::as_select())
        .first(&mut tx.connection);
    find_one(tx, row)
}

/// The operation that was last asked for on a database, finished or not.
///
/// # Errors
/// The store is in trouble.
pub fn find_latest_of(tx: &mut Tx, database: DatabaseId) -> Result<Option<Operation>, Error> {
    let row = operations::table
        .filter(operations::target_id.eq(database.to_string()))
        .order(operations::id.desc())
        .select(OperationRow::as_select())
        .first(&mut tx.connection);
    find_one(tx, row)
}

/// One page of the operations, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, filter: &Filter, page: &Page) -> Result<Slice<Operation>, Error> {
    let mut query = operations::table
        .order(operations::id)
        .limit(page.fetch())
        .select(OperationRow::as_select())
        .into_boxed();
    if let Some(state) = filter.state {
        query = query.filter(operations::state.eq(state.as_str()));
    }
    if let Some(database) = filter.database_id {
        query = query.filter(operations::target_id.eq(database.to_string()));
    }
    if let Some(kind) = filter.kind {
        query = query.filter(operations::kind.eq(kind.as_str()));
    }
    if let Some(after) = &page.after {
        query = query.filter(operations::id.gt(after));
    }
    let rows = query.load(&mut tx.connection);
    let items = into_domain(tx, rows)?;
    Ok(page.cut(items, |operation| operation.id.to_string()))
}

/// All unfinished operations, oldest first: what a server that starts has to take up.
///
/// # Errors
/// The store is in trouble.
pub fn list_unfinished(tx: &mut Tx) -> Result<Vec<Operation>, Error> {
    let rows = operations::table
        .filter(operations::state.eq_any(unfinished()))
        .order(operations::id)
        .select(OperationRow::as_select())
        .load(&mut tx.connection);
    into_domain(tx, rows)
}

/// Writes down that an operation is at work. One that is at work already is taken up again after a crash.
///
/// # Errors
/// There is no such operation, it has ended, or it is taking back what it did.
pub fn begin(tx: &mut Tx, id: OperationId) -> Result<(), Error> {
    let from = [OperationState::Queued, OperationState::Running];
    set_state(tx, id, &from, OperationState::Running)
}

/// Writes down that an operation takes back what it did.
///
/// # Errors
/// There is no such operation, or it has ended.
pub fn begin_undo(tx: &mut Tx, id: OperationId) -> Result<(), Error> {
    let from = [OperationState::Queued, OperationState::Running, OperationState::Undoing];
    set_state(tx, id, &from, OperationState::Undoing)
}

/// Ends an operation, with why it failed and whether everything it did was taken back. The audit log is told.
///
/// # Errors
/// There is no such operation, it has ended, or the state is not a final one.
pub fn finish(
    tx: &mut Tx,
    id: OperationId,
    state: OperationState,
    error: Option<&Failure>,
    undone: Option<bool>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let error_text = error.map(serde_json::to_string).transpose().map_err(Error::other)?;
    let changed = diesel::update(operations::table.find(id.to_string()))
        .filter(operations::state.eq_any(unfinished()))
        .set((
            operations::state.eq(state.as_str()),
            operations::error.eq(error_text),
            operations::undone.eq(undone.map(i32::from)),
            operations::finished_at.eq(timestamp_text(now)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT_UNFINISHED, &id)?;
    audit::append_end(tx, id, state, now)?;
    events::record(tx, id, &OperationChange::Ended { state, error: error.cloned(), undone })
}

/// Asks an operation to stop and take back what it did. False when it has ended, so that nothing comes of it. A
/// second request changes nothing.
///
/// # Errors
/// There is no such operation.
pub fn request_cancel(tx: &mut Tx, id: OperationId, now: DateTime<Utc>) -> Result<bool, Error> {
    let changed = diesel::update(operations::table.find(id.to_string()))
        .filter(operations::state.eq_any(unfinished()))
        .filter(operations::cancel_requested_at.is_null())
        .set(operations::cancel_requested_at.eq(timestamp_text(now)))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    if changed > 0 {
        events::record(tx, id, &OperationChange::CancelRequested)?;
    }
    let state: Option<String> = operations::table
        .find(id.to_string())
        .select(operations::state)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    let state = state.ok_or_else(|| Error::not_found(WHAT, &id))?;
    Ok(unfinished().contains(&state.as_str()))
}

/// Whether somebody asked to cancel the operation.
///
/// # Errors
/// There is no such operation.
pub fn is_cancel_requested(tx: &mut Tx, id: OperationId) -> Result<bool, Error> {
    operations::table
        .find(id.to_string())
        .select(operations::cancel_requested_at.is_not_null())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))
}

/// The states in which something more will happen, as they are stored.
fn unfinished() -> Vec<&'static str> {
    OperationState::ALL.iter().filter(|state| !state.is_final()).map(|state| state.as_str()).collect()
}

fn set_state(tx: &mut Tx, id: OperationId, from: &[OperationState], to: OperationState) -> Result<(), Error> {
    let from: Vec<_> = from.iter().map(|state| state.as_str()).collect();
    let changed = diesel::update(operations::table.find(id.to_string()))
        .filter(operations::state.eq_any(from))
        .set(operations::state.eq(to.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT_UNFINISHED, &id)?;
    events::record(tx, id, &OperationChange::State { state: to })
}

fn find_one(tx: &mut Tx, row: QueryResult<OperationRow>) -> Result<Option<Operation>, Error> {
    let rows = row.optional().map(|row| row.into_iter().collect());
    Ok(into_domain(tx, rows)?.pop())
}

fn into_domain(tx: &mut Tx, rows: QueryResult<Vec<OperationRow>>) -> Result<Vec<Operation>, Error> {
    let rows = rows.map_err(Error::from_diesel)?;
    let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
    let mut steps: HashMap<String, Vec<OperationStep>> = steps::of(tx, &ids)?;
    rows.into_iter()
        .map(|row| {
            let steps = steps.remove(&row.id).unwrap_or_default();
            row.with_steps(steps)
        })
        .collect()
}
