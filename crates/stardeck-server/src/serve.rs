//! `stardeck serve`: listens until it is told to end.

use std::{
    io::{IsTerminal as _, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_web::{HttpServer, web::Data};
use anyhow::Context as _;
use stardeck_api::{AppState, app};
use stardeck_service::Services;
use tracing_actix_web::TracingLogger;

use crate::{
    bootstrap,
    config::{LogArguments, ServeArguments},
    shutdown::Signals,
    telemetry::{self, RequestSpan},
    ui,
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
    let state =
        AppState::new(&running.services, config.allowed_hosts, config.cookies).with_ui(ui::embedded());
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
    invite(&running.services, address).await;
    let outcome = server.await.context("serve");
    ending.abort();
    running.services.shut_down().await;
    // Only now may another server take the directory.
    drop(running.data_dir);
    tracing::info!("ended; databases keep running");
    outcome
}

/// On a terminal, the link that makes the first administrator. The token is in its fragment, which no browser sends.
async fn invite(services: &Services, address: SocketAddr) {
    if !std::io::stderr().is_terminal() || !ui::embedded().is_there() {
        return;
    }
    let file = services.setup.token_file().to_owned();
    // Once the first administrator is there, there is no such file.
    if let Ok(Ok(token)) = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await {
        let link = format!("open http://{address}/setup/#token={} to make the first account", token.trim());
        // Nobody may be reading; the server serves all the same.
        drop(writeln!(std::io::stderr(), "{link}"));
    }
}

/// The one line that programs wait for, whatever the log's filter and format.
fn announce(address: SocketAddr) {
    tracing::info!(%address, "listening");
    // Nobody may be reading; the server serves all the same.
    drop(writeln!(std::io::stderr(), "listening on http://{address}"));
}
