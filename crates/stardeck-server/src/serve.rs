//! `stardeck serve`: listens until it is told to end.

use std::{
    io::{IsTerminal as _, Write as _},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use actix_web::{
    HttpServer,
    http::header::STRICT_TRANSPORT_SECURITY,
    middleware::{Condition, DefaultHeaders},
    web::Data,
};
use anyhow::Context as _;
use stardeck_api::{AppState, app};
use stardeck_service::Services;
use tracing_actix_web::TracingLogger;

use crate::{
    bootstrap,
    config::{LogArguments, ServeArguments},
    shutdown::Signals,
    telemetry::{self, RequestSpan},
    tls::TlsFiles,
    ui,
};

/// How long requests that are being answered get when the server ends.
const FINISH_WITHIN_SECONDS: u64 = 5;
/// How long a client may take to send the head of a request.
const HEAD_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may be idle between two requests: longer than clients and proxies keep one (a minute and a half is the
/// longest usual default), since a request that meets the end of its connection is lost.
const KEEP_ALIVE: Duration = Duration::from_mins(2);
/// How many threads each worker has for what blocks. The store takes five at once, and passwords wait for their turns; but one
/// more is begun whenever none is idle at that very moment, and keeps memory of its own: 75 of them, and 150 MiB in all, with
/// 200 clients on two busy processors.
const BLOCKING_THREADS: usize = 12;

/// Browsers that have spoken TLS with us never speak to us without it again, for a year.
const TLS_FROM_NOW_ON: &str = "max-age=31536000";

/// Serves until SIGTERM or Ctrl-C. Then it accepts nothing more, finishes what it is answering, and leaves the databases
/// running.
///
/// # Errors
/// The configuration does not fit together, the port is in use, or the start fails.
pub(crate) async fn serve(arguments: ServeArguments, log: &LogArguments) -> anyhow::Result<()> {
    telemetry::start(log)?;
    let config = arguments.check()?;
    let signals = Signals::catch()?;
    // Before anything else, so that a certificate that does not fit or a port in use changes nothing.
    let (tls, renewal) = config.tls.clone().map(TlsFiles::open).transpose()?.unzip();
    let listener =
        TcpListener::bind(config.listen).with_context(|| format!("listen on {}", config.listen))?;
    let address = listener.local_addr().context("read the address we listen on")?;
    let running = bootstrap::start(&config).await?;
    let state = AppState::new(&running.services, config.allowed_hosts, config.cookies)
        .with_trusted_proxies(config.trusted_proxies)
        .with_ui(ui::embedded());
    let state = Data::new(state);
    let followed = state.clone();
    let (is_tls, scheme) = if tls.is_some() { (true, "https") } else { (false, "http") };
    let server = HttpServer::new(move || {
        let headers = DefaultHeaders::new().add((STRICT_TRANSPORT_SECURITY, TLS_FROM_NOW_ON));
        app(state.clone()).wrap(Condition::new(is_tls, headers)).wrap(TracingLogger::<RequestSpan>::new())
    })
    .client_request_timeout(HEAD_WITHIN)
    .keep_alive(KEEP_ALIVE)
    .worker_max_blocking_threads(BLOCKING_THREADS)
    .shutdown_timeout(FINISH_WITHIN_SECONDS)
    .disable_signals();
    let server = match tls {
        Some(tls) => server.listen_rustls_0_23(listener, tls),
        None => server.listen(listener),
    };
    let server = server.context("take the listener")?.run();
    let handle = server.handle();
    let ending = tokio::spawn(async move {
        signals.wait().await;
        followed.end_follows();
        handle.stop(true).await;
    });
    let renewing = renewal.map(|renewal| tokio::spawn(renewal.run()));
    let url = format!("{scheme}://{address}");
    announce(address, &url);
    invite(&running.services, &url).await;
    let outcome = server.await.context("serve");
    ending.abort();
    if let Some(renewing) = renewing {
        renewing.abort();
    }
    running.services.shut_down().await;
    // Only now may another server take the directory.
    drop(running.data_dir);
    tracing::info!("ended; databases keep running");
    outcome
}

/// On a terminal, the link that makes the first administrator. The token is in its fragment, which no browser sends.
async fn invite(services: &Services, url: &str) {
    if !std::io::stderr().is_terminal() || !ui::embedded().is_there() {
        return;
    }
    let file = services.setup.token_file().to_owned();
    // Once the first administrator is there, there is no such file.
    if let Ok(Ok(token)) = tokio::task::spawn_blocking(move || std::fs::read_to_string(file)).await {
        let link = format!("open {url}/setup/#token={} to make the first account", token.trim());
        // Nobody may be reading; the server serves all the same.
        drop(writeln!(std::io::stderr(), "{link}"));
    }
}

/// The one line that programs wait for, whatever the log's filter and format.
fn announce(address: SocketAddr, url: &str) {
    tracing::info!(%address, "listening");
    // Nobody may be reading; the server serves all the same.
    drop(writeln!(std::io::stderr(), "listening on {url}"));
}
