//! What is watched: a database server or an app.

use stardeck_domain::{AppId, ContainerName, DatabaseId};
use stardeck_repository::apps;

use crate::{Error, core::Core};

/// Whose container it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Subject {
    /// A database's.
    Database(DatabaseId),
    /// An app's.
    App(AppId),
}

impl Subject {
    /// The name of its container as last made; `NotFound` when it is gone for good.
    pub(crate) async fn container(self, core: &Core) -> Result<ContainerName, Error> {
        match self {
            Self::Database(id) => core.database(id).await.map(|database| database.container_name),
            Self::App(id) => {
                let app = core.db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
                Ok(app.container_name)
            }
        }
    }
}
