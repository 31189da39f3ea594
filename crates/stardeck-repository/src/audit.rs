//! Queries of `audit_log`. Entries are added and read, never changed.

use diesel::prelude::*;
use stardeck_domain::AuditEntry;

use crate::{
    Error, Page, Slice, Tx,
    rows::{AuditRow, NewAuditRow},
    schema::audit_log,
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
