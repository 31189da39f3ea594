//! Carries out one operation: its steps forward, and on failure backward.

use std::{sync::Arc, time::Duration};

use chrono::Utc;
use stardeck_domain::{
    Failure, FailureCode, Operation, OperationId, OperationKind, OperationState, StepName, StepState,
};
use stardeck_repository::operations;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::{
    plan::{Plan, after_failure},
    step::{Step, StepContext, StepError},
};
use crate::{Error, core::Core};

/// First wait before a step is tried again because the runtime does not answer.
const RETRY_FIRST: Duration = Duration::from_millis(200);
/// Longest such wait.
const RETRY_MOST: Duration = Duration::from_secs(5);

/// How an operation is to be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Do it (or, after a crash, do it again from the start: every step may be repeated).
    Forward,
    /// Take back what a crash left half done.
    Backward,
}

/// Why an operation is to end early.
#[derive(Clone, Default)]
pub(crate) struct Stop {
    /// Somebody asked to cancel it.
    pub(crate) cancel: CancellationToken,
    /// The server is going down: leave everything as it is, the next start takes it up.
    pub(crate) abandon: CancellationToken,
}

/// The server is going down; the next start takes the operation up.
struct Abandoned;

/// Carries out an operation to its end. Only trouble with our own store, or the end of the server, makes it return
/// early; the next start of the server takes up what is left.
pub(crate) async fn carry_out(core: Arc<Core>, operation: Operation, mode: Mode, stop: Stop) {
    let id = operation.id;
    match run(&core, &operation, mode, &stop).await {
        Ok(Ok(state)) => tracing::info!(operation = %id, kind = %operation.kind, %state, "operation ended"),
        Ok(Err(Abandoned)) => tracing::info!(operation = %id, "operation left to the next start"),
        Err(error) => {
            tracing::error!(operation = %id, error = %chain(&error), "operation could not be written down");
        }
    }
}

async fn run(
    core: &Arc<Core>,
    operation: &Operation,
    mode: Mode,
    stop: &Stop,
) -> Result<Result<OperationState, Abandoned>, Error> {
    let plan = Plan::of(operation)?;
    let id = operation.id;
    let failure = match mode {
        Mode::Forward => {
            let is_cancelled = core
                .db
                .write(move |tx| {
                    operations::begin(tx, id)?;
                    operations::is_cancel_requested(tx, id).map_err(Error::from)
                })
                .await?;
            // Asked for before this task could be told.
            if is_cancelled {
                stop.cancel.cancel();
            }
            match forward(core, operation, &plan, stop).await? {
                Ok(failure) => failure,
                Err(abandoned) => return Ok(Err(abandoned)),
            }
        }
        Mode::Backward => {
            // What was sent just before the crash may still be carried out; undo has to look after that.
            tokio::select! {
                () = stop.abandon.cancelled() => return Ok(Err(Abandoned)),
                () = tokio::time::sleep(core.timings.settle) => Some(cause_of_undo(operation)),
            }
        }
    };
    let failure = match failure {
        Some(failure) => failure,
        None if succeed(core, id).await? => return Ok(Ok(OperationState::Succeeded)),
        None => Failure::new(FailureCode::Cancelled, CANCELLED),
    };
    tracing::warn!(operation = %id, code = %failure.code, detail = %failure.detail, "operation failed");
    let undone = if plan.is_undoable() {
        core.db.write(move |tx| operations::begin_undo(tx, id).map_err(Error::from)).await?;
        match backward(core, operation, &plan, stop).await? {
            Ok(undone) => Some(undone),
            Err(abandoned) => return Ok(Err(abandoned)),
        }
    } else {
        None
    };
    after_failure(core, operation, &failure, undone).await?;
    let is_cancelled = failure.code == FailureCode::Cancelled;
    let state = if is_cancelled { OperationState::Cancelled } else { OperationState::Failed };
    finish(core, id, state, Some(failure), undone).await.map(Ok)
}

/// Why an operation that an earlier run of the server left is taken back.
fn cause_of_undo(operation: &Operation) -> Failure {
    let step_that = |state| operation.steps.iter().find(|step| step.state == state);
    let mut failure = match (operation.cancel_requested_at, step_that(StepState::Failed)) {
        (Some(_), _) => Failure::new(FailureCode::Cancelled, CANCELLED),
        // The undo was under way already; what went wrong before it says more than its interruption.
        (None, Some(failed)) => {
            let why = failed.detail.as_deref().unwrap_or("a step failed");
            let text = format!("{why} (the server was stopped while this was taken back)");
            Failure::new(FailureCode::Interrupted, text)
        }
        (None, None) => {
            Failure::new(FailureCode::Interrupted, "the server was stopped in the middle of this operation")
        }
    };
    let step = step_that(StepState::Failed).or_else(|| step_that(StepState::Running));
    failure.step = step.map(|step| step.name.to_string());
    failure
}

/// Runs the steps in order. Some(failure) when one did not work.
async fn forward(
    core: &Arc<Core>,
    operation: &Operation,
    plan: &Plan,
    stop: &Stop,
) -> Result<Result<Option<Failure>, Abandoned>, Error> {
    for step in plan.steps() {
        let name = step.name();
        if stop.abandon.is_cancelled() {
            return Ok(Err(Abandoned));
        }
        if !begin_step(core, operation.id, name).await? {
            return Ok(Ok(Some(into_failure(name, cancelled()))));
        }
        let cx = context(core, operation, name);
        let result = match run_or_leave(step, &cx, stop).await {
            Ok(result) => result,
            Err(abandoned) => return Ok(Err(abandoned)),
        };
        match result {
            Ok(()) => finish_step(core, operation.id, name, StepState::Succeeded, None).await?,
            Err(error) => {
                let failure = into_failure(name, error);
                finish_step(core, operation.id, name, StepState::Failed, Some(failure.detail.clone()))
                    .await?;
                return Ok(Ok(Some(failure)));
            }
        }
    }
    Ok(Ok(None))
}

const CANCELLED: &str = "cancelled on request";

fn cancelled() -> StepError {
    StepError::failed(FailureCode::Cancelled, CANCELLED)
}

/// Runs a step to its end, or leaves it where that may be.
async fn run_or_leave(
    step: &dyn Step,
    cx: &StepContext,
    ending: &Stop,
) -> Result<Result<(), StepError>, Abandoned> {
    if !step.is_interruptible() {
        return run_patiently(step, cx, ending).await;
    }
    tokio::select! {
        biased;
        () = ending.abandon.cancelled() => Err(Abandoned),
        () = ending.cancel.cancelled(), if step.is_undone_at_once() => Ok(Err(cancelled())),
        result = run_patiently(step, cx, ending) => result,
    }
}

/// Tries a step again while the runtime does not answer, as long as our patience lasts. Between two tries nothing is
/// under way, so that there every step can be left.
async fn run_patiently(
    step: &dyn Step,
    cx: &StepContext,
    ending: &Stop,
) -> Result<Result<(), StepError>, Abandoned> {
    let give_up = Instant::now() + cx.core.timings.runtime_patience;
    let mut wait = RETRY_FIRST;
    loop {
        if ending.abandon.is_cancelled() {
            return Err(Abandoned);
        }
        if ending.cancel.is_cancelled() {
            return Ok(Err(cancelled()));
        }
        let result = step.run(cx).await;
        // What we did ourselves shows at once, not when the runtime tells of it.
        cx.core.containers.forget();
        match result {
            Err(StepError::RuntimeGone(detail)) if Instant::now() + wait < give_up => {
                tracing::warn!(operation = %cx.operation, step = %cx.step, %detail, "the runtime does not answer");
                tokio::select! {
                    () = ending.abandon.cancelled() => {}
                    () = ending.cancel.cancelled() => {}
                    () = tokio::time::sleep(wait) => {}
                }
                wait = (wait * 2).min(RETRY_MOST);
            }
            other => return Ok(other),
        }
    }
}

/// Takes back every step, last first. False when something had to be left.
///
/// All steps are asked, not only those that succeeded: a step that failed half way may have made something, and after
/// a crash nobody knows. A step that made nothing finds nothing to take back.
async fn backward(
    core: &Arc<Core>,
    operation: &Operation,
    plan: &Plan,
    stop: &Stop,
) -> Result<Result<bool, Abandoned>, Error> {
    for step in plan.steps().rev() {
        let name = step.name();
        let cx = context(core, operation, name);
        let mut wait = RETRY_FIRST;
        loop {
            let result = step.undo(&cx).await;
            core.containers.forget();
            match result {
                Ok(()) => break,
                // Nothing may be left behind, so this waits for the runtime however long it takes.
                Err(StepError::RuntimeGone(detail)) => {
                    tracing::warn!(operation = %cx.operation, step = %name, %detail, "undo waits for the runtime");
                    tokio::select! {
                        () = stop.abandon.cancelled() => return Ok(Err(Abandoned)),
                        () = tokio::time::sleep(wait) => wait = (wait * 2).min(RETRY_MOST),
                    }
                }
                // Later undo steps would take away what the failed one still needs.
                Err(error) => {
                    let failure = into_failure(name, error);
                    tracing::error!(operation = %cx.operation, step = %name, detail = %failure.detail, "undo failed");
                    return Ok(Ok(false));
                }
            }
        }
        let id = operation.id;
        core.db.write(move |tx| operations::mark_undone(tx, id, name).map_err(Error::from)).await?;
    }
    Ok(Ok(true))
}

/// Begins a step; false when somebody asked to cancel the operation before.
async fn begin_step(core: &Core, id: OperationId, name: StepName) -> Result<bool, Error> {
    core.db
        .write(move |tx| {
            let is_cancelled = operations::is_cancel_requested(tx, id)?;
            if !is_cancelled {
                operations::begin_step(tx, id, name, Utc::now())?;
            }
            Ok(!is_cancelled)
        })
        .await
}

async fn finish_step(
    core: &Core,
    id: OperationId,
    name: StepName,
    state: StepState,
    detail: Option<String>,
) -> Result<(), Error> {
    core.db
        .write(move |tx| {
            operations::finish_step(tx, id, name, state, detail.as_deref(), Utc::now()).map_err(Error::from)
        })
        .await
}

/// Ends an operation whose steps are all done; false when somebody asked to cancel it during the last of them. Whoever
/// was told that it will be cancelled was told the truth.
async fn succeed(core: &Core, id: OperationId) -> Result<bool, Error> {
    core.db
        .write(move |tx| {
            let is_cancelled = operations::is_cancel_requested(tx, id)?;
            if !is_cancelled {
                operations::finish(tx, id, OperationState::Succeeded, None, None, Utc::now())?;
            }
            Ok(!is_cancelled)
        })
        .await
}

async fn finish(
    core: &Core,
    id: OperationId,
    state: OperationState,
    failure: Option<Failure>,
    undone: Option<bool>,
) -> Result<OperationState, Error> {
    core.db
        .write(move |tx| {
            operations::finish(tx, id, state, failure.as_ref(), undone, Utc::now()).map_err(Error::from)
        })
        .await?;
    Ok(state)
}

fn context(core: &Arc<Core>, operation: &Operation, step: StepName) -> StepContext {
    StepContext { core: Arc::clone(core), operation: operation.id, database: operation.database_id, step }
}

fn into_failure(step: StepName, error: StepError) -> Failure {
    let mut failure = match error {
        StepError::Failed(failure) => *failure,
        StepError::RuntimeGone(detail) => {
            tracing::error!(%step, %detail, "the runtime did not come back");
            Failure::new(FailureCode::RuntimeUnavailable, "Podman does not answer")
        }
        StepError::Internal(error) => {
            tracing::error!(%step, error = %chain(&error), "step failed");
            Failure::new(
                FailureCode::Internal,
                "something went wrong on our side; the server's log says what",
            )
        }
    };
    failure.step.get_or_insert_with(|| step.to_string());
    failure
}

/// An error with its causes, for the log.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        text.push_str(": ");
        text.push_str(&inner.to_string());
        cause = inner.source();
    }
    text
}

/// Whether an operation that a crash interrupted is to be finished rather than taken back.
pub(crate) const fn resumes(kind: OperationKind, initialised: bool) -> bool {
    match kind {
        // Before the first login the volume may hold half an initialisation, which looks finished to the engine.
        OperationKind::Create => initialised,
        // The app as it was is worth more than half a change.
        OperationKind::AppCreate | OperationKind::Link | OperationKind::Rotate => false,
        // A kept volume was initialised before.
        OperationKind::Reattach
        | OperationKind::Update
        // What was adopted was running before.
        | OperationKind::Adopt
        | OperationKind::Release
        | OperationKind::Start
        | OperationKind::Stop
        | OperationKind::Restart
        | OperationKind::Recreate
        | OperationKind::Delete
        | OperationKind::AppStart
        | OperationKind::AppStop
        | OperationKind::AppRestart
        | OperationKind::AppDelete
        | OperationKind::Unlink => true,
    }
}
