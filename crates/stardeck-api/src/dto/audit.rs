//! The audit log.

use chrono::{DateTime, Utc};
use serde::Serialize;
use stardeck_domain::{AuditAction, AuditEntry, AuditId, AuditOutcome, TokenId, UserId};
use utoipa::ToSchema;

use super::lists::list_view;

/// One entry of the audit log.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AuditEntry)]
pub(crate) struct AuditEntryView {
    /// Its id.
    id: AuditId,
    /// When it happened.
    at: DateTime<Utc>,
    /// Who did it; null when nobody was signed in.
    user_id: Option<UserId>,
    /// The name that person had then, or that was tried.
    username: Option<String>,
    /// What was done.
    action: AuditAction,
    /// The id of what it was done to.
    target_id: Option<String>,
    /// The name that had then.
    target_name: Option<String>,
    /// The address the request came from.
    remote_address: Option<String>,
    /// How it ended. What begins an operation is `done` when it began; the operation's end is an entry of its own.
    outcome: AuditOutcome,
    /// The API token that the request was signed in with; null for a session.
    token_id: Option<TokenId>,
    /// What else there is to say: of an operation its kind and id, of a refusal the method and the path.
    detail: Option<String>,
}

impl AuditEntryView {
    pub(crate) fn of(entry: AuditEntry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            user_id: entry.user_id,
            username: entry.username,
            action: entry.action,
            target_id: entry.target_id,
            target_name: entry.target_name,
            remote_address: entry.remote_address,
            outcome: entry.outcome,
            token_id: entry.token_id,
            detail: entry.detail,
        }
    }
}

list_view! {
    /// Entries of the audit log, newest first.
    AuditList of AuditEntryView;
}
