//! Redis and Valkey, by the Redis serialization protocol (<https://redis.io/docs/latest/develop/reference/protocol-spec/>),
//! without TLS.

mod probe;
mod secure;
mod session;

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::Engine;

use crate::{Accounts, EngineClient, Error, Login, Probe, ServerInfo, net::within};

use session::Session;

/// The driver of Redis and its relatives.
#[derive(Debug)]
pub(crate) struct RedisClient;

#[async_trait]
impl EngineClient for RedisClient {
    fn engine(&self) -> Engine {
        Engine::Redis
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
            session.server_version().await
        };
        Ok(ServerInfo { version: within(login.timeout, asked).await? })
    }

    async fn secure(&self, bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
        within(bootstrap.timeout, secure::secure(bootstrap, accounts)).await
    }
}
