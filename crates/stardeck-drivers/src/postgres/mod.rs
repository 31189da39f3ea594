//! PostgreSQL, by its frontend/backend protocol 3.0
//! (<https://www.postgresql.org/docs/current/protocol.html>), without TLS.

mod databases;
mod probe;
mod secure;
mod session;
mod users;
mod wire;

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{Engine, LogicalName, LoginName, Password};

use crate::{
    Accounts, EngineClient, Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser, Probe,
    ServerInfo, UserFacts, net::within,
};

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

    async fn list_databases(&self, login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = databases::list(&mut session).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn create_database(&self, login: &Login, database: &NewLogicalDatabase) -> Result<(), Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = databases::create(login, &mut session, database).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn drop_database(&self, login: &Login, name: &LogicalName) -> Result<(), Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = databases::remove(&mut session, name).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn list_users(&self, login: &Login) -> Result<Vec<UserFacts>, Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = users::list(&mut session).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn put_user(&self, login: &Login, user: &NewUser) -> Result<(), Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = users::put(login, &mut session, user).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn set_password(&self, login: &Login, user: &LoginName, password: &Password) -> Result<(), Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = users::set_password(&mut session, user, password).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }

    async fn drop_user(&self, login: &Login, user: &LoginName) -> Result<(), Error> {
        let work = async {
            let mut session = Session::administer(login).await?;
            let done = users::remove(login, &mut session, user).await?;
            Ok((session, done))
        };
        let (session, done) = within(login.timeout, work).await?;
        session.close().await;
        Ok(done)
    }
}
