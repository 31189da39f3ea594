//! Rows of `credentials`.

use diesel::prelude::*;
use stardeck_domain::{Credential, SealedText};

use super::{checked, count, integer, parsed, timestamp, timestamp_text};
use crate::{Error, schema::credentials};

#[derive(Queryable, Selectable)]
#[diesel(table_name = credentials, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct CredentialRow {
    id: String,
    database_id: String,
    purpose: String,
    username: String,
    sealed_password: String,
    version: i32,
    state: String,
    created_at: String,
}

impl TryFrom<CredentialRow> for Credential {
    type Error = Error;

    fn try_from(row: CredentialRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("credentials.id", &row.id)?,
            database_id: parsed("credentials.database_id", &row.database_id)?,
            purpose: parsed("credentials.purpose", &row.purpose)?,
            username: checked("credentials.username", row.username)?,
            sealed_password: SealedText::new(row.sealed_password),
            version: count("credentials.version", row.version)?,
            state: parsed("credentials.state", &row.state)?,
            created_at: timestamp("credentials.created_at", &row.created_at)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = credentials)]
pub(crate) struct NewCredentialRow<'a> {
    id: String,
    database_id: String,
    purpose: &'static str,
    username: &'a str,
    sealed_password: &'a str,
    version: i32,
    state: &'static str,
    created_at: String,
}

impl<'a> TryFrom<&'a Credential> for NewCredentialRow<'a> {
    type Error = Error;

    fn try_from(credential: &'a Credential) -> Result<Self, Error> {
        Ok(Self {
            id: credential.id.to_string(),
            database_id: credential.database_id.to_string(),
            purpose: credential.purpose.as_str(),
            username: credential.username.as_str(),
            sealed_password: credential.sealed_password.as_str(),
            version: integer(credential.version)?,
            state: credential.state.as_str(),
            created_at: timestamp_text(credential.created_at),
        })
    }
}
