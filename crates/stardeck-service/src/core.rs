//! What every use case stands on: the store, the vault, the runtime, the drivers, and how long we wait.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use stardeck_domain::{
    Credential, CredentialPurpose, CredentialState, DatabaseId, DatabaseSettings, Engine, InstanceId,
    ManagedDatabase, Password, PasswordRules,
};
use stardeck_drivers::EngineClient;
use stardeck_engines::ContainerPlan;
use stardeck_repository::{Db, credentials, databases};

use crate::{
    Error,
    runtime::{ContainerList, ContainerRuntime},
    vault::{Place, Vault},
};

/// Finds the driver of an engine. A function, so that tests can put a fake in its place.
pub type DriverLookup = fn(Engine) -> Option<&'static dyn EngineClient>;

/// The drivers for real engines.
pub fn drivers() -> DriverLookup {
    stardeck_drivers::client
}

/// How long we wait for what.
#[derive(Debug, Clone, Copy)]
pub struct Timings {
    /// How long a step keeps trying while the runtime does not answer.
    pub runtime_patience: Duration,
    /// How long one login may take.
    pub login: Duration,
    /// How long an app's own healthcheck may take to say that the app is healthy.
    pub health: Duration,
    /// How long what a crashed server had sent to the runtime may still take to arrive.
    pub settle: Duration,
    /// How often the observer looks at all containers.
    pub observe_every: Duration,
    /// How long a container that ended by itself is left alone before it is started again the first time.
    pub restart_after: Duration,
    /// How long a host port rests before another database gets it: a failed start can leave it open inside Podman
    /// for a while (measured on 4.3 to 5.8).
    pub port_quarantine: Duration,
}

impl Default for Timings {
    fn default() -> Self {
        Self {
            runtime_patience: Duration::from_mins(1),
            login: Duration::from_secs(10),
            health: Duration::from_mins(1),
            settle: Duration::from_secs(2),
            observe_every: Duration::from_secs(5),
            restart_after: Duration::from_secs(5),
            port_quarantine: Duration::from_mins(2),
        }
    }
}

/// What every use case stands on.
pub(crate) struct Core {
    pub(crate) db: Db,
    pub(crate) vault: Vault,
    pub(crate) runtime: Arc<dyn ContainerRuntime>,
    /// What the runtime's list showed last, for what only shows something.
    pub(crate) containers: ContainerList,
    pub(crate) drivers: DriverLookup,
    pub(crate) instance: InstanceId,
    pub(crate) timings: Timings,
    /// Held while the password of an administrator or of our own role is replaced.
    pub(crate) rotations: tokio::sync::Mutex<()>,
}

impl Core {
    /// The database's row as it is now.
    pub(crate) async fn database(&self, id: DatabaseId) -> Result<ManagedDatabase, Error> {
        self.db.read(move |tx| databases::get(tx, id).map_err(Error::from)).await
    }

    /// A database, which may be gone.
    pub(crate) async fn find_database(&self, id: DatabaseId) -> Result<Option<ManagedDatabase>, Error> {
        self.db.read(move |tx| databases::find(tx, id).map_err(Error::from)).await
    }

    /// The engine's driver.
    pub(crate) fn driver(&self, engine: Engine) -> Result<&'static dyn EngineClient, Error> {
        (self.drivers)(engine).ok_or_else(|| Error::internal(format!("no driver for {engine}")))
    }

    /// The container plan as applied.
    pub(crate) fn plan(database: &ManagedDatabase) -> Result<ContainerPlan, Error> {
        serde_json::from_str(&database.spec.0).map_err(Error::internal)
    }

    /// How the database is to run.
    pub(crate) fn settings(database: &ManagedDatabase) -> Result<DatabaseSettings, Error> {
        serde_json::from_str(&database.settings.0).map_err(Error::internal)
    }

    /// A version of a credential, if there is one.
    pub(crate) async fn credential(
        &self,
        database: DatabaseId,
        purpose: CredentialPurpose,
        state: CredentialState,
    ) -> Result<Option<Credential>, Error> {
        self.db.read(move |tx| credentials::find(tx, database, purpose, state).map_err(Error::from)).await
    }

    /// The password of a credential in clear.
    pub(crate) fn open(&self, credential: &Credential) -> Result<Password, Error> {
        use secrecy::ExposeSecret;

        let clear = self.vault.open(&password_place(credential.id), &credential.sealed_password)?;
        if clear.expose_secret().is_empty() {
            return Ok(Password::none());
        }
        Password::parse(clear.expose_secret().to_owned(), PasswordRules::ENGINE).map_err(Error::internal)
    }

    /// A first version of a credential, sealed.
    pub(crate) fn seal_credential(
        &self,
        database_id: DatabaseId,
        purpose: CredentialPurpose,
        username: stardeck_domain::LoginName,
        password: &Password,
        created_at: DateTime<Utc>,
    ) -> Credential {
        let id = stardeck_domain::CredentialId::new();
        let sealed_password = self.vault.seal(&password_place(id), password.expose());
        Credential {
            id,
            database_id,
            purpose,
            username,
            sealed_password,
            version: 1,
            state: CredentialState::Pending,
            created_at,
        }
    }
}

fn password_place(id: stardeck_domain::CredentialId) -> Place {
    Place { table: "credentials", column: "sealed_password", row: id.to_string() }
}
