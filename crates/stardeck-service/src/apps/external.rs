//! A database server that somebody else runs, for an app: looked at before the app is deployed.
//!
//! What can be told from here is whether the app's network knows the host, whether something answers there, and whether the
//! login opens it. An encrypted connection is not tried; whoever wants one says that this is known.

use std::net::{IpAddr, SocketAddr};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use stardeck_domain::{App, AppId, Delivery, Engine, NetworkName, SealedText, ValidationError};
use stardeck_drivers::{Error as DriverError, Login, Probe};
use stardeck_engines::{ExternalTarget, parse_external};

use super::environment::VariableSet;
use crate::{Error, core::Core, vault::Place};

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

impl Core {
    /// Looks whether the server answers, and whether its login opens it as far as that can be tried.
    pub(super) async fn try_external(
        &self,
        target: &ExternalTarget,
        accept_untested: bool,
    ) -> Result<(), Error> {
        if let Some(why) = target.untried_because
            && !accept_untested
        {
            let reason = format!("must be true, since the login can not be tried: {why}");
            return Err(refused("accept_untested", "confirmation_needed", reason));
        }
        let address = self.address_of(&target.host).await?;
        let addr = SocketAddr::new(address, target.port.get());
        let driver = self.driver(target.engine)?;
        let timeout = self.timings.login;
        let silent = |said: String| {
            let (host, port) = (&target.host, target.port);
            refused(
                FIELD,
                "unreachable",
                format!("nothing that can be used answers at {host}:{port}: {said}"),
            )
        };
        let (None, Some(user), Some(password)) = (target.untried_because, &target.user, &target.password)
        else {
            return match driver.probe(addr, timeout).await {
                Probe::Answers => Ok(()),
                Probe::NotYet { reason } if target.untried_because.is_none() => Err(silent(reason)),
                // What speaks through an encrypted connection only need not answer a question in clear.
                Probe::NotYet { reason } => {
                    match tokio::time::timeout(timeout, tokio::net::TcpStream::connect(addr)).await {
                        Ok(Ok(_)) => Ok(()),
                        Ok(Err(_)) | Err(_) => Err(silent(reason)),
                    }
                }
            };
        };
        let login = Login {
            addr,
            user: user.clone(),
            password: password.clone(),
            database: target.database.clone(),
            timeout,
        };
        match driver.login(&login).await {
            Ok(_) => Ok(()),
            Err(error @ (DriverError::CredentialsRejected { .. } | DriverError::Refused { .. })) => {
                Err(refused(FIELD, "credentials_rejected", format!("the server refuses the login: {error}")))
            }
            Err(error) => Err(silent(error.to_string())),
        }
    }

    /// The address that the host's name has for an app on the data network.
    async fn address_of(&self, host: &str) -> Result<IpAddr, Error> {
        if let Ok(address) = host.parse() {
            return Ok(address);
        }
        let network = NetworkName::data();
        if host == HOST_OF_CONTAINERS {
            let networks = self.runtime.list_networks().await?;
            let gateway = networks.iter().find(|found| found.name == network.as_str());
            // The first address of a network is its gateway, which is the host.
            let gateway = gateway.and_then(|found| found.subnets.first()?.hosts().next());
            return gateway.map(IpAddr::V4).ok_or_else(|| unknown(host));
        }
        // A name server without containers does not run; what it would ask is what the host asks.
        match self.runtime.resolve(&network, host).await {
            Ok(Some(found)) if !found.is_empty() => found.first().copied().ok_or_else(|| unknown(host)),
            _ => {
                let mut found = tokio::net::lookup_host((host, 0)).await.map_err(|_| unknown(host))?;
                found.find(SocketAddr::is_ipv4).map(|found| found.ip()).ok_or_else(|| unknown(host))
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

fn place(app: AppId) -> Place {
    Place { table: "apps", column: "sealed_external", row: app.to_string() }
}

fn unknown(host: &str) -> Error {
    refused(FIELD, "unknown_host", format!("on the app's network nobody knows the name {host}"))
}

fn refused(field: &'static str, code: &'static str, reason: String) -> Error {
    ValidationError { field, code, reason }.into()
}
