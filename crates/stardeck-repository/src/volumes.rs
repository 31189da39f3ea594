//! Queries of `volumes`.

use diesel::prelude::*;
use stardeck_domain::{DatabaseId, Volume, VolumeId, VolumeState};

use crate::{
    Error, Tx,
    rows::{NewVolumeRow, VolumeRow, parsed},
    schema::volumes,
};

/// Writes a volume down.
///
/// # Errors
/// [`Error::Conflict`] when the database has one at this mount path (`VolumeMount`), or when there is no such database
/// (`Reference`).
pub fn insert(tx: &mut Tx, volume: &Volume) -> Result<(), Error> {
    diesel::insert_into(volumes::table)
        .values(NewVolumeRow::try_from(volume)?)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The volumes of a database, oldest first; of a tombstone too.
///
/// # Errors
/// The store is in trouble.
pub fn list_of(tx: &mut Tx, database: DatabaseId) -> Result<Vec<Volume>, Error> {
    into_domain(
        volumes::table
            .filter(volumes::database_id.eq(database.to_string()))
            .order(volumes::id)
            .select(VolumeRow::as_select())
            .load(&mut tx.connection),
    )
}

/// The database, living or tombstone, that a volume of this name belongs to.
///
/// # Errors
/// The store is in trouble.
pub fn find_owner(tx: &mut Tx, name: &str) -> Result<Option<DatabaseId>, Error> {
    let owner: Option<String> = volumes::table
        .filter(volumes::name.eq(name))
        .select(volumes::database_id)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    owner.map(|id| parsed("volumes.database_id", &id)).transpose()
}

/// Writes down that a login succeeded on the volumes of a database.
///
/// # Errors
/// The store is in trouble.
pub fn mark_initialised(tx: &mut Tx, database: DatabaseId) -> Result<(), Error> {
    diesel::update(volumes::table.filter(volumes::database_id.eq(database.to_string())))
        .set(volumes::initialised.eq(1))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Writes down that the volumes of a database stay when it is deleted.
///
/// # Errors
/// The store is in trouble.
pub fn mark_kept(tx: &mut Tx, database: DatabaseId) -> Result<(), Error> {
    set_state(tx, database, VolumeState::Kept)
}

/// Writes down that a database uses its volumes.
///
/// # Errors
/// The store is in trouble.
pub fn mark_attached(tx: &mut Tx, database: DatabaseId) -> Result<(), Error> {
    set_state(tx, database, VolumeState::Attached)
}

/// Deletes the row of a volume. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete(tx: &mut Tx, id: VolumeId) -> Result<(), Error> {
    diesel::delete(volumes::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

fn set_state(tx: &mut Tx, database: DatabaseId, state: VolumeState) -> Result<(), Error> {
    diesel::update(volumes::table.filter(volumes::database_id.eq(database.to_string())))
        .set(volumes::state.eq(state.as_str()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

fn into_domain(rows: QueryResult<Vec<VolumeRow>>) -> Result<Vec<Volume>, Error> {
    rows.map_err(Error::from_diesel)?.into_iter().map(TryInto::try_into).collect()
}
