//! The one change: the container is on the data network, under the database's names.

use async_trait::async_trait;
use stardeck_domain::StepName;

use crate::{
    lifecycle::{find_own_container, own_container},
    networks::names,
    operations::step::{Step, StepContext, StepError},
    ownership::Marks,
};

/// Connects it, unless it was connected before.
pub(super) struct Connect;

#[async_trait]
impl Step for Connect {
    fn name(&self) -> StepName {
        StepName::Connect
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let database = cx.database().await?;
        let container = own_container(cx).await?;
        if container.aliases.contains_key(database.network.as_str()) {
            return Ok(());
        }
        names::join(&cx.core, &database, &database.network, container.id.as_str()).await?;
        let names = names::aliases(&database).join(" and ");
        cx.tell(format!("{} answers to {names} on {}", container.name, database.network)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        disconnect(cx).await
    }
}

/// Takes it off again.
pub(super) struct Disconnect;

#[async_trait]
impl Step for Disconnect {
    fn name(&self) -> StepName {
        StepName::Disconnect
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        disconnect(cx).await
    }
}

/// Leaves the container on no network that it was not on before. One that is gone needs nothing.
async fn disconnect(cx: &StepContext) -> Result<(), StepError> {
    let Some(database) = cx.core.find_database(cx.database).await? else { return Ok(()) };
    if Marks::recorded(&database).was_connected {
        return Ok(());
    }
    if let Some(container) = find_own_container(cx).await?
        && container.aliases.contains_key(database.network.as_str())
    {
        cx.core.runtime.disconnect_network(&database.network, container.id.as_str()).await?;
    }
    Ok(())
}
