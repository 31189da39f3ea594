//! Redis and Valkey, by the Redis serialization protocol (<https://redis.io/docs/latest/develop/reference/protocol-spec/>),
//! without TLS.

mod databases;
mod probe;
mod secure;
mod session;
mod users;

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{Engine, LogicalName, LoginName, Password};

use crate::{
    Accounts, EngineClient, Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser, Probe,
    ServerInfo, UserFacts, net::within,
};

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

    async fn list_databases(&self, login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            databases::list(&mut session).await
        };
        within(login.timeout, work).await
    }

    async fn create_database(&self, login: &Login, database: &NewLogicalDatabase) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            databases::create(login, &mut session, database).await
        };
        within(login.timeout, work).await
    }

    async fn drop_database(&self, login: &Login, name: &LogicalName) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            databases::remove(&mut session, name).await
        };
        within(login.timeout, work).await
    }

    async fn list_users(&self, login: &Login) -> Result<Vec<UserFacts>, Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            users::list(&mut session).await
        };
        within(login.timeout, work).await
    }

    async fn check_keeps_users(&self, login: &Login) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            users::check_are_kept(&mut session).await
        };
        within(login.timeout, work).await
    }

    async fn put_user(&self, login: &Login, user: &NewUser) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            users::put(login, &mut session, user).await
        };
        within(login.timeout, work).await
    }

    async fn set_password(&self, login: &Login, user: &LoginName, password: &Password) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            users::set_password(&mut session, user, password).await
        };
        within(login.timeout, work).await
    }

    async fn drop_user(&self, login: &Login, user: &LoginName) -> Result<(), Error> {
        let work = async {
            let mut session = Session::open(login).await?;
            users::remove(login, &mut session, user).await
        };
        within(login.timeout, work).await
    }
}
