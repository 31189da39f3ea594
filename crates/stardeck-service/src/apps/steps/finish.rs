//! Writing down what the app is now, and removing what it was before.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{
    App, AppStatus, ConnectionId, ConnectionState, ContainerName, CredentialId, DesiredState, FailureCode,
    StepName,
};
use stardeck_repository::{apps, connections, credentials, logical};

use super::{app, container::made};
use crate::{
    Error,
    apps::{LogicalFate, UserFate},
    labels,
    networks::links,
    operations::{
        plan::Input,
        step::{Step, StepContext, StepError},
    },
    runtime::ContainerDetails,
};

pub(super) struct Finish {
    pub(super) is_first: bool,
    /// The version of a password that is the active one from now on.
    pub(super) rotated: Option<CredentialId>,
    /// The link that is removed.
    pub(super) removed: Option<ConnectionId>,
    /// Whether the app has no container.
    pub(super) is_orphaned: bool,
}

#[async_trait]
impl Step for Finish {
    fn name(&self) -> StepName {
        StepName::AppFinish
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        let container = if self.is_orphaned { None } else { Some(self.container(cx, &app).await?) };
        let name = match &container {
            Some(container) => Some(ContainerName::parse(&container.name).map_err(Error::internal)?),
            None => None,
        };
        let id = app.id;
        let (rotated, removed) = (self.rotated, self.removed);
        let (status, reason) = match (&container, app.desired_state) {
            (None, _) => (AppStatus::Error, Some("its container was removed")),
            (Some(_), DesiredState::Running) => (AppStatus::Running, None),
            (Some(_), DesiredState::Stopped | DesiredState::Absent) => (AppStatus::Stopped, None),
        };
        let fates = fates(cx).await?;
        cx.core
            .db
            .write(move |tx| {
                if let (Some(name), Some(container)) = (&name, &container) {
                    apps::record_container(tx, id, name, &container.id)?;
                }
                apps::set_status(tx, id, status, reason, Utc::now())?;
                if let Some(credential) = rotated {
                    credentials::activate(tx, credential, Utc::now())?;
                }
                for connection in connections::list_of_app(tx, id)? {
                    if removed != Some(connection.id) {
                        connections::set_state(tx, connection.id, ConnectionState::Active)?;
                        continue;
                    }
                    connections::delete(tx, connection.id)?;
                    if fates.0 == UserFate::Revoke {
                        credentials::delete_app(tx, connection.database_id, &connection.username)?;
                        logical::delete_user(tx, connection.logical_user_id)?;
                    }
                    if fates.1 == LogicalFate::Drop {
                        logical::delete_database(tx, connection.logical_database_id)?;
                    }
                }
                Ok::<_, Error>(())
            })
            .await?;
        // It works now. What can not be removed is no reason to take that back.
        for attempt in 1..=TRIES {
            match clean(cx).await {
                Ok(()) => break,
                Err(error) => {
                    tracing::warn!(operation = %cx.operation, attempt, ?error, "something old is left");
                }
            }
        }
        self.give_back(cx).await
    }
}

impl Finish {
    /// The container that this operation made: under its name, or after a crash under that in the row. A database that was
    /// dropped does not come back, so that one call that fails is no reason to take everything back.
    async fn container(&self, cx: &StepContext, app: &App) -> Result<ContainerDetails, StepError> {
        let mut failure = None;
        for is_first in [self.is_first, true].repeat(TRIES) {
            match made(cx, app, is_first).await {
                Ok(found)
                    if labels::is_of_app_operation(&found.labels, cx.core.instance, app.id, cx.operation) =>
                {
                    return Ok(found);
                }
                // It is the one before.
                Ok(_) => {}
                Err(error) => failure = Some(error),
            }
        }
        let gone = || StepError::failed(FailureCode::ContainerMissing, "the app's new container is gone");
        Err(failure.unwrap_or_else(gone))
    }

    /// Without its last link, an app that somebody else made is none of ours.
    async fn give_back(&self, cx: &StepContext) -> Result<(), StepError> {
        let app = app(cx).await?;
        if self.removed.is_none() || !super::super::spec_of(&app)?.is_foreign {
            return Ok(());
        }
        let id = app.id;
        cx.core
            .db
            .write(move |tx| {
                if connections::list_of_app(tx, id)?.is_empty() {
                    apps::forget(tx, id)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}

/// How often what is old is tried to be removed.
const TRIES: usize = 3;

/// Removes the containers that the app had before, and the secrets that it has no use for any more.
async fn clean(cx: &StepContext) -> Result<(), StepError> {
    let app = app(cx).await?;
    let runtime = cx.core.runtime.as_ref();
    for container in runtime.list_labelled(labels::APP, &app.id.to_string()).await? {
        let is_ours = labels::is_of_app(&container.labels, cx.core.instance, app.id);
        if is_ours && !container.names.iter().any(|name| name == app.container_name.as_str()) {
            runtime.remove_container(container.id.as_str()).await?;
        }
    }
    if super::super::spec_of(&app)?.is_foreign {
        // The one that somebody else made has no label of ours, but a name that only this operation gives.
        runtime.remove_container(super::foreign::aside(cx, &app).as_str()).await?;
    }
    let mut wanted = Vec::new();
    for set in cx.core.sets_of(&app).await? {
        wanted.extend(set.secrets()?.into_iter().map(|(name, _)| name.to_string()));
    }
    for secret in runtime.list_secrets().await? {
        if labels::is_of_app(&secret.labels, cx.core.instance, app.id) && !wanted.contains(&secret.name) {
            runtime.remove_secret(&secret.name).await?;
        }
    }
    Ok(links::sweep(&cx.core).await?)
}

/// What is to become of a removed link's user and database.
async fn fates(cx: &StepContext) -> Result<(UserFate, LogicalFate), StepError> {
    let id = cx.operation;
    let operation =
        cx.core.db.read(move |tx| stardeck_repository::operations::get(tx, id).map_err(Error::from)).await?;
    match serde_json::from_str(&operation.input.0).map_err(Error::internal)? {
        Input::Unlink { user, database, .. } => Ok((user, database)),
        _ => Ok((UserFate::Keep, LogicalFate::Keep)),
    }
}
