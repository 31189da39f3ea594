//! The use cases on a real Podman with real engines: the tests' own, which `cargo xtask test` starts.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that can not go on has failed"
)]

mod adopted_apps;
mod adoption;
mod apps;
mod crash_loops;
mod engines;
mod external;
mod foreign_apps;
mod isolation;
mod logical;
mod one_database;
mod passwords;
mod ports;
mod reach;
mod rotation;
mod settings;
mod watching;
mod world;
