//! Rows of `apps` and `database_connections`.

use diesel::prelude::*;
use stardeck_domain::{
    App, ContainerId, DatabaseConnection, ImageId, ImageReference, JsonText, NetworkName, SealedText,
};

use super::{checked, parsed, parsed_if_any, timestamp, timestamp_text};
use crate::{
    Error,
    schema::{apps, database_connections},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = apps, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct AppRow {
    id: String,
    name: String,
    container_id: Option<String>,
    container_name: String,
    image: String,
    image_id: Option<String>,
    status: String,
    status_reason: Option<String>,
    desired_state: String,
    spec: String,
    sealed_env: String,
    sealed_external: Option<String>,
    created_at: String,
    updated_at: String,
    created_by: Option<String>,
}

impl TryFrom<AppRow> for App {
    type Error = Error;

    fn try_from(row: AppRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("apps.id", &row.id)?,
            name: checked("apps.name", row.name)?,
            container_id: row.container_id.map(ContainerId::new),
            container_name: checked("apps.container_name", row.container_name)?,
            image: checked::<ImageReference>("apps.image", row.image)?,
            image_id: row.image_id.map(ImageId::new),
            status: parsed("apps.status", &row.status)?,
            status_reason: row.status_reason,
            desired_state: parsed("apps.desired_state", &row.desired_state)?,
            spec: JsonText(row.spec),
            sealed_env: SealedText::new(row.sealed_env),
            sealed_external: row.sealed_external.map(SealedText::new),
            created_at: timestamp("apps.created_at", &row.created_at)?,
            updated_at: timestamp("apps.updated_at", &row.updated_at)?,
            created_by: parsed_if_any("apps.created_by", row.created_by.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = apps)]
pub(crate) struct NewAppRow<'a> {
    id: String,
    name: &'a str,
    container_id: Option<&'a str>,
    container_name: &'a str,
    image: String,
    image_id: Option<&'a str>,
    status: &'static str,
    status_reason: Option<&'a str>,
    desired_state: &'static str,
    spec: &'a str,
    sealed_env: &'a str,
    sealed_external: Option<&'a str>,
    created_at: String,
    updated_at: String,
    created_by: Option<String>,
}

impl<'a> From<&'a App> for NewAppRow<'a> {
    fn from(app: &'a App) -> Self {
        Self {
            id: app.id.to_string(),
            name: app.name.as_str(),
            container_id: app.container_id.as_ref().map(ContainerId::as_str),
            container_name: app.container_name.as_str(),
            image: app.image.to_string(),
            image_id: app.image_id.as_ref().map(ImageId::as_str),
            status: app.status.as_str(),
            status_reason: app.status_reason.as_deref(),
            desired_state: app.desired_state.as_str(),
            spec: &app.spec.0,
            sealed_env: app.sealed_env.as_str(),
            sealed_external: app.sealed_external.as_ref().map(SealedText::as_str),
            created_at: timestamp_text(app.created_at),
            updated_at: timestamp_text(app.updated_at),
            created_by: app.created_by.map(|user| user.to_string()),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = database_connections, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct ConnectionRow {
    id: String,
    app_id: String,
    database_id: String,
    logical_database_id: String,
    logical_user_id: String,
    env_prefix: Option<String>,
    delivery: String,
    state: String,
    created_at: String,
    network: Option<String>,
}

/// What a connection is called, from the tables that know: the app, the logical database, the user and its preset.
pub(crate) type ConnectionNames = (String, String, String, String);

impl ConnectionRow {
    /// The connection, with what it is called.
    pub(crate) fn named(
        self,
        (app, logical, user, preset): ConnectionNames,
    ) -> Result<DatabaseConnection, Error> {
        Ok(DatabaseConnection {
            id: parsed("database_connections.id", &self.id)?,
            app_id: parsed("database_connections.app_id", &self.app_id)?,
            app: checked("apps.name", app)?,
            database_id: parsed("database_connections.database_id", &self.database_id)?,
            logical_database_id: parsed(
                "database_connections.logical_database_id",
                &self.logical_database_id,
            )?,
            logical_database: checked("logical_databases.name", logical)?,
            logical_user_id: parsed("database_connections.logical_user_id", &self.logical_user_id)?,
            username: checked("logical_users.username", user)?,
            preset: parsed("logical_users.preset", &preset)?,
            env_prefix: self.env_prefix,
            delivery: parsed("database_connections.delivery", &self.delivery)?,
            network: self.network.map(|name| checked("database_connections.network", name)).transpose()?,
            state: parsed("database_connections.state", &self.state)?,
            created_at: timestamp("database_connections.created_at", &self.created_at)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = database_connections)]
pub(crate) struct NewConnectionRow<'a> {
    id: String,
    app_id: String,
    database_id: String,
    logical_database_id: String,
    logical_user_id: String,
    env_prefix: Option<&'a str>,
    delivery: &'static str,
    state: &'static str,
    created_at: String,
    network: Option<&'a str>,
}

impl<'a> From<&'a DatabaseConnection> for NewConnectionRow<'a> {
    fn from(connection: &'a DatabaseConnection) -> Self {
        Self {
            id: connection.id.to_string(),
            app_id: connection.app_id.to_string(),
            database_id: connection.database_id.to_string(),
            logical_database_id: connection.logical_database_id.to_string(),
            logical_user_id: connection.logical_user_id.to_string(),
            env_prefix: connection.env_prefix.as_deref(),
            delivery: connection.delivery.as_str(),
            state: connection.state.as_str(),
            created_at: timestamp_text(connection.created_at),
            network: connection.network.as_ref().map(NetworkName::as_str),
        }
    }
}
