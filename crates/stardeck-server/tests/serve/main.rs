//! The binary as a service manager, a client and a person on the host see it. Podman is away in these tests, which the server
//! must survive.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets something unexpected should end there and say where"
)]

mod backup;
mod config;
mod key;
mod remote;
mod remote_canned;
mod remote_login;
mod serving;
mod support;
mod tls;
