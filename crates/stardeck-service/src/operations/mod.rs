//! Operations: looking at them, cancelling them, and carrying them out in tasks of the server's own.
//!
//! An operation never runs inside a request, so a client that goes away ends nothing.

mod dispatch;
mod follow;
pub(crate) mod plan;
mod retention;
pub(crate) mod run;
pub(crate) mod step;

use chrono::Utc;
use stardeck_domain::{AuditAction, Operation, OperationId, OperationLogLine, StepState};
use stardeck_repository::{Page, Slice, audit, operations, operations::Filter};

pub(crate) use dispatch::Dispatcher;
pub use follow::{FollowFrom, Follower};
pub(crate) use retention::forget_old;

use crate::{Actor, Error, auth::audit_entry};

/// Looking at operations and cancelling them. Cheap to clone.
#[derive(Clone)]
pub struct Operations {
    dispatcher: Dispatcher,
}

impl Operations {
    pub(crate) fn new(dispatcher: Dispatcher) -> Self {
        Self { dispatcher }
    }

    /// One operation with its steps.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn get(&self, id: OperationId) -> Result<Operation, Error> {
        self.dispatcher.core().db.read(move |tx| operations::get(tx, id).map_err(Error::from)).await
    }

    /// One page of the operations, oldest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, filter: Filter, page: Page) -> Result<Slice<Operation>, Error> {
        self.dispatcher
            .core()
            .db
            .read(move |tx| operations::list(tx, &filter, &page).map_err(Error::from))
            .await
    }

    /// Asks an operation to stop and take back what it did. What makes a container can be cancelled: a deployment, on a
    /// new volume or a kept one, and a change of settings until it removes the old container. The other kinds are one
    /// call to the runtime that ends by itself.
    ///
    /// # Errors
    /// It has ended already, is of a kind that can not be cancelled, or can not be taken back any more.
    pub async fn cancel(&self, actor: &Actor, id: OperationId) -> Result<Operation, Error> {
        let actor = actor.clone();
        let operation = self
            .dispatcher
            .core()
            .db
            .write(move |tx| {
                let operation = operations::get(tx, id)?;
                if operation.state.is_final() {
                    return Err(Error::OperationEnded);
                }
                if !plan::is_cancellable(operation.kind) {
                    return Err(Error::NotCancellable { kind: operation.kind });
                }
                if is_past_return(&operation) {
                    return Err(Error::TooLateToCancel { kind: operation.kind });
                }
                operations::request_cancel(tx, id, Utc::now())?;
                let target = Some(operation.database_id.to_string());
                audit::append(
                    tx,
                    &audit_entry(&actor, AuditAction::OperationCancelled, target, None, Utc::now()),
                )?;
                operations::get(tx, id).map_err(Error::from)
            })
            .await?;
        self.dispatcher.cancel(id);
        Ok(operation)
    }

    /// Follows an operation: all its events, from the first or from where an earlier follower left off, as they come.
    ///
    /// # Errors
    /// There is no such operation.
    pub async fn follow(&self, id: OperationId, from: FollowFrom) -> Result<Follower, Error> {
        Follower::new(self.dispatcher.core().db.clone(), id, from).await
    }

    /// The lines an operation logged after the given sequence number.
    ///
    /// # Errors
    /// There is no such operation.
    pub async fn log(&self, id: OperationId, after: u32, limit: u32) -> Result<Vec<OperationLogLine>, Error> {
        self.dispatcher
            .core()
            .db
            .read(move |tx| {
                operations::get(tx, id)?;
                operations::log(tx, id, after, limit).map_err(Error::from)
            })
            .await
    }
}

/// Whether it has begun to remove what an undo would bring back. A step begins only after a look whether somebody asked to
/// cancel, in one transaction, so that none slips in between.
fn is_past_return(operation: &Operation) -> bool {
    plan::point_of_no_return(operation.kind).is_some_and(|last| {
        operation.steps.iter().any(|step| step.name == last && step.state != StepState::Pending)
    })
}
