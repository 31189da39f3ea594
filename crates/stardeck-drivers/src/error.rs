//! What can go wrong between us and an engine, by what the caller can do about it.

use std::net::SocketAddr;

/// An engine that could not be asked, or refused. Nothing in it holds a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// It does not take connections yet, or not at this moment.
    #[error("the engine is not ready: {reason}")]
    NotReady {
        /// What was seen.
        reason: String,
    },
    /// There is no way to its address from here.
    #[error("{addr} can not be reached: {detail}")]
    Unreachable {
        /// The address.
        addr: SocketAddr,
        /// The system's own words.
        detail: String,
    },
    /// It did not answer in time.
    #[error("the engine did not answer in time")]
    Timeout,
    /// The name or the password is wrong, or this user may not log in.
    #[error("the engine refused the login: {detail}")]
    CredentialsRejected {
        /// The engine's own words.
        detail: String,
    },
    /// It answered, and refused.
    #[error("the engine refused ({code}): {detail}")]
    Refused {
        /// The engine's own code, such as an SQLSTATE.
        code: String,
        /// The engine's own words.
        detail: String,
    },
    /// It takes everything but one option.
    #[error("the engine does not take this {option}: {detail}")]
    OptionRefused {
        /// The option, such as `encoding`.
        option: &'static str,
        /// The engine's own words.
        detail: String,
    },
    /// The login is right, and there is no such database.
    #[error("there is no such database ({code}): {detail}")]
    DatabaseMissing {
        /// The engine's own code.
        code: String,
        /// The engine's own words.
        detail: String,
    },
    /// What answered does not speak the engine's protocol, or not safely.
    #[error("what answered does not speak the engine's protocol: {detail}")]
    Protocol {
        /// What was seen.
        detail: String,
    },
}

impl Error {
    /// Whether the same call may succeed later without anybody changing anything.
    pub const fn is_transient(&self) -> bool {
        match self {
            Self::NotReady { .. } | Self::Unreachable { .. } | Self::Timeout => true,
            Self::CredentialsRejected { .. }
            | Self::Refused { .. }
            | Self::OptionRefused { .. }
            | Self::DatabaseMissing { .. }
            | Self::Protocol { .. } => false,
        }
    }

    /// Says which option a refusal is about, where that is known by its code.
    pub(crate) fn about_option(self, option_of: impl FnOnce(&str) -> Option<&'static str>) -> Self {
        match self {
            Self::Refused { code, detail } => match option_of(&code) {
                Some(option) => Self::OptionRefused { option, detail },
                None => Self::Refused { code, detail },
            },
            other => other,
        }
    }

    pub(crate) fn not_ready(reason: impl AsRef<str>) -> Self {
        Self::NotReady { reason: quoted(reason.as_ref()) }
    }

    pub(crate) fn protocol(detail: impl AsRef<str>) -> Self {
        Self::Protocol { detail: quoted(detail.as_ref()) }
    }
}

/// Longest piece of a peer's own words that is repeated, in characters.
const QUOTE_MAX: usize = 300;

/// A peer's own words, short and on one line, since anything may be at the other end.
pub(crate) fn quoted(text: &str) -> String {
    text.chars().take(QUOTE_MAX).map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_peer_are_short_and_on_one_line() {
        let words = quoted(&format!("a\r\nb\u{1b}[31m{}", "x".repeat(10_000)));
        assert!(words.starts_with("a  b [31m"));
        assert_eq!(words.chars().count(), QUOTE_MAX);
    }

    #[test]
    fn only_what_may_pass_by_itself_is_transient() {
        assert!(Error::Timeout.is_transient());
        assert!(Error::not_ready("starting").is_transient());
        assert!(!Error::protocol("HTTP").is_transient());
        assert!(!Error::CredentialsRejected { detail: String::new() }.is_transient());
    }
}
