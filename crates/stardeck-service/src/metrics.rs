//! Figures for whoever watches over the server: how many databases and operations are in which state, and how quickly the
//! runtime answers. What is *not* here: requests, which the API counts, and the form in which figures are told.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use stardeck_domain::{DatabaseStatus, OperationKind, OperationState};
use stardeck_repository::{Tx, counts};

use crate::{Error, core::Core};

/// How long the runtime may take to answer.
const WITHIN: Duration = Duration::from_secs(3);

/// Figures, as they are when they are asked for. Cheap to clone.
#[derive(Clone)]
pub struct Metrics {
    core: Arc<Core>,
}

/// What there is to count.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figures {
    /// How many databases have each status; all statuses, zeros included.
    pub databases: Vec<(DatabaseStatus, u64)>,
    /// How many operations the store remembers by kind and state; zeros are left out.
    pub operations: Vec<(OperationKind, OperationState, u64)>,
    /// How long the runtime took to answer just now; None when it did not.
    pub runtime: Option<Duration>,
}

impl Metrics {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// Counts, and asks the runtime.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn read(&self) -> Result<Figures, Error> {
        let count = |tx: &mut Tx| {
            Ok::<_, Error>((counts::databases_by_status(tx)?, counts::operations_by_state(tx)?))
        };
        let (counted, operations) = self.core.db.read(count).await?;
        let count_of = |status: DatabaseStatus| {
            counted.iter().find(|(found, _)| *found == status).map_or(0, |(_, count)| *count)
        };
        let databases = DatabaseStatus::ALL.iter().map(|status| (*status, count_of(*status))).collect();
        Ok(Figures { databases, operations, runtime: self.runtime().await })
    }

    async fn runtime(&self) -> Option<Duration> {
        let asked = Instant::now();
        let answer = tokio::time::timeout(WITHIN, self.core.runtime.info()).await;
        matches!(answer, Ok(Ok(_))).then(|| asked.elapsed())
    }
}
