//! Whether the server can do its work: its store answers, and so does the runtime.

use std::{sync::Arc, time::Duration};

use stardeck_repository::{Db, meta};
use tokio::sync::watch;

use crate::{Error, core::Core};

/// How long a part may take to answer.
const WITHIN: Duration = Duration::from_secs(3);

/// Asks the parts we depend on whether they answer. Cheap to clone.
#[derive(Clone)]
pub struct Readiness {
    core: Arc<Core>,
    store: watch::Receiver<StoreCheck>,
}

/// What is known of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoreCheck {
    /// It answers, and is whole as far as is known.
    Ok,
    /// It does not answer, or is damaged.
    Failed,
    /// It is looked at, since the server before did not end cleanly.
    Checking,
}

/// Which parts answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadinessReport {
    /// The store.
    pub store: StoreCheck,
    /// The runtime.
    pub runtime: bool,
}

impl ReadinessReport {
    /// Whether all parts answered.
    pub const fn is_ready(self) -> bool {
        matches!(self.store, StoreCheck::Ok) && self.runtime
    }
}

impl Readiness {
    pub(crate) fn new(core: Arc<Core>, store: watch::Receiver<StoreCheck>) -> Self {
        Self { core, store }
    }

    /// Asks now.
    pub async fn check(&self) -> ReadinessReport {
        let store = self.core.db.read(|tx| meta::get(tx, "instance_id").map(|_| ()).map_err(Error::from));
        let runtime = self.core.runtime.info();
        let (answers, runtime) =
            tokio::join!(async { matches!(tokio::time::timeout(WITHIN, store).await, Ok(Ok(()))) }, async {
                matches!(tokio::time::timeout(WITHIN, runtime).await, Ok(Ok(_)))
            },);
        let store = if answers { *self.store.borrow() } else { StoreCheck::Failed };
        ReadinessReport { store, runtime }
    }
}

/// Looks for damage in the store when the server before did not end cleanly, beside everything else. What is known meanwhile
/// and afterwards is in the receiver.
pub(crate) fn check_after_unclean_end(db: Db, was_unclean: bool) -> watch::Receiver<StoreCheck> {
    let (told, known) = watch::channel(if was_unclean { StoreCheck::Checking } else { StoreCheck::Ok });
    if was_unclean {
        tracing::warn!("the server before did not end cleanly; the store is looked at");
        tokio::spawn(async move {
            let found = match db.check().await {
                Ok(()) => {
                    tracing::info!("the store is whole");
                    StoreCheck::Ok
                }
                Err(error) => {
                    tracing::error!(%error, "the store is damaged; stop the server and restore a backup");
                    StoreCheck::Failed
                }
            };
            told.send_replace(found);
        });
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_store_that_is_still_looked_at_is_not_ready() {
        for (store, is_ready) in
            [(StoreCheck::Ok, true), (StoreCheck::Checking, false), (StoreCheck::Failed, false)]
        {
            assert_eq!(ReadinessReport { store, runtime: true }.is_ready(), is_ready);
            assert!(!ReadinessReport { store, runtime: false }.is_ready());
        }
    }

    #[tokio::test]
    async fn a_store_is_looked_at_after_an_unclean_end_only_and_ready_when_it_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let db = Db::open(&directory.path().join("store.db")).unwrap();
        assert_eq!(*check_after_unclean_end(db.clone(), false).borrow(), StoreCheck::Ok);
        let mut known = check_after_unclean_end(db, true);
        assert_eq!(*known.borrow_and_update(), StoreCheck::Checking);
        known.changed().await.unwrap();
        assert_eq!(*known.borrow(), StoreCheck::Ok);
    }
}
