//! Queries of `audit_log`. Entries are added and read, never changed: triggers refuse everything else.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{AuditAction, AuditEntry, AuditId, AuditOutcome, OperationId, OperationState};

use crate::{
    Error, Page, Slice, Tx,
    rows::{AuditRow, NewAuditRow, parsed_if_any},
    schema::{apps, audit_log, managed_databases, operations, users},
};

/// Adds an entry.
///
/// # Errors
/// The store is in trouble.
pub fn append(tx: &mut Tx, entry: &AuditEntry) -> Result<(), Error> {
    diesel::insert_into(audit_log::table)
        .values(NewAuditRow::from(entry))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// One page of the entries, newest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<AuditEntry>, Error> {
    let mut query = audit_log::table
        .order(audit_log::id.desc())
        .limit(page.fetch())
        .select(AuditRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(audit_log::id.lt(after));
    }
    let rows: Vec<AuditRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<AuditEntry>, Error>>()?;
    Ok(page.cut(items, |entry| entry.id.to_string()))
}

/// One page of the entries, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list_oldest_first(tx: &mut Tx, page: &Page) -> Result<Slice<AuditEntry>, Error> {
    let mut query =
        audit_log::table.order(audit_log::id).limit(page.fetch()).select(AuditRow::as_select()).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(audit_log::id.gt(after));
    }
    let rows: Vec<AuditRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<AuditEntry>, Error>>()?;
    Ok(page.cut(items, |entry| entry.id.to_string()))
}

/// Adds the entry about the end of an operation, under the name of whoever asked for it.
pub(crate) fn append_end(
    tx: &mut Tx,
    id: OperationId,
    state: OperationState,
    at: DateTime<Utc>,
) -> Result<(), Error> {
    let outcome = match state {
        OperationState::Failed => AuditOutcome::Failed,
        OperationState::Cancelled => AuditOutcome::Cancelled,
        OperationState::Succeeded
        | OperationState::Queued
        | OperationState::Running
        | OperationState::Undoing => AuditOutcome::Done,
    };
    let (kind, target, asked_by): (String, String, Option<String>) = operations::table
        .find(id.to_string())
        .select((operations::kind, operations::target_id, operations::requested_by))
        .first(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    let username = match &asked_by {
        Some(user) => users::table
            .find(user)
            .select(users::username)
            .first(&mut tx.connection)
            .optional()
            .map_err(Error::from_diesel)?,
        None => None,
    };
    let entry = AuditEntry {
        id: AuditId::new(),
        at,
        user_id: parsed_if_any("operations.requested_by", asked_by.as_deref())?,
        username,
        action: AuditAction::OperationEnded,
        target_name: name_of(tx, &target)?,
        target_id: Some(target),
        remote_address: None,
        outcome,
        token_id: None,
        detail: Some(format!("{kind} {id}")),
    };
    append(tx, &entry)
}

/// The name of a database or an app, as long as there is one.
fn name_of(tx: &mut Tx, target: &str) -> Result<Option<String>, Error> {
    let database: Option<String> = managed_databases::table
        .find(target)
        .select(managed_databases::name)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    if database.is_some() {
        return Ok(database);
    }
    apps::table
        .find(target)
        .select(apps::name)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)
}
