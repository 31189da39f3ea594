//! The API as a client sees it, on a real store and the real service. The files mirror the paths.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets something unexpected should end there and say where"
)]

mod adoption;
mod apps;
mod audit;
mod auth;
mod break_in;
mod databases;
mod detection;
mod docs;
mod engines;
mod errors;
mod events;
mod follow;
mod guards;
mod health;
mod logical;
mod metrics;
mod missing;
mod operations;
mod ports;
mod registries;
mod secrets;
mod sessions;
mod settings;
mod setup;
mod support;
mod ui;
mod users;
mod volumes;
mod watch;
