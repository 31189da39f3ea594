//! The links of apps to a database: making, showing, rotating and removing them.

use chrono::Utc;
use stardeck_domain::{
    App, AppId, AppStatus, AuditAction, ConnectionId, ConnectionState, Credential, CredentialPurpose,
    CredentialState, DatabaseConnection, DatabaseId, DesiredState, Operation, OperationKind, ValidationError,
};
use stardeck_repository::{apps, audit, connections, credentials};

use super::{
    Apps, ConnectionCredentials, ConnectionEntry, LinkApp, LinkOptions, LogicalFate, PreviewVariable,
    UnlinkApp, UserFate,
    environment::{Link, names},
    link::{Prepared, Target, Who, prefix_taken},
    spec_of,
    verbs::Change,
};
use crate::{
    Actor, Error, auth::audit_entry, logical::Engine, operations::plan::Input, vault::generate_password,
};

impl Apps {
    /// The links to a database, oldest first.
    ///
    /// # Errors
    /// There is no such database, or the runtime does not answer.
    pub async fn list_connections(&self, database: DatabaseId) -> Result<Vec<ConnectionEntry>, Error> {
        self.core().database(database).await?;
        let links = self
            .core()
            .db
            .read(move |tx| {
                let mut links = Vec::new();
                for connection in connections::list_of_database(tx, database)? {
                    links.push((apps::get(tx, connection.app_id)?, connection));
                }
                Ok::<_, Error>(links)
            })
            .await?;
        let containers = self.core().containers.get(self.core().runtime.as_ref()).await?;
        let entry = |(app, connection): (App, DatabaseConnection)| {
            let is_there = containers.iter().any(|container| self.is_its(&app, container));
            ConnectionEntry { state: seen_state(&connection, is_there), connection }
        };
        Ok(links.into_iter().map(entry).collect())
    }

    /// Links an app to a database: the logical database and the user are made unless they are there, and the app gets a
    /// new container that has the variables.
    ///
    /// # Errors
    /// Fields that are not right, names that are taken, a database that does not run or is another app's own, an app that
    /// is being changed, or a runtime that does not answer.
    pub async fn link(
        &self,
        actor: &Actor,
        database: DatabaseId,
        request: LinkApp,
    ) -> Result<(DatabaseConnection, Operation), Error> {
        let id = request.app;
        let app = self.core().db.read(move |tx| apps::get(tx, id).map_err(Error::from)).await?;
        if self.is_orphaned(&app).await? {
            return Err(Error::AppContainerMissing { app: app.name.to_string() });
        }
        let prepared = self.prepare(database, &app, &request.options).await?;
        let is_foreign = spec_of(&app)?.is_foreign;
        let connection = prepared.connection.clone();
        let input = Input::Link { link: prepared.link, runs: runs(&app), is_foreign, is_new: false };
        let change = change_to(OperationKind::Link, AuditAction::AppLinked);
        let (_, operation) = self.change(actor, id, change, input, move |tx, _| prepared.write(tx)).await?;
        Ok((connection, operation))
    }

    /// The link of an app that is there, with all that would refuse it.
    pub(super) async fn prepare(
        &self,
        database: DatabaseId,
        app: &App,
        options: &LinkOptions,
    ) -> Result<Prepared, Error> {
        let engine = Engine::of(self.core(), database).await?;
        let mut env_names = spec_of(app)?.env_names;
        if let Some(external) = self.core().external_of(app)? {
            let set = external.set(app.id);
            env_names.extend(names(&set.variables, set.delivery));
        }
        let links = self.core().db.read({
            let id = app.id;
            move |tx| connections::list_of_app(tx, id).map_err(Error::from)
        });
        if links.await?.iter().any(|link| link.env_prefix == options.env_prefix) {
            return Err(prefix_taken());
        }
        let who = Who { app: app.id, name: &app.name, env_names: &env_names };
        let target = Target { database: &engine.database, engine: Some(&engine) };
        self.core().prepare_link(&who, &target, options).await
    }

    /// Removes a link: the app gets a new container without its variables, and then the user and the logical database go,
    /// as far as that was asked for. An app whose container was removed behind our back gets none.
    ///
    /// # Errors
    /// The confirmation is not the logical database's name, there is no such link, the database does not run, or as for
    /// [`Apps::link`].
    pub async fn unlink(
        &self,
        actor: &Actor,
        database: DatabaseId,
        id: ConnectionId,
        request: UnlinkApp,
    ) -> Result<Operation, Error> {
        let (connection, app) = self.connection(database, id).await?;
        let drops = request.database == LogicalFate::Drop;
        if drops && request.confirm.as_deref() != Some(connection.logical_database.as_str()) {
            let reason = format!("must be the name of the logical database, {}", connection.logical_database);
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        if drops {
            // Not under the feet of another app that uses it.
            let within = connection.logical_database_id;
            let is_others = |link: &DatabaseConnection| link.id != id && link.logical_database_id == within;
            self.core().check_no_link(database, is_others).await?;
        }
        // Dropping takes the user with it: it could do nothing any more.
        let user = if drops { UserFate::Revoke } else { request.user };
        if user == UserFate::Revoke {
            Engine::of(self.core(), database).await?;
        }
        let (runs, is_orphaned) = (runs(&app), self.is_orphaned(&app).await?);
        let input = Input::Unlink {
            connection: id,
            user,
            database: request.database,
            runs,
            is_orphaned,
            is_foreign: spec_of(&app)?.is_foreign,
        };
        let change = change_to(OperationKind::Unlink, AuditAction::AppUnlinked);
        let write = move |tx: &mut stardeck_repository::Tx, _: &App| {
            connections::set_state(tx, id, ConnectionState::Removing).map_err(Error::from)
        };
        self.change(actor, app.id, change, input, write).await.map(|(_, operation)| operation)
    }

    /// Replaces the password of a link. The app gets a new container that has it; the engine takes it right before the
    /// earlier container stops.
    ///
    /// # Errors
    /// There is no such link, the database does not run, or as for [`Apps::link`].
    pub async fn rotate(
        &self,
        actor: &Actor,
        database: DatabaseId,
        id: ConnectionId,
    ) -> Result<(DatabaseConnection, Operation), Error> {
        Engine::of(self.core(), database).await?;
        let (connection, app) = self.connection(database, id).await?;
        if self.is_orphaned(&app).await? {
            return Err(Error::AppContainerMissing { app: app.name.to_string() });
        }
        if connection.state == ConnectionState::Removing {
            let reason = "the link is being removed; unlink it again to finish that".to_owned();
            return Err(ValidationError { field: "cid", code: "invalid_state", reason }.into());
        }
        let purpose = CredentialPurpose::App;
        let username = connection.username.clone();
        let mut new =
            self.core().seal_credential(database, purpose, username, &generate_password(), Utc::now());
        let input = Input::Rotate {
            connection: id,
            credential: new.id,
            runs: runs(&app),
            is_foreign: spec_of(&app)?.is_foreign,
        };
        let change = change_to(OperationKind::Rotate, AuditAction::ConnectionRotated);
        let write = move |tx: &mut stardeck_repository::Tx, _: &App| {
            new.version = credentials::next_app_version(tx, database, &new.username)?;
            credentials::insert(tx, &new).map_err(Error::from)
        };
        let (_, operation) = self.change(actor, app.id, change, input, write).await?;
        Ok((connection, operation))
    }

    /// The login of a link, which is written to the audit log.
    ///
    /// # Errors
    /// There is no such link, or it is not made yet.
    pub async fn connection_credentials(
        &self,
        actor: &Actor,
        database: DatabaseId,
        id: ConnectionId,
    ) -> Result<ConnectionCredentials, Error> {
        let (connection, _) = self.connection(database, id).await?;
        let credential = self.active(&connection).await?.ok_or(Error::CredentialsNotReady)?;
        let password = self.core().open(&credential)?;
        let database = self.core().database(database).await?;
        let name = format!("{}/{}", database.name, connection.username);
        let target = Some(database.id.to_string());
        let entry = audit_entry(actor, AuditAction::CredentialsRead, target, Some(name), Utc::now());
        self.core().db.write(move |tx| audit::append(tx, &entry).map_err(Error::from)).await?;
        let link = Link { connection, database, credential, password };
        let variables = link.variables().into_iter().map(|variable| PreviewVariable {
            name: variable.name,
            value: variable.value,
            is_secret: variable.is_secret,
        });
        Ok(ConnectionCredentials {
            variables: variables.collect(),
            username: link.connection.username.clone(),
            password: link.password.clone(),
        })
    }

    async fn connection(
        &self,
        database: DatabaseId,
        id: ConnectionId,
    ) -> Result<(DatabaseConnection, App), Error> {
        let found = self.core().db.read(move |tx| {
            let connection = connections::get(tx, id)?;
            if connection.database_id != database {
                return Err(Error::NotFound { what: "connection", id: id.to_string() });
            }
            let app: AppId = connection.app_id;
            Ok((connection, apps::get(tx, app)?))
        });
        found.await
    }

    /// Whether the app's container was removed behind our back.
    async fn is_orphaned(&self, app: &App) -> Result<bool, Error> {
        Ok(self.find_container(app).await?.is_none())
    }

    async fn active(&self, connection: &DatabaseConnection) -> Result<Option<Credential>, Error> {
        let (database, user) = (connection.database_id, connection.username.clone());
        let state = CredentialState::Active;
        self.core()
            .db
            .read(move |tx| credentials::find_app(tx, database, &user, state).map_err(Error::from))
            .await
    }
}

/// Where a link stands, given whether its app's container is there.
pub(super) fn seen_state(connection: &DatabaseConnection, is_there: bool) -> ConnectionState {
    match connection.state {
        ConnectionState::Active if !is_there => ConnectionState::Orphaned,
        state => state,
    }
}

/// Whether the app is to run, so that its new container has to prove itself.
fn runs(app: &App) -> bool {
    app.desired_state == DesiredState::Running
}

fn change_to(kind: OperationKind, audit: AuditAction) -> Change {
    Change { kind, audit, status: AppStatus::Changing, desired: None }
}
