//! Which steps each kind of operation takes, and what a failure leaves the database as.

use std::sync::Arc;

use chrono::Utc;
use stardeck_domain::{
    AppId, AppStatus, ConfigBefore, ConnectionId, ConnectionState, CredentialId, DatabaseId, DatabaseStatus,
    DesiredState, Failure, FailureCode, JsonText, Operation, OperationKind, StepName, Tombstone,
};
use stardeck_repository::{apps, connections, databases};

use super::step::Step;
use crate::{
    Error, adoption,
    apps::{
        LogicalFate, UserFate,
        steps::{self as app_steps, NewLink, Replacement},
    },
    core::Core,
    databases::DataFate,
    lifecycle, provisioning,
};

/// What an operation was asked for beyond its target. Kept as JSON with the operation; never holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub(crate) enum Input {
    /// Nothing more.
    None,
    /// A deployment on a new volume.
    Create {
        /// Whether nobody asked for the host port that it has.
        is_port_automatic: bool,
    },
    /// A removal.
    Delete {
        /// What happens to the data.
        data: DataFate,
        /// Whether to kill rather than to stop.
        force: bool,
    },
    /// A deployment on a kept volume.
    Reattach {
        /// What the database is put back as when that fails.
        tombstone: Box<Tombstone>,
        /// Whether nobody asked for the host port that it has.
        #[serde(default)]
        is_port_automatic: bool,
    },
    /// A change of settings that the container is made with.
    Update {
        /// What the database is put back to when that fails.
        before: Box<ConfigBefore>,
        /// Whether nobody asked for the host port that it has.
        is_port_automatic: bool,
        /// Whether the new container is to run.
        should_run: bool,
    },
    /// The removal of an adopted database with its data.
    DeleteAdopted,
    /// The removal of a kept volume.
    DeleteKept,
    /// A deployment of an app.
    AppCreate {
        /// The link it has from the beginning.
        link: Option<NewLink>,
        /// The database that is deployed for it.
        deploys: Option<DatabaseId>,
    },
    /// A removal of an app.
    AppDelete {
        /// Whether its volumes are removed for good.
        deletes_volumes: bool,
    },
    /// A link.
    Link {
        /// The link.
        link: NewLink,
        /// Whether the app is to run.
        runs: bool,
        /// Whether somebody else made the app.
        #[serde(default)]
        is_foreign: bool,
        /// Whether the app is not in the book but for this link.
        #[serde(default)]
        is_new: bool,
    },
    /// The removal of a link.
    Unlink {
        /// The link.
        connection: ConnectionId,
        /// What happens to its user.
        user: UserFate,
        /// What happens to its logical database.
        database: LogicalFate,
        /// Whether the app is to run.
        runs: bool,
        /// Whether the app's container is gone, so that it needs no other.
        #[serde(default)]
        is_orphaned: bool,
        /// Whether somebody else made the app.
        #[serde(default)]
        is_foreign: bool,
    },
    /// A new password for a link.
    Rotate {
        /// The link.
        connection: ConnectionId,
        /// The new version.
        credential: CredentialId,
        /// Whether the app is to run.
        runs: bool,
        /// Whether somebody else made the app.
        #[serde(default)]
        is_foreign: bool,
    },
}

impl Input {
    /// As it is kept.
    pub(crate) fn to_json(&self) -> Result<JsonText, Error> {
        serde_json::to_string(self).map(JsonText).map_err(Error::internal)
    }
}

/// The steps of an operation.
pub(crate) struct Plan {
    kind: OperationKind,
    steps: Vec<Box<dyn Step>>,
}

impl Plan {
    /// The steps of an operation as it was written down.
    pub(crate) fn of(operation: &Operation) -> Result<Self, Error> {
        let input = serde_json::from_str(&operation.input.0).map_err(Error::internal)?;
        Self::new(operation.kind, input)
    }

    /// The steps of a kind of operation.
    ///
    /// # Errors
    /// The input belongs to another kind.
    pub(crate) fn new(kind: OperationKind, input: Input) -> Result<Self, Error> {
        let steps = match (kind, input) {
            (OperationKind::Create, Input::Create { is_port_automatic }) => {
                provisioning::steps(is_port_automatic)
            }
            (OperationKind::Create, _) => provisioning::steps(false),
            (OperationKind::Reattach, Input::Reattach { tombstone, is_port_automatic }) => {
                provisioning::reattach_steps(*tombstone, is_port_automatic)
            }
            (OperationKind::Update, Input::Update { before, is_port_automatic, should_run }) => {
                lifecycle::update_steps(*before, is_port_automatic, should_run)
            }
            (OperationKind::Adopt, _) => adoption::adopt_steps(),
            (OperationKind::Release, _) => adoption::release_steps(),
            (OperationKind::Recreate, _) => provisioning::recreate_steps(),
            (OperationKind::Start, _) => lifecycle::start_steps(),
            (OperationKind::Stop, _) => lifecycle::stop_steps(),
            (OperationKind::Restart, _) => lifecycle::restart_steps(),
            (OperationKind::Delete, Input::Delete { data, force }) => lifecycle::delete_steps(data, force),
            (OperationKind::Delete, Input::DeleteAdopted) => adoption::delete_steps(),
            (OperationKind::Delete, Input::DeleteKept) => lifecycle::delete_kept_steps(),
            (OperationKind::AppCreate, Input::AppCreate { link, deploys }) => {
                app_steps::create_steps(link, deploys)
            }
            (OperationKind::AppStart, _) => app_steps::run_steps(false, true),
            (OperationKind::AppStop, _) => app_steps::run_steps(true, false),
            (OperationKind::AppRestart, _) => app_steps::run_steps(true, true),
            (OperationKind::AppDelete, Input::AppDelete { deletes_volumes }) => {
                app_steps::delete_steps(deletes_volumes)
            }
            (OperationKind::Link, Input::Link { link, runs, is_foreign, is_new }) => {
                app_steps::new_link_steps(link, is_new, Replacement { runs, is_foreign })
            }
            (
                OperationKind::Unlink,
                Input::Unlink { connection, user, database, runs, is_orphaned, is_foreign },
            ) => {
                let replacement = Replacement { runs, is_foreign };
                app_steps::unlink_steps(connection, (user, database), replacement, is_orphaned)
            }
            (OperationKind::Rotate, Input::Rotate { connection, credential, runs, is_foreign }) => {
                app_steps::rotate_steps(connection, credential, Replacement { runs, is_foreign })
            }
            (
                OperationKind::Reattach
                | OperationKind::Update
                | OperationKind::Delete
                | OperationKind::AppCreate
                | OperationKind::AppDelete
                | OperationKind::Link
                | OperationKind::Unlink
                | OperationKind::Rotate,
                input,
            ) => {
                return Err(Error::internal(format!("{input:?} is no input of a {kind}")));
            }
        };
        Ok(Self { kind, steps })
    }

    /// The names of the steps, to be written down beforehand.
    pub(crate) fn names(&self) -> Vec<StepName> {
        self.steps.iter().map(|step| step.name()).collect()
    }

    /// The steps in order.
    pub(crate) fn steps(&self) -> impl DoubleEndedIterator<Item = &dyn Step> {
        self.steps.iter().map(AsRef::as_ref)
    }

    /// Whether a failure takes everything back. A start, stop or removal that fails leaves what it reached, and says so.
    pub(crate) const fn is_undoable(&self) -> bool {
        is_cancellable(self.kind)
            || matches!(self.kind, OperationKind::Link | OperationKind::Unlink | OperationKind::Rotate)
    }
}

/// Whether operations of this kind can be cancelled: those that make a container, which takes long and is taken back, and
/// adoptions.
pub(crate) const fn is_cancellable(kind: OperationKind) -> bool {
    matches!(
        kind,
        OperationKind::Create
            | OperationKind::Reattach
            | OperationKind::AppCreate
            | OperationKind::Update
            | OperationKind::Recreate
            | OperationKind::Adopt
    )
}

/// The step that removes what an undo would bring back: once it has begun, nothing is cancelled.
pub(crate) const fn point_of_no_return(kind: OperationKind) -> Option<StepName> {
    match kind {
        OperationKind::Update => Some(StepName::Discard),
        _ => None,
    }
}

/// Writes down what a failed operation leaves the database as.
pub(crate) async fn after_failure(
    core: &Arc<Core>,
    operation: &Operation,
    failure: &Failure,
    undone: Option<bool>,
) -> Result<(), Error> {
    if operation.kind.is_of_app() {
        return after_app_failure(core, operation, failure, undone).await;
    }
    let is_recreation = operation.kind == OperationKind::Recreate;
    if undone == Some(true) && !is_recreation {
        // The row went with the undo, or is what it was.
        return Ok(());
    }
    // What was made again and taken back is missing as before.
    let is_gone = failure.code == FailureCode::ContainerMissing || (is_recreation && undone == Some(true));
    let status = if is_gone { DatabaseStatus::Missing } else { DatabaseStatus::Error };
    let reason = format!("{} failed: {}", operation.kind, failure.detail);
    let id = operation.database_id;
    core.db
        .write(move |tx| match databases::set_status(tx, id, status, Some(&reason), Utc::now()) {
            Ok(()) | Err(stardeck_repository::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(Error::from(error)),
        })
        .await
}

/// Writes down what a failed operation leaves the app as: as it was when everything was taken back.
async fn after_app_failure(
    core: &Arc<Core>,
    operation: &Operation,
    failure: &Failure,
    undone: Option<bool>,
) -> Result<(), Error> {
    let id = AppId::from(operation.database_id.as_uuid());
    let reason = format!("{} failed: {}", operation.kind, failure.detail);
    core.db
        .write(move |tx| {
            let app = match apps::get(tx, id) {
                // It went with the undo; the name is free.
                Err(stardeck_repository::Error::NotFound { .. }) => return Ok(()),
                other => other?,
            };
            let is_undone = undone == Some(true);
            let status = match (is_undone, app.desired_state) {
                (true, DesiredState::Running) => AppStatus::Running,
                (true, DesiredState::Stopped) => AppStatus::Stopped,
                (true, DesiredState::Absent) | (false, _) => AppStatus::Error,
            };
            if is_undone {
                for connection in connections::list_of_app(tx, id)? {
                    if connection.state == ConnectionState::Removing {
                        connections::set_state(tx, connection.id, ConnectionState::Active)?;
                    }
                }
            }
            let reason = (!is_undone).then_some(reason.as_str());
            apps::set_status(tx, id, status, reason, Utc::now()).map_err(Error::from)
        })
        .await
}
