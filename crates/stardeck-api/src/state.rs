//! What handlers need: the service's use cases, and how this server is reached.

use std::time::Duration;

use actix_web::cookie::{Cookie, SameSite, time::Duration as CookieDuration};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_service::{
    Error, Readiness, Services,
    apps::Apps,
    auth::{Audit, Sessions, Setup, Tokens, Users},
    databases::Databases,
    events::Events,
    logical::Logical,
    logs::Logs,
    metrics::Metrics,
    operations::Operations,
    registries::Registries,
    stats::Stats,
};
use stardeck_ui::Ui;
use tokio::runtime::Handle;
use tokio_util::sync::CancellationToken;
use tracing::Instrument as _;

use crate::{
    metrics::RequestMetrics,
    middleware::{host::AllowedHosts, remote::TrustedProxies},
    ready::ReadyPages,
};

/// What handlers need. Made once; all workers share it.
pub struct AppState {
    /// Databases.
    pub databases: Databases,
    /// Apps and their links to databases.
    pub apps: Apps,
    /// Logical databases and their users.
    pub logical: Logical,
    /// What they log.
    pub logs: Logs,
    /// What they use.
    pub stats: Stats,
    /// Operations.
    pub operations: Operations,
    /// What happens to all of them.
    pub events: Events,
    /// The first administrator.
    pub setup: Setup,
    /// Logins.
    pub sessions: Sessions,
    /// What programs sign in with.
    pub tokens: Tokens,
    /// Accounts.
    pub users: Users,
    /// The audit log.
    pub audit: Audit,
    /// Logins for image registries.
    pub registries: Registries,
    /// Figures for whoever watches over the server.
    pub metrics: Metrics,
    /// Pages of the list of databases.
    pub(crate) ready: ReadyPages,
    /// Requests, counted.
    pub(crate) requests: RequestMetrics,
    /// Whether the server can do its work.
    pub readiness: Readiness,
    /// The host names the server answers under.
    pub allowed_hosts: AllowedHosts,
    /// How the session cookie is set.
    pub cookies: CookiePolicy,
    /// The proxies that say truly who is behind them.
    pub(crate) trusted_proxies: TrustedProxies,
    /// Says to connections that would go on for long that the server ends.
    pub(crate) ending: CancellationToken,
    /// The pages for people.
    pub(crate) ui: Ui,
    tasks: Handle,
}

impl AppState {
    /// The use cases, with how this server is reached. To be called in the runtime that outlives all requests.
    pub fn new(services: &Services, allowed_hosts: AllowedHosts, cookies: CookiePolicy) -> Self {
        Self {
            databases: services.databases.clone(),
            apps: services.apps.clone(),
            logical: services.logical.clone(),
            logs: services.logs.clone(),
            stats: services.stats.clone(),
            operations: services.operations.clone(),
            events: services.events.clone(),
            setup: services.setup.clone(),
            sessions: services.sessions.clone(),
            tokens: services.tokens.clone(),
            users: services.users.clone(),
            audit: services.audit.clone(),
            registries: services.registries.clone(),
            metrics: services.metrics.clone(),
            ready: ReadyPages::default(),
            requests: RequestMetrics::new(),
            readiness: services.readiness.clone(),
            allowed_hosts,
            cookies,
            trusted_proxies: TrustedProxies::default(),
            ending: CancellationToken::new(),
            ui: Ui::none(),
            tasks: Handle::current(),
        }
    }

    /// The same with a web UI.
    #[must_use]
    pub fn with_ui(self, ui: Ui) -> Self {
        Self { ui, ..self }
    }

    /// The same behind these proxies.
    #[must_use]
    pub fn with_trusted_proxies(self, trusted_proxies: TrustedProxies) -> Self {
        Self { trusted_proxies, ..self }
    }

    /// Says goodbye to everybody who follows something. To be called when the server is about to end, since such
    /// connections would not end by themselves.
    pub fn end_follows(&self) {
        self.ending.cancel();
    }

    /// Does something that must not be cut off when the client goes away, or when the worker that serves it ends:
    /// what was written down as begun would wait for the next start of the server.
    pub(crate) async fn to_its_end<T: Send + 'static>(
        &self,
        work: impl Future<Output = Result<T, Error>> + Send + 'static,
    ) -> Result<T, Error> {
        self.tasks.spawn(work.in_current_span()).await.unwrap_or_else(|failure| Err(Error::internal(failure)))
    }
}

/// How the session cookie is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookiePolicy {
    /// With the prefix `__Host-` and `Secure`: the browser speaks TLS to us, or we are on loopback, which browsers
    /// trust as well.
    HostPrefixed,
    /// Without: the network between the browser and us is plain HTTP, by the administrator's choice.
    Plain,
}

impl CookiePolicy {
    /// The cookie's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HostPrefixed => "__Host-stardeck-session",
            Self::Plain => "stardeck-session",
        }
    }

    /// The cookie that carries a session.
    pub(crate) fn session(self, token: &SecretString, lifetime: Duration) -> Cookie<'static> {
        let seconds = i64::try_from(lifetime.as_secs()).unwrap_or(i64::MAX);
        self.cookie(token.expose_secret().to_owned(), CookieDuration::seconds(seconds))
    }

    /// The cookie that takes it away again.
    pub(crate) fn removal(self) -> Cookie<'static> {
        self.cookie(String::new(), CookieDuration::ZERO)
    }

    fn cookie(self, value: String, lifetime: CookieDuration) -> Cookie<'static> {
        Cookie::build(self.name(), value)
            .path("/")
            .http_only(true)
            .same_site(SameSite::Strict)
            .secure(self == Self::HostPrefixed)
            .max_age(lifetime)
            .finish()
    }
}
