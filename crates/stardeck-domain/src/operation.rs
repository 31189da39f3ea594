//! Operations: long work with named, persisted steps.

use chrono::{DateTime, Utc};

use crate::{DatabaseId, Failure, OperationId, UserId, text_enum::text_enum};

text_enum! {
    /// What an operation does.
    pub enum OperationKind ("operation kind") {
        /// Deploy a new database.
        Create = "create",
        /// Deploy one on a kept volume.
        Reattach = "reattach",
        /// Look after one that somebody else made.
        Adopt = "adopt",
        /// Give an adopted one back.
        Release = "release",
        /// Start a stopped one.
        Start = "start",
        /// Stop a running one.
        Stop = "stop",
        /// Stop and start one.
        Restart = "restart",
        /// Change how one runs.
        Update = "update",
        /// Make the container of one again that is missing.
        Recreate = "recreate",
        /// Remove one.
        Delete = "delete",
        /// Deploy an app, and the database for it where one was asked for.
        AppCreate = "app_create",
        /// Start a stopped app.
        AppStart = "app_start",
        /// Stop a running app.
        AppStop = "app_stop",
        /// Stop and start an app.
        AppRestart = "app_restart",
        /// Remove an app.
        AppDelete = "app_delete",
        /// Link an app to a database.
        Link = "link",
        /// Remove an app's link to a database.
        Unlink = "unlink",
        /// Replace the password of an app's link.
        Rotate = "rotate",
    }
}

impl OperationKind {
    /// Whether operations of this kind work on an app rather than on a database. The target of such a one is the app.
    pub const fn is_of_app(self) -> bool {
        match self {
            Self::AppCreate
            | Self::AppStart
            | Self::AppStop
            | Self::AppRestart
            | Self::AppDelete
            | Self::Link
            | Self::Unlink
            | Self::Rotate => true,
            Self::Create
            | Self::Reattach
            | Self::Start
            | Self::Stop
            | Self::Restart
            | Self::Update
            | Self::Recreate
            | Self::Adopt
            | Self::Release
            | Self::Delete => false,
        }
    }
}

text_enum! {
    /// Where an operation stands.
    pub enum OperationState ("operation state") {
        /// Written down, not begun.
        Queued = "queued",
        /// At work.
        Running = "running",
        /// Taking back what it did.
        Undoing = "undoing",
        /// Done.
        Succeeded = "succeeded",
        /// Ended with an error.
        Failed = "failed",
        /// Ended because somebody asked for it.
        Cancelled = "cancelled",
    }
}

impl OperationState {
    /// Whether nothing more will happen.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Cancelled => true,
            Self::Queued | Self::Running | Self::Undoing => false,
        }
    }
}

text_enum! {
    /// Where a step stands.
    pub enum StepState ("step state") {
        /// Not begun.
        Pending = "pending",
        /// At work.
        Running = "running",
        /// Done.
        Succeeded = "succeeded",
        /// Ended with an error.
        Failed = "failed",
        /// Done before and taken back.
        Undone = "undone",
        /// Not needed.
        Skipped = "skipped",
    }
}

text_enum! {
    /// The steps that operations are made of, in the words people see.
    pub enum StepName ("step name") {
        /// Write down name and port, so that nobody else gets them.
        Reserve = "reserve",
        /// Ensure the data network.
        Network = "network",
        /// Make the image available.
        Image = "image",
        /// Create the data volume.
        Volume = "volume",
        /// Store the bootstrap password and the configuration where the container reads them.
        Secret = "secret",
        /// Create the container.
        Container = "container",
        /// Start the container.
        Start = "start",
        /// Wait until the engine answers a query with the password.
        Ready = "ready",
        /// Replace the bootstrap password and make Stardeck's own role.
        Credentials = "credentials",
        /// Write down that it runs.
        Finish = "finish",
        /// Stop the container.
        Stop = "stop",
        /// Give the old container another name, so that a new one can have its own.
        SetAside = "set_aside",
        /// See that nothing answers any more on a port that was closed.
        CheckPort = "check_port",
        /// Remove the old container.
        Discard = "discard",
        /// Remove the container.
        RemoveContainer = "remove_container",
        /// Remove the secret.
        RemoveSecret = "remove_secret",
        /// Remove the data.
        RemoveVolume = "remove_volume",
        /// Connect an adopted container to the data network.
        Connect = "connect",
        /// Take it off again.
        Disconnect = "disconnect",
        /// Give back name and port.
        Release = "release",
        /// Write down an app with its name and ports.
        AppReserve = "app_reserve",
        /// Make the logical database.
        LogicalDatabase = "logical_database",
        /// Make the app's user in it, or change its password.
        AppUser = "app_user",
        /// Make the app's image available.
        AppImage = "app_image",
        /// Create the app's volumes.
        AppVolumes = "app_volumes",
        /// Store the app's passwords where its container reads them.
        AppSecrets = "app_secrets",
        /// Create the app's container.
        AppContainer = "app_container",
        /// Stop the app's container.
        AppStop = "app_stop",
        /// Start the app's container.
        AppStart = "app_start",
        /// Find the database by name on the app's network, and log in as the app.
        Verify = "verify",
        /// Take the app's user away.
        RevokeUser = "revoke_user",
        /// Drop the logical database.
        DropDatabase = "drop_database",
        /// Write down what the app is now, and remove what it was before.
        AppFinish = "app_finish",
        /// Remove the app's containers, secrets and volumes.
        AppRemove = "app_remove",
    }
}

/// One long-running piece of work.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Its id.
    pub id: OperationId,
    /// What it does.
    pub kind: OperationKind,
    /// What it works on: a database, or an app in the form of a database's id when its kind is of apps
    /// ([`OperationKind::is_of_app`]).
    pub database_id: DatabaseId,
    /// Who asked for it; None for Stardeck itself.
    pub requested_by: Option<UserId>,
    /// Where it stands.
    pub state: OperationState,
    /// What it was asked for beyond the target, as JSON without secrets.
    pub input: crate::JsonText,
    /// Whether somebody asked to cancel it.
    pub cancel_requested_at: Option<DateTime<Utc>>,
    /// Why it failed.
    pub error: Option<Failure>,
    /// Whether everything it did was taken back. None unless it failed or was cancelled.
    pub undone: Option<bool>,
    /// Its steps, in order.
    pub steps: Vec<OperationStep>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// One step of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationStep {
    /// Which step.
    pub name: StepName,
    /// Where it stands.
    pub state: StepState,
    /// When it began.
    pub started_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
    /// What it is doing or did, in words.
    pub detail: Option<String>,
}

/// An operation that is about to be written down.
#[derive(Debug, Clone)]
pub struct NewOperation {
    /// Its id.
    pub id: OperationId,
    /// What it does.
    pub kind: OperationKind,
    /// The database it works on.
    pub database_id: DatabaseId,
    /// Who asked for it.
    pub requested_by: Option<UserId>,
    /// What it was asked for beyond the target, as JSON without secrets.
    pub input: crate::JsonText,
    /// The steps it will take.
    pub steps: Vec<StepName>,
}

/// One line of an operation's log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationLogLine {
    /// Counts up from 1 within the operation.
    pub seq: u32,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// The step it belongs to.
    pub step: Option<StepName>,
    /// The text, without secrets.
    pub line: String,
}

/// One thing that happened to an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationEvent {
    /// Counts up from 1 within the operation, without gaps.
    pub seq: u32,
    /// When it happened.
    pub at: DateTime<Utc>,
    /// What happened.
    pub change: OperationChange,
}

/// What can happen to an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(tag = "type", rename_all = "snake_case"))]
pub enum OperationChange {
    /// It came into a state that is not final.
    State {
        /// The state.
        state: OperationState,
    },
    /// One of its steps came into a state.
    Step {
        /// The step.
        step: StepName,
        /// The state.
        state: StepState,
        /// What the step did or why it failed, in words.
        detail: Option<String>,
    },
    /// One of its steps got on with a transfer.
    Progress {
        /// The step.
        step: StepName,
        /// How far it is.
        progress: TransferProgress,
    },
    /// It logged a line.
    Log {
        /// The step that the line belongs to.
        step: Option<StepName>,
        /// The text, without secrets.
        line: String,
    },
    /// Somebody asked to cancel it.
    CancelRequested,
    /// It ended. Nothing comes after this.
    Ended {
        /// The final state.
        state: OperationState,
        /// Why it failed.
        error: Option<Failure>,
        /// Whether everything it did was taken back. None unless it failed or was cancelled.
        undone: Option<bool>,
    },
}

/// How far the transfer of an image is, over all layers of which the size is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct TransferProgress {
    /// What happens now, in the runtime's words.
    pub status: String,
    /// Bytes so far.
    pub current: u64,
    /// Bytes in all, of the layers known so far.
    pub total: u64,
    /// The layers, in the order in which they were first heard of.
    pub layers: Vec<LayerProgress>,
}

/// How far one layer of an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct LayerProgress {
    /// The layer, by the runtime's short id.
    pub id: String,
    /// Bytes so far.
    pub current: u64,
    /// Bytes in all; None while the size is not known.
    pub total: Option<u64>,
    /// Whether it is there in full. A small one may be before its size was ever told.
    pub done: bool,
}

impl OperationChange {
    /// Whether nothing comes after this.
    pub const fn is_last(&self) -> bool {
        matches!(self, Self::Ended { .. })
    }
}
