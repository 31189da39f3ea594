//! MariaDB.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use sha1::{Digest as _, Sha1};
use stardeck_domain::{Engine, LogicalName, LoginName, Password};

use crate::{
    Accounts, EngineClient, Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser, Probe,
    ServerInfo, UserFacts,
    mysql_protocol::{
        databases, login, probe,
        secure::{Dialect, secure},
        users,
    },
    net::within,
};

/// MariaDB's driver.
#[derive(Debug)]
pub(crate) struct MariaDbClient;

const DIALECT: Dialect = Dialect { identified };

#[async_trait]
impl EngineClient for MariaDbClient {
    fn engine(&self) -> Engine {
        Engine::MariaDb
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

/// The password as the server keeps it: twice SHA-1, which it takes in place of the password
/// (<https://mariadb.com/docs/server/reference/plugins/authentication-plugins/authentication-plugin-mysql_native_password>).
/// It is the method that all clients know.
fn identified(password: &Password) -> String {
    let twice = Sha1::digest(Sha1::digest(password.expose().as_bytes()));
    let digits: Vec<_> = twice.iter().map(|byte| format!("{byte:02X}")).collect();
    format!("IDENTIFIED VIA mysql_native_password USING '*{}'", digits.concat())
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    #[test]
    fn statement_holds_a_verifier_and_never_the_password() {
        let password = Password::parse("mypass".to_owned(), PasswordRules::ENGINE).unwrap();
        // What the server's own function PASSWORD('mypass') returns, as its documentation shows.
        assert!(identified(&password).ends_with("USING '*6C8989366EAF75BB670AD8EA7A7FC1176A95CEF4'"));
    }
}
