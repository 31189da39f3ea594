//! Starting, stopping, restarting and removing an app.

use chrono::Utc;
use stardeck_domain::{
    App, AppId, AppStatus, AuditAction, DatabaseId, DesiredState, NewOperation, Operation, OperationId,
    OperationKind, UserId, ValidationError,
};
use stardeck_repository::{Constraint, Tx, apps, audit, operations};

use super::{Apps, spec_of};
use crate::{
    Actor, Error,
    auth::audit_entry,
    operations::plan::{Input, Plan},
};

/// What a verb changes the moment it is accepted.
pub(super) struct Change {
    pub(super) kind: OperationKind,
    pub(super) audit: AuditAction,
    pub(super) status: AppStatus,
    /// None to leave it as it is.
    pub(super) desired: Option<DesiredState>,
}

impl Apps {
    /// Starts a stopped app.
    ///
    /// # Errors
    /// There is no such app, another operation is at work on it, or the runtime does not answer.
    pub async fn start(&self, actor: &Actor, id: AppId) -> Result<(App, Operation), Error> {
        self.run(actor, id, OperationKind::AppStart, AuditAction::AppStarted, DesiredState::Running).await
    }

    /// Stops a running app.
    ///
    /// # Errors
    /// As for [`Apps::start`].
    pub async fn stop(&self, actor: &Actor, id: AppId) -> Result<(App, Operation), Error> {
        self.run(actor, id, OperationKind::AppStop, AuditAction::AppStopped, DesiredState::Stopped).await
    }

    /// Stops an app and starts it again.
    ///
    /// # Errors
    /// As for [`Apps::start`].
    pub async fn restart(&self, actor: &Actor, id: AppId) -> Result<(App, Operation), Error> {
        self.run(actor, id, OperationKind::AppRestart, AuditAction::AppRestarted, DesiredState::Running).await
    }

    /// Removes an app with its links and their users. The logical databases stay, and so do its volumes unless they are to
    /// be deleted.
    ///
    /// # Errors
    /// The confirmation is not its name, somebody else made it, or as for [`Apps::start`].
    pub async fn delete(
        &self,
        actor: &Actor,
        id: AppId,
        confirm: &str,
        deletes_volumes: bool,
    ) -> Result<Operation, Error> {
        let app = self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
        if confirm != app.name.as_str() {
            let reason = format!("must be the name of the app, {}", app.name);
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        if spec_of(&app)?.is_foreign {
            let lines = vec![
                "unlink it from its databases".to_owned(),
                format!("podman rm --force {}", app.container_name),
            ];
            return Err(Error::ManagedElsewhere { lines });
        }
        let change = Change {
            kind: OperationKind::AppDelete,
            audit: AuditAction::AppDeleted,
            status: AppStatus::Deleting,
            desired: Some(DesiredState::Absent),
        };
        let input = Input::AppDelete { deletes_volumes };
        self.change(actor, id, change, input, |_, _| Ok(())).await.map(|(_, operation)| operation)
    }

    async fn run(
        &self,
        actor: &Actor,
        id: AppId,
        kind: OperationKind,
        audit: AuditAction,
        desired: DesiredState,
    ) -> Result<(App, Operation), Error> {
        let change = Change { kind, audit, status: AppStatus::Changing, desired: Some(desired) };
        self.change(actor, id, change, Input::None, |_, _| Ok(())).await
    }

    /// One transaction: what the request writes besides, the app's status, the operation, the audit entry.
    pub(super) async fn change<F>(
        &self,
        actor: &Actor,
        id: AppId,
        change: Change,
        input: Input,
        write: F,
    ) -> Result<(App, Operation), Error>
    where
        F: FnOnce(&mut Tx, &App) -> Result<(), Error> + Send + 'static,
    {
        // Asked before anything is written, so that a runtime that is down is told at once.
        self.core().runtime.info().await?;
        let actor = actor.clone();
        let new = new_operation(id, change.kind, input, Some(actor.user.id))?;
        let (app, operation) = self
            .core()
            .db
            .write(move |tx| {
                let app = apps::get(tx, id)?;
                if let Some(other) = operations::find_unfinished_of(tx, new.database_id)? {
                    return Err(Error::OperationInProgress { operation: other.id });
                }
                let now = Utc::now();
                operations::insert(tx, &new, now).map_err(in_progress)?;
                write(tx, &app)?;
                apps::set_status(tx, id, change.status, None, now)?;
                if let Some(desired) = change.desired {
                    apps::set_desired_state(tx, id, desired)?;
                }
                let (target, name) = (Some(id.to_string()), Some(app.name.to_string()));
                audit::append(tx, &audit_entry(&actor, change.audit, target, name, now))?;
                Ok((apps::get(tx, id)?, operations::get(tx, new.id)?))
            })
            .await?;
        self.dispatcher.dispatch(operation.clone());
        Ok((app, operation))
    }
}

/// An operation on an app, with the steps of its kind.
pub(super) fn new_operation(
    id: AppId,
    kind: OperationKind,
    input: Input,
    requested_by: Option<UserId>,
) -> Result<NewOperation, Error> {
    Ok(NewOperation {
        id: OperationId::new(),
        kind,
        database_id: DatabaseId::from(id.as_uuid()),
        requested_by,
        input: input.to_json()?,
        steps: Plan::new(kind, input)?.names(),
    })
}

pub(super) fn in_progress(error: stardeck_repository::Error) -> Error {
    match error {
        stardeck_repository::Error::Conflict { constraint: Constraint::OperationInProgress } => Error::Busy,
        other => other.into(),
    }
}
