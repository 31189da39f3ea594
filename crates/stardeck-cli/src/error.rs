//! Why a command did not do what it was asked for, in words, and the exit status that says so.

use std::{error::Error as _, fmt::Write as _, io};

use stardeck_client::types::{FieldProblem, Operation, OperationId, OperationState, Problem, ProblemCode};

use crate::output::printable;

/// A command that did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line does not fit together.
    #[error("{0}")]
    Usage(String),
    /// There is nothing to sign in with.
    #[error(
        "there is nothing to sign in to {server} with: set STARDECK_TOKEN, give --token-file, or use `stardeck login` first"
    )]
    NotSignedIn {
        /// The server.
        server: String,
    },
    /// The server has nothing of this name.
    #[error("there is no {what} {name:?} on this server")]
    Missing {
        /// What was looked for.
        what: &'static str,
        /// What it was to be called.
        name: String,
    },
    /// It is not there, or not yet.
    #[error("{0}")]
    Unavailable(String),
    /// The server could not be asked, or refused.
    #[error(transparent)]
    Client(#[from] stardeck_client::Error),
    /// It was followed for a while, and then the server was away.
    #[error("the server is away; the operation {id} goes on by itself, see `stardeck db wait {id}`")]
    LostSight {
        /// The operation.
        id: OperationId,
        /// Why it could not be asked for.
        #[source]
        source: Box<stardeck_client::Error>,
    },
    /// The operation ended otherwise than wished for.
    #[error("the operation ended as {}", .0.state)]
    Operation(Box<Operation>),
    /// The person had enough of waiting.
    #[error("{0}")]
    Interrupted(String),
    /// A file can not be read or written.
    #[error("can not {doing}")]
    File {
        /// What was to be done.
        doing: String,
        /// Why it can not.
        #[source]
        source: io::Error,
    },
    /// Standard output can not be written to.
    #[error("can not write to standard output")]
    Output(#[source] io::Error),
}

impl Error {
    /// The exit status.
    pub(crate) fn status(&self) -> u8 {
        match self {
            Self::Missing { .. }
            | Self::Unavailable(_)
            | Self::Operation(_)
            | Self::File { .. }
            | Self::Output(_) => 1,
            Self::Usage(_) => 2,
            Self::NotSignedIn { .. } | Self::LostSight { .. } => 3,
            Self::Interrupted(_) => 130,
            Self::Client(error) => client_status(error),
        }
    }

    /// Whether nobody reads what is written any more, as behind `| head`, which is no failure.
    pub(crate) fn is_reader_gone(&self) -> bool {
        matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// All there is to say, in lines.
    pub(crate) fn told(&self) -> String {
        match self {
            Self::Client(stardeck_client::Error::Problem(problem)) => refusal(problem),
            Self::Operation(operation) => ended(operation),
            error => {
                let mut text = error.to_string();
                let mut source = error.source();
                while let Some(deeper) = source {
                    write!(text, ": {deeper}").ok();
                    source = deeper.source();
                }
                printable(&text)
            }
        }
    }
}

fn client_status(error: &stardeck_client::Error) -> u8 {
    use stardeck_client::Error as Client;
    match error {
        Client::BaseUrl { .. } | Client::Certificates { .. } => 2,
        Client::Transport(_) | Client::Timeout | Client::Unexpected { .. } | Client::Ended { .. } => 3,
        Client::Problem(problem) if matches!(problem.status, 401 | 403) => 3,
        Client::Problem(_) | Client::TooLarge => 1,
    }
}

/// What the server said, and what to do about it where that is not in it.
fn refusal(problem: &Problem) -> String {
    let mut text = in_words(problem);
    match problem.code {
        ProblemCode::Unauthenticated => {
            text.push_str(
                "\n  the token is not, or no longer, good: it ended, was revoked, or is another server's",
            );
        }
        ProblemCode::Forbidden => {
            text.push_str("\n  the token's scope, or the role of its owner, does not let do this");
        }
        _ => {}
    }
    if let Some(id) = problem.operation_id {
        write!(text, "\n  see `stardeck db wait {id}`").ok();
    }
    if problem.status >= 500
        && let Some(id) = &problem.request_id
    {
        write!(text, "\n  in the server's log it is the request {}", printable(id)).ok();
    }
    text
}

/// A problem with the fields it is about and the lines that explain it.
fn in_words(problem: &Problem) -> String {
    // The detail names the fields as well, one behind the other; of one alone that is enough, several are easier to read below
    // each other.
    let is_in_detail = |field: &FieldProblem| problem.detail.contains(field.detail.as_str());
    let (head, fields) = match problem.errors.as_slice() {
        [one] if is_in_detail(one) => (&problem.detail, &[][..]),
        [_, _, ..] if problem.errors.iter().all(is_in_detail) => (&problem.title, problem.errors.as_slice()),
        all => (&problem.detail, all),
    };
    let mut text = format!("{} ({})", printable(head), problem.code);
    for field in fields {
        write!(text, "\n  {}: {}", printable(&field.field), printable(&field.detail)).ok();
    }
    if !problem.log_tail.is_empty() {
        text.push_str("\n  the database server said:");
    }
    for line in &problem.log_tail {
        write!(text, "\n  | {}", printable(line)).ok();
    }
    text
}

fn ended(operation: &Operation) -> String {
    let undone = match operation.undone {
        Some(true) => "everything it did was taken back",
        Some(false) => "not everything it did could be taken back",
        None => "nothing is known about what is left of it",
    };
    let kind = operation.kind;
    let step = operation
        .error
        .as_ref()
        .and_then(|problem| problem.step.as_deref())
        .map_or_else(String::new, |step| format!(", at the step {}", printable(step)));
    match (&operation.error, operation.state) {
        (Some(problem), OperationState::Failed) => {
            format!("the operation failed ({kind}{step}), and {undone}: {}", in_words(problem))
        }
        (_, state) => format!("the operation is {state} ({kind}{step}), and {undone}"),
    }
}
