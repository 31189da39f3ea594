//! PostgreSQL, by its frontend/backend protocol 3.0
//! (<https://www.postgresql.org/docs/current/protocol.html>), without TLS.

mod probe;
mod secure;
mod session;
mod wire;

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::Engine;

use crate::{Accounts, EngineClient, Error, Login, Probe, ServerInfo, net::within};

use session::Session;

/// PostgreSQL's driver.
#[derive(Debug)]
pub(crate) struct PostgreSqlClient;

/// The database that always exists and in which administrators meet.
const MAINTENANCE_DATABASE: &str = "postgres";

#[async_trait]
impl EngineClient for PostgreSqlClient {
    fn engine(&self) -> Engine {
        Engine::PostgreSql
    }

    async fn probe(&self, addr: SocketAddr, timeout: Duration) -> Probe {
        match within(timeout, probe::ask(addr)).await {
            Ok(()) => Probe::Answers,
            Err(error) => Probe::NotYet { reason: error.to_string() },
        }
    }

    async fn login(&self, login: &Login) -> Result<ServerInfo, Error> {
        let asked = async {
            let mut session = Session::open(login).await?;
            let version = session.server_version().await?;
            Ok((session, version))
        };
        let (session, version) = within(login.timeout, asked).await?;
        session.close().await;
        Ok(ServerInfo { version })
    }

    async fn secure(&self, bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
        within(bootstrap.timeout, secure::secure(bootstrap, accounts)).await?.close().await;
        Ok(())
    }
}
