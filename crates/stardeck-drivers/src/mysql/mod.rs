//! MySQL.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{Engine, Password};

use crate::{
    Accounts, EngineClient, Error, Login, Probe, ServerInfo,
    mysql_protocol::{
        login, probe,
        secure::{Dialect, literal, secure},
    },
    net::within,
};

/// MySQL's driver.
#[derive(Debug)]
pub(crate) struct MySqlClient;

const DIALECT: Dialect = Dialect { identified };

#[async_trait]
impl EngineClient for MySqlClient {
    fn engine(&self) -> Engine {
        Engine::MySql
    }

    async fn probe(&self, addr: SocketAddr, timeout: Duration) -> Probe {
        probe::probe(addr, timeout).await
    }

    async fn login(&self, as_whom: &Login) -> Result<ServerInfo, Error> {
        login(as_whom).await
    }

    async fn secure(&self, bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
        within(bootstrap.timeout, secure(bootstrap, accounts, &DIALECT)).await
    }
}

/// The server salts and hashes the password itself, and writes `<secret>` in its place where it logs such statements
/// (<https://dev.mysql.com/doc/refman/8.4/en/password-logging.html>); the session's logging is off besides.
fn identified(password: &Password) -> String {
    format!("IDENTIFIED WITH caching_sha2_password BY {}", literal(password.expose()))
}
