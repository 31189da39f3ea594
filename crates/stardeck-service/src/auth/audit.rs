//! The audit log: writing entries and reading them. Nothing changes or removes an entry.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use stardeck_domain::{AuditAction, AuditEntry, AuditId, AuditOutcome};
use stardeck_repository::{self as store, Db, Page, Slice};

use super::{
    Clock,
    throttle::{Limits, Throttle},
};
use crate::{Access, Actor, Error};

/// Refusals of one account that are written down: more would only fill the store, and tell nothing new.
const REFUSAL_LIMITS: Limits = Limits {
    tries: 60,
    within: TimeDelta::minutes(1),
    pause: TimeDelta::minutes(1),
    pause_most: TimeDelta::minutes(1),
};
/// Entries that are read at once for an export.
const EXPORT_PAGE: u32 = 1000;

/// The audit log. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
    refusals: Arc<Throttle>,
}

impl Audit {
    /// The audit log in this store.
    pub fn new(db: Db) -> Self {
        Self { db, clock: Clock::system(), refusals: Arc::new(Throttle::new(REFUSAL_LIMITS)) }
    }

    /// One page of the entries, newest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, page: Page) -> Result<Slice<AuditEntry>, Error> {
        self.db.read(move |tx| store::audit::list(tx, &page).map_err(Error::from)).await
    }

    /// Writes down that the whole log is read, and returns its first part, oldest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn begin_export(&self, actor: &Actor) -> Result<Slice<AuditEntry>, Error> {
        self.record(actor, AuditAction::AuditExported, None, None).await?;
        self.export_after(None).await
    }

    /// The next part of an export.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn export_after(&self, after: Option<String>) -> Result<Slice<AuditEntry>, Error> {
        let page = Page { limit: EXPORT_PAGE, after };
        self.db.read(move |tx| store::audit::list_oldest_first(tx, &page).map_err(Error::from)).await
    }

    /// Writes down that somebody asked for what the role does not allow; `asked` is the method and the path. Of very many in
    /// a short time, only the first are written down.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn record_refusal(&self, actor: &Actor, asked: String) -> Result<(), Error> {
        let now = self.clock.now();
        if self.refusals.admit(actor.user.id.to_string(), now).is_err() {
            return Ok(());
        }
        let mut entry = entry(actor, AuditAction::AccessRefused, None, None, now);
        (entry.outcome, entry.detail) = (AuditOutcome::Refused, Some(asked));
        self.db.write(move |tx| store::audit::append(tx, &entry).map_err(Error::from)).await
    }

    /// Writes down what somebody did to something. What is written together with a change belongs into the change's
    /// own transaction instead.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn record(
        &self,
        actor: &Actor,
        action: AuditAction,
        target_id: Option<String>,
        target_name: Option<String>,
    ) -> Result<(), Error> {
        let entry = entry(actor, action, target_id, target_name, self.clock.now());
        self.db.write(move |tx| store::audit::append(tx, &entry).map_err(Error::from)).await
    }
}

/// An entry about something that the actor did, for the transaction that does it.
pub(crate) fn entry(
    actor: &Actor,
    action: AuditAction,
    target_id: Option<String>,
    target_name: Option<String>,
    at: DateTime<Utc>,
) -> AuditEntry {
    AuditEntry {
        id: AuditId::new(),
        at,
        user_id: Some(actor.user.id),
        username: Some(actor.user.username.to_string()),
        action,
        target_id,
        target_name,
        remote_address: actor.remote_address.clone(),
        outcome: AuditOutcome::Done,
        token_id: match actor.access {
            Access::Session(_) => None,
            Access::Token { id, .. } => Some(id),
        },
        detail: None,
    }
}
