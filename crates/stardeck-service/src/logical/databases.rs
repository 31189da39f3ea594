//! Logical databases.

use std::collections::BTreeSet;

use chrono::Utc;
use stardeck_domain::{
    AuditAction, DatabaseConnection, DatabaseId, InvalidValue, LogicalDatabase, LogicalDatabaseId,
    LogicalName, LogicalState, UserId, ValidationError, ValidationErrors,
};
use stardeck_drivers::NewLogicalDatabase;
use stardeck_engines::Capability;
use stardeck_repository::{Constraint, connections, credentials, logical};

use super::{CreateLogicalDatabase, Engine, Logical, LogicalDatabaseEntry};
use crate::{Actor, Error, core::Core};

impl Logical {
    /// The logical databases of a managed one, by name: what its engine has, without the engine's own, and what was made
    /// here and does not show in the engine yet.
    ///
    /// # Errors
    /// There is no such database, it does not run, or its engine does not answer.
    pub async fn list_databases(&self, id: DatabaseId) -> Result<Vec<LogicalDatabaseEntry>, Error> {
        let engine = self.engine(id).await?;
        let mut rows =
            self.core.db.read(move |tx| logical::list_databases(tx, id).map_err(Error::from)).await?;
        let found = engine.driver.list_databases(&engine.login).await?;
        let info = stardeck_engines::adapter(engine.database.engine).info();
        let mut entries: Vec<_> = found
            .into_iter()
            .map(|facts| {
                let at = rows.iter().position(|row| row.name.as_str() == facts.name);
                let row = at.map(|at| rows.swap_remove(at));
                LogicalDatabaseEntry {
                    name: facts.name,
                    owner: facts.owner,
                    size_bytes: facts.size_bytes,
                    connections: facts.connections,
                    state: row.as_ref().map(|row| row.state),
                    created_at: row.map(|row| row.created_at),
                }
            })
            .collect();
        // One that somebody dropped inside the engine is gone; one that comes to be by its use is not there yet.
        let is_implied = info.can(Capability::ImpliedDatabases);
        let waiting = rows.into_iter().filter(|row| is_implied || row.state == LogicalState::Pending);
        entries.extend(waiting.map(|row| LogicalDatabaseEntry {
            name: row.name.to_string(),
            owner: None,
            size_bytes: is_implied.then_some(0).filter(|_| !info.can(Capability::KeyPrefixes)),
            connections: is_implied.then_some(0),
            state: Some(row.state),
            created_at: Some(row.created_at),
        }));
        entries.sort_by(|one, other| one.name.cmp(&other.name));
        Ok(entries)
    }

    /// Makes a logical database that no user may enter yet. One that was begun before is finished.
    ///
    /// # Errors
    /// Fields that are not right, a name that is taken, or an engine that refuses; then nothing of it is left, unless the
    /// engine does not answer any more.
    pub async fn create_database(
        &self,
        actor: &Actor,
        id: DatabaseId,
        request: CreateLogicalDatabase,
    ) -> Result<LogicalDatabaseEntry, Error> {
        let engine = self.engine(id).await?;
        check(&engine, &request)?;
        let name = request.name.clone();
        let new = NewLogicalDatabase {
            name: request.name,
            encoding: request.encoding,
            collation: request.collation,
            extensions: request.extensions,
        };
        let row = self.core.make_database(&engine, new, Some(actor.user.id)).await?;
        self.record(actor, AuditAction::LogicalDatabaseCreated, &engine.database, name.as_str()).await?;
        let entries = self.list_databases(id).await?;
        let made = entries.into_iter().find(|entry| entry.name == name.as_str());
        made.ok_or_else(|| Error::NotFound { what: "logical database", id: row.name.to_string() })
    }

    /// Drops a logical database with all that is in it, and the users that were made for it.
    ///
    /// # Errors
    /// The confirmation is not its name, there is no such logical database, an app is linked to it, or its engine does not
    /// answer.
    pub async fn delete_database(
        &self,
        actor: &Actor,
        id: DatabaseId,
        name: LogicalName,
        confirm: &str,
    ) -> Result<(), Error> {
        if confirm != name.as_str() {
            let reason = format!("must be the name of the logical database, {name}");
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        let engine = self.engine(id).await?;
        // The engine's own are none that could be named here.
        let missing = || Error::NotFound { what: "logical database", id: name.to_string() };
        engine.check_name(&name, "name").map_err(|_| missing())?;
        let wanted = name.clone();
        let row =
            self.core.db.read(move |tx| logical::find_database(tx, id, &wanted).map_err(Error::from)).await?;
        if row.is_none() && !engine.database_names().await?.iter().any(|found| found == name.as_str()) {
            return Err(missing());
        }
        self.core.check_no_link(id, |link| link.logical_database == name).await?;
        self.core.drop_database(&engine, &name).await?;
        self.record(actor, AuditAction::LogicalDatabaseDropped, &engine.database, name.as_str()).await
    }
}

impl Core {
    /// Writes a logical database down and has the engine make it. What fails is taken back.
    ///
    /// # Errors
    /// The name is taken, or the engine refuses or does not answer.
    pub(crate) async fn make_database(
        &self,
        engine: &Engine,
        new: NewLogicalDatabase,
        by: Option<UserId>,
    ) -> Result<LogicalDatabase, Error> {
        let row = self.write_database_down(engine, &new.name, by).await?;
        if let Err(error) = engine.driver.create_database(&engine.login, &new).await {
            // Only what the engine did not have before is dropped: that was looked at, and the row keeps others away.
            if engine.drop_database(&new.name).await.is_ok() {
                let id = row.id;
                self.db.write(move |tx| logical::delete_database(tx, id).map_err(Error::from)).await?;
            }
            return Err(error.into());
        }
        let id = row.id;
        self.db.write(move |tx| logical::mark_database_active(tx, id).map_err(Error::from)).await?;
        Ok(LogicalDatabase { state: LogicalState::Active, ..row })
    }

    async fn write_database_down(
        &self,
        engine: &Engine,
        name: &LogicalName,
        by: Option<UserId>,
    ) -> Result<LogicalDatabase, Error> {
        let (id, wanted) = (engine.database.id, name.clone());
        let rules = stardeck_engines::adapter(engine.database.engine).logical_rules();
        let known = self.db.read(move |tx| logical::list_databases(tx, id).map_err(Error::from)).await?;
        let same = known.into_iter().find(|row| rules.is_same(row.name.as_str(), wanted.as_str()));
        match same {
            Some(row) if row.name == *name && row.state == LogicalState::Pending => return Ok(row),
            Some(row) => return Err(taken(row.name.as_str())),
            None => {}
        }
        if let Some(found) =
            engine.database_names().await?.into_iter().find(|found| rules.is_same(found, name.as_str()))
        {
            return Err(taken(&found));
        }
        let row = LogicalDatabase {
            id: LogicalDatabaseId::new(),
            database_id: id,
            name: name.clone(),
            state: LogicalState::Pending,
            created_at: Utc::now(),
            created_by: by,
        };
        let new = row.clone();
        self.db
            .write(move |tx| {
                logical::insert_database(tx, &new).map_err(|error| match error {
                    stardeck_repository::Error::Conflict { constraint: Constraint::LogicalDatabaseName } => {
                        taken(new.name.as_str())
                    }
                    other => other.into(),
                })
            })
            .await?;
        Ok(row)
    }

    /// What an app uses goes with its link, so that the app is told.
    pub(crate) async fn check_no_link(
        &self,
        id: DatabaseId,
        uses: impl Fn(&DatabaseConnection) -> bool,
    ) -> Result<(), Error> {
        let links =
            self.db.read(move |tx| connections::list_of_database(tx, id).map_err(Error::from)).await?;
        let apps: Vec<_> = links.iter().filter(|link| uses(link)).map(|link| link.app.to_string()).collect();
        if apps.is_empty() { Ok(()) } else { Err(Error::AppsLinked { apps }) }
    }

    /// What is one app's own has no other app on it.
    pub(crate) async fn check_at_most_one_app(&self, id: DatabaseId) -> Result<(), Error> {
        let links =
            self.db.read(move |tx| connections::list_of_database(tx, id).map_err(Error::from)).await?;
        let apps: BTreeSet<_> = links.iter().map(|link| link.app.to_string()).collect();
        if apps.len() < 2 {
            return Ok(());
        }
        let apps = apps.into_iter().collect::<Vec<_>>().join(", ");
        let reason = format!("must stay true while more than one app uses the database: {apps}");
        Err(ValidationError { field: "is_shared", code: "apps_linked", reason }.into())
    }

    /// Drops a logical database, its users and their rows. May be repeated.
    pub(crate) async fn drop_database(&self, engine: &Engine, name: &LogicalName) -> Result<(), Error> {
        let id = engine.database.id;
        let users = self.db.read(move |tx| logical::list_users(tx, id).map_err(Error::from)).await?;
        for user in users.iter().filter(|user| user.logical_database == *name) {
            engine.drop_user(&user.username).await?;
        }
        engine.drop_database(name).await?;
        let name = name.clone();
        self.db
            .write(move |tx| {
                for user in users.iter().filter(|user| user.logical_database == name) {
                    credentials::delete_app(tx, id, &user.username)?;
                }
                if let Some(row) = logical::find_database(tx, id, &name)? {
                    logical::delete_database(tx, row.id)?;
                }
                Ok(())
            })
            .await
    }
}

fn taken(name: &str) -> Error {
    Error::NameTaken { name: name.to_owned(), holder: "a logical database has it".to_owned() }
}

/// Checks the fields against the engine, and tells every one that is wrong.
fn check(engine: &Engine, request: &CreateLogicalDatabase) -> Result<(), Error> {
    let adapter = stardeck_engines::adapter(engine.database.engine);
    let mut errors = Vec::new();
    if let Err(wrong) = adapter.logical_rules().check(&request.name) {
        errors.push(wrong.in_field("name"));
    }
    let unsupported = || InvalidValue::new("not_supported", "this engine has no such option");
    for (field, is_given, capability) in [
        ("encoding", request.encoding.is_some(), Capability::Encodings),
        ("collation", request.collation.is_some(), Capability::Encodings),
        ("extensions", !request.extensions.is_empty(), Capability::Extensions),
    ] {
        if is_given && !adapter.info().can(capability) {
            errors.push(unsupported().in_field(field));
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(ValidationErrors(errors).into()) }
}
