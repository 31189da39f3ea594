//! MongoDB, by its wire protocol (<https://www.mongodb.com/docs/manual/reference/mongodb-wire-protocol/>), without TLS.
//!
//! The little that is needed of the protocol is written here: the official driver watches deployments from threads of
//! its own, makes room for whatever length a peer promises, and does not compile without TLS and name resolution.

mod bson;
mod scram;
mod secure;
mod session;
mod wire;

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::Engine;

use crate::{Accounts, EngineClient, Error, Login, Probe, ServerInfo, net::within};

use session::Session;

/// MongoDB's driver.
#[derive(Debug)]
pub(crate) struct MongoDbClient;

/// The database in which administrators' accounts are kept.
const ADMIN_DATABASE: &str = "admin";

#[async_trait]
impl EngineClient for MongoDbClient {
    fn engine(&self) -> Engine {
        Engine::MongoDb
    }

    async fn probe(&self, addr: SocketAddr, timeout: Duration) -> Probe {
        match within(timeout, session::greet(addr)).await {
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
