//! Answers that go on while Podman works.

mod byte_stream;
mod event_stream;
mod exec_process;
pub(crate) mod frames;
pub(crate) mod lines;
mod log_stream;
mod pull_stream;
mod stats_stream;

pub use byte_stream::ByteStream;
pub use event_stream::{EventItem, EventOptions, EventStream};
pub(crate) use exec_process::Leash;
pub use exec_process::{ExecInput, ExecOutput, ExecProcess};
pub use frames::OutputSource;
pub use log_stream::{LogLine, LogStream};
pub use pull_stream::PullStream;
pub use stats_stream::StatsStream;
pub(crate) use stats_stream::statistics;
