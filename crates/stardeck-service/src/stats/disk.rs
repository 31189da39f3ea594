//! What volumes take on the disk: slow to find out, and so remembered.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use chrono::{DateTime, Utc};
use tokio::time::Instant;

use crate::core::Core;

/// How long sizes are good for.
const GOOD_FOR: Duration = Duration::from_mins(1);
/// How soon they are found out again for a volume that was not there before.
const AGAIN_FOR_NEW: Duration = Duration::from_secs(5);
/// How many times as long as it took there is rest afterwards: Podman looks at every file of every volume.
const REST: u32 = 20;

/// Remembers what volumes take on the disk.
#[derive(Default)]
pub(super) struct DiskSizes {
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    sizes: BTreeMap<String, u64>,
    measured: Option<Measured>,
    is_measuring: bool,
}

#[derive(Clone, Copy)]
struct Measured {
    at: DateTime<Utc>,
    when: Instant,
    took: Duration,
}

impl DiskSizes {
    /// The bytes that these volumes take together, and when that was so; None while that is not known. What is not
    /// known, or too old, is found out for the next time.
    pub(super) fn of(self: &Arc<Self>, volumes: &[String], core: &Arc<Core>) -> Option<(u64, DateTime<Utc>)> {
        let mut known = self.lock();
        let sizes = volumes.iter().map(|volume| known.sizes.get(volume)).sum::<Option<u64>>();
        let is_old = known.measured.is_none_or(|measured| {
            let least = if sizes.is_some() { GOOD_FOR } else { AGAIN_FOR_NEW };
            measured.when.elapsed() > least.max(measured.took.saturating_mul(REST))
        });
        if is_old && !known.is_measuring {
            known.is_measuring = true;
            tokio::spawn(Arc::clone(self).measure(Arc::clone(core)));
        }
        sizes.zip(known.measured.map(|measured| measured.at))
    }

    async fn measure(self: Arc<Self>, core: Arc<Core>) {
        let (at, begun) = (Utc::now(), Instant::now());
        let sizes = core.runtime.volume_sizes().await;
        let mut known = self.lock();
        known.is_measuring = false;
        known.measured = Some(Measured { at, when: Instant::now(), took: begun.elapsed() });
        match sizes {
            Ok(sizes) => known.sizes = sizes,
            Err(error) => {
                // What was measured before is older than it would be said to be.
                known.sizes.clear();
                tracing::debug!(%error, "the sizes of volumes are not known");
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
