//! Queries of `users`. Hashes of passwords are text here; the service makes and checks them.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{Role, User, UserId, UserName};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{NewUserRow, UserRow, timestamp_text},
    schema::users,
};

const WHAT: &str = "user";

/// Writes an account down.
///
/// # Errors
/// [`Error::Conflict`] with `UserName` when the name is taken, whatever its case.
pub fn insert(tx: &mut Tx, user: &User, password_hash: &str) -> Result<(), Error> {
    diesel::insert_into(users::table)
        .values(NewUserRow::new(user, password_hash))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// How many accounts there are.
///
/// # Errors
/// The store is in trouble.
pub fn count(tx: &mut Tx) -> Result<u64, Error> {
    unsigned(users::table.count().get_result(&mut tx.connection))
}

/// How many administrators there are.
///
/// # Errors
/// The store is in trouble.
pub fn count_admins(tx: &mut Tx) -> Result<u64, Error> {
    unsigned(users::table.filter(users::role.eq(Role::Admin.as_str())).count().get_result(&mut tx.connection))
}

/// The account of a name, whatever its case, with the hash of its password.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_username(tx: &mut Tx, username: &UserName) -> Result<Option<(User, String)>, Error> {
    // The column's collation is NOCASE, which the comparison uses.
    let found: Option<(UserRow, String)> = users::table
        .filter(users::username.eq(username.as_str()))
        .select((UserRow::as_select(), users::password_hash))
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    found.map(|(row, hash)| Ok((row.try_into()?, hash))).transpose()
}

/// An account by its id.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: UserId) -> Result<User, Error> {
    users::table
        .find(id.to_string())
        .select(UserRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))?
        .try_into()
}

/// The hash of an account's password.
///
/// # Errors
/// There is no such account.
pub fn password_hash(tx: &mut Tx, id: UserId) -> Result<String, Error> {
    users::table
        .find(id.to_string())
        .select(users::password_hash)
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))
}

/// One page of the accounts, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<User>, Error> {
    let mut query =
        users::table.order(users::id).limit(page.fetch()).select(UserRow::as_select()).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(users::id.gt(after));
    }
    let rows: Vec<UserRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<User>, Error>>()?;
    Ok(page.cut(items, |user| user.id.to_string()))
}

/// Changes what a person may do.
///
/// # Errors
/// There is no such account.
pub fn set_role(tx: &mut Tx, id: UserId, role: Role) -> Result<(), Error> {
    let changed = diesel::update(users::table.find(id.to_string()))
        .set(users::role.eq(role.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)?;
    tx.has_ended_access = true;
    Ok(())
}

/// Changes the hash of an account's password.
///
/// # Errors
/// There is no such account.
pub fn set_password_hash(tx: &mut Tx, id: UserId, password_hash: &str) -> Result<(), Error> {
    let changed = diesel::update(users::table.find(id.to_string()))
        .set(users::password_hash.eq(password_hash))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Writes down that a person signed in.
///
/// # Errors
/// There is no such account.
pub fn record_login(tx: &mut Tx, id: UserId, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = diesel::update(users::table.find(id.to_string()))
        .set(users::last_login_at.eq(timestamp_text(now)))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Deletes an account with its sessions and tokens. Databases the person asked for stay, without a creator.
///
/// # Errors
/// There is no such account.
pub fn delete(tx: &mut Tx, id: UserId) -> Result<(), Error> {
    let changed = diesel::delete(users::table.find(id.to_string())).execute(&mut tx.connection);
    require_row(changed, WHAT, &id)?;
    tx.has_ended_access = true;
    Ok(())
}

fn unsigned(rows: QueryResult<i64>) -> Result<u64, Error> {
    u64::try_from(rows.map_err(Error::from_diesel)?).map_err(Error::other)
}
