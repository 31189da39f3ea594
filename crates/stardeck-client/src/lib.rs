//! Client of the Stardeck databases API.
//!
//! One method for each operation of the API, with its types, is generated from `docs/openapi-3.0.json` by
//! `cargo run -p xtask-codegen`. Around it stand, written by hand: where the server is, who is signed in, what is followed
//! over a WebSocket, and errors that carry the server's own problem. What is *not* here: retries and waiting, which are the caller's to decide.
//!
//! ```no_run
//! # async fn example() -> Result<(), stardeck_client::Error> {
//! use stardeck_client::{Client, types::ListDatabasesQuery};
//!
//! let mut client = Client::new("http://127.0.0.1:8080")?;
//! client.sign_in("admin", "correct horse battery".into()).await?;
//! for database in client.list_databases(&ListDatabasesQuery::default()).await?.items {
//!     assert!(!database.name.as_str().is_empty());
//! }
//! # Ok(())
//! # }
//! ```

mod client;
mod error;
mod follow;
mod generated;
mod request;
mod secret;
mod trust;

pub use client::Client;
pub use error::Error;
pub use follow::LogFollow;

/// What the API takes and gives.
pub mod types {
    pub use crate::generated::types::*;
}

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
