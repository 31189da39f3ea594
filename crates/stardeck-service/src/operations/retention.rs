//! Forgetting operations that ended long ago, with their logs and events.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use stardeck_repository::{Db, operations};
use tokio_util::sync::CancellationToken;

use super::run::chain;
use crate::Error;

/// How long operations are kept.
const KEEP_FOR: TimeDelta = TimeDelta::days(90);
/// How many operations of one database are kept, however young they are.
const KEEP_NEWEST: u32 = 500;
/// How many are deleted in one transaction, so that nobody waits long for the next.
const AT_ONCE: u32 = 100;
/// How often old ones are looked for.
const LOOK_EVERY: Duration = Duration::from_hours(6);

/// Forgets old operations, now and from time to time, until told to end.
pub(crate) async fn forget_old(db: Db, end: CancellationToken) {
    loop {
        tokio::select! {
            () = end.cancelled() => return,
            outcome = forget(&db) => match outcome {
                Ok(0) => {}
                Ok(count) => tracing::info!(count, "forgot operations that ended long ago"),
                Err(error) => tracing::warn!(error = %chain(&error), "old operations can not be forgotten"),
            },
        }
        tokio::select! {
            () = end.cancelled() => return,
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}

async fn forget(db: &Db) -> Result<usize, Error> {
    let before = Utc::now() - KEEP_FOR;
    let mut count = 0;
    loop {
        let gone = db
            .write(move |tx| operations::prune(tx, before, KEEP_NEWEST, AT_ONCE).map_err(Error::from))
            .await?;
        if gone == 0 {
            return Ok(count);
        }
        count += gone;
    }
}
