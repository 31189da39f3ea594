//! Rows of `managed_databases`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{
    ContainerId, DatabaseStatus, DesiredState, Health, HostId, ImageId, JsonText, ManagedDatabase,
    NewDatabase,
};

use super::{
    checked, count, parsed, parsed_if_any, port, timestamp, timestamp_if_any, timestamp_text, truth,
};
use crate::{Error, schema::managed_databases};

#[derive(Queryable, Selectable)]
#[diesel(table_name = managed_databases, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct DatabaseRow {
    id: String,
    host_id: String,
    container_id: Option<String>,
    container_name: String,
    name: String,
    type_: String,
    flavor: Option<String>,
    origin: String,
    version: String,
    server_version: Option<String>,
    image: String,
    image_id: Option<String>,
    digest: Option<String>,
    internal_host: String,
    internal_port: i32,
    external_port: Option<i32>,
    bind_address: String,
    admin_user: String,
    network: String,
    status: String,
    desired_state: String,
    status_reason: Option<String>,
    health: String,
    last_answer_at: Option<String>,
    is_shared: i32,
    spec: String,
    settings: String,
    description: Option<String>,
    color: Option<String>,
    revision: i32,
    created_at: String,
    updated_at: String,
    created_by: Option<String>,
    deleted_at: Option<String>,
    deleted_by: Option<String>,
    latency_ms: Option<i32>,
    connection_count: i32,
}

impl TryFrom<DatabaseRow> for ManagedDatabase {
    type Error = Error;

    fn try_from(row: DatabaseRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("managed_databases.id", &row.id)?,
            host_id: HostId::new(row.host_id),
            container_id: row.container_id.map(ContainerId::new),
            container_name: checked("managed_databases.container_name", row.container_name)?,
            name: checked("managed_databases.name", row.name)?,
            engine: parsed("managed_databases.type", &row.type_)?,
            flavor: row.flavor,
            origin: parsed("managed_databases.origin", &row.origin)?,
            version: checked("managed_databases.version", row.version)?,
            server_version: row.server_version,
            image: checked("managed_databases.image", row.image)?,
            image_id: row.image_id.map(ImageId::new),
            digest: row.digest,
            internal_host: row.internal_host,
            internal_port: port("managed_databases.internal_port", row.internal_port)?,
            external_port: row
                .external_port
                .map(|number| port("managed_databases.external_port", number))
                .transpose()?,
            bind_address: parsed("managed_databases.bind_address", &row.bind_address)?,
            admin_user: checked("managed_databases.admin_user", row.admin_user)?,
            network: checked("managed_databases.network", row.network)?,
            status: parsed("managed_databases.status", &row.status)?,
            desired_state: parsed("managed_databases.desired_state", &row.desired_state)?,
            status_reason: row.status_reason,
            health: parsed("managed_databases.health", &row.health)?,
            last_answer_at: timestamp_if_any(
                "managed_databases.last_answer_at",
                row.last_answer_at.as_deref(),
            )?,
            latency_ms: row
                .latency_ms
                .map(|number| count("managed_databases.latency_ms", number))
                .transpose()?,
            is_shared: truth(row.is_shared),
            connection_count: count("managed_databases.connection_count", row.connection_count)?,
            spec: JsonText(row.spec),
            settings: JsonText(row.settings),
            description: row.description,
            color: row.color,
            revision: count("managed_databases.revision", row.revision)?,
            created_at: timestamp("managed_databases.created_at", &row.created_at)?,
            updated_at: timestamp("managed_databases.updated_at", &row.updated_at)?,
            created_by: parsed_if_any("managed_databases.created_by", row.created_by.as_deref())?,
            deleted_at: timestamp_if_any("managed_databases.deleted_at", row.deleted_at.as_deref())?,
            deleted_by: parsed_if_any("managed_databases.deleted_by", row.deleted_by.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = managed_databases)]
pub(crate) struct NewDatabaseRow<'a> {
    id: String,
    host_id: &'a str,
    container_name: &'a str,
    name: &'a str,
    type_: &'static str,
    flavor: Option<&'a str>,
    origin: &'static str,
    version: &'a str,
    image: String,
    internal_host: &'a str,
    internal_port: i32,
    external_port: Option<i32>,
    bind_address: String,
    admin_user: &'a str,
    network: &'a str,
    status: &'static str,
    desired_state: &'static str,
    health: &'static str,
    is_shared: i32,
    spec: &'a str,
    settings: String,
    revision: i32,
    created_at: String,
    updated_at: String,
    created_by: Option<String>,
}

impl<'a> NewDatabaseRow<'a> {
    /// A database that is about to be deployed.
    pub(crate) fn new(database: &'a NewDatabase, now: DateTime<Utc>) -> Self {
        Self {
            id: database.id.to_string(),
            host_id: database.host_id.as_str(),
            container_name: database.container_name.as_str(),
            name: database.name.as_str(),
            type_: database.engine.as_str(),
            flavor: database.flavor.as_deref(),
            origin: database.origin.as_str(),
            version: database.version.as_str(),
            image: database.image.to_string(),
            internal_host: database.name.as_str(),
            internal_port: i32::from(database.internal_port.get()),
            external_port: database.external_port.map(|port| i32::from(port.get())),
            bind_address: database.bind_address.to_string(),
            admin_user: database.admin_user.as_str(),
            network: database.network.as_str(),
            status: DatabaseStatus::Creating.as_str(),
            desired_state: DesiredState::Running.as_str(),
            health: Health::Unknown.as_str(),
            is_shared: i32::from(database.is_shared),
            spec: &database.spec.0,
            settings: JsonText::default().0,
            revision: 1,
            created_at: timestamp_text(now),
            updated_at: timestamp_text(now),
            created_by: database.created_by.map(|user| user.to_string()),
        }
    }
}
