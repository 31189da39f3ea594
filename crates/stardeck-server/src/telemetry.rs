//! The log: one line for each request, and what the parts have to say. It goes to standard error.
//!
//! What is *not* in it: query strings, bodies and headers of requests, which may hold secrets.

use std::io::{IsTerminal as _, stderr};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
};
use anyhow::Context as _;
use tracing::{Span, field::Empty};
use tracing_actix_web::RootSpanBuilder;
use tracing_subscriber::EnvFilter;

use crate::config::{LogArguments, LogFormat};

/// The driver's own log repeats every statement, those with the verifiers of passwords among them.
const QUIET: &str = "tokio_postgres=info";

/// Begins to log.
///
/// # Errors
/// The filter can not be read.
pub(crate) fn start(log: &LogArguments) -> anyhow::Result<()> {
    let filter =
        EnvFilter::try_new(&log.log).with_context(|| format!("read the log filter {:?}", log.log))?;
    let quiet = QUIET.parse().context("read a filter of our own")?;
    let filter = filter.add_directive(quiet);
    // A log that can not be written (a full disk, a reader that went away) is no reason to stop serving. By default the
    // failure would be printed to the same place, which panics.
    let log_lines =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(stderr).log_internal_errors(false);
    let started = match log.log_format {
        LogFormat::Text => log_lines.with_ansi(stderr().is_terminal()).try_init(),
        LogFormat::Json => log_lines.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!(error)).context("begin to log")
}

/// What every log line of a request carries, and the line at its end.
pub(crate) struct RequestSpan;

impl RootSpanBuilder for RequestSpan {
    fn on_request_start(request: &ServiceRequest) -> Span {
        // The API fills in the id, which is the client's own where it sent one.
        tracing::info_span!("request", method = %request.method(), path = request.path(), request_id = Empty)
    }

    fn on_request_end<B: MessageBody>(span: Span, outcome: &Result<ServiceResponse<B>, Error>) {
        let status = match outcome {
            Ok(response) => response.status().as_u16(),
            Err(error) => error.as_response_error().status_code().as_u16(),
        };
        span.in_scope(|| tracing::info!(status, "answered"));
    }
}
