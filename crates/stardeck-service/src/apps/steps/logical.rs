//! What happens inside the engine: the logical database and the app's user in it.

use async_trait::async_trait;
use chrono::Utc;
use stardeck_domain::{
    ConnectionId, Credential, CredentialId, CredentialState, DatabaseConnection, FailureCode, StepName,
};
use stardeck_drivers::{Error as DriverError, NewLogicalDatabase, NewUser};
use stardeck_repository::{connections, credentials, logical};

use super::NewLink;
use crate::{
    Error,
    logical::Engine,
    operations::step::{Step, StepContext, StepError},
};

/// Makes the logical database.
pub(super) struct Database {
    pub(super) link: NewLink,
    /// Whether the whole server is taken back with it.
    pub(super) goes_with_its_server: bool,
}

#[async_trait]
impl Step for Database {
    fn name(&self) -> StepName {
        StepName::LogicalDatabase
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        if !self.link.makes_database {
            return Ok(());
        }
        let connection = connection(cx, self.link.connection).await?;
        let engine = engine(cx, &connection).await?;
        let new = NewLogicalDatabase {
            name: connection.logical_database.clone(),
            encoding: None,
            collation: None,
            extensions: Vec::new(),
        };
        engine.driver.create_database(&engine.login, &new).await.map_err(|error| told(&error))?;
        let id = connection.logical_database_id;
        cx.core.db.write(move |tx| logical::mark_database_active(tx, id).map_err(Error::from)).await?;
        cx.tell(format!("{} in {}", connection.logical_database, engine.database.name)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        if !self.link.makes_database || self.goes_with_its_server {
            return Ok(());
        }
        let Some(connection) = find_connection(cx, self.link.connection).await? else { return Ok(()) };
        let engine = engine(cx, &connection).await?;
        cx.core.drop_database(&engine, &connection.logical_database).await?;
        Ok(())
    }
}

/// Makes the app's user.
pub(super) struct User {
    pub(super) link: NewLink,
    /// Whether the whole server is taken back with it.
    pub(super) goes_with_its_server: bool,
}

#[async_trait]
impl Step for User {
    fn name(&self) -> StepName {
        StepName::AppUser
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        if !self.link.makes_user {
            return Ok(());
        }
        let connection = connection(cx, self.link.connection).await?;
        let engine = engine(cx, &connection).await?;
        put_user(cx, &engine, &connection).await?;
        let (database, username) = (connection.database_id, connection.username.clone());
        let user = connection.logical_user_id;
        cx.core
            .db
            .write(move |tx| {
                if let Some(new) = credentials::find_app(tx, database, &username, CredentialState::Pending)? {
                    credentials::activate(tx, new.id, Utc::now())?;
                }
                logical::mark_user_active(tx, user).map_err(Error::from)
            })
            .await?;
        cx.tell(format!("{} ({})", connection.username, connection.preset)).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        if !self.link.makes_user || self.goes_with_its_server {
            return Ok(());
        }
        let Some(connection) = find_connection(cx, self.link.connection).await? else { return Ok(()) };
        let engine = engine(cx, &connection).await?;
        engine.drop_user(&connection.username).await.map_err(|error| told(&error))?;
        let (database, makes_database) = (connection.database_id, self.link.makes_database);
        cx.core
            .db
            .write(move |tx| {
                credentials::delete_app(tx, database, &connection.username)?;
                // The rows of the link are still needed where the logical database goes, too, and go with it.
                if !makes_database {
                    logical::delete_user(tx, connection.logical_user_id)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        Ok(())
    }
}

/// Takes the app's user away.
pub(super) struct Revoke {
    pub(super) connection: ConnectionId,
}

#[async_trait]
impl Step for Revoke {
    fn name(&self) -> StepName {
        StepName::RevokeUser
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let Some(connection) = find_connection(cx, self.connection).await? else { return Ok(()) };
        let engine = engine(cx, &connection).await?;
        engine.drop_user(&connection.username).await.map_err(|error| told(&error))
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let Some(connection) = find_connection(cx, self.connection).await? else { return Ok(()) };
        let engine = engine(cx, &connection).await?;
        put_user(cx, &engine, &connection).await
    }
}

/// Drops the logical database. It is the last thing done, since nothing brings the data back.
pub(super) struct Drop {
    pub(super) connection: ConnectionId,
}

#[async_trait]
impl Step for Drop {
    fn name(&self) -> StepName {
        StepName::DropDatabase
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let Some(connection) = find_connection(cx, self.connection).await? else { return Ok(()) };
        let engine = engine(cx, &connection).await?;
        let name = &connection.logical_database;
        let Err(error) = engine.driver.drop_database(&engine.login, name).await else { return Ok(()) };
        // What is gone can not be brought back, so that a lost answer must not be taken for a refusal.
        let is_there = engine.database_names().await?.iter().any(|found| found == name.as_str());
        if is_there { Err(told(&error)) } else { Ok(()) }
    }
}

/// Gives the app's user its new password.
pub(super) struct Rotate {
    pub(super) connection: ConnectionId,
    /// The new version.
    pub(super) credential: CredentialId,
}

#[async_trait]
impl Step for Rotate {
    fn name(&self) -> StepName {
        StepName::AppUser
    }

    async fn run(&self, cx: &StepContext) -> Result<(), StepError> {
        let connection = connection(cx, self.connection).await?;
        self.set(cx, &connection, CredentialState::Pending).await
    }

    async fn undo(&self, cx: &StepContext) -> Result<(), StepError> {
        let connection = connection(cx, self.connection).await?;
        self.set(cx, &connection, CredentialState::Active).await?;
        let id = self.credential;
        cx.core.db.write(move |tx| credentials::delete(tx, id).map_err(Error::from)).await?;
        Ok(())
    }
}

impl Rotate {
    /// Sets the password that is in this state; none is when an earlier run came through.
    async fn set(
        &self,
        cx: &StepContext,
        connection: &DatabaseConnection,
        state: CredentialState,
    ) -> Result<(), StepError> {
        let Some(credential) = find_credential(cx, connection, state).await? else { return Ok(()) };
        let engine = engine(cx, connection).await?;
        let password = cx.core.open(&credential)?;
        engine
            .driver
            .set_password(&engine.login, &connection.username, &password)
            .await
            .map_err(|error| told(&error))
    }
}

async fn put_user(
    cx: &StepContext,
    engine: &Engine,
    connection: &DatabaseConnection,
) -> Result<(), StepError> {
    let mut credential = None;
    for state in [CredentialState::Pending, CredentialState::Active] {
        if credential.is_none() {
            credential = find_credential(cx, connection, state).await?;
        }
    }
    let credential = credential.ok_or_else(|| Error::internal("an app's user without a password"))?;
    let settings = crate::core::Core::settings(&engine.database)?;
    let connection_limit = stardeck_engines::adapter(engine.database.engine).app_connection_limit(&settings);
    let user = NewUser {
        username: connection.username.clone(),
        password: cx.core.open(&credential)?,
        database: connection.logical_database.clone(),
        preset: connection.preset,
        connection_limit,
    };
    engine.driver.put_user(&engine.login, &user).await.map_err(|error| told(&error))
}

async fn find_credential(
    cx: &StepContext,
    connection: &DatabaseConnection,
    state: CredentialState,
) -> Result<Option<Credential>, StepError> {
    let (database, username) = (connection.database_id, connection.username.clone());
    let found =
        cx.core.db.read(move |tx| credentials::find_app(tx, database, &username, state).map_err(Error::from));
    Ok(found.await?)
}

async fn find_connection(
    cx: &StepContext,
    id: ConnectionId,
) -> Result<Option<DatabaseConnection>, StepError> {
    match cx.core.db.read(move |tx| connections::get(tx, id).map_err(Error::from)).await {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn connection(cx: &StepContext, id: ConnectionId) -> Result<DatabaseConnection, StepError> {
    Ok(cx.core.db.read(move |tx| connections::get(tx, id).map_err(Error::from)).await?)
}

async fn engine(cx: &StepContext, connection: &DatabaseConnection) -> Result<Engine, StepError> {
    let database = cx.core.database(connection.database_id).await?;
    cx.core.settle_rotations(&database).await?;
    Ok(Engine::reach(&cx.core, database).await?)
}

/// Puts an engine's refusal into the words of an operation.
pub(super) fn told(error: &DriverError) -> StepError {
    let code = match error {
        DriverError::Refused { .. }
        | DriverError::OptionRefused { .. }
        | DriverError::DatabaseMissing { .. } => FailureCode::EngineRefused,
        DriverError::CredentialsRejected { .. } => FailureCode::CredentialsRejected,
        DriverError::NotReady { .. }
        | DriverError::Unreachable { .. }
        | DriverError::Timeout
        | DriverError::Protocol { .. } => FailureCode::EngineNotReady,
    };
    StepError::failed(code, error.to_string())
}
