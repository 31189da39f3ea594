//! Which operations are forgotten.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_query,
    sql_types::{BigInt, Text},
};

use crate::{Error, Tx, rows::timestamp_text};

/// Unfinished operations have no `finished_at`. Ids sort by the time they were made, so the highest is the last one;
/// the last one of a database that is there says how it came to be as it is.
const PRUNE: &str = "
    DELETE FROM operations WHERE id IN (
        SELECT o.id FROM (
            SELECT id, target_id, finished_at, row_number() OVER (PARTITION BY target_id ORDER BY id DESC) AS place
            FROM operations
        ) AS o
        WHERE o.finished_at IS NOT NULL
            AND (o.finished_at < ? OR o.place > ?)
            AND NOT (o.place = 1 AND EXISTS (
                SELECT 1 FROM managed_databases AS d WHERE d.id = o.target_id AND d.deleted_at IS NULL))
        LIMIT ?
    )";

/// Deletes operations that ended before a moment, and of each database those beyond its newest `keep`; with their
/// steps, logs and events, and at most `limit` of them at once. Unfinished ones stay, and so does the last one of each
/// database that is not deleted. Says how many are gone.
///
/// # Errors
/// The store is in trouble.
pub fn prune(tx: &mut Tx, before: DateTime<Utc>, keep: u32, limit: u32) -> Result<usize, Error> {
    sql_query(PRUNE)
        .bind::<Text, _>(timestamp_text(before))
        .bind::<BigInt, _>(i64::from(keep))
        .bind::<BigInt, _>(i64::from(limit))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)
}
