//! Rows of `registries`.

use diesel::prelude::*;
use stardeck_domain::{Registry, SealedText};

use super::{checked, parsed, timestamp, timestamp_text};
use crate::{Error, schema::registries};

#[derive(Queryable, Selectable)]
#[diesel(table_name = registries, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct RegistryRow {
    id: String,
    host: String,
    username: String,
    sealed_password: String,
    created_at: String,
    updated_at: String,
}

impl TryFrom<RegistryRow> for Registry {
    type Error = Error;

    fn try_from(row: RegistryRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("registries.id", &row.id)?,
            host: checked("registries.host", row.host)?,
            username: checked("registries.username", row.username)?,
            sealed_password: SealedText::new(row.sealed_password),
            created_at: timestamp("registries.created_at", &row.created_at)?,
            updated_at: timestamp("registries.updated_at", &row.updated_at)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = registries)]
pub(crate) struct NewRegistryRow<'a> {
    id: String,
    host: &'a str,
    username: &'a str,
    sealed_password: &'a str,
    created_at: String,
    updated_at: String,
}

impl<'a> From<&'a Registry> for NewRegistryRow<'a> {
    fn from(registry: &'a Registry) -> Self {
        Self {
            id: registry.id.to_string(),
            host: registry.host.as_str(),
            username: registry.username.as_str(),
            sealed_password: registry.sealed_password.as_str(),
            created_at: timestamp_text(registry.created_at),
            updated_at: timestamp_text(registry.updated_at),
        }
    }
}
