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
mod users;

pub use audit::Audit;
pub(crate) use audit::entry as audit_entry;
pub use clock::Clock;
pub use permissions::require;
pub use sessions::{Login, Sessions};
pub use setup::Setup;
pub use users::Users;
