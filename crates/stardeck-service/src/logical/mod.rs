//! Logical databases and their users inside a running engine.
//!
//! A row comes first, the engine second: what was written down and did not come through is `pending`, and the same
//! request again finishes it. The engine is the truth about what there is. Both are done within the request, since an
//! engine answers in moments. What is *not* here: how an engine does it (`stardeck-drivers`), which names it takes
//! (`stardeck-engines`), and apps.

mod databases;
mod requests;
mod users;

use std::{sync::Arc, time::Duration};

use stardeck_domain::{
    AuditAction, CredentialPurpose, CredentialState, DatabaseId, DatabaseStatus, LogicalName, LoginName,
    ManagedDatabase, ValidationError,
};
use stardeck_drivers::{EngineClient, Error as DriverError, Login};
use stardeck_repository::audit;

pub use requests::{
    CreateLogicalDatabase, CreateLogicalUser, LogicalDatabaseEntry, LogicalUserEntry, UserCredentials,
};

use crate::{Actor, Error, auth::audit_entry, core::Core};

/// How long an engine may work on one request: dropping much data takes a while.
const WORK: Duration = Duration::from_mins(1);

/// Logical databases and their users. Cheap to clone.
#[derive(Clone)]
pub struct Logical {
    core: Arc<Core>,
}

/// A managed database whose engine can be worked with, and the way to it.
pub(crate) struct Engine {
    pub(crate) database: ManagedDatabase,
    pub(crate) driver: &'static dyn EngineClient,
    pub(crate) login: Login,
}

impl Logical {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    async fn engine(&self, id: DatabaseId) -> Result<Engine, Error> {
        Engine::of(&self.core, id).await
    }

    /// Writes down who did what to a thing inside a managed database.
    async fn record(
        &self,
        actor: &Actor,
        action: AuditAction,
        database: &ManagedDatabase,
        name: &str,
    ) -> Result<(), Error> {
        let (target, name) = (Some(database.id.to_string()), Some(format!("{}/{name}", database.name)));
        let entry = audit_entry(actor, action, target, name, chrono::Utc::now());
        self.core.db.write(move |tx| audit::append(tx, &entry).map_err(Error::from)).await
    }
}

impl Engine {
    /// The engine of a database that runs, with Stardeck's own login.
    ///
    /// # Errors
    /// There is no such database, it does not run, or the runtime does not answer.
    pub(crate) async fn of(core: &Core, id: DatabaseId) -> Result<Self, Error> {
        let database = core.database(id).await?;
        if database.status != DatabaseStatus::Running {
            return Err(Error::DatabaseNotRunning { status: database.status });
        }
        core.settle_rotations(&database).await?;
        Self::reach(core, database).await
    }

    /// The same, whatever its row says.
    pub(crate) async fn reach(core: &Core, database: ManagedDatabase) -> Result<Self, Error> {
        let (purpose, state) = (CredentialPurpose::Management, CredentialState::Active);
        let management =
            core.credential(database.id, purpose, state).await?.ok_or(Error::CredentialsNotReady)?;
        let reach = core.runtime.reach(database.container_name.as_str(), database.internal_port).await?;
        let login = Login {
            addr: reach.addr,
            password: core.open(&management)?,
            user: management.username,
            database: None,
            timeout: WORK,
        };
        Ok(Self { driver: core.driver(database.engine)?, database, login })
    }

    /// The names of the logical databases in the engine.
    pub(crate) async fn database_names(&self) -> Result<Vec<String>, Error> {
        let found = self.driver.list_databases(&self.login).await?;
        Ok(found.into_iter().map(|facts| facts.name).collect())
    }

    /// Has the engine drop a user. One that it refuses to drop and does not have is gone: names that it does not take were
    /// written down before it was asked to make them.
    pub(crate) async fn drop_user(&self, username: &LoginName) -> Result<(), DriverError> {
        let dropped = self.driver.drop_user(&self.login, username).await;
        if !matches!(dropped, Err(DriverError::Refused { .. })) {
            return dropped;
        }
        let found = self.driver.list_users(&self.login).await?;
        if found.iter().any(|facts| facts.username == username.as_str()) { dropped } else { Ok(()) }
    }

    /// The same for a logical database.
    pub(crate) async fn drop_database(&self, name: &LogicalName) -> Result<(), DriverError> {
        let dropped = self.driver.drop_database(&self.login, name).await;
        if !matches!(dropped, Err(DriverError::Refused { .. })) {
            return dropped;
        }
        let found = self.driver.list_databases(&self.login).await?;
        if found.iter().any(|facts| facts.name == name.as_str()) { dropped } else { Ok(()) }
    }

    /// Whether there is a user or a role of this name.
    pub(crate) async fn has_user(&self, username: &LoginName) -> Result<bool, Error> {
        let found = self.driver.list_users(&self.login).await?;
        Ok(found.iter().any(|facts| facts.username == username.as_str()))
    }

    /// Refuses names that the engine does not take.
    pub(crate) fn check_name(&self, name: &LogicalName, field: &'static str) -> Result<(), Error> {
        let rules = stardeck_engines::adapter(self.database.engine).logical_rules();
        rules.check(name).map_err(|wrong| wrong.in_field(field).into())
    }
}

impl From<DriverError> for Error {
    fn from(error: DriverError) -> Self {
        match error {
            DriverError::Refused { code, detail } | DriverError::DatabaseMissing { code, detail } => {
                Self::EngineRefused { code, detail }
            }
            DriverError::OptionRefused { option, detail } => {
                ValidationError { field: option, code: "refused_by_engine", reason: detail }.into()
            }
            DriverError::NotReady { .. }
            | DriverError::Unreachable { .. }
            | DriverError::Timeout
            | DriverError::CredentialsRejected { .. }
            | DriverError::Protocol { .. } => Self::EngineUnavailable { internal: error.to_string() },
        }
    }
}
