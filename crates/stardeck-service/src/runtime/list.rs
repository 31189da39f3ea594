//! The list of containers, asked for once and kept until something changes.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

use super::{ContainerRuntime, ContainerSummary, RuntimeResult};

/// The list of containers as it was last seen. A list costs the runtime half a millisecond for each container, so what
/// only shows something takes it from here. Without the runtime's events every call asks anew.
#[derive(Debug, Default)]
pub(crate) struct ContainerList {
    kept: Mutex<Option<Arc<[ContainerSummary]>>>,
    is_live: AtomicBool,
    /// Counts changes, so that a list that was asked for before one is not kept after it.
    changes: AtomicU64,
}

impl ContainerList {
    /// The list, which is at most as old as the runtime's last event.
    pub(crate) async fn get(&self, runtime: &dyn ContainerRuntime) -> RuntimeResult<Arc<[ContainerSummary]>> {
        let kept = self.lock().clone();
        match kept.filter(|_| self.is_live.load(Ordering::Acquire)) {
            Some(kept) => Ok(kept),
            None => self.refresh(runtime).await,
        }
    }

    /// The list as it is now.
    pub(crate) async fn refresh(
        &self,
        runtime: &dyn ContainerRuntime,
    ) -> RuntimeResult<Arc<[ContainerSummary]>> {
        let before = self.changes.load(Ordering::Acquire);
        let list: Arc<[ContainerSummary]> = runtime.list_containers().await?.into();
        let mut kept = self.lock();
        if self.changes.load(Ordering::Acquire) == before {
            *kept = Some(Arc::clone(&list));
        }
        Ok(list)
    }

    /// Something changed.
    pub(crate) fn forget(&self) {
        let mut kept = self.lock();
        self.changes.fetch_add(1, Ordering::AcqRel);
        *kept = None;
    }

    /// Whether the runtime's events are heard, so that changes are learnt of.
    pub(crate) fn set_live(&self, is_live: bool) {
        self.forget();
        self.is_live.store(is_live, Ordering::Release);
    }

    fn lock(&self) -> MutexGuard<'_, Option<Arc<[ContainerSummary]>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
