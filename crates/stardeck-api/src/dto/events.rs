//! What happens to the installation as a whole, as those who follow it are told.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    Action, DatabaseFacts, DatabaseId, DatabaseName, DatabaseStatus, DesiredState, EpochId, Event, Health,
    InvalidValue, News, OperationFacts, OperationId, OperationKind, OperationState, ValidationErrors,
};
use stardeck_service::events::{EventsFrom, Missed, Told};
use utoipa::{IntoParams, ToSchema};

use super::{fields::Fields, lists::number, operations::SEQ_MAX};

/// Where to begin.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventsQuery {
    /// Only frames after the one with this `seq`. Without it, what happens from now on.
    #[param(value_type = Option<u32>, minimum = 0, maximum = 2_147_483_647)]
    after: Option<String>,
    /// The `epoch` of the frame that `after` is from.
    #[param(value_type = Option<EpochId>)]
    epoch: Option<String>,
}

impl EventsQuery {
    pub(crate) fn check(self) -> Result<EventsFrom, ValidationErrors> {
        let mut fields = Fields::default();
        let after = fields.optional("after", self.after.as_deref(), |text| number(text, 0, SEQ_MAX));
        let epoch = fields.optional("epoch", self.epoch, |text| {
            text.parse().map_err(|_| InvalidValue::new("invalid_id", "must be the epoch of an earlier frame"))
        });
        fields.finish()?;
        Ok(EventsFrom { after, epoch })
    }
}

/// One frame of `GET /api/events`. `kind` says which members say something; the others are null.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventFrame {
    /// Numbers of another epoch say nothing.
    epoch: EpochId,
    /// Counts up within the epoch, without gaps; of `begin` and `resync`, the number after which the frames go on.
    seq: u32,
    /// When it was written down.
    at: DateTime<Utc>,
    /// What happened.
    kind: EventFrameKind,
    /// The database as it was then (`database_created`, `database_changed`, `database_deleted`).
    database: Option<EventDatabase>,
    /// The operation as it was then (`operation_changed`).
    operation: Option<EventOperation>,
    /// Why something may have been missed (`resync`).
    reason: Option<ResyncReason>,
}

/// What a frame tells.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EventFrameKind {
    /// The first frame, when nothing was missed: what happens after `seq` follows.
    Begin,
    /// Something may have been missed: read everything anew. What happens after `seq` follows. This is the first frame,
    /// or comes between others to one who was very slow.
    Resync,
    /// A database was asked for, or lives again on its kept volume.
    DatabaseCreated,
    /// Something about a database changed: what it does, whether it answers, or its settings.
    DatabaseChanged,
    /// A database is gone, with its data kept or not.
    DatabaseDeleted,
    /// An operation was asked for, came into a state, or is to be cancelled.
    OperationChanged,
    /// The containers changed that detection looks at.
    DetectionChanged,
}

/// Why something may have been missed.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResyncReason {
    /// `after` is from another epoch.
    NewEpoch,
    /// `after` was never given, or what came after it is forgotten.
    Gap,
}

/// A database in a frame. The whole of it is at `GET /api/databases/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventDatabase {
    /// Its id.
    id: DatabaseId,
    /// Its name.
    name: DatabaseName,
    /// What it is seen to do.
    status: DatabaseStatus,
    /// Why it is in this status, where there is something to say.
    status_reason: Option<String>,
    /// What it should do.
    desired_state: DesiredState,
    /// Whether it answered when last asked.
    health: Health,
    /// What its status allows. What the person may do is a matter of the role besides.
    allowed_actions: &'static [Action],
    /// Counts the changes a person made.
    revision: u32,
}

/// An operation in a frame. The whole of it is at `GET /api/operations/{id}`.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventOperation {
    /// Its id.
    id: OperationId,
    /// What it does.
    kind: OperationKind,
    /// Where it stands.
    state: OperationState,
    /// The database it works on.
    target: DatabaseId,
    /// Whether somebody asked to cancel it.
    cancel_requested: bool,
}

impl EventFrame {
    /// What is sent of what is told.
    pub(crate) fn of(epoch: EpochId, told: Told) -> Self {
        let frame =
            |seq, at, kind| Self { epoch, seq, at, kind, database: None, operation: None, reason: None };
        match told {
            Told::Begin { after } => frame(after, Utc::now(), EventFrameKind::Begin),
            Told::Resync { after, why } => {
                let reason = match why {
                    Missed::NewEpoch => ResyncReason::NewEpoch,
                    Missed::Gap => ResyncReason::Gap,
                };
                Self { reason: Some(reason), ..frame(after, Utc::now(), EventFrameKind::Resync) }
            }
            Told::Event(Event { seq, at, news }) => {
                let database =
                    |kind, facts| Self { database: Some(EventDatabase::of(facts)), ..frame(seq, at, kind) };
                match news {
                    News::DatabaseCreated(facts) => database(EventFrameKind::DatabaseCreated, facts),
                    News::DatabaseChanged(facts) => database(EventFrameKind::DatabaseChanged, facts),
                    News::DatabaseDeleted(facts) => database(EventFrameKind::DatabaseDeleted, facts),
                    News::OperationChanged(facts) => Self {
                        operation: Some(EventOperation::of(&facts)),
                        ..frame(seq, at, EventFrameKind::OperationChanged)
                    },
                    News::DetectionChanged => frame(seq, at, EventFrameKind::DetectionChanged),
                }
            }
        }
    }
}

impl EventDatabase {
    fn of(facts: DatabaseFacts) -> Self {
        Self {
            id: facts.id,
            name: facts.name,
            allowed_actions: facts.status.allowed_actions(facts.origin),
            status: facts.status,
            status_reason: facts.status_reason,
            desired_state: facts.desired_state,
            health: facts.health,
            revision: facts.revision,
        }
    }
}

impl EventOperation {
    fn of(facts: &OperationFacts) -> Self {
        let OperationFacts { id, kind, state, target, cancel_requested } = *facts;
        Self { id, kind, state, target, cancel_requested }
    }
}
