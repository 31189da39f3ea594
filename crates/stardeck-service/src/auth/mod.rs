//! People: setting up the first administrator, signing in, accounts, roles, and the audit log.
//!
//! Each use case is a struct with only what it needs. What is *not* here: cookies and headers (`stardeck-api`), and
//! the secrets of databases ([`crate::vault`]).

mod audit;
mod clock;
mod password_hash;
mod password_rules;
mod permissions;
mod sessions;
mod setup;
mod throttle;
mod tokens;
mod users;

pub use audit::Audit;
pub(crate) use audit::entry as audit_entry;
pub use clock::Clock;
pub use permissions::require;
pub use sessions::{Login, Sessions};
pub use setup::Setup;
pub use tokens::{NewToken, Tokens};
pub use users::Users;

use chrono::{DateTime, TimeDelta, Utc};

/// How exactly is known when a session or a token was last used, so that not every request writes.
const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// Whether a use now is worth writing down after the last one that was.
fn is_worth_noting(last: Option<DateTime<Utc>>, now: DateTime<Utc>) -> bool {
    last.is_none_or(|last| now - last >= USE_NOTED_EVERY)
}
