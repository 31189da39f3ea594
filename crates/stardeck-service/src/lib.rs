//! Use cases of Stardeck's database manager: deploy, run, watch and remove databases; who may do it.
//!
//! Functions here speak the domain's types only. What is *not* here: HTTP (`stardeck-api`), SQL
//! (`stardeck-repository`), libpod's REST (`stardeck-podman`, reached through [`runtime::ContainerRuntime`]), and
//! anything that differs between engines (`stardeck-engines`, `stardeck-drivers`).

mod adoption;
pub mod apps;
pub mod auth;
pub mod backup;
mod core;
pub mod databases;
mod detection;
mod engine_catalog;
mod error;
pub mod events;
pub mod labels;
mod last_words;
mod lifecycle;
pub mod logical;
pub mod logs;
pub mod metrics;
mod networks;
mod observe;
pub mod operations;
mod ownership;
mod ports;
mod preflight;
mod provisioning;
mod readiness;
pub mod registries;
pub mod runtime;
mod services;
pub mod stats;
mod subject;
pub mod vault;

pub use crate::core::{DriverLookup, Timings, drivers};
pub use detection::DetectedDatabase;
pub use engine_catalog::{EngineSummary, OfferedEngineVersion, OperationFilter, Page, Slice, engines};
pub use error::Error;
pub use ports::reachable_addresses;
pub use readiness::{Readiness, ReadinessReport, StoreCheck};
pub use services::{Services, ServicesConfig};

/// Who asks for something, for permission checks and the audit log.
#[derive(Debug, Clone)]
pub struct Actor {
    /// The account.
    pub user: stardeck_domain::User,
    /// What the request was signed in with. Of a token's owner, `user` has the role that the token lets do.
    pub access: Access,
    /// The address the request came from.
    pub remote_address: Option<String>,
}

/// What a request is signed in with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// A session that somebody signed in to.
    Session(stardeck_domain::SessionId),
    /// An API token.
    Token {
        /// Its id.
        id: stardeck_domain::TokenId,
        /// When it ends by itself.
        expires_at: chrono::DateTime<chrono::Utc>,
    },
}

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
