//! Test support: fakes that inject faults, and helpers to reach the tests' own Podman.
//!
//! Real things come first: a real SQLite file ([`TempStore`]) and a real Podman ([`PodmanEnv`]). The fake runtime
//! ([`FakeRuntime`]) with its engines ([`fake_driver`]) exists so that tests can make any call fail, hang or lose its
//! answer. What is *not* here: tests, and helpers for HTTP.
//!
//! Everything here ends the test by a panic when it can not do what it was asked for.
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "test support: what can not be done has failed the test, and the crate's documentation says so"
)]

mod deadline;
mod engine;
mod engine_rows;
mod podman;
mod requests;
mod runtime;
mod services;
mod store;

pub use deadline::{DEADLINE, until, until_within, within_deadline};
pub use engine::{EngineBehaviour, LogicalContent, fake_driver};
pub use engine_rows::{ENGINE_ROWS, EngineRow, SettingsRow, engine_row};
pub use podman::{APP_PROBE, Leftovers, PodmanEnv, Said};
pub use requests::{create_request, delete_request, image, password, reattach_request, version};
pub use runtime::{
    Call, ContainerFacts, FakeRuntime, ForeignContainer, Method, POSTGRES_16, POSTGRES_17, Snapshot,
    TakenContainer,
};
pub use services::{ServicesBuilder, TEST_TIMINGS, TestBed, start_on, wait_for};
pub use store::{StoreSnapshot, TempStore, admin, audited, count_credentials, store_snapshot};

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
