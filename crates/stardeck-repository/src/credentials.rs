//! Queries of `credentials`. Passwords come in sealed and go out sealed.

use chrono::{DateTime, Utc};
use diesel::{dsl::max, prelude::*};
use stardeck_domain::{Credential, CredentialId, CredentialPurpose, CredentialState, DatabaseId, LoginName};

use crate::{
    Error, Tx,
    error::require_row,
    rows::{CredentialRow, NewCredentialRow, count, timestamp_text},
    schema::credentials,
};

/// Writes a version of a credential down.
///
/// # Errors
/// [`Error::Conflict`] when the version exists (`CredentialVersion`), when it is to be active and another one is
/// (`ActiveCredential`), or when there is no such database (`Reference`).
pub fn insert(tx: &mut Tx, credential: &Credential) -> Result<(), Error> {
    diesel::insert_into(credentials::table)
        .values(NewCredentialRow::try_from(credential)?)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The newest version of a credential in a state.
///
/// # Errors
/// The store is in trouble.
pub fn find(
    tx: &mut Tx,
    database: DatabaseId,
    purpose: CredentialPurpose,
    state: CredentialState,
) -> Result<Option<Credential>, Error> {
    credentials::table
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(purpose.as_str()))
        .filter(credentials::state.eq(state.as_str()))
        .order((credentials::version.desc(), credentials::id.desc()))
        .select(CredentialRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// All versions of all credentials of a database, by purpose and then by version.
///
/// # Errors
/// The store is in trouble.
pub fn list_of(tx: &mut Tx, database: DatabaseId) -> Result<Vec<Credential>, Error> {
    let rows: Vec<CredentialRow> = credentials::table
        .filter(credentials::database_id.eq(database.to_string()))
        .order((credentials::purpose, credentials::version, credentials::id))
        .select(CredentialRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Makes a version the active one and retires the one that was. Each app user has an active version of its own; of
/// every other purpose there is one in a database. Nothing happens to a version that is active already.
///
/// # Errors
/// There is no such version.
pub fn activate(tx: &mut Tx, id: CredentialId, now: DateTime<Utc>) -> Result<(), Error> {
    let credential: Credential = credentials::table
        .find(id.to_string())
        .select(CredentialRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found("credential", &id))?
        .try_into()?;
    match credential.state {
        CredentialState::Active => return Ok(()),
        CredentialState::Pending | CredentialState::Retired => {}
    }
    // The unique index lets no second one be active even for a moment, so the earlier one goes first.
    retire_active_beside(tx, &credential, now)?;
    let changed = diesel::update(credentials::table.find(id.to_string()))
        .set((
            credentials::state.eq(CredentialState::Active.as_str()),
            credentials::activated_at.eq(timestamp_text(now)),
            credentials::retired_at.eq(None::<String>),
        ))
        .execute(&mut tx.connection);
    require_row(changed, "credential", &id)
}

/// The version that a new credential of this purpose gets: 1 for the first.
///
/// # Errors
/// The store is in trouble.
pub fn next_version(tx: &mut Tx, database: DatabaseId, purpose: CredentialPurpose) -> Result<u32, Error> {
    let last: Option<i32> = credentials::table
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(purpose.as_str()))
        .select(max(credentials::version))
        .first(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    count("credentials.version", last.unwrap_or(0)).map(|last| last + 1)
}

/// The newest version of an app user's credential in a state.
///
/// # Errors
/// The store is in trouble.
pub fn find_app(
    tx: &mut Tx,
    database: DatabaseId,
    username: &LoginName,
    state: CredentialState,
) -> Result<Option<Credential>, Error> {
    credentials::table
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(CredentialPurpose::App.as_str()))
        .filter(credentials::username.eq(username.as_str()))
        .filter(credentials::state.eq(state.as_str()))
        .order((credentials::version.desc(), credentials::id.desc()))
        .select(CredentialRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// The version that a new credential of an app's user gets: 1 for the first.
///
/// # Errors
/// The store is in trouble.
pub fn next_app_version(tx: &mut Tx, database: DatabaseId, username: &LoginName) -> Result<u32, Error> {
    let last: Option<i32> = credentials::table
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(CredentialPurpose::App.as_str()))
        .filter(credentials::username.eq(username.as_str()))
        .select(max(credentials::version))
        .first(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    count("credentials.version", last.unwrap_or(0)).map(|last| last + 1)
}

/// Deletes one version of a credential. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete(tx: &mut Tx, id: CredentialId) -> Result<(), Error> {
    diesel::delete(credentials::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Deletes all versions of the credential of an app's user.
///
/// # Errors
/// The store is in trouble.
pub fn delete_app(tx: &mut Tx, database: DatabaseId, username: &LoginName) -> Result<(), Error> {
    diesel::delete(credentials::table)
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(CredentialPurpose::App.as_str()))
        .filter(credentials::username.eq(username.as_str()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Deletes all versions of the credentials of a purpose.
///
/// # Errors
/// The store is in trouble.
pub fn delete_by_purpose(tx: &mut Tx, database: DatabaseId, purpose: CredentialPurpose) -> Result<(), Error> {
    diesel::delete(credentials::table)
        .filter(credentials::database_id.eq(database.to_string()))
        .filter(credentials::purpose.eq(purpose.as_str()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

fn retire_active_beside(tx: &mut Tx, credential: &Credential, now: DateTime<Utc>) -> Result<(), Error> {
    let mut statement = diesel::update(credentials::table)
        .filter(credentials::database_id.eq(credential.database_id.to_string()))
        .filter(credentials::purpose.eq(credential.purpose.as_str()))
        .filter(credentials::state.eq(CredentialState::Active.as_str()))
        .set((
            credentials::state.eq(CredentialState::Retired.as_str()),
            credentials::retired_at.eq(timestamp_text(now)),
        ))
        .into_boxed();
    match credential.purpose {
        CredentialPurpose::App => {
            statement = statement.filter(credentials::username.eq(credential.username.as_str()));
        }
        CredentialPurpose::Bootstrap | CredentialPurpose::Admin | CredentialPurpose::Management => {}
    }
    statement.execute(&mut tx.connection).map_err(Error::from_diesel)?;
    Ok(())
}
