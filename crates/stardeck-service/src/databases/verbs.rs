//! Starting, stopping, restarting and removing: each is checked, written down, and handed over as an operation.

use chrono::Utc;
use stardeck_domain::{
    Action, AuditAction, DatabaseId, DatabaseStatus, DesiredState, ManagedDatabase, NewOperation, Operation,
    OperationId, OperationKind, Origin, UserId, ValidationError, VolumeKind,
};
use stardeck_repository::{Constraint, audit, databases, operations, volumes};

use super::{DataFate, Databases, DeleteDatabase};
use crate::{
    Actor, Error,
    auth::audit_entry,
    operations::plan::{Input, Plan},
    ownership,
    runtime::ContainerSummary,
};

/// What a verb changes the moment it is accepted.
#[derive(Clone, Copy)]
struct Verb {
    action: Action,
    kind: OperationKind,
    audit: AuditAction,
    status: DatabaseStatus,
    desired: DesiredState,
}

const START: Verb = Verb {
    action: Action::Start,
    kind: OperationKind::Start,
    audit: AuditAction::DatabaseStarted,
    status: DatabaseStatus::Starting,
    desired: DesiredState::Running,
};
const STOP: Verb = Verb {
    action: Action::Stop,
    kind: OperationKind::Stop,
    audit: AuditAction::DatabaseStopped,
    status: DatabaseStatus::Stopping,
    desired: DesiredState::Stopped,
};
const RESTART: Verb = Verb {
    action: Action::Restart,
    kind: OperationKind::Restart,
    audit: AuditAction::DatabaseRestarted,
    status: DatabaseStatus::Restarting,
    desired: DesiredState::Running,
};
const RECREATE: Verb = Verb {
    action: Action::Recreate,
    kind: OperationKind::Recreate,
    audit: AuditAction::DatabaseRecreated,
    status: DatabaseStatus::Starting,
    desired: DesiredState::Running,
};
const DELETE: Verb = Verb {
    action: Action::Delete,
    kind: OperationKind::Delete,
    audit: AuditAction::DatabaseDeleted,
    status: DatabaseStatus::Deleting,
    desired: DesiredState::Absent,
};

const RELEASE: Verb = Verb {
    action: Action::Release,
    kind: OperationKind::Release,
    audit: AuditAction::DatabaseReleased,
    ..DELETE
};

impl Databases {
    /// Starts a stopped database.
    ///
    /// # Errors
    /// The status does not allow it, another operation is at work, or the runtime does not answer.
    pub async fn start(&self, actor: &Actor, id: DatabaseId) -> Result<(ManagedDatabase, Operation), Error> {
        self.apply(Some(actor), id, START, Input::None).await
    }

    /// Stops a running database.
    ///
    /// # Errors
    /// As for [`Databases::start`].
    pub async fn stop(&self, actor: &Actor, id: DatabaseId) -> Result<(ManagedDatabase, Operation), Error> {
        self.apply(Some(actor), id, STOP, Input::None).await
    }

    /// Stops a database and starts it again.
    ///
    /// # Errors
    /// As for [`Databases::start`].
    pub async fn restart(
        &self,
        actor: &Actor,
        id: DatabaseId,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        self.apply(Some(actor), id, RESTART, Input::None).await
    }

    /// Makes the container of a missing database again, on the image that it ran and on the data that is left.
    ///
    /// # Errors
    /// As for [`Databases::start`]; or its data is gone as well, or somebody else made it.
    pub async fn recreate(
        &self,
        actor: &Actor,
        id: DatabaseId,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        let database = self.get(id).await?;
        if database.origin == Origin::Adopted {
            return Err(Error::ManagedElsewhere { lines: ownership::lines_to_bring_back(&database) });
        }
        let known = self.core().db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        for volume in known.iter().filter(|volume| volume.owned) {
            if self.core().runtime.find_volume(&volume.name).await?.is_none() {
                return Err(Error::VolumeMissing { volume: volume.name.clone() });
            }
        }
        self.apply(Some(actor), id, RECREATE, Input::None).await
    }

    /// Removes a database, keeping or deleting its data as the request says.
    ///
    /// # Errors
    /// The confirmation is not the name, the status does not allow it, or another operation is at work.
    pub async fn delete(
        &self,
        actor: &Actor,
        id: DatabaseId,
        request: DeleteDatabase,
    ) -> Result<Operation, Error> {
        let database = self.get(id).await?;
        if request.confirm != database.name.as_str() {
            let reason = format!("must be the name of the database, {}", database.name);
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        if !request.force {
            self.core().check_no_link(id, |_| true).await?;
        }
        match (database.origin, request.data) {
            (Origin::Created, _) => {}
            (Origin::Adopted, DataFate::Keep) => {
                return self
                    .apply(Some(actor), id, RELEASE, Input::None)
                    .await
                    .map(|(_, operation)| operation);
            }
            (Origin::Adopted, DataFate::Delete) if request.take_ownership => {
                self.check_ours_to_delete(&database).await?;
                return self
                    .apply(Some(actor), id, DELETE, Input::DeleteAdopted)
                    .await
                    .map(|(_, operation)| operation);
            }
            (Origin::Adopted, DataFate::Delete) => return Err(self.data_of_others(&database).await?),
        }
        let input = Input::Delete { data: request.data, force: request.force };
        self.apply(Some(actor), id, DELETE, input).await.map(|(_, operation)| operation)
    }

    /// Gives an adopted database back as it was.
    ///
    /// # Errors
    /// It was not adopted, apps are linked to it, or as for [`Databases::start`].
    pub async fn release(
        &self,
        actor: &Actor,
        id: DatabaseId,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        if self.get(id).await?.origin != Origin::Adopted {
            return Err(Error::NotAdopted);
        }
        self.core().check_no_link(id, |_| true).await?;
        self.apply(Some(actor), id, RELEASE, Input::None).await
    }

    /// The refusal to delete what somebody else made, with the lines that do it.
    async fn data_of_others(&self, database: &ManagedDatabase) -> Result<Error, Error> {
        let id = database.id;
        let held = self.core().db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        let stop = ownership::unit_of(database).map(|unit| format!("systemctl stop {unit}"));
        let remove = format!("podman rm --force {}", database.container_name);
        let volumes = held.iter().filter(|volume| volume.kind == VolumeKind::Named);
        let lines = volumes.map(|volume| format!("podman volume rm {}", volume.name));
        Ok(Error::ManagedElsewhere { lines: stop.into_iter().chain([remove]).chain(lines).collect() })
    }

    /// What systemd runs would come back with an empty volume, and a volume that another container mounts stays there.
    async fn check_ours_to_delete(&self, database: &ManagedDatabase) -> Result<(), Error> {
        if ownership::unit_of(database).is_some() {
            return Err(self.data_of_others(database).await?);
        }
        let id = database.id;
        let runtime = &self.core().runtime;
        let own = ownership::find(self.core(), database).await?;
        let held = self.core().db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        for volume in held.iter().filter(|volume| volume.kind == VolumeKind::Named) {
            let users = runtime.list_volume_users(&volume.name).await?;
            let is_own = |user: &ContainerSummary| own.as_ref().is_some_and(|own| own.id == user.id);
            if let Some(other) = users.iter().find(|user| !is_own(user)) {
                let holder = format!("container {} mounts {}", other.names.join(", "), volume.name);
                return Err(Error::VolumeInUse { holder });
            }
        }
        Ok(())
    }

    /// Starts, in Stardeck's own name, a database that should run and does not.
    pub(crate) async fn start_as_desired(&self, id: DatabaseId) -> Result<Operation, Error> {
        self.apply(None, id, START, Input::None).await.map(|(_, operation)| operation)
    }

    async fn apply(
        &self,
        actor: Option<&Actor>,
        id: DatabaseId,
        verb: Verb,
        input: Input,
    ) -> Result<(ManagedDatabase, Operation), Error> {
        // Asked before anything is written, so that a runtime that is down is told at once.
        self.core().runtime.info().await?;
        let actor = actor.cloned();
        let new = new_operation(id, verb.kind, input, actor.as_ref().map(|actor| actor.user.id))?;
        let (database, operation) = self
            .core()
            .db
            .write(move |tx| {
                let database = databases::get(tx, id)?;
                if let Some(other) = operations::find_unfinished_of(tx, id)? {
                    return Err(Error::OperationInProgress { operation: other.id });
                }
                // In its own name Stardeck only does what was wanted last, and somebody may have changed that by now.
                let is_unwanted = actor.is_none() && database.desired_state != verb.desired;
                if is_unwanted || !database.allows(verb.action) {
                    return Err(Error::InvalidTransition { from: database.status, action: verb.action });
                }
                let now = Utc::now();
                operations::insert(tx, &new, now).map_err(in_progress)?;
                databases::set_desired_state(tx, id, verb.desired)?;
                databases::set_status(tx, id, verb.status, None, now)?;
                if let Some(actor) = &actor {
                    let (target, name) = (Some(id.to_string()), Some(database.name.to_string()));
                    audit::append(tx, &audit_entry(actor, verb.audit, target, name, now))?;
                }
                Ok((databases::get(tx, id)?, operations::get(tx, new.id)?))
            })
            .await?;
        self.dispatcher().dispatch(operation.clone());
        Ok((database, operation))
    }
}

/// An operation with the steps of its kind.
pub(super) fn new_operation(
    id: DatabaseId,
    kind: OperationKind,
    input: Input,
    requested_by: Option<UserId>,
) -> Result<NewOperation, Error> {
    Ok(NewOperation {
        id: OperationId::new(),
        kind,
        database_id: id,
        requested_by,
        input: input.to_json()?,
        steps: Plan::new(kind, input)?.names(),
    })
}

/// The row above is read in the same transaction, so this can only be a moment's race that is over when it is told.
pub(super) fn in_progress(error: stardeck_repository::Error) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::OperationInProgress } => Error::Busy,
        other => other.into(),
    }
}
