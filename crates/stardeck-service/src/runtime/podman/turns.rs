//! Turns for the calls during which Podman holds a container.
//!
//! Podman holds a container's lock while it makes, starts or removes it, and sets up its networks for one container after the
//! other; a list of all containers waits for each of these locks. Of forty starts at once each took 6 s and a list 36 s
//! (measured on 4.3, two processors). With turns, and ninety operations under way, detection, which waits for such a list,
//! took 3.3 s in the median and 12 s at most (`cargo xtask load`). Without them, calls run into their time limits, and
//! healthy databases into errors, on a host that is only busy.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// How many of these calls are under way at once.
const AT_ONCE: usize = 3;

/// Turns, given in the order in which they were asked for. Cheap to clone.
#[derive(Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_ONCE)))
    }
}

impl Turns {
    /// Waits for a turn, which lasts until it is dropped. What waits is not yet asked of Podman, so that no time limit runs.
    pub(super) async fn take(&self) -> Option<OwnedSemaphorePermit> {
        // The semaphore is never closed; without a turn the work is done all the same.
        Arc::clone(&self.0).acquire_owned().await.ok()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[tokio::test]
    async fn no_more_than_a_few_are_at_work_at_once_and_all_get_their_turn() {
        let (turns, at_work, most) = (Turns::default(), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = || async {
            let _turn = turns.take().await;
            most.fetch_max(at_work.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            for _ in 0..20 {
                tokio::task::yield_now().await;
            }
            at_work.fetch_sub(1, Ordering::SeqCst);
        };
        futures_util::future::join_all((0..50).map(|_| work())).await;
        assert_eq!((at_work.into_inner(), most.into_inner()), (0, AT_ONCE));
    }

    #[tokio::test]
    async fn a_turn_that_is_given_up_goes_to_the_next() {
        let turns = Turns::default();
        for _ in 0..10 * AT_ONCE {
            drop(turns.take().await);
        }
        let held = futures_util::future::join_all((0..AT_ONCE).map(|_| turns.take())).await;
        let next = turns.take();
        tokio::pin!(next);
        assert!(futures_util::poll!(&mut next).is_pending());
        drop(held);
        assert!(futures_util::poll!(&mut next).is_ready());
    }
}
