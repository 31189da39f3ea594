//! `stardeck serve`: listens until it is told to end.

use std::{
    io::Write as _,
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_web::{HttpServer, web::Data};
use anyhow::Context as _;
use stardeck_api::{AppState, app};
use tracing_actix_web::TracingLogger;

use crate::{
    bootstrap,
    config::{LogArguments, ServeArguments},
    shutdown::Signals,
    telemetry::{self, RequestSpan},
};

/// How long requests that are being answered get when the server ends.
const FINISH_WITHIN_SECONDS: u64 = 5;
/// How long a client may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may be idle between two requests.
const KEEP_ALIVE: Duration = Duration::from_mins(1);

/// Serves until SIGTERM or Ctrl-C. Then it accepts nothing more, finishes what it is answering, and leaves the databases
/// running.
///
/// # Errors
/// The configuration does not fit together, the port is in use, or the start fails.
pub(crate) async fn serve(arguments: ServeArguments, log: &LogArguments) -> anyhow::Result<()> {
    telemetry::start(log)?;
    let config = arguments.check()?;
    let signals = Signals::catch()?;
    // Before anything else, so that a port in use changes nothing.
    let listener =
        TcpListener::bind(config.listen).with_context(|| format!("listen on {}", config.listen))?;
    let address = listener.local_addr().context("read the address we listen on")?;
    let running = bootstrap::start(&config).await?;
    let state = AppState::new(&running.services, config.allowed_hosts, config.cookies);
    let state = Data::new(state);
    let followed = state.clone();
    let server = HttpServer::new(move || app(state.clone()).wrap(TracingLogger::<RequestSpan>::new()))
        .client_request_timeout(HEAD_WITHIN)
        .keep_alive(KEEP_ALIVE)
        .shutdown_timeout(FINISH_WITHIN_SECONDS)
        .disable_signals()
        .listen(listener)
        .context("take the listener")?
        .run();
    let handle = server.handle();
    let ending = tokio::spawn(async move {
        signals.wait().await;
        followed.end_follows();
        handle.stop(true).await;
    });
    announce(address);
    let outcome = server.await.context("serve");
    ending.abort();
    running.services.shut_down().await;
    // Only now may another server take the directory.
    drop(running.data_dir);
    tracing::info!("ended; databases keep running");
    outcome
}

/// The one line that programs wait for, whatever the log's filter and format.
fn announce(address: SocketAddr) {
    tracing::info!(%address, "listening");
    // Nobody may be reading; the server serves all the same.
    drop(writeln!(std::io::stderr(), "listening on http://{address}"));
}
