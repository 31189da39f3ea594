//! MariaDB.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use sha1::{Digest as _, Sha1};
use stardeck_domain::{Engine, Password};

use crate::{
    Accounts, EngineClient, Error, Login, Probe, ServerInfo,
    mysql_protocol::{
        login, probe,
        secure::{Dialect, secure},
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
