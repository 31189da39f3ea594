//! Queries of `api_tokens`. Tokens are known by their hashes only.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{ApiToken, TokenId, User, UserId};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{ApiTokenRow, NewApiTokenRow, UserRow, timestamp_text},
    schema::{api_tokens, users},
};

const WHAT: &str = "token";

/// Writes a token down.
///
/// # Errors
/// [`Error::Conflict`] when there is no such account (`Reference`), or when the token exists.
pub fn insert(tx: &mut Tx, token: &ApiToken, token_hash: &str) -> Result<(), Error> {
    diesel::insert_into(api_tokens::table)
        .values(NewApiTokenRow::new(token, token_hash))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The token with this hash, with its owner as he or she is now. None when there is none or it has expired.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_token_hash(
    tx: &mut Tx,
    token_hash: &str,
    now: DateTime<Utc>,
) -> Result<Option<(ApiToken, User)>, Error> {
    let found: Option<(ApiTokenRow, UserRow)> = api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::token_hash.eq(token_hash))
        .filter(api_tokens::expires_at.gt(timestamp_text(now)))
        .select((ApiTokenRow::as_select(), UserRow::as_select()))
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    found.map(|(token, user)| Ok((token.try_into()?, user.try_into()?))).transpose()
}

/// The same by the token's id.
///
/// # Errors
/// The store is in trouble.
pub fn find_good(tx: &mut Tx, id: TokenId, now: DateTime<Utc>) -> Result<Option<(ApiToken, User)>, Error> {
    let found: Option<(ApiTokenRow, UserRow)> = api_tokens::table
        .inner_join(users::table)
        .filter(api_tokens::id.eq(id.to_string()))
        .filter(api_tokens::expires_at.gt(timestamp_text(now)))
        .select((ApiTokenRow::as_select(), UserRow::as_select()))
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?;
    found.map(|(token, user)| Ok((token.try_into()?, user.try_into()?))).transpose()
}

/// A token by its id, whether it has expired or not.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: TokenId) -> Result<ApiToken, Error> {
    api_tokens::table
        .find(id.to_string())
        .select(ApiTokenRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))?
        .try_into()
}

/// One page of a person's tokens, oldest first, those that have expired among them.
///
/// # Errors
/// The store is in trouble.
pub fn list_of_user(tx: &mut Tx, user: UserId, page: &Page) -> Result<Slice<ApiToken>, Error> {
    let mut query = api_tokens::table
        .filter(api_tokens::user_id.eq(user.to_string()))
        .order(api_tokens::id)
        .limit(page.fetch())
        .select(ApiTokenRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(api_tokens::id.gt(after));
    }
    let rows: Vec<ApiTokenRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<ApiToken>, Error>>()?;
    Ok(page.cut(items, |token| token.id.to_string()))
}

/// Writes down that a token was used.
///
/// # Errors
/// There is none.
pub fn record_use(tx: &mut Tx, id: TokenId, now: DateTime<Utc>) -> Result<(), Error> {
    let changed = diesel::update(api_tokens::table.find(id.to_string()))
        .set(api_tokens::last_used_at.eq(timestamp_text(now)))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// How many tokens of a person are good.
///
/// # Errors
/// The store is in trouble.
pub fn count_good(tx: &mut Tx, user: UserId, now: DateTime<Utc>) -> Result<i64, Error> {
    api_tokens::table
        .filter(api_tokens::user_id.eq(user.to_string()))
        .filter(api_tokens::expires_at.gt(timestamp_text(now)))
        .count()
        .get_result(&mut tx.connection)
        .map_err(Error::from_diesel)
}

/// Revokes a token, and all that were made with it.
///
/// # Errors
/// There is none.
pub fn delete(tx: &mut Tx, id: TokenId) -> Result<(), Error> {
    let mut ends = vec![id.to_string()];
    let mut next = 0;
    while let Some(maker) = ends.get(next) {
        let made: Vec<String> = api_tokens::table
            .filter(api_tokens::made_by.eq(maker))
            .select(api_tokens::id)
            .load(&mut tx.connection)
            .map_err(Error::from_diesel)?;
        ends.extend(made);
        next += 1;
    }
    let changed = diesel::delete(api_tokens::table.find(id.to_string())).execute(&mut tx.connection);
    require_row(changed, WHAT, &id)?;
    diesel::delete(api_tokens::table.filter(api_tokens::id.eq_any(ends)))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    tx.has_ended_access = true;
    Ok(())
}
