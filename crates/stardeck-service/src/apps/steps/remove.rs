//! Removing an app: its container and secrets, its users, and its volumes when that was asked for.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{DatabaseStatus, StepName};
use stardeck_repository::{apps, connections, credentials, logical};

use super::app_id;
use crate::{
    Error, labels,
    logical::Engine,
    networks::{self, links},
    operations::step::{Step, StepContext, StepError},
};

/// Removes what the runtime has of the app.
pub(super) struct Remove {
    pub(super) deletes_volumes: bool,
}

#[async_trait]
impl Step for Remove {
    fn name(&self) -> StepName {
        StepName::AppRemove
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let (id, runtime) = (app_id(cx), cx.core.runtime.as_ref());
        for container in runtime.list_labelled(labels::APP, &id.to_string()).await? {
            if labels::is_of_app(&container.labels, cx.core.instance, id) {
                runtime.remove_container(container.id.as_str()).await?;
            }
        }
        self.leave_networks(cx).await?;
        for secret in runtime.list_secrets().await? {
            if labels::is_of_app(&secret.labels, cx.core.instance, id) {
                runtime.remove_secret(&secret.name).await?;
            }
        }
        if self.deletes_volumes {
            for volume in runtime.list_volumes().await? {
                if labels::is_of_app(&volume.labels, cx.core.instance, id) {
                    runtime.remove_volume(&volume.name).await?;
                }
            }
        }
        Ok(())
    }
}

impl Remove {
    /// The own network of a database that was removed before its app is of no use any more.
    async fn leave_networks(&self, cx: &StepContext) -> Result<(), StepError> {
        for network in cx.core.runtime.list_networks().await? {
            let Some(owner) = labels::database_of(&network.labels) else { continue };
            let is_left = match cx.core.database(owner).await {
                Ok(_) => false,
                Err(Error::NotFound { .. }) => true,
                Err(error) => return Err(error.into()),
            };
            if is_left {
                networks::remove_of(cx.core.runtime.as_ref(), cx.core.instance, owner).await?;
            }
        }
        Ok(())
    }
}

/// Takes the app's users away and gives back its name and ports. The logical databases stay.
pub(super) struct Release;

#[async_trait]
impl Step for Release {
    fn name(&self) -> StepName {
        StepName::Release
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let id = app_id(cx);
        let links = cx.core.db.read(move |tx| connections::list_of_app(tx, id).map_err(Error::from)).await?;
        for link in links {
            let database = cx.core.database(link.database_id).await?;
            // A user of a server that does not run stays, and can be dropped when it does.
            if database.status != DatabaseStatus::Running {
                cx.tell(format!("{} does not run, so its user {} stays", database.name, link.username))
                    .await?;
                continue;
            }
            let engine = Engine::reach(&cx.core, database).await?;
            engine
                .driver
                .drop_user(&engine.login, &link.username)
                .await
                .map_err(|error| super::logical::told(&error))?;
            cx.core
                .db
                .write(move |tx| {
                    credentials::delete_app(tx, link.database_id, &link.username)?;
                    connections::delete(tx, link.id)?;
                    logical::delete_user(tx, link.logical_user_id).map_err(Error::from)
                })
                .await?;
        }
        let quarantined_until = Utc::now() + cx.core.timings.port_quarantine;
        cx.core
            .db
            .write(move |tx| {
                apps::release_ports(tx, id, quarantined_until)?;
                apps::forget(tx, id).map_err(Error::from)
            })
            .await?;
        Ok(links::sweep(&cx.core).await?)
    }
}
