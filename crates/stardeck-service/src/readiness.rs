//! Whether the server can do its work: its store answers, and so does the runtime.

use std::{sync::Arc, time::Duration};

use stardeck_repository::meta;

use crate::{Error, core::Core};

/// How long a part may take to answer.
const WITHIN: Duration = Duration::from_secs(3);

/// Asks the parts we depend on whether they answer. Cheap to clone.
#[derive(Clone)]
pub struct Readiness {
    core: Arc<Core>,
}

/// Which parts answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadinessReport {
    /// The store.
    pub store: bool,
    /// The runtime.
    pub runtime: bool,
}

impl ReadinessReport {
    /// Whether all parts answered.
    pub const fn is_ready(self) -> bool {
        self.store && self.runtime
    }
}

impl Readiness {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Asks now.
    pub async fn check(&self) -> ReadinessReport {
        let store = self.core.db.read(|tx| meta::get(tx, "instance_id").map(|_| ()).map_err(Error::from));
        let runtime = self.core.runtime.info();
        let (store, runtime) =
            tokio::join!(async { matches!(tokio::time::timeout(WITHIN, store).await, Ok(Ok(()))) }, async {
                matches!(tokio::time::timeout(WITHIN, runtime).await, Ok(Ok(_)))
            },);
        ReadinessReport { store, runtime }
    }
}
