//! Queries of `logical_databases` and `logical_users`.

use diesel::prelude::*;
use stardeck_domain::{
    DatabaseId, LogicalDatabase, LogicalDatabaseId, LogicalName, LogicalState, LogicalUser, LogicalUserId,
    LoginName,
};

use crate::{
    Error, Tx,
    error::require_row,
    rows::{LogicalDatabaseRow, LogicalUserRow, NewLogicalDatabaseRow, NewLogicalUserRow},
    schema::{logical_databases, logical_users},
};

/// Writes a logical database down.
///
/// # Errors
/// [`Error::Conflict`] when there is one of this name (`LogicalDatabaseName`), or no such managed database
/// (`Reference`).
pub fn insert_database(tx: &mut Tx, database: &LogicalDatabase) -> Result<(), Error> {
    diesel::insert_into(logical_databases::table)
        .values(NewLogicalDatabaseRow::from(database))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// A logical database by its name.
///
/// # Errors
/// The store is in trouble.
pub fn find_database(
    tx: &mut Tx,
    database: DatabaseId,
    name: &LogicalName,
) -> Result<Option<LogicalDatabase>, Error> {
    logical_databases::table
        .filter(logical_databases::database_id.eq(database.to_string()))
        .filter(logical_databases::name.eq(name.as_str()))
        .select(LogicalDatabaseRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// The logical databases of a managed one, by name.
///
/// # Errors
/// The store is in trouble.
pub fn list_databases(tx: &mut Tx, database: DatabaseId) -> Result<Vec<LogicalDatabase>, Error> {
    let rows: Vec<LogicalDatabaseRow> = logical_databases::table
        .filter(logical_databases::database_id.eq(database.to_string()))
        .order(logical_databases::name)
        .select(LogicalDatabaseRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Writes down that the engine has a logical database.
///
/// # Errors
/// There is no such row.
pub fn mark_database_active(tx: &mut Tx, id: LogicalDatabaseId) -> Result<(), Error> {
    let changed = diesel::update(logical_databases::table.find(id.to_string()))
        .set(logical_databases::state.eq(LogicalState::Active.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, "logical database", &id)
}

/// Deletes the row of a logical database, with the rows of its users. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete_database(tx: &mut Tx, id: LogicalDatabaseId) -> Result<(), Error> {
    diesel::delete(logical_databases::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Writes a user down.
///
/// # Errors
/// [`Error::Conflict`] when the managed database has one of this name (`LogicalUserName`), or there is no such logical
/// database (`Reference`).
pub fn insert_user(tx: &mut Tx, user: &LogicalUser) -> Result<(), Error> {
    diesel::insert_into(logical_users::table)
        .values(NewLogicalUserRow::from(user))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// A user by its login name.
///
/// # Errors
/// The store is in trouble.
pub fn find_user(
    tx: &mut Tx,
    database: DatabaseId,
    username: &LoginName,
) -> Result<Option<LogicalUser>, Error> {
    logical_users::table
        .inner_join(logical_databases::table)
        .filter(logical_users::database_id.eq(database.to_string()))
        .filter(logical_users::username.eq(username.as_str()))
        .select((LogicalUserRow::as_select(), logical_databases::name))
        .first::<(LogicalUserRow, String)>(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(|(row, name)| row.named(name))
        .transpose()
}

/// The users of a managed database, by login name.
///
/// # Errors
/// The store is in trouble.
pub fn list_users(tx: &mut Tx, database: DatabaseId) -> Result<Vec<LogicalUser>, Error> {
    let rows: Vec<(LogicalUserRow, String)> = logical_users::table
        .inner_join(logical_databases::table)
        .filter(logical_users::database_id.eq(database.to_string()))
        .order(logical_users::username)
        .select((LogicalUserRow::as_select(), logical_databases::name))
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(|(row, name)| row.named(name)).collect()
}

/// Writes down that the engine has a user.
///
/// # Errors
/// There is no such row.
pub fn mark_user_active(tx: &mut Tx, id: LogicalUserId) -> Result<(), Error> {
    let changed = diesel::update(logical_users::table.find(id.to_string()))
        .set(logical_users::state.eq(LogicalState::Active.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, "user", &id)
}

/// Deletes the row of a user. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete_user(tx: &mut Tx, id: LogicalUserId) -> Result<(), Error> {
    diesel::delete(logical_users::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}
