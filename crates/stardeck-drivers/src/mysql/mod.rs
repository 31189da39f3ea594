//! MySQL.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{Engine, LogicalName, LoginName, Password};

use crate::{
    Accounts, EngineClient, Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser, Probe,
    ServerInfo, UserFacts,
    mysql_protocol::{
        databases, login, probe,
        secure::{Dialect, literal, secure},
        users,
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

    async fn list_databases(&self, login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error> {
        within(login.timeout, databases::list(login)).await
    }

    async fn create_database(&self, login: &Login, database: &NewLogicalDatabase) -> Result<(), Error> {
        within(login.timeout, databases::create(login, database)).await
    }

    async fn drop_database(&self, login: &Login, name: &LogicalName) -> Result<(), Error> {
        within(login.timeout, databases::remove(login, name)).await
    }

    async fn list_users(&self, login: &Login) -> Result<Vec<UserFacts>, Error> {
        within(login.timeout, users::list(login)).await
    }

    async fn put_user(&self, login: &Login, user: &NewUser) -> Result<(), Error> {
        within(login.timeout, users::put(login, user, &DIALECT)).await
    }

    async fn set_password(&self, login: &Login, user: &LoginName, password: &Password) -> Result<(), Error> {
        within(login.timeout, users::set_password(login, user, password, &DIALECT)).await
    }

    async fn drop_user(&self, login: &Login, user: &LoginName) -> Result<(), Error> {
        within(login.timeout, users::remove(login, user)).await
    }
}

/// The server salts and hashes the password itself, and writes `<secret>` in its place where it logs such statements
/// (<https://dev.mysql.com/doc/refman/8.4/en/password-logging.html>); the session's logging is off besides.
fn identified(password: &Password) -> String {
    format!("IDENTIFIED WITH caching_sha2_password BY {}", literal(password.expose()))
}
