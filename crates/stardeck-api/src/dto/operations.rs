//! Operations.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    DatabaseId, InvalidValue, Operation, OperationId, OperationKind, OperationLogLine, OperationState,
    OperationStep, StepName, StepState, UserId, ValidationErrors,
};
use stardeck_service::{OperationFilter, Page};
use utoipa::{IntoParams, ToSchema};

use super::{
    fields::{Fields, one_of},
    lists::{self, list_view, number},
};
use crate::problem::Problem;

/// One long-running piece of work.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Operation)]
pub(crate) struct OperationView {
    /// Its id.
    id: OperationId,
    /// What it does.
    kind: OperationKind,
    /// Where it stands. `succeeded`, `failed` and `cancelled` are final.
    state: OperationState,
    /// The id of what it works on.
    #[schema(value_type = uuid::Uuid)]
    target: DatabaseId,
    /// What kind of thing that is.
    target_type: TargetType,
    /// Its steps, in order.
    steps: Vec<StepView>,
    /// Why it failed, as the same object a request is answered with; null unless it did.
    #[schema(value_type = Option<Problem>)]
    error: Option<Problem>,
    /// Whether everything it did was taken back; null unless it failed or was cancelled.
    undone: Option<bool>,
    /// Who asked for it; null for Stardeck itself.
    requested_by: Option<UserId>,
    /// When it was asked for.
    created_at: DateTime<Utc>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
    /// When somebody asked to cancel it.
    cancel_requested_at: Option<DateTime<Utc>>,
}

/// What an operation works on.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TargetType {
    /// A managed database.
    Database,
    /// An app.
    Container,
}

/// One step of an operation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperationStep)]
pub(crate) struct StepView {
    /// Which step.
    name: StepName,
    /// Where it stands.
    state: StepState,
    /// When it began.
    started_at: Option<DateTime<Utc>>,
    /// When it ended.
    finished_at: Option<DateTime<Utc>>,
    /// What it is doing or did, in words.
    detail: Option<String>,
}

impl OperationView {
    pub(crate) fn of(operation: Operation) -> Self {
        let error = operation.error.as_ref().map(|failure| Problem::of_failure(operation.id, failure));
        Self {
            id: operation.id,
            kind: operation.kind,
            state: operation.state,
            target: operation.database_id,
            target_type: if operation.kind.is_of_app() {
                TargetType::Container
            } else {
                TargetType::Database
            },
            steps: operation.steps.into_iter().map(StepView::of).collect(),
            error,
            undone: operation.undone,
            requested_by: operation.requested_by,
            created_at: operation.created_at,
            finished_at: operation.finished_at,
            cancel_requested_at: operation.cancel_requested_at,
        }
    }
}

impl StepView {
    fn of(step: OperationStep) -> Self {
        Self {
            name: step.name,
            state: step.state,
            started_at: step.started_at,
            finished_at: step.finished_at,
            detail: step.detail,
        }
    }
}

/// Where an operation is followed.
pub(crate) fn location_of(id: OperationId) -> String {
    format!("/api/operations/{id}")
}

/// Which operations are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OperationsQuery {
    /// Most entries of the answer.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// The `next_cursor` of the part before.
    #[param(value_type = Option<String>, nullable = false)]
    cursor: Option<String>,
    /// Only operations in this state.
    #[param(value_type = Option<OperationState>)]
    state: Option<String>,
    /// Only operations on the thing with this id.
    #[param(value_type = Option<uuid::Uuid>)]
    target: Option<String>,
}

impl OperationsQuery {
    pub(crate) fn check(self) -> Result<(OperationFilter, Page), ValidationErrors> {
        let mut fields = Fields::default();
        let page = lists::page(&mut fields, self.limit.as_deref(), self.cursor);
        let state = fields.optional("state", self.state, |text| one_of(&text, OperationState::ALL));
        let database_id = fields.optional("target", self.target, |text| {
            text.parse().map_err(|_| InvalidValue::new("invalid_id", "must be an id such as a database has"))
        });
        fields.finish()?;
        Ok((OperationFilter { state, database_id, ..OperationFilter::default() }, page))
    }
}

/// Which lines of an operation's log are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct OperationLogQuery {
    /// Most lines of the answer.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1000, default = 100)]
    limit: Option<String>,
    /// Only lines after the one with this `seq`; also the `next_cursor` of the part before.
    #[param(value_type = Option<u32>, minimum = 0, maximum = 2_147_483_647)]
    cursor: Option<String>,
}

/// Most lines of an operation's log in one answer.
const LINES_MAX: u32 = 1000;
/// Lines of an operation's log in one answer when nothing is said.
const LINES_DEFAULT: u32 = 100;
/// Highest number of a line or an event, which is the store's.
pub(super) const SEQ_MAX: u32 = i32::MAX.unsigned_abs();

/// A part of an operation's log.
pub(crate) struct LogPart {
    pub(crate) after: u32,
    pub(crate) limit: u32,
}

impl OperationLogQuery {
    pub(crate) fn check(self) -> Result<LogPart, ValidationErrors> {
        let mut fields = Fields::default();
        let limit = fields.optional("limit", self.limit.as_deref(), |text| number(text, 1, LINES_MAX));
        let after = fields.optional("cursor", self.cursor.as_deref(), |text| number(text, 0, SEQ_MAX));
        fields.finish()?;
        Ok(LogPart { after: after.unwrap_or(0), limit: limit.unwrap_or(LINES_DEFAULT) })
    }
}

/// One line of an operation's log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = OperationLogLine)]
pub(crate) struct OperationLogLineView {
    /// Counts up from 1 within the operation.
    seq: u32,
    /// When it was written.
    at: DateTime<Utc>,
    /// The step it belongs to.
    step: Option<StepName>,
    /// The text.
    line: String,
}

list_view! {
    /// Operations, oldest first.
    OperationList of OperationView;
    /// Lines of an operation's log, oldest first.
    OperationLogList of OperationLogLineView;
}

impl OperationLogList {
    /// The lines found; there may be more when there are as many as were asked for.
    pub(crate) fn of_lines(lines: Vec<OperationLogLine>, limit: u32) -> Self {
        let is_full = u32::try_from(lines.len()).is_ok_and(|count| count >= limit);
        let next_cursor = lines.last().filter(|_| is_full).map(|line| line.seq.to_string());
        let items = lines.into_iter().map(|line| OperationLogLineView {
            seq: line.seq,
            at: line.at,
            step: line.step,
            line: line.line,
        });
        Self { items: items.collect(), next_cursor }
    }
}
