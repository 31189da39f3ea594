//! Rows of `operations`, `operation_steps`, `operation_log` and `operation_events`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{
    JsonText, NewOperation, Operation, OperationEvent, OperationId, OperationLogLine, OperationState,
    OperationStep, StepName, StepState,
};

use super::{count, parsed, parsed_if_any, timestamp, timestamp_if_any, timestamp_text, truth};
use crate::{
    Error,
    schema::{operation_events, operation_log, operation_steps, operations},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = operations, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct OperationRow {
    pub(crate) id: String,
    kind: String,
    target_id: String,
    requested_by: Option<String>,
    state: String,
    input: String,
    cancel_requested_at: Option<String>,
    error: Option<String>,
    undone: Option<i32>,
    created_at: String,
    finished_at: Option<String>,
}

impl OperationRow {
    /// The operation, with its steps in order.
    pub(crate) fn with_steps(self, steps: Vec<OperationStep>) -> Result<Operation, Error> {
        let error = self.error.as_deref().map(serde_json::from_str).transpose();
        Ok(Operation {
            id: parsed("operations.id", &self.id)?,
            kind: parsed("operations.kind", &self.kind)?,
            database_id: parsed("operations.target_id", &self.target_id)?,
            requested_by: parsed_if_any("operations.requested_by", self.requested_by.as_deref())?,
            state: parsed("operations.state", &self.state)?,
            input: JsonText(self.input),
            cancel_requested_at: timestamp_if_any(
                "operations.cancel_requested_at",
                self.cancel_requested_at.as_deref(),
            )?,
            error: error.map_err(|error| Error::corrupt("operations.error", error))?,
            undone: self.undone.map(truth),
            steps,
            created_at: timestamp("operations.created_at", &self.created_at)?,
            finished_at: timestamp_if_any("operations.finished_at", self.finished_at.as_deref())?,
        })
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = operation_steps, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct StepRow {
    pub(crate) operation_id: String,
    name: String,
    state: String,
    started_at: Option<String>,
    finished_at: Option<String>,
    detail: Option<String>,
}

impl TryFrom<StepRow> for OperationStep {
    type Error = Error;

    fn try_from(row: StepRow) -> Result<Self, Error> {
        Ok(Self {
            name: parsed("operation_steps.name", &row.name)?,
            state: parsed("operation_steps.state", &row.state)?,
            started_at: timestamp_if_any("operation_steps.started_at", row.started_at.as_deref())?,
            finished_at: timestamp_if_any("operation_steps.finished_at", row.finished_at.as_deref())?,
            detail: row.detail,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = operation_log, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct LogRow {
    pub(crate) operation_id: String,
    pub(crate) seq: i32,
    pub(crate) at: String,
    pub(crate) step: Option<String>,
    pub(crate) line: String,
}

impl TryFrom<LogRow> for OperationLogLine {
    type Error = Error;

    fn try_from(row: LogRow) -> Result<Self, Error> {
        Ok(Self {
            seq: count("operation_log.seq", row.seq)?,
            at: timestamp("operation_log.at", &row.at)?,
            step: parsed_if_any("operation_log.step", row.step.as_deref())?,
            line: row.line,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = operation_events, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct OperationEventRow {
    pub(crate) operation_id: String,
    pub(crate) seq: i32,
    pub(crate) at: String,
    pub(crate) change: String,
}

impl TryFrom<OperationEventRow> for OperationEvent {
    type Error = Error;

    fn try_from(row: OperationEventRow) -> Result<Self, Error> {
        let change = serde_json::from_str(&row.change);
        Ok(Self {
            seq: count("operation_events.seq", row.seq)?,
            at: timestamp("operation_events.at", &row.at)?,
            change: change.map_err(|error| Error::corrupt("operation_events.change", error))?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = operations)]
pub(crate) struct NewOperationRow<'a> {
    id: String,
    kind: &'static str,
    target_id: String,
    requested_by: Option<String>,
    state: &'static str,
    input: &'a str,
    created_at: String,
}

impl<'a> NewOperationRow<'a> {
    /// An operation that waits for its turn.
    pub(crate) fn new(operation: &'a NewOperation, now: DateTime<Utc>) -> Self {
        Self {
            id: operation.id.to_string(),
            kind: operation.kind.as_str(),
            target_id: operation.database_id.to_string(),
            requested_by: operation.requested_by.map(|user| user.to_string()),
            state: OperationState::Queued.as_str(),
            input: &operation.input.0,
            created_at: timestamp_text(now),
        }
    }
}

#[derive(Insertable)]
#[diesel(table_name = operation_steps)]
pub(crate) struct NewStepRow {
    operation_id: String,
    position: i32,
    name: &'static str,
    state: &'static str,
}

impl NewStepRow {
    /// A step that has not begun, at its place in the order (from 1).
    pub(crate) fn new(operation: OperationId, position: i32, name: StepName) -> Self {
        Self {
            operation_id: operation.to_string(),
            position,
            name: name.as_str(),
            state: StepState::Pending.as_str(),
        }
    }
}
