//! Writing down that the database runs.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{FailureCode, ManagedDatabase, NetworkName, StepName};
use stardeck_repository::{databases, volumes};

use super::ready::logins;
use crate::{
    Error,
    lifecycle::own_container,
    networks::{
        links,
        names::{self, Found},
    },
    operations::step::{Step, StepContext, StepError},
};

pub(super) struct Finish;

#[async_trait]
impl Step for Finish {
    fn name(&self) -> StepName {
        StepName::Finish
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let container = own_container(cx).await?;
        // Before the address is asked for, since a repair changes it.
        check_name(cx, &database, &database.network).await?;
        for link in links::of_database(&cx.core, database.id).await? {
            links::ensure_meeting_place(&cx.core, &link, &database).await?;
            check_name(cx, &database, links::meeting_place(&link, &database)).await?;
        }
        let reach = cx.core.runtime.reach(container.id.as_str(), database.internal_port).await?;
        let driver = cx.core.driver(database.engine)?;
        let login = logins(&cx.core, &database, reach.addr).await?.into_iter().next().ok_or_else(|| {
            StepError::failed(FailureCode::CredentialsRejected, "no credentials are stored for this database")
        })?;
        let info = driver
            .login(&login)
            .await
            .map_err(|error| StepError::failed(FailureCode::EngineNotReady, error.to_string()))?;
        let id = cx.database;
        cx.core
            .db
            .write(move |tx| {
                databases::record_container(tx, id, Some(&container.id))?;
                volumes::mark_attached(tx, id)?;
                databases::mark_running(tx, id, Some(&info.version), Utc::now())?;
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}

/// The engine answers, whatever becomes of its name; so a name that is not found is told and fails nothing.
pub(crate) async fn check_name(
    cx: &StepContext,
    database: &ManagedDatabase,
    network: &NetworkName,
) -> Result<(), StepError> {
    let name = &database.name;
    match names::ensure(&cx.core, database, network).await? {
        Found::Yes | Found::Unknown => Ok(()),
        Found::Repaired => {
            cx.tell(format!("the name server of {network} had missed {name}, and knows it now")).await
        }
        Found::No => cx.tell(format!("the name server of {network} does not know {name}")).await,
    }
}
