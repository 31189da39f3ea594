//! Following an operation.
//!
//! A follower reads the store and nothing else, so that one that comes late, or is slow, or comes back after a restart
//! of the server is told exactly what one was told that was there all the time. It holds a few events at most, and
//! nobody waits for it.

use std::{collections::VecDeque, time::Duration};

use stardeck_domain::{EpochId, OperationEvent, OperationId};
use stardeck_repository::{Db, meta, operations};
use tokio::sync::watch;

use crate::Error;

/// How many events are read at once.
const AT_ONCE: u32 = 64;
/// How long a follower sleeps at most. It is woken up by events; this is for the case that another process writes them.
const SLEEP_MOST: Duration = Duration::from_secs(15);

/// Where to begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FollowFrom {
    /// After the event with this number; 0 for the first.
    pub after: u32,
    /// The epoch in which that number was given; None for the present one.
    pub epoch: Option<EpochId>,
}

/// Whoever is told what happens to an operation.
#[derive(Debug)]
pub struct Follower {
    db: Db,
    operation: OperationId,
    epoch: EpochId,
    /// The event that was told last.
    after: u32,
    read: VecDeque<OperationEvent>,
    changes: watch::Receiver<()>,
    has_ended: bool,
}

impl Follower {
    pub(super) async fn new(db: Db, operation: OperationId, from: FollowFrom) -> Result<Self, Error> {
        let changes = db.operation_events();
        let (epoch, last) = db
            .read(move |tx| {
                operations::get(tx, operation)?;
                Ok::<_, Error>((meta::event_epoch(tx)?, operations::last_event(tx, operation)?))
            })
            .await?;
        // A number that was never given, or given in another epoch, says nothing about what is known.
        let is_known = from.epoch.is_none_or(|given| given == epoch) && from.after <= last;
        let after = if is_known { from.after } else { 0 };
        Ok(Self { db, operation, epoch, after, read: VecDeque::new(), changes, has_ended: false })
    }

    /// The epoch of the events' numbers.
    pub fn epoch(&self) -> EpochId {
        self.epoch
    }

    /// The next event, as soon as there is one; None after the last. A call that is dropped loses nothing.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn next(&mut self) -> Result<Option<OperationEvent>, Error> {
        loop {
            if let Some(event) = self.read.pop_front() {
                self.after = event.seq;
                self.has_ended = event.change.is_last();
                return Ok(Some(event));
            }
            if self.has_ended {
                return Ok(None);
            }
            // Before the store is read: what is written after that wakes us up.
            self.changes.mark_unchanged();
            self.look().await?;
            if self.read.is_empty() && !self.has_ended {
                // Only the end of the store itself would be an error, and then the next look says so.
                tokio::time::timeout(SLEEP_MOST, self.changes.changed()).await.ok();
            }
        }
    }

    async fn look(&mut self) -> Result<(), Error> {
        let (operation, after) = (self.operation, self.after);
        let (events, has_ended) = self
            .db
            .read(move |tx| {
                let events = operations::events(tx, operation, after, AT_ONCE)?;
                // Without events after the one that is known, the operation may have ended with that one.
                let has_ended = events.is_empty() && operations::get(tx, operation)?.state.is_final();
                Ok::<_, Error>((events, has_ended))
            })
            .await?;
        self.read.extend(events);
        self.has_ended = has_ended;
        Ok(())
    }
}
