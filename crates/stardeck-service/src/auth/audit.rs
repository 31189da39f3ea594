//! The audit log: writing entries and reading them. Nothing changes or removes an entry.

use chrono::{DateTime, Utc};
use stardeck_domain::{AuditAction, AuditEntry, AuditId};
use stardeck_repository::{self as store, Db, Page, Slice};

use super::Clock;
use crate::{Actor, Error};

/// The audit log. Cheap to clone.
#[derive(Clone)]
pub struct Audit {
    db: Db,
    clock: Clock,
}

impl Audit {
    /// The audit log in this store.
    pub fn new(db: Db) -> Self {
        Self { db, clock: Clock::system() }
    }

    /// One page of the entries, newest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, page: Page) -> Result<Slice<AuditEntry>, Error> {
        self.db.read(move |tx| store::audit::list(tx, &page).map_err(Error::from)).await
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
    }
}
