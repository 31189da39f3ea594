//! People: setting up, signing in, accounts and their audit log, on a real store.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

mod sessions;
mod setup;
mod support;
mod tokens;
mod users;
