//! Rows of `api_tokens`.

use diesel::prelude::*;
use stardeck_domain::ApiToken;

use super::{checked, parsed, timestamp, timestamp_if_any, timestamp_text};
use crate::{Error, schema::api_tokens};

#[derive(Queryable, Selectable)]
#[diesel(table_name = api_tokens, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct ApiTokenRow {
    id: String,
    user_id: String,
    name: String,
    scope: String,
    created_at: String,
    expires_at: String,
    last_used_at: Option<String>,
    made_by: Option<String>,
}

impl TryFrom<ApiTokenRow> for ApiToken {
    type Error = Error;

    fn try_from(row: ApiTokenRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("api_tokens.id", &row.id)?,
            user_id: parsed("api_tokens.user_id", &row.user_id)?,
            name: checked("api_tokens.name", row.name)?,
            scope: parsed("api_tokens.scope", &row.scope)?,
            created_at: timestamp("api_tokens.created_at", &row.created_at)?,
            expires_at: timestamp("api_tokens.expires_at", &row.expires_at)?,
            last_used_at: timestamp_if_any("api_tokens.last_used_at", row.last_used_at.as_deref())?,
            made_by: row.made_by.map(|id| parsed("api_tokens.made_by", &id)).transpose()?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = api_tokens)]
pub(crate) struct NewApiTokenRow<'a> {
    id: String,
    user_id: String,
    name: &'a str,
    scope: &'static str,
    token_hash: &'a str,
    created_at: String,
    expires_at: String,
    last_used_at: Option<String>,
    made_by: Option<String>,
}

impl<'a> NewApiTokenRow<'a> {
    /// A token with its hash.
    pub(crate) fn new(token: &'a ApiToken, token_hash: &'a str) -> Self {
        Self {
            id: token.id.to_string(),
            user_id: token.user_id.to_string(),
            name: token.name.as_str(),
            scope: token.scope.as_str(),
            token_hash,
            created_at: timestamp_text(token.created_at),
            expires_at: timestamp_text(token.expires_at),
            last_used_at: token.last_used_at.map(timestamp_text),
            made_by: token.made_by.map(|id| id.to_string()),
        }
    }
}
