//! Users of logical databases.

use chrono::Utc;
use stardeck_domain::{
    AuditAction, CredentialPurpose, CredentialState, DatabaseId, InvalidValue, LogicalState, LogicalUser,
    LogicalUserId, LoginName, Password, ValidationError,
};
use stardeck_drivers::NewUser;
use stardeck_engines::{AppTarget, Capability, app_environment};
use stardeck_repository::{Constraint, credentials, logical};

use super::{CreateLogicalUser, Engine, Logical, LogicalUserEntry, UserCredentials};
use crate::{Actor, Error, core::Core, vault::generate_password};

impl Logical {
    /// The users that can log in to the engine, by name; Stardeck's own is not among them.
    ///
    /// # Errors
    /// There is no such database, it does not run, or its engine does not answer.
    pub async fn list_users(&self, id: DatabaseId) -> Result<Vec<LogicalUserEntry>, Error> {
        let engine = self.engine(id).await?;
        let mut rows = self.core.db.read(move |tx| logical::list_users(tx, id).map_err(Error::from)).await?;
        let found = engine.driver.list_users(&engine.login).await?;
        let own = engine.login.user.as_str();
        let entry = |username, is_admin, connections, row: Option<LogicalUser>| LogicalUserEntry {
            username,
            is_admin,
            connections,
            preset: row.as_ref().map(|row| row.preset),
            state: row.as_ref().map(|row| row.state),
            created_at: row.as_ref().map(|row| row.created_at),
            database: row.map(|row| row.logical_database),
        };
        let mut entries: Vec<_> = found
            .into_iter()
            .filter(|facts| facts.can_log_in && facts.username != own)
            .map(|facts| {
                let at = rows.iter().position(|row| row.username.as_str() == facts.username);
                let row = at.map(|at| rows.swap_remove(at));
                entry(facts.username, facts.is_admin, facts.connections, row)
            })
            .collect();
        let pending = rows.into_iter().filter(|row| row.state == LogicalState::Pending);
        entries.extend(pending.map(|row| entry(row.username.to_string(), false, None, Some(row))));
        entries.sort_by(|one, other| one.username.cmp(&other.username));
        Ok(entries)
    }

    /// Makes a user of one logical database. One that was begun before is finished.
    ///
    /// # Errors
    /// Fields that are not right, a name that is taken, a logical database that is not there, or an engine that refuses;
    /// then nothing of it is left, unless the engine does not answer any more.
    pub async fn create_user(
        &self,
        actor: &Actor,
        id: DatabaseId,
        request: CreateLogicalUser,
    ) -> Result<LogicalUserEntry, Error> {
        let engine = self.engine(id).await?;
        let username = request.username.clone();
        self.core.make_user(&engine, request).await?;
        self.record(actor, AuditAction::LogicalUserCreated, &engine.database, username.as_str()).await?;
        let entries = self.list_users(id).await?;
        let made = entries.into_iter().find(|entry| entry.username == username.as_str());
        made.ok_or_else(|| Error::NotFound { what: "user", id: username.to_string() })
    }

    /// A user's login, which is written to the audit log.
    ///
    /// # Errors
    /// There is no such user that was made through Stardeck.
    pub async fn user_credentials(
        &self,
        actor: &Actor,
        id: DatabaseId,
        username: LoginName,
    ) -> Result<UserCredentials, Error> {
        let database = self.core.database(id).await?;
        let wanted = username.clone();
        let (user, credential) = self
            .core
            .db
            .read(move |tx| {
                let user = logical::find_user(tx, id, &wanted)?;
                Ok::<_, Error>((user, credentials::find_app(tx, id, &wanted, CredentialState::Active)?))
            })
            .await?;
        let (Some(user), Some(credential)) = (user, credential) else {
            return Err(Error::NotFound { what: "user", id: username.to_string() });
        };
        self.record(actor, AuditAction::CredentialsRead, &database, username.as_str()).await?;
        let password = self.core.open(&credential)?;
        let target = AppTarget {
            host: &database.internal_host,
            port: database.internal_port,
            user: &username,
            password: &password,
            database: Some(&user.logical_database),
            env_prefix: None,
        };
        // The first variable is the URL, whatever the engine.
        let variables = app_environment(stardeck_engines::adapter(database.engine), &target);
        let url = variables.into_iter().next().ok_or_else(|| Error::internal("no URL for an app"))?;
        let database = user.logical_database;
        Ok(UserCredentials { username, password, database, internal_url: url.value })
    }

    /// Drops a user that was made through Stardeck, and ends its connections. What it made in its logical database stays.
    ///
    /// # Errors
    /// The confirmation is not its name, there is no such user, an app logs in as it, or the engine does not answer.
    pub async fn delete_user(
        &self,
        actor: &Actor,
        id: DatabaseId,
        username: LoginName,
        confirm: &str,
    ) -> Result<(), Error> {
        if confirm != username.as_str() {
            let reason = format!("must be the name of the user, {username}");
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        let engine = self.engine(id).await?;
        let wanted = username.clone();
        let row =
            self.core.db.read(move |tx| logical::find_user(tx, id, &wanted).map_err(Error::from)).await?;
        if row.is_none() {
            return Err(Error::NotFound { what: "user", id: username.to_string() });
        }
        self.core.check_no_link(id, |link| link.username == username).await?;
        self.core.drop_user(&engine, &username).await?;
        self.record(actor, AuditAction::LogicalUserDropped, &engine.database, username.as_str()).await
    }
}

impl Core {
    /// Writes a user down with its sealed password, and has the engine make it. What fails is taken back.
    ///
    /// # Errors
    /// Fields that are not right, a name that is taken, or an engine that refuses or does not answer.
    pub(crate) async fn make_user(
        &self,
        engine: &Engine,
        request: CreateLogicalUser,
    ) -> Result<LogicalUser, Error> {
        check(engine, &request)?;
        let password = request.password.clone().unwrap_or_else(generate_password);
        let row = self.write_user_down(engine, &request, &password).await?;
        let new = NewUser {
            username: request.username.clone(),
            password,
            database: request.database,
            preset: request.preset,
            connection_limit: request.connection_limit,
        };
        if let Err(error) = engine.driver.put_user(&engine.login, &new).await {
            // Only a name that the engine did not have before was written down.
            self.drop_user(engine, &request.username).await.ok();
            return Err(error.into());
        }
        let (id, database, username) = (row.id, row.database_id, row.username.clone());
        self.db
            .write(move |tx| {
                let state = CredentialState::Pending;
                if let Some(credential) = credentials::find_app(tx, database, &username, state)? {
                    credentials::activate(tx, credential.id, Utc::now())?;
                }
                logical::mark_user_active(tx, id).map_err(Error::from)
            })
            .await?;
        Ok(LogicalUser { state: LogicalState::Active, ..row })
    }

    /// The row and the credential; what an earlier try left is replaced.
    async fn write_user_down(
        &self,
        engine: &Engine,
        request: &CreateLogicalUser,
        password: &Password,
    ) -> Result<LogicalUser, Error> {
        let (id, wanted, within) = (engine.database.id, request.username.clone(), request.database.clone());
        let (known, logical_database) = self
            .db
            .read(move |tx| {
                let known = logical::find_user(tx, id, &wanted)?;
                Ok::<_, Error>((known, logical::find_database(tx, id, &within)?))
            })
            .await?;
        let is_begun = known.as_ref().is_some_and(|row| row.state == LogicalState::Pending);
        if !is_begun && (known.is_some() || engine.has_user(&request.username).await?) {
            return Err(taken(&request.username));
        }
        let logical_database =
            logical_database.filter(|row| row.state == LogicalState::Active).ok_or_else(|| {
                let reason = format!("there is no logical database {} that was made here", request.database);
                InvalidValue::new("unknown_database", reason).in_field("database_name")
            })?;
        let now = Utc::now();
        let row = LogicalUser {
            id: LogicalUserId::new(),
            database_id: id,
            logical_database_id: logical_database.id,
            logical_database: logical_database.name,
            username: request.username.clone(),
            preset: request.preset,
            state: LogicalState::Pending,
            created_at: now,
        };
        let purpose = CredentialPurpose::App;
        let mut credential = self.seal_credential(id, purpose, request.username.clone(), password, now);
        let new = row.clone();
        self.db
            .write(move |tx| {
                if let Some(earlier) = known {
                    logical::delete_user(tx, earlier.id)?;
                    credentials::delete_app(tx, id, &earlier.username)?;
                }
                logical::insert_user(tx, &new).map_err(|error| match error {
                    stardeck_repository::Error::Conflict { constraint: Constraint::LogicalUserName } => {
                        taken(&new.username)
                    }
                    other => other.into(),
                })?;
                credential.version = credentials::next_app_version(tx, id, &new.username)?;
                credentials::insert(tx, &credential).map_err(Error::from)
            })
            .await?;
        Ok(row)
    }

    /// Drops a user, its row and its passwords. May be repeated.
    pub(crate) async fn drop_user(&self, engine: &Engine, username: &LoginName) -> Result<(), Error> {
        engine.drop_user(username).await?;
        let (id, username) = (engine.database.id, username.clone());
        self.db
            .write(move |tx| {
                if let Some(row) = logical::find_user(tx, id, &username)? {
                    logical::delete_user(tx, row.id)?;
                }
                credentials::delete_app(tx, id, &username).map_err(Error::from)
            })
            .await
    }
}

fn taken(username: &LoginName) -> Error {
    Error::NameTaken { name: username.to_string(), holder: "a user of the engine has it".to_owned() }
}

/// Checks name and password against the engine. The administrator's name is no app's.
fn check(engine: &Engine, request: &CreateLogicalUser) -> Result<(), Error> {
    let adapter = stardeck_engines::adapter(engine.database.engine);
    adapter.check_app_user(&request.username, request.password.as_ref())?;
    if request.connection_limit.is_some() && !adapter.info().can(Capability::ConnectionLimits) {
        let reason = "this engine can not limit the connections of a user".to_owned();
        return Err(ValidationError { field: "connection_limit", code: "not_supported", reason }.into());
    }
    if request.username == engine.database.admin_user {
        let reason = "is the administrator's name".to_owned();
        return Err(ValidationError { field: "username", code: "reserved_name", reason }.into());
    }
    Ok(())
}
