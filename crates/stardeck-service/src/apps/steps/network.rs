//! The own network of a link, with its database on it. The app's container is made on it.

use async_trait::async_trait;
use stardeck_domain::StepName;

use super::{NewLink, logical::connection};
use crate::{
    networks::links,
    operations::step::{Step, StepContext, StepError},
    provisioning::check_name,
};

pub(super) struct Network {
    pub(super) link: NewLink,
}

#[async_trait]
impl Step for Network {
    fn name(&self) -> StepName {
        StepName::Network
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let connection = connection(cx, self.link.connection).await?;
        let database = cx.core.database(connection.database_id).await?;
        links::ensure_meeting_place(&cx.core, &connection, &database).await?;
        let network = links::meeting_place(&connection, &database);
        check_name(cx, &database, network).await?;
        cx.tell(format!("{network}, for {} and {} only", connection.app, database.name)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        links::remove_of(&cx.core, self.link.connection).await?;
        Ok(())
    }
}
