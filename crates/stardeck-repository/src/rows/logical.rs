//! Rows of `logical_databases` and `logical_users`.

use diesel::prelude::*;
use stardeck_domain::{LogicalDatabase, LogicalUser};

use super::{checked, parsed, parsed_if_any, timestamp, timestamp_text};
use crate::{
    Error,
    schema::{logical_databases, logical_users},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = logical_databases, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct LogicalDatabaseRow {
    id: String,
    database_id: String,
    name: String,
    state: String,
    created_at: String,
    created_by: Option<String>,
}

impl TryFrom<LogicalDatabaseRow> for LogicalDatabase {
    type Error = Error;

    fn try_from(row: LogicalDatabaseRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("logical_databases.id", &row.id)?,
            database_id: parsed("logical_databases.database_id", &row.database_id)?,
            name: checked("logical_databases.name", row.name)?,
            state: parsed("logical_databases.state", &row.state)?,
            created_at: timestamp("logical_databases.created_at", &row.created_at)?,
            created_by: parsed_if_any("logical_databases.created_by", row.created_by.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = logical_databases)]
pub(crate) struct NewLogicalDatabaseRow<'a> {
    id: String,
    database_id: String,
    name: &'a str,
    state: &'static str,
    created_at: String,
    created_by: Option<String>,
}

impl<'a> From<&'a LogicalDatabase> for NewLogicalDatabaseRow<'a> {
    fn from(database: &'a LogicalDatabase) -> Self {
        Self {
            id: database.id.to_string(),
            database_id: database.database_id.to_string(),
            name: database.name.as_str(),
            state: database.state.as_str(),
            created_at: timestamp_text(database.created_at),
            created_by: database.created_by.map(|user| user.to_string()),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = logical_users, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct LogicalUserRow {
    id: String,
    database_id: String,
    logical_database_id: String,
    username: String,
    preset: String,
    state: String,
    created_at: String,
}

impl LogicalUserRow {
    /// The user, with the name of its logical database.
    pub(crate) fn named(self, name: String) -> Result<LogicalUser, Error> {
        let row = self;
        Ok(LogicalUser {
            id: parsed("logical_users.id", &row.id)?,
            database_id: parsed("logical_users.database_id", &row.database_id)?,
            logical_database_id: parsed("logical_users.logical_database_id", &row.logical_database_id)?,
            logical_database: checked("logical_databases.name", name)?,
            username: checked("logical_users.username", row.username)?,
            preset: parsed("logical_users.preset", &row.preset)?,
            state: parsed("logical_users.state", &row.state)?,
            created_at: timestamp("logical_users.created_at", &row.created_at)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = logical_users)]
pub(crate) struct NewLogicalUserRow<'a> {
    id: String,
    database_id: String,
    logical_database_id: String,
    username: &'a str,
    preset: &'static str,
    state: &'static str,
    created_at: String,
}

impl<'a> From<&'a LogicalUser> for NewLogicalUserRow<'a> {
    fn from(user: &'a LogicalUser) -> Self {
        Self {
            id: user.id.to_string(),
            database_id: user.database_id.to_string(),
            logical_database_id: user.logical_database_id.to_string(),
            username: user.username.as_str(),
            preset: user.preset.as_str(),
            state: user.state.as_str(),
            created_at: timestamp_text(user.created_at),
        }
    }
}
