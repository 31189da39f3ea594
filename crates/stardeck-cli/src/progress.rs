//! Following an operation to its end. It is the server's own: whoever stops looking ends nothing.

use std::{
    collections::BTreeSet,
    io::{IsTerminal as _, stderr},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressStyle};
use stardeck_client::{
    Client,
    types::{Operation, OperationId, OperationState, StepState},
};

use crate::{
    error::Error,
    output::{note, printable},
};

/// How often it is asked for at first.
const AT_FIRST: Duration = Duration::from_millis(200);
/// How often it is asked for when it takes longer than a person watches every step.
const LATER: Duration = Duration::from_secs(1);
/// When later begins.
const LATER_AFTER: Duration = Duration::from_secs(20);
/// How long the server may be away, as for a restart.
const AWAY_MOST: Duration = Duration::from_secs(30);

/// Shows an operation until it has ended well.
///
/// # Errors
/// It failed or was cancelled, the server is away for long, or the person had enough.
pub(crate) async fn follow(client: &Client, id: OperationId) -> Result<Operation, Error> {
    let mut shown = Shown::new();
    let operation = tokio::select! {
        ended = until_end(client, id, &mut shown) => ended,
        _ = tokio::signal::ctrl_c() => Err(Error::Interrupted(format!(
            "the operation {id} goes on by itself; `stardeck db wait {id}` looks at it again"
        ))),
    };
    shown.bar.finish_and_clear();
    let operation = operation?;
    if operation.state == OperationState::Succeeded {
        Ok(operation)
    } else {
        Err(Error::Operation(Box::new(operation)))
    }
}

async fn until_end(client: &Client, id: OperationId, shown: &mut Shown) -> Result<Operation, Error> {
    let begun = Instant::now();
    let mut away_since: Option<Instant> = None;
    loop {
        match client.get_operation(id).await {
            Ok(operation) => {
                away_since = None;
                shown.show(&operation);
                if is_final(operation.state) {
                    return Ok(operation);
                }
            }
            Err(error) if is_away(&error) => {
                if away_since.get_or_insert_with(Instant::now).elapsed() > AWAY_MOST {
                    return Err(Error::LostSight { id, source: Box::new(error) });
                }
            }
            Err(error) => return Err(error.into()),
        }
        tokio::time::sleep(if begun.elapsed() < LATER_AFTER { AT_FIRST } else { LATER }).await;
    }
}

/// Whether it may be there again in a moment.
fn is_away(error: &stardeck_client::Error) -> bool {
    use stardeck_client::Error as Client;
    match error {
        Client::Transport(_) | Client::Timeout => true,
        // What a proxy says while the server behind it is started anew.
        Client::Unexpected { status, .. } => matches!(status, 502..=504),
        Client::Problem(problem) => problem.status == 503,
        Client::BaseUrl { .. } | Client::Certificates { .. } | Client::Ended { .. } | Client::TooLarge => {
            false
        }
    }
}

fn is_final(state: OperationState) -> bool {
    match state {
        OperationState::Succeeded | OperationState::Failed | OperationState::Cancelled => true,
        OperationState::Queued
        | OperationState::Running
        | OperationState::Undoing
        | OperationState::Other => false,
    }
}

/// On a terminal a bar moves; elsewhere each step is a line once.
struct Shown {
    bar: ProgressBar,
    told: BTreeSet<String>,
}

impl Shown {
    fn new() -> Self {
        if !stderr().is_terminal() {
            return Self { bar: ProgressBar::hidden(), told: BTreeSet::new() };
        }
        let bar = ProgressBar::new(0);
        if let Ok(style) =
            ProgressStyle::with_template("{spinner} [{bar:24}] {pos}/{len} {wide_msg} {elapsed}")
        {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.enable_steady_tick(Duration::from_millis(120));
        Self { bar, told: BTreeSet::new() }
    }

    fn show(&mut self, operation: &Operation) {
        let is_done = |state| matches!(state, StepState::Succeeded | StepState::Skipped);
        let done = operation.steps.iter().filter(|step| is_done(step.state)).count();
        let all = operation.steps.len();
        self.bar.set_length(u64::try_from(all).unwrap_or_default());
        self.bar.set_position(u64::try_from(done).unwrap_or_default());
        for (number, step) in (1..).zip(&operation.steps) {
            let detail = step.detail.as_deref().map_or_else(String::new, |detail| format!(": {detail}"));
            let text = printable(&format!("{}{detail}", step.name));
            match step.state {
                StepState::Running => self.bar.set_message(text.clone()),
                StepState::Succeeded | StepState::Failed => {}
                StepState::Pending | StepState::Undone | StepState::Skipped | StepState::Other => continue,
            }
            if self.bar.is_hidden() && self.told.insert(step.name.to_string()) {
                note(&format!("{number}/{all} {text}"));
            }
        }
        if operation.state == OperationState::Undoing {
            self.bar.set_message("taking back what was done");
            if self.bar.is_hidden() && self.told.insert("undoing".to_owned()) {
                note("taking back what was done");
            }
        }
    }
}
