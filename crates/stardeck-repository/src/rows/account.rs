//! Rows of `users` and `sessions`.

use diesel::prelude::*;
use stardeck_domain::{Session, User};

use super::{checked, parsed, timestamp, timestamp_if_any, timestamp_text};
use crate::{
    Error,
    schema::{sessions, users},
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = users, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct UserRow {
    id: String,
    username: String,
    role: String,
    created_at: String,
    last_login_at: Option<String>,
}

impl TryFrom<UserRow> for User {
    type Error = Error;

    fn try_from(row: UserRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("users.id", &row.id)?,
            username: checked("users.username", row.username)?,
            role: parsed("users.role", &row.role)?,
            created_at: timestamp("users.created_at", &row.created_at)?,
            last_login_at: timestamp_if_any("users.last_login_at", row.last_login_at.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = users)]
pub(crate) struct NewUserRow<'a> {
    id: String,
    username: &'a str,
    password_hash: &'a str,
    role: &'static str,
    created_at: String,
    last_login_at: Option<String>,
}

impl<'a> NewUserRow<'a> {
    /// An account with the hash of its password.
    pub(crate) fn new(user: &'a User, password_hash: &'a str) -> Self {
        Self {
            id: user.id.to_string(),
            username: user.username.as_str(),
            password_hash,
            role: user.role.as_str(),
            created_at: timestamp_text(user.created_at),
            last_login_at: user.last_login_at.map(timestamp_text),
        }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct SessionRow {
    id: String,
    user_id: String,
    created_at: String,
    expires_at: String,
    remote_address: Option<String>,
    last_used_at: Option<String>,
}

impl TryFrom<SessionRow> for Session {
    type Error = Error;

    fn try_from(row: SessionRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("sessions.id", &row.id)?,
            user_id: parsed("sessions.user_id", &row.user_id)?,
            created_at: timestamp("sessions.created_at", &row.created_at)?,
            expires_at: timestamp("sessions.expires_at", &row.expires_at)?,
            remote_address: row.remote_address,
            last_used_at: timestamp_if_any("sessions.last_used_at", row.last_used_at.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = sessions)]
pub(crate) struct NewSessionRow<'a> {
    id: String,
    user_id: String,
    token_hash: &'a str,
    created_at: String,
    expires_at: String,
    remote_address: Option<&'a str>,
    last_used_at: Option<String>,
}

impl<'a> NewSessionRow<'a> {
    /// A login with the hash of its token.
    pub(crate) fn new(session: &'a Session, token_hash: &'a str) -> Self {
        Self {
            id: session.id.to_string(),
            user_id: session.user_id.to_string(),
            token_hash,
            created_at: timestamp_text(session.created_at),
            expires_at: timestamp_text(session.expires_at),
            remote_address: session.remote_address.as_deref(),
            last_used_at: session.last_used_at.map(timestamp_text),
        }
    }
}
