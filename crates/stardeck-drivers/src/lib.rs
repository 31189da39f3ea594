//! Speaks to a running database engine over its own wire protocol: does it answer, does a login work, and the
//! administrators' statements that Stardeck needs.
//!
//! This is the only crate that sees a database driver. Every engine has an [`EngineClient`], found by [`client`];
//! each is a feature, so that an embedder compiles only what it uses. Adding an engine is one folder beside `postgres`
//! and one line in `catalog.rs`. What is *not* here: where an engine runs and how it is reached (callers bring the
//! address), when to try again, and anything that can be known without asking the engine (`stardeck-engines`).

mod catalog;
mod client;
mod error;
mod logical;
#[cfg(feature = "mariadb")]
mod mariadb;
#[cfg(feature = "mongodb")]
mod mongodb;
#[cfg(feature = "mysql")]
mod mysql;
#[cfg(any(feature = "mariadb", feature = "mysql"))]
mod mysql_protocol;
mod net;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;

pub use catalog::client;
pub use client::{Accounts, EngineClient, Login, Probe, ServerInfo};
pub use error::Error;
pub use logical::{LogicalDatabaseFacts, NewLogicalDatabase, NewUser, UserFacts};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
