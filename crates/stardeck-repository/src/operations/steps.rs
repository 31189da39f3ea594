//! Queries of `operation_steps`.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{OperationChange, OperationId, OperationStep, StepName, StepState, TransferProgress};

use super::events;
use crate::{
    Error, Tx,
    error::require_row,
    rows::{NewStepRow, StepRow, timestamp_text},
    schema::operation_steps,
};

const WHAT: &str = "step";

/// Writes down that a step is at work. What it said and when it ended in an earlier try is cleared.
///
/// # Errors
/// The operation has no such step.
pub fn begin_step(tx: &mut Tx, id: OperationId, step: StepName, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = diesel::update(the_step(id.to_string(), step.as_str()))
        .set((
            operation_steps::state.eq(StepState::Running.as_str()),
            operation_steps::started_at.eq(timestamp_text(now)),
            operation_steps::finished_at.eq(None::<String>),
            operation_steps::detail.eq(None::<String>),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &step)?;
    record(tx, id, step, StepState::Running, None)
}

/// Writes down how a step ended. Without a detail the last one it told stays.
///
/// # Errors
/// The operation has no such step.
pub fn finish_step(
    tx: &mut Tx,
    id: OperationId,
    step: StepName,
    state: StepState,
    detail: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let changed = diesel::update(the_step(id.to_string(), step.as_str()))
        .set((
            operation_steps::state.eq(state.as_str()),
            operation_steps::finished_at.eq(timestamp_text(now)),
            detail.map(|detail| operation_steps::detail.eq(detail)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &step)?;
    record(tx, id, step, state, detail.map(str::to_owned))
}

/// Sets what a step is doing, in words.
///
/// # Errors
/// The operation has no such step.
pub fn set_step_detail(tx: &mut Tx, id: OperationId, step: StepName, detail: &str) -> Result<(), Error> {
    let changed = diesel::update(the_step(id.to_string(), step.as_str()))
        .set(operation_steps::detail.eq(detail))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &step)
}

/// Writes down how far a step's transfer is, and sets what the step is doing to the same in words.
///
/// # Errors
/// The operation has no such step.
pub fn record_progress(
    tx: &mut Tx,
    id: OperationId,
    step: StepName,
    progress: &TransferProgress,
    detail: &str,
) -> Result<(), Error> {
    set_step_detail(tx, id, step, detail)?;
    events::record_if_room(tx, id, &OperationChange::Progress { step, progress: progress.clone() })
}

/// Writes down that a step was taken back. A step that was at work or done becomes `undone`; one that failed stays
/// `failed`, so that people see which one it was, and one that never began stays as it is.
///
/// # Errors
/// The operation has no such step.
pub fn mark_undone(tx: &mut Tx, id: OperationId, step: StepName) -> Result<(), Error> {
    let state: Option<String> = the_step(id.to_string(), step.as_str())
        .select(operation_steps::state)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    let state = state.ok_or_else(|| Error::not_found(WHAT, &step))?;
    if ![StepState::Running, StepState::Succeeded].map(StepState::as_str).contains(&state.as_str()) {
        return Ok(());
    }
    let changed = diesel::update(the_step(id.to_string(), step.as_str()))
        .set(operation_steps::state.eq(StepState::Undone.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &step)?;
    record(tx, id, step, StepState::Undone, None)
}

fn record(
    tx: &mut Tx,
    id: OperationId,
    step: StepName,
    state: StepState,
    detail: Option<String>,
) -> Result<(), Error> {
    events::record(tx, id, &OperationChange::Step { step, state, detail })
}

/// Writes the steps of a new operation down, in order.
pub(super) fn insert(tx: &mut Tx, id: OperationId, steps: &[StepName]) -> Result<(), Error> {
    let rows: Vec<_> =
        (1..).zip(steps).map(|(position, step)| NewStepRow::new(id, position, *step)).collect();
    diesel::insert_into(operation_steps::table)
        .values(rows)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The steps of some operations, each in order.
pub(super) fn of(tx: &mut Tx, operations: &[&str]) -> Result<HashMap<String, Vec<OperationStep>>, Error> {
    let rows: Vec<StepRow> = operation_steps::table
        .filter(operation_steps::operation_id.eq_any(operations))
        .order((operation_steps::operation_id, operation_steps::position))
        .select(StepRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    let mut steps: HashMap<String, Vec<OperationStep>> = HashMap::new();
    for row in rows {
        steps.entry(row.operation_id.clone()).or_default().push(row.try_into()?);
    }
    Ok(steps)
}

#[diesel::dsl::auto_type(no_type_alias)]
fn the_step(operation: String, step: &'static str) -> _ {
    operation_steps::table
        .filter(operation_steps::operation_id.eq(operation))
        .filter(operation_steps::name.eq(step))
}
