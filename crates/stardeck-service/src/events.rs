//! Following the installation as a whole: every change of a database or an operation, as it is committed.
//!
//! As with a single operation, a follower reads the store and nothing else, so that what it is told is what was
//! committed. It holds a few events at most, and nobody waits for it; when it is so far behind that events were
//! forgotten meanwhile, it is told so.

use std::{collections::VecDeque, time::Duration};

use stardeck_domain::{EpochId, Event};
use stardeck_repository::{Db, events, meta};
use tokio::sync::watch;

use crate::Error;

/// How many events are read at once.
const AT_ONCE: u32 = 64;
/// How long a follower sleeps at most. It is woken up by events; this is for the case that another process writes them.
const SLEEP_MOST: Duration = Duration::from_secs(15);

/// The installation's events. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Events {
    db: Db,
}

/// Where to begin.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct EventsFrom {
    /// After the event with this number; None for what happens from now on.
    pub after: Option<u32>,
    /// The epoch in which that number was given; None for the present one.
    pub epoch: Option<EpochId>,
}

/// What a follower is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Told {
    /// Nothing was missed; the events after this number follow.
    Begin {
        /// The number.
        after: u32,
    },
    /// Something may have been missed: everything is to be read anew. The events after this number follow.
    Resync {
        /// The number.
        after: u32,
        /// Why.
        why: Missed,
    },
    /// Something happened.
    Event(Event),
}

/// Why a follower may have missed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Missed {
    /// The number is from another epoch, so that it says nothing.
    NewEpoch,
    /// The number was never given, or what came after it is forgotten.
    Gap,
}

/// Whoever is told what happens to the installation.
#[derive(Debug)]
pub struct EventFollower {
    db: Db,
    epoch: EpochId,
    /// The event that was told last.
    after: u32,
    ready: VecDeque<Told>,
    changes: watch::Receiver<u32>,
}

impl Events {
    pub(crate) fn new(db: Db) -> Self {
        Self { db }
    }

    /// Follows the installation, from now on or from where an earlier follower left off.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn follow(&self, from: EventsFrom) -> Result<EventFollower, Error> {
        let changes = self.db.events();
        let after = from.after.unwrap_or(0);
        let (epoch, last, next) = self
            .db
            .read(move |tx| {
                let next = events::list(tx, after, 1)?.first().map(|event| event.seq);
                Ok::<_, Error>((meta::event_epoch(tx)?, events::last(tx)?, next))
            })
            .await?;
        let first = match from.after {
            _ if from.epoch.is_some_and(|given| given != epoch) => {
                Told::Resync { after: last, why: Missed::NewEpoch }
            }
            None => Told::Begin { after: last },
            Some(after) if after > last || next.is_some_and(|next| next > after.saturating_add(1)) => {
                Told::Resync { after: last, why: Missed::Gap }
            }
            Some(after) => Told::Begin { after },
        };
        Ok(EventFollower {
            db: self.db.clone(),
            epoch,
            after: first.seq(),
            ready: VecDeque::from([first]),
            changes,
        })
    }

    /// Tells followers that the containers changed that detection looks at.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn tell_detection_changed(&self) -> Result<(), Error> {
        self.db.write(|tx| events::tell_detection_changed(tx).map_err(Error::from)).await
    }
}

impl Told {
    /// The number of the event, or the one after which events follow.
    pub const fn seq(&self) -> u32 {
        match self {
            Self::Begin { after } | Self::Resync { after, .. } => *after,
            Self::Event(event) => event.seq,
        }
    }
}

impl EventFollower {
    /// The epoch of the events' numbers.
    pub fn epoch(&self) -> EpochId {
        self.epoch
    }

    /// What there is to tell next, as soon as there is something: at first where it begins. It never ends. A call that
    /// is dropped loses nothing.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn next(&mut self) -> Result<Told, Error> {
        loop {
            if let Some(told) = self.ready.pop_front() {
                self.after = told.seq();
                return Ok(told);
            }
            // Before the store is read: what is written after that wakes us up.
            self.changes.mark_unchanged();
            self.look().await?;
            if self.ready.is_empty() {
                // Only the end of the store itself would be an error, and then the next look says so.
                tokio::time::timeout(SLEEP_MOST, self.changes.changed()).await.ok();
            }
        }
    }

    async fn look(&mut self) -> Result<(), Error> {
        let after = self.after;
        let (found, last) = self
            .db
            .read(move |tx| Ok::<_, Error>((events::list(tx, after, AT_ONCE)?, events::last(tx)?)))
            .await?;
        match found.first() {
            Some(first) if first.seq > after.saturating_add(1) => {
                self.ready.push_back(Told::Resync { after: last, why: Missed::Gap });
            }
            _ => self.ready.extend(found.into_iter().map(Told::Event)),
        }
        Ok(())
    }
}
