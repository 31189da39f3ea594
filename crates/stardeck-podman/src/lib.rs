//! A client of Podman's libpod REST API over its Unix socket.
//!
//! It was written against measured behaviour of Podman 4.3, 4.9, 5.4 and 5.8, and speaks one dialect to all of
//! them: paths below `/v4.0.0/libpod`, answers read leniently, errors told by their `cause`.
//!
//! - [`Client`] is the way in; its methods lead to the calls by resource.
//! - [`Error`] says what went wrong; [`Error::kind`] says what to do about it.
//! - [`LogStream`], [`PullStream`], [`StatsStream`], [`EventStream`] and [`ExecProcess`] deliver while Podman works. Their
//!   `next` can be dropped at any time without losing anything.
//!
//! - [`System::negotiate`] says before anything else whether crate and service understand each other.
//!
//! Not here: Docker's dialect (except its pull, which reports bytes), pods, builds, pushing of images, and
//! connections over TCP or SSH.
//!
//! ```no_run
//! use stardeck_podman::{Client, CreateContainer, ListContainers};
//!
//! # async fn example() -> Result<(), stardeck_podman::Error> {
//! let client = Client::new("/run/podman/podman.sock");
//! let spec = CreateContainer {
//!     name: "hello".into(),
//!     image: "docker.io/library/alpine:3".into(),
//!     command: Some(vec!["echo".into(), "hello".into()]),
//!     ..CreateContainer::default()
//! };
//! client.containers().create(&spec).await?;
//! client.containers().start("hello").await?;
//! for container in client.containers().list(&ListContainers { all: true, ..Default::default() }).await? {
//!     println!("{:?} is {}", container.names, container.state);
//! }
//! # Ok(())
//! # }
//! ```

mod api;
mod client;
mod endpoint;
mod error;
mod recreate;
mod request;
mod stream;
mod transport;
mod types;
mod upload;

pub use api::{Containers, Events, Exec, ExecOutcome, Images, Networks, Secrets, System, Volumes};
pub use client::{Client, Timeouts};
pub use endpoint::Endpoint;
pub use error::{ApiError, Error, ErrorKind, Stage};
pub use recreate::{Alteration, InspectedContainer, Recreation, Unkept};
pub use request::Filters;
pub use stream::{
    ByteStream, EventItem, EventOptions, EventStream, ExecInput, ExecOutput, ExecProcess, LogLine, LogStream,
    OutputSource, PullStream, StatsStream,
};
pub use types::*;
pub use upload::Upload;

/// Compiles the example of the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
