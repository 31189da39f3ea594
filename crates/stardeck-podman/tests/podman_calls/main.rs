//! The calls against a real Podman. `cargo xtask test` starts one for the tests and names its socket.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed assumption is a failed test"
)]

mod archive;
mod containers;
mod create;
mod events;
mod exec;
mod images;
mod lifecycle;
mod logs;
mod networks;
mod prune;
mod pulls;
mod registry;
mod scope;
mod secrets;
mod service;
mod system;
mod tar;
mod versions;
mod volumes;
