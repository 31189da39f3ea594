//! Rows of `audit_log`.

use diesel::prelude::*;
use stardeck_domain::AuditEntry;

use super::{parsed, parsed_if_any, timestamp, timestamp_text};
use crate::{Error, schema::audit_log};

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit_log, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct AuditRow {
    id: String,
    at: String,
    user_id: Option<String>,
    username: Option<String>,
    action: String,
    target_id: Option<String>,
    target_name: Option<String>,
    remote_address: Option<String>,
    outcome: String,
    token_id: Option<String>,
    detail: Option<String>,
}

impl TryFrom<AuditRow> for AuditEntry {
    type Error = Error;

    fn try_from(row: AuditRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("audit_log.id", &row.id)?,
            at: timestamp("audit_log.at", &row.at)?,
            user_id: parsed_if_any("audit_log.user_id", row.user_id.as_deref())?,
            username: row.username,
            action: parsed("audit_log.action", &row.action)?,
            target_id: row.target_id,
            target_name: row.target_name,
            remote_address: row.remote_address,
            outcome: parsed("audit_log.outcome", &row.outcome)?,
            token_id: parsed_if_any("audit_log.token_id", row.token_id.as_deref())?,
            detail: row.detail,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = audit_log)]
pub(crate) struct NewAuditRow<'a> {
    id: String,
    at: String,
    user_id: Option<String>,
    username: Option<&'a str>,
    action: &'static str,
    target_id: Option<&'a str>,
    target_name: Option<&'a str>,
    remote_address: Option<&'a str>,
    outcome: &'static str,
    token_id: Option<String>,
    detail: Option<&'a str>,
}

impl<'a> From<&'a AuditEntry> for NewAuditRow<'a> {
    fn from(entry: &'a AuditEntry) -> Self {
        Self {
            id: entry.id.to_string(),
            at: timestamp_text(entry.at),
            user_id: entry.user_id.map(|user| user.to_string()),
            username: entry.username.as_deref(),
            action: entry.action.as_str(),
            target_id: entry.target_id.as_deref(),
            target_name: entry.target_name.as_deref(),
            remote_address: entry.remote_address.as_deref(),
            outcome: entry.outcome.as_str(),
            token_id: entry.token_id.map(|token| token.to_string()),
            detail: entry.detail.as_deref(),
        }
    }
}
