//! Queries of `sessions`. Tokens are known by their hashes only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{Session, SessionId, User, UserId};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{NewSessionRow, SessionRow, UserRow, timestamp_text},
    schema::{sessions, users},
};

const WHAT: &str = "session";

/// Writes a login down.
///
/// # Errors
/// [`Error::Conflict`] when the token exists (`SessionToken`), or when there is no such account (`Reference`).
pub fn insert(tx: &mut Tx, session: &Session, token_hash: &str) -> Result<(), Error> {
    diesel::insert_into(sessions::table)
        .values(NewSessionRow::new(session, token_hash))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The session of a token, with the person as he or she is now. None when there is none or it has expired.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_token_hash(
    tx: &mut Tx,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(Session, User)>, Error> {
    let found: Option<(SessionRow, UserRow)> = sessions::table
        .inner_join(users::table)
        .filter(sessions::token_hash.eq(token_hash))
        .filter(sessions::expires_at.gt(timestamp_text(now)))
        .select((SessionRow::as_select(), UserRow::as_select()))
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    found.map(|(session, user)| Ok((session.try_into()?, user.try_into()?))).transpose()
}

/// Whether there is such a session and it has not expired.
///
/// # Errors
/// The store is in trouble.
pub fn is_open(tx: &mut Tx, id: SessionId, now: DateTime<Utc>) -> Result<bool, Error> {
    let open = sessions::table.find(id.to_string()).filter(sessions::expires_at.gt(timestamp_text(now)));
    diesel::select(diesel::dsl::exists(open)).get_result(&mut tx.connection).map_err(Error::from_diesel)
}

/// A session by its id.
///
/// # Errors
/// There is none, or it has expired.
pub fn get(tx: &mut Tx, id: SessionId, now: DateTime<Utc>) -> Result<Session, Error> {
    sessions::table
        .find(id.to_string())
        .filter(sessions::expires_at.gt(timestamp_text(now)))
        .select(SessionRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))?
        .try_into()
}

/// One page of the sessions of a person that have not expired, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list_of_user(
    tx: &mut Tx,
    user: UserId,
    now: DateTime<Utc>,
    page: &Page,
) -> Result<Slice<Session>, Error> {
    let mut query = sessions::table
        .filter(sessions::user_id.eq(user.to_string()))
        .filter(sessions::expires_at.gt(timestamp_text(now)))
        .order(sessions::id)
        .limit(page.fetch())
        .select(SessionRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(sessions::id.gt(after));
    }
    let rows: Vec<SessionRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<Session>, Error>>()?;
    Ok(page.cut(items, |session| session.id.to_string()))
}

/// Writes down that a session was used.
///
/// # Errors
/// There is none.
pub fn record_use(tx: &mut Tx, id: SessionId, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = diesel::update(sessions::table.find(id.to_string()))
        .set(sessions::last_used_at.eq(timestamp_text(now)))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Ends a session. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn delete(tx: &mut Tx, id: SessionId) -> Result<(), Error> {
    diesel::delete(sessions::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    tx.has_ended_access = true;
    Ok(())
}

/// Ends all sessions of a person, except the given one.
///
/// # Errors
/// The store is in trouble.
pub fn delete_of_user(tx: &mut Tx, user: UserId, except: Option<SessionId>) -> Result<(), Error> {
    let mut statement =
        diesel::delete(sessions::table).filter(sessions::user_id.eq(user.to_string())).into_boxed();
    if let Some(except) = except {
        statement = statement.filter(sessions::id.ne(except.to_string()));
    }
    statement.execute(&mut tx.connection).map_err(Error::from_diesel)?;
    tx.has_ended_access = true;
    Ok(())
}

/// Ends all sessions of everybody.
///
/// # Errors
/// The store is in trouble.
pub fn delete_all(tx: &mut Tx) -> Result<(), Error> {
    diesel::delete(sessions::table).execute(&mut tx.connection).map_err(Error::from_diesel)?;
    tx.has_ended_access = true;
    Ok(())
}

/// Deletes the sessions that have expired. Says how many.
///
/// # Errors
/// The store is in trouble.
pub fn delete_expired(tx: &mut Tx, now: DateTime<Utc>) -> Result<usize, Error> {
    diesel::delete(sessions::table.filter(sessions::expires_at.le(timestamp_text(now))))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)
}
