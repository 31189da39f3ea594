//! Queries of `database_connections`.

use diesel::prelude::*;
use stardeck_domain::{AppId, ConnectionId, ConnectionState, DatabaseConnection, DatabaseId};

use crate::{
    Error, Tx,
    error::require_row,
    rows::{ConnectionNames, ConnectionRow, NewConnectionRow},
    schema::{apps, database_connections, logical_databases, logical_users},
};

const WHAT: &str = "connection";

/// A connection's row and what it is called. A macro, since the type of such a query is nothing to write down.
macro_rules! named {
    () => {
        database_connections::table
            .inner_join(apps::table)
            .inner_join(logical_databases::table)
            .inner_join(logical_users::table)
            .select((
                ConnectionRow::as_select(),
                (apps::name, logical_databases::name, logical_users::username, logical_users::preset),
            ))
    };
}

/// Writes a connection down.
///
/// # Errors
/// [`Error::Conflict`] when the app has one with these variables (`ConnectionPrefix`), when the user has one
/// (`ConnectionUser`), or when what it refers to does not exist (`Reference`).
pub fn insert(tx: &mut Tx, connection: &DatabaseConnection) -> Result<(), Error> {
    diesel::insert_into(database_connections::table)
        .values(NewConnectionRow::from(connection))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// A connection by its id.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: ConnectionId) -> Result<DatabaseConnection, Error> {
    let found = named!()
        .filter(database_connections::id.eq(id.to_string()))
        .first::<(ConnectionRow, ConnectionNames)>(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    let (row, names) = found.ok_or_else(|| Error::not_found(WHAT, &id))?;
    row.named(names)
}

/// The connections of a managed database, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list_of_database(tx: &mut Tx, database: DatabaseId) -> Result<Vec<DatabaseConnection>, Error> {
    into_domain(
        named!()
            .filter(database_connections::database_id.eq(database.to_string()))
            .order(database_connections::id)
            .load(&mut tx.connection),
    )
}

/// The connections of an app, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list_of_app(tx: &mut Tx, app: AppId) -> Result<Vec<DatabaseConnection>, Error> {
    into_domain(
        named!()
            .filter(database_connections::app_id.eq(app.to_string()))
            .order(database_connections::id)
            .load(&mut tx.connection),
    )
}

/// Sets where a connection stands.
///
/// # Errors
/// There is no such connection.
pub fn set_state(tx: &mut Tx, id: ConnectionId, state: ConnectionState) -> Result<(), Error> {
    let changed = diesel::update(database_connections::table.find(id.to_string()))
        .set(database_connections::state.eq(state.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Deletes the row of a connection. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete(tx: &mut Tx, id: ConnectionId) -> Result<(), Error> {
    diesel::delete(database_connections::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Deletes the rows of all connections of a managed database.
///
/// # Errors
/// The store is in trouble.
pub fn delete_of_database(tx: &mut Tx, database: DatabaseId) -> Result<(), Error> {
    diesel::delete(database_connections::table)
        .filter(database_connections::database_id.eq(database.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

fn into_domain(
    rows: QueryResult<Vec<(ConnectionRow, ConnectionNames)>>,
) -> Result<Vec<DatabaseConnection>, Error> {
    rows.map_err(Error::from_diesel)?.into_iter().map(|(row, names)| row.named(names)).collect()
}
