//! What can go wrong between us and the server.

use crate::types::{Problem, ProblemCode};

/// A call that did not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The server's address is none.
    #[error("{url:?} is no address of a server: {reason}")]
    BaseUrl {
        /// What was given.
        url: String,
        /// What would be right.
        reason: String,
    },
    /// There is nothing to check the server's certificate with.
    #[error("the certificates to check the server's with can not be used: {reason}")]
    Certificates {
        /// What is wrong with them.
        reason: String,
    },
    /// The server can not be reached, or the connection broke.
    #[error("the server can not be reached")]
    Transport(#[source] Box<reqwest::Error>),
    /// The server did not answer in time.
    #[error("the server did not answer in time")]
    Timeout,
    /// The server refused, and said why.
    #[error("{}", .0.detail)]
    Problem(Box<Problem>),
    /// The answer is not one that the API gives: another program, another version, or a defect.
    #[error("the server gave an answer that can not be understood (HTTP {status})")]
    Unexpected {
        /// The HTTP status.
        status: u16,
        /// What could not be read.
        #[source]
        source: serde_json::Error,
    },
    /// What was followed ended before its end.
    #[error("the server ended the connection: {reason}")]
    Ended {
        /// What it said about it.
        reason: String,
    },
    /// The answer is larger than any that the API gives.
    #[error("the server's answer is too large")]
    TooLarge,
}

impl Error {
    /// The server's reason, when it refused.
    pub fn problem(&self) -> Option<&Problem> {
        match self {
            Self::Problem(problem) => Some(problem),
            Self::BaseUrl { .. }
            | Self::Certificates { .. }
            | Self::Ended { .. }
            | Self::Transport(_)
            | Self::Timeout
            | Self::Unexpected { .. }
            | Self::TooLarge => None,
        }
    }

    /// The word for the server's reason, when it refused.
    pub fn code(&self) -> Option<ProblemCode> {
        self.problem().map(|problem| problem.code)
    }

    /// Without the URL, whose query may say more than a log should know.
    pub(crate) fn transport(error: reqwest::Error) -> Self {
        if error.is_timeout() { Self::Timeout } else { Self::Transport(Box::new(error.without_url())) }
    }
}
