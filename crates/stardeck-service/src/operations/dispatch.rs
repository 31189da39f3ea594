//! Starts operations as tasks, cancels them, and takes up at start what a crash left.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use stardeck_domain::{Operation, OperationId};
use stardeck_repository::{operations, volumes};
use tokio::sync::Semaphore;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::run::{Mode, Stop, carry_out, resumes};
use crate::{Error, core::Core};

/// Starts operations as tasks and knows how to stop them. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Dispatcher {
    core: Arc<Core>,
    tasks: TaskTracker,
    abandon: CancellationToken,
    /// Only a way to reach running tasks quickly; that a cancel was asked for is in the store.
    cancels: Arc<Mutex<HashMap<OperationId, CancellationToken>>>,
    /// What nobody waits for takes turns: a host that boots with many databases would start none in time otherwise.
    unattended: Arc<Semaphore>,
}

/// How many operations that nobody asked for are at work at once.
const UNATTENDED_AT_ONCE: usize = 3;

impl Dispatcher {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self {
            core,
            tasks: TaskTracker::new(),
            abandon: CancellationToken::new(),
            cancels: Arc::default(),
            unattended: Arc::new(Semaphore::new(UNATTENDED_AT_ONCE)),
        }
    }

    pub(crate) fn core(&self) -> &Arc<Core> {
        &self.core
    }

    /// Carries out an operation that was written down, in a task of its own.
    pub(crate) fn dispatch(&self, operation: Operation) {
        self.dispatch_in(operation, Mode::Forward);
    }

    /// Ends a running operation's forward way; it then takes back what it did.
    pub(crate) fn cancel(&self, id: OperationId) {
        if let Some(token) = self.lock().get(&id) {
            token.cancel();
        }
    }

    /// Takes up every operation that a crash or stop of the server left unfinished.
    ///
    /// # Errors
    /// The store can not be read.
    pub(crate) async fn recover(&self) -> Result<usize, Error> {
        let unfinished = self
            .core
            .db
            .read(|tx| {
                let mut found = Vec::new();
                for operation in operations::list_unfinished(tx)? {
                    let initialised =
                        volumes::list_of(tx, operation.database_id)?.iter().any(|volume| volume.initialised);
                    found.push((operation, initialised));
                }
                Ok::<_, Error>(found)
            })
            .await?;
        let count = unfinished.len();
        for (operation, initialised) in unfinished {
            let was_undoing = operation.state == stardeck_domain::OperationState::Undoing;
            let is_cancelled = operation.cancel_requested_at.is_some();
            let resumes = resumes(operation.kind, initialised) && !was_undoing && !is_cancelled;
            let mode = if resumes { Mode::Forward } else { Mode::Backward };
            tracing::info!(operation = %operation.id, kind = %operation.kind, ?mode, "taking up an unfinished operation");
            self.dispatch_in(operation, mode);
        }
        Ok(count)
    }

    /// Ends all tasks and waits for them. What was unfinished is taken up at the next start.
    pub(crate) async fn shut_down(&self, finish_within: Duration) {
        self.tasks.close();
        if tokio::time::timeout(finish_within, self.tasks.wait()).await.is_err() {
            tracing::info!("leaving unfinished operations to the next start");
        }
        self.abandon.cancel();
        self.tasks.wait().await;
    }

    fn dispatch_in(&self, operation: Operation, mode: Mode) {
        let id = operation.id;
        let cancel = CancellationToken::new();
        self.lock().insert(id, cancel.clone());
        let stop = Stop { cancel, abandon: self.abandon.clone() };
        let (core, cancels) = (Arc::clone(&self.core), Arc::clone(&self.cancels));
        let abandon = self.abandon.clone();
        let turns = operation.requested_by.is_none().then(|| Arc::clone(&self.unattended));
        self.tasks.spawn(async move {
            let turn = async {
                match turns {
                    // The semaphore is never closed; without a turn the work is done all the same.
                    Some(turns) => turns.acquire_owned().await.ok(),
                    None => None,
                }
            };
            tokio::select! {
                _turn = turn => carry_out(core, operation, mode, stop).await,
                () = abandon.cancelled() => {}
            }
            cancels.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        });
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<OperationId, CancellationToken>> {
        self.cancels.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
