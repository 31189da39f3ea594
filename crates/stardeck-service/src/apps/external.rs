//! A database server that somebody else runs, for an app: looked at before the app is deployed.
//!
//! What can be told is whether the app's network knows the host, whether something answers there, and whether the login opens
//! it. It is asked from the app's own network, by a connection that is made there; where that can not be, from the host. An
//! encrypted connection is not tried; whoever wants one says that this is known.

use std::net::{IpAddr, SocketAddr};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use stardeck_domain::{App, AppId, Delivery, Engine, NetworkName, SealedText, ValidationError};
use stardeck_drivers::{Error as DriverError, Login, Probe};
use stardeck_engines::{ExternalTarget, parse_external};

use tokio::net::TcpStream;

use super::{Apps, environment::VariableSet};
use crate::{
    Error,
    core::Core,
    runtime::{ContainerState, ContainerSummary, RuntimeError, Tunnel, Way},
    vault,
};

/// The field that all of it is about.
const FIELD: &str = "database.connection_string";
/// The name that Podman gives to the host inside containers (containers.conf(5), `host_containers_internal_ip`).
const HOST_OF_CONTAINERS: &str = "host.containers.internal";

/// What is kept of it in clear, with the app's row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalFacts {
    /// The engine.
    pub engine: Engine,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// The login name.
    pub username: Option<String>,
    /// The logical database.
    pub database: Option<String>,
    /// What the names of the variables begin with.
    pub env_prefix: Option<String>,
    /// How the app gets the string and the password.
    pub delivery: Delivery,
}

/// One that was looked at.
pub(super) struct External {
    pub(super) facts: ExternalFacts,
    pub(super) target: ExternalTarget,
}

impl External {
    /// The variables the app gets.
    pub(super) fn set(&self, app: AppId) -> VariableSet {
        VariableSet {
            secret_base: format!("external-{app}"),
            delivery: self.facts.delivery,
            variables: self.target.variables(self.facts.env_prefix.as_deref()),
        }
    }
}

/// Takes a connection string apart.
pub(super) fn parse(given: &SecretString) -> Result<ExternalTarget, Error> {
    parse_external(given.clone()).map_err(|wrong| wrong.in_field(FIELD).into())
}

/// How a server that somebody else runs was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalTrial {
    /// The engine.
    pub engine: Engine,
    /// The host.
    pub host: String,
    /// The port.
    pub port: u16,
    /// Where it was tried from.
    pub from: TriedFrom,
    /// Why no login was tried; None when one opened it.
    pub untried_because: Option<&'static str>,
    /// The server's version, where a login opened it.
    pub server_version: Option<String>,
}

/// Where a server was tried from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TriedFrom {
    /// The network that the app is on, or will be.
    Network,
    /// The host, since nothing runs on that network, or it can not be gone into.
    Host,
}

impl TriedFrom {
    /// The text form used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Host => "host",
        }
    }
}

/// A place to try a server from.
struct Place {
    addr: SocketAddr,
    from: TriedFrom,
    /// What keeps the address leading there.
    _tunnel: Option<Tunnel>,
}

impl Apps {
    /// Tries a server that somebody else runs from the network that a new app would be on.
    ///
    /// # Errors
    /// It is no connection string, the network does not know the host, nothing answers there, or the login does not open
    /// it; or the runtime does not answer.
    pub async fn test_external(&self, connection_string: &SecretString) -> Result<ExternalTrial, Error> {
        let field = "connection_string";
        let target = parse_external(connection_string.clone()).map_err(|wrong| wrong.in_field(field))?;
        self.core().try_external_as(field, &target, None).await
    }
}

impl Core {
    /// Looks whether the server answers, and whether its login opens it as far as that can be tried. It is tried from the
    /// app's container where there is one.
    pub(super) async fn try_external(
        &self,
        target: &ExternalTarget,
        accept_untested: bool,
        container: Option<&str>,
    ) -> Result<(), Error> {
        if let Some(why) = target.untried_because
            && !accept_untested
        {
            let reason = format!("must be true, since the login can not be tried: {why}");
            return Err(refused("accept_untested", "confirmation_needed", reason));
        }
        self.try_external_as(FIELD, target, container).await.map(drop)
    }

    async fn try_external_as(
        &self,
        field: &'static str,
        target: &ExternalTarget,
        container: Option<&str>,
    ) -> Result<ExternalTrial, Error> {
        let place = self.place_for(field, target, container).await?;
        let (driver, timeout) = (self.driver(target.engine)?, self.timings.login);
        let silent = |said: String| {
            let (host, port) = (&target.host, target.port);
            let reason = format!("nothing that can be used answers at {host}:{port}: {said}");
            refused(field, "unreachable", reason)
        };
        let mut trial = ExternalTrial {
            engine: target.engine,
            host: target.host.clone(),
            port: target.port.get(),
            from: place.from,
            untried_because: target.untried_because,
            server_version: None,
        };
        let (None, Some(user), Some(password)) = (target.untried_because, &target.user, &target.password)
        else {
            // What speaks through an encrypted connection only need not answer a question in clear.
            if let Probe::NotYet { reason } = driver.probe(place.addr, timeout).await
                && !matches!(tokio::time::timeout(timeout, TcpStream::connect(place.addr)).await, Ok(Ok(_)))
            {
                return Err(silent(reason));
            }
            return Ok(trial);
        };
        let login = Login {
            addr: place.addr,
            user: user.clone(),
            password: password.clone(),
            database: target.database.clone(),
            timeout,
        };
        match driver.login(&login).await {
            Ok(info) => {
                trial.server_version = Some(info.version);
                Ok(trial)
            }
            Err(error @ DriverError::DatabaseMissing { .. }) => {
                Err(refused(field, "unknown_database", format!("the login is right, but {error}")))
            }
            Err(error @ (DriverError::CredentialsRejected { .. } | DriverError::Refused { .. })) => {
                Err(refused(field, "credentials_rejected", format!("the server refuses the login: {error}")))
            }
            // A tunnel's own address would say nothing to anybody.
            Err(DriverError::Unreachable { detail, .. }) => Err(silent(detail)),
            Err(error) => Err(silent(error.to_string())),
        }
    }

    /// The app's container, or any that runs on the network that the app will be on.
    async fn place_for(
        &self,
        field: &'static str,
        target: &ExternalTarget,
        container: Option<&str>,
    ) -> Result<Place, Error> {
        let address = self.address_of(field, &target.host).await?;
        let addr = SocketAddr::new(address, target.port.get());
        let there = match container {
            Some(container) => Some(container.to_owned()),
            None => self.neighbour().await?,
        };
        let way = match there {
            Some(there) => match self.runtime.way_out(&there, addr).await {
                // It ended meanwhile.
                Err(RuntimeError::NotFound { .. }) => None,
                other => other?,
            },
            None => None,
        };
        let at = format!("{}:{}", target.host, target.port);
        match way {
            None => Ok(Place { addr, from: TriedFrom::Host, _tunnel: None }),
            Some(Way::Open(tunnel)) => {
                Ok(Place { addr: tunnel.addr, from: TriedFrom::Network, _tunnel: Some(tunnel) })
            }
            Some(Way::Refused) => {
                let reason = format!("from the app's network, nothing listens at {at}");
                Err(refused(field, "connection_refused", reason))
            }
            Some(Way::Silent { detail }) => {
                let reason = format!("from the app's network, nothing answers at {at}: {detail}");
                Err(refused(field, "unreachable", reason))
            }
        }
    }

    /// A container that runs on the data network.
    async fn neighbour(&self) -> Result<Option<String>, Error> {
        let network = NetworkName::data();
        let containers = self.containers.get(self.runtime.as_ref()).await?;
        let is_there = |container: &&ContainerSummary| {
            container.state == ContainerState::Running
                && container.networks.iter().any(|on| on == network.as_str())
        };
        Ok(containers.iter().find(is_there).map(|found| found.id.as_str().to_owned()))
    }

    /// The address that the host's name has for an app on the data network.
    async fn address_of(&self, field: &'static str, host: &str) -> Result<IpAddr, Error> {
        if let Ok(address) = host.parse() {
            return Ok(address);
        }
        let network = NetworkName::data();
        if host == HOST_OF_CONTAINERS {
            let networks = self.runtime.list_networks().await?;
            let gateway = networks.iter().find(|found| found.name == network.as_str());
            // The first address of a network is its gateway, which is the host.
            let gateway = gateway.and_then(|found| found.subnets.first()?.hosts().next());
            return gateway.map(IpAddr::V4).ok_or_else(|| unknown(field, host));
        }
        // A name server without containers does not run; what it would ask is what the host asks.
        match self.runtime.resolve(&network, host).await {
            Ok(Some(found)) if !found.is_empty() => {
                found.first().copied().ok_or_else(|| unknown(field, host))
            }
            _ => {
                let looked = tokio::time::timeout(self.timings.login, tokio::net::lookup_host((host, 0)));
                let looked = looked.await.map_err(|_| unknown(field, host))?;
                let mut found = looked.map_err(|_| unknown(field, host))?;
                found.find(SocketAddr::is_ipv4).map(|found| found.ip()).ok_or_else(|| unknown(field, host))
            }
        }
    }

    /// The external database of an app, with its string opened.
    pub(super) fn external_of(&self, app: &App) -> Result<Option<External>, Error> {
        let (Some(facts), Some(sealed)) = (super::spec_of(app)?.external, &app.sealed_external) else {
            return Ok(None);
        };
        let clear = self.vault.open(&place(app.id), sealed)?;
        let target = parse(&clear)?;
        Ok(Some(External { facts, target }))
    }

    /// Seals a connection string.
    pub(super) fn seal_external(&self, app: AppId, target: &ExternalTarget) -> SealedText {
        self.vault.seal(&place(app), target.url.expose_secret())
    }
}

fn place(app: AppId) -> vault::Place {
    vault::Place { table: "apps", column: "sealed_external", row: app.to_string() }
}

fn unknown(field: &'static str, host: &str) -> Error {
    refused(field, "unknown_host", format!("on the app's network nobody knows the name {host}"))
}

fn refused(field: &'static str, code: &'static str, reason: String) -> Error {
    ValidationError { field, code, reason }.into()
}
