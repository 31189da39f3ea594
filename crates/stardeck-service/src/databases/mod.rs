//! The use cases around managed databases.
//!
//! [`Databases`] checks a request, writes down what was asked for, and hands the work to [`crate::operations`].
//! What is *not* here: how an operation is carried out.

mod adopt;
mod create;
mod credentials;
mod dedicated;
mod kept;
mod limits;
mod reattach;
mod report;
mod requests;
mod rotate;
mod settings;
mod verbs;

use std::sync::Arc;

use stardeck_domain::{DatabaseId, ManagedDatabase};
use stardeck_repository::{Page, Slice, databases};

pub(crate) use adopt::image_reference;
pub(crate) use dedicated::Dedicated;
pub use kept::KeptVolume;
pub use report::AdoptionReport;
pub use requests::{
    AdoptDatabase, Change, ChangeDatabase, CreateDatabase, Credentials, DataFate, DeleteDatabase,
    RunSettings, SettingChange, SettingsOutcome,
};
pub use rotate::RotatedLogin;
pub use settings::run_settings;

use crate::{
    DetectedDatabase, Error,
    core::Core,
    detection::{self, Cache},
    operations::Dispatcher,
    runtime::{LogLine, LogQuery},
};

/// The use cases around managed databases. Cheap to clone.
#[derive(Clone)]
pub struct Databases {
    dispatcher: Dispatcher,
    detection: Arc<Cache>,
}

impl Databases {
    pub(crate) fn new(dispatcher: Dispatcher) -> Self {
        Self { dispatcher, detection: Arc::default() }
    }

    /// One page of the databases, oldest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, page: Page) -> Result<Slice<ManagedDatabase>, Error> {
        self.core().db.read(move |tx| databases::list(tx, &page).map_err(Error::from)).await
    }

    /// A number that changes with every change that this process makes to anything it stores. A list that was read
    /// after it had its present value is what there is, unless another process writes to the store.
    pub fn changes(&self) -> u64 {
        self.core().db.commits()
    }

    /// One database.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn get(&self, id: DatabaseId) -> Result<ManagedDatabase, Error> {
        self.core().database(id).await
    }

    /// One page of the database servers on the host that nobody manages yet, running or not.
    ///
    /// # Errors
    /// The runtime does not answer.
    pub async fn detect(&self, page: Page) -> Result<Slice<DetectedDatabase>, Error> {
        detection::detect(self.core(), &self.detection, &page).await
    }

    /// The last lines the engine logged, oldest first. Empty while there is no container.
    ///
    /// # Errors
    /// There is no such database, or the runtime does not answer.
    pub async fn logs(&self, id: DatabaseId, query: LogQuery) -> Result<Vec<LogLine>, Error> {
        let database = self.get(id).await?;
        match self.core().runtime.container_logs(database.container_name.as_str(), &query).await {
            Ok(lines) => Ok(lines),
            Err(crate::runtime::RuntimeError::NotFound { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    fn core(&self) -> &Arc<Core> {
        self.dispatcher.core()
    }

    fn dispatcher(&self) -> &Dispatcher {
        &self.dispatcher
    }
}
