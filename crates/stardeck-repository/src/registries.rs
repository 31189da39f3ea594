//! Queries of `registries`. Passwords come in sealed and go out sealed.

use diesel::prelude::*;
use stardeck_domain::{Registry, RegistryHost, RegistryId};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{NewRegistryRow, RegistryRow, timestamp_text},
    schema::registries,
};

const WHAT: &str = "registry";

/// Writes a login down.
///
/// # Errors
/// [`Error::Conflict`] when there is one for this host.
pub fn insert(tx: &mut Tx, registry: &Registry) -> Result<(), Error> {
    diesel::insert_into(registries::table)
        .values(NewRegistryRow::from(registry))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Replaces name and password of a login.
///
/// # Errors
/// There is none with this id.
pub fn update(tx: &mut Tx, registry: &Registry) -> Result<(), Error> {
    let changed = diesel::update(registries::table.find(registry.id.to_string()))
        .set((
            registries::username.eq(registry.username.as_str()),
            registries::sealed_password.eq(registry.sealed_password.as_str()),
            registries::updated_at.eq(timestamp_text(registry.updated_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &registry.id)
}

/// A login by its id.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: RegistryId) -> Result<Registry, Error> {
    registries::table
        .find(id.to_string())
        .select(RegistryRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))?
        .try_into()
}

/// The login for a host, if there is one.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_host(tx: &mut Tx, host: &RegistryHost) -> Result<Option<Registry>, Error> {
    registries::table
        .filter(registries::host.eq(host.as_str()))
        .select(RegistryRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// One page of the logins, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<Registry>, Error> {
    let mut query = registries::table
        .order(registries::id)
        .limit(page.fetch())
        .select(RegistryRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(registries::id.gt(after));
    }
    let rows: Vec<RegistryRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<Registry>, Error>>()?;
    Ok(page.cut(items, |registry| registry.id.to_string()))
}

/// Removes a login.
///
/// # Errors
/// There is none with this id.
pub fn delete(tx: &mut Tx, id: RegistryId) -> Result<(), Error> {
    let removed = diesel::delete(registries::table.find(id.to_string())).execute(&mut tx.connection);
    require_row(removed, WHAT, &id)
}
