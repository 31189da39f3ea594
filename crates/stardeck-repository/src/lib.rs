//! What Stardeck remembers, in one SQLite file. The only crate that sees SQL.
//!
//! [`Db`] is the one door to the blocking pool: [`Db::read`] and [`Db::write`] run a closure in a transaction. Inside
//! it, the functions of one module per table do the work; they are named by intent and speak domain types. Races for
//! names, ports and operations are decided by unique indexes and come back as [`Error::Conflict`].
//!
//! What is *not* here: rules of who may do what and when (the service has them), encryption (sealed values come in
//! sealed and go out sealed), and any Diesel type in a public signature.

mod db;
mod error;
mod inspect;
mod migrate;
mod page;
mod rows;
#[rustfmt::skip]
mod schema;

pub mod apps;
pub mod audit;
pub mod connections;
pub mod counts;
pub mod credentials;
pub mod databases;
pub mod events;
pub mod logical;
pub mod meta;
pub mod operations;
pub mod ports;
pub mod registries;
pub mod sealed;
pub mod sessions;
pub mod snapshot;
pub mod tokens;
pub mod tombstones;
pub mod users;
pub mod volumes;

pub use db::{Db, Tx};
pub use error::{Cause, Constraint, Error};
pub use inspect::inspect;
pub use page::{Page, Slice};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
