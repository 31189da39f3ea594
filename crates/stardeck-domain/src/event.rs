//! Events of the installation as a whole: what those are told who look at all of it.

use chrono::{DateTime, Utc};

use crate::{
    DatabaseId, DatabaseName, DatabaseStatus, DesiredState, Health, OperationId, OperationKind,
    OperationState, Origin, text_enum::text_enum,
};

text_enum! {
    /// What kind of thing happened.
    pub enum EventKind ("event kind") {
        /// A database was asked for, or lives again on its kept volume.
        DatabaseCreated = "database_created",
        /// Something about a database changed: what it does, whether it answers, or its settings.
        DatabaseChanged = "database_changed",
        /// A database is gone, with its data kept or not.
        DatabaseDeleted = "database_deleted",
        /// An operation was asked for, came into a state, or is to be cancelled.
        OperationChanged = "operation_changed",
        /// The containers changed that detection looks at.
        DetectionChanged = "detection_changed",
    }
}

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Counts up within the epoch, without gaps.
    pub seq: u32,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// What happened.
    pub news: News,
}

/// What happened, with the facts as they were committed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// See [`EventKind::DatabaseCreated`].
    DatabaseCreated(DatabaseFacts),
    /// See [`EventKind::DatabaseChanged`].
    DatabaseChanged(DatabaseFacts),
    /// See [`EventKind::DatabaseDeleted`].
    DatabaseDeleted(DatabaseFacts),
    /// See [`EventKind::OperationChanged`].
    OperationChanged(OperationFacts),
    /// See [`EventKind::DetectionChanged`].
    DetectionChanged,
}

/// What is told of a database.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DatabaseFacts {
    /// Its id.
    pub id: DatabaseId,
    /// Its name.
    pub name: DatabaseName,
    /// How we came to know it. Events of before there were adopted ones do not say.
    #[cfg_attr(feature = "serde", serde(default = "created"))]
    pub origin: Origin,
    /// What it is seen to do.
    pub status: DatabaseStatus,
    /// Why it is in this status, in words.
    pub status_reason: Option<String>,
    /// What it should do.
    pub desired_state: DesiredState,
    /// Whether it answered when last asked.
    pub health: Health,
    /// Counts the changes a person made.
    pub revision: u32,
}

/// What is told of an operation. Its steps and its log are told to those who follow it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct OperationFacts {
    /// Its id.
    pub id: OperationId,
    /// What it does.
    pub kind: OperationKind,
    /// Where it stands.
    pub state: OperationState,
    /// The database it works on.
    pub target: DatabaseId,
    /// Whether somebody asked to cancel it.
    pub cancel_requested: bool,
}

#[cfg(feature = "serde")]
const fn created() -> Origin {
    Origin::Created
}
