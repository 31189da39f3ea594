//! What every engine's driver can do.

use std::{net::SocketAddr, time::Duration};

use async_trait::async_trait;
use stardeck_domain::{Engine, LogicalName, LoginName, Password};

use crate::{Error, LogicalDatabaseFacts, NewLogicalDatabase, NewUser, UserFacts};

/// Where to log in, and as whom.
#[derive(Debug, Clone)]
pub struct Login {
    /// The engine's address.
    pub addr: SocketAddr,
    /// The login name.
    pub user: LoginName,
    /// The password.
    pub password: Password,
    /// The logical database; None for the one the engine's administrators meet in.
    pub database: Option<String>,
    /// How long the whole call may take, from connecting to the last answer.
    pub timeout: Duration,
}

/// The accounts a new engine is to have, each a name and a password.
#[derive(Debug, Clone)]
pub struct Accounts {
    /// The person's administrator.
    pub admin: (LoginName, Password),
    /// Stardeck's own role.
    pub management: (LoginName, Password),
}

/// What a server says about itself after a login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerInfo {
    /// Its version, such as `16.15`.
    pub version: String,
}

/// The answer to a question without credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// The engine listens and decides about logins: it asked for credentials, or refused for good.
    Answers,
    /// It does not, or not yet.
    NotYet {
        /// What was seen instead, for progress and logs.
        reason: String,
    },
}

/// One engine's driver. It survives a peer that is silent, floods, or is not the engine at all; no password reaches
/// an error, a log or a statement in clear.
#[async_trait]
pub trait EngineClient: Send + Sync {
    /// The engine this speaks to.
    fn engine(&self) -> Engine;

    /// Asks over the wire, without credentials and cheaply, whether the engine answers. `timeout` is for the whole
    /// call.
    async fn probe(&self, addr: SocketAddr, timeout: Duration) -> Probe;

    /// Logs in and has a query answered.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::is_transient`] tells whether a later try may succeed.
    async fn login(&self, login: &Login) -> Result<ServerInfo, Error>;

    /// Gives a freshly initialised engine its accounts: Stardeck's own role and the administrator's password, in
    /// place of the bootstrap password, all or nothing. Run again it changes nothing, also when the bootstrap login
    /// does not work any more because it was run before. `bootstrap.timeout` is for the whole call.
    ///
    /// # Errors
    /// See [`Error`]. [`Error::CredentialsRejected`] means that neither the bootstrap login nor Stardeck's own works.
    async fn secure(&self, bootstrap: &Login, accounts: &Accounts) -> Result<(), Error>;

    /// The logical databases of the server, without the engine's own. `login` is an administrator's, here and below, and
    /// its timeout is for the whole call.
    ///
    /// # Errors
    /// See [`Error`].
    async fn list_databases(&self, login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error>;

    /// Makes a logical database that no user may enter yet. One that was made so already is left as it is, and one that
    /// was half made is finished; where databases exist by being used, nothing is done.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Refused`] also when there is one of this name that was not made so.
    async fn create_database(&self, login: &Login, database: &NewLogicalDatabase) -> Result<(), Error>;

    /// Drops a logical database with all that is in it, although clients use it; gone already is success.
    ///
    /// # Errors
    /// See [`Error`].
    async fn drop_database(&self, login: &Login, name: &LogicalName) -> Result<(), Error>;

    /// The users, and the roles that share their names' space, without the server's own.
    ///
    /// # Errors
    /// See [`Error`].
    async fn list_users(&self, login: &Login) -> Result<Vec<UserFacts>, Error>;

    /// Looks whether users that are made are still there after the server's next start.
    ///
    /// # Errors
    /// See [`Error`]; [`Error::Refused`] when they would be lost.
    async fn check_keeps_users(&self, _login: &Login) -> Result<(), Error> {
        Ok(())
    }

    /// Makes a user with exactly the rights asked for, in one logical database; one that is there gets password and rights
    /// in place of its own.
    ///
    /// # Errors
    /// See [`Error`].
    async fn put_user(&self, login: &Login, user: &NewUser) -> Result<(), Error>;

    /// Gives a user another password and changes nothing else. Its connections go on.
    ///
    /// # Errors
    /// See [`Error`].
    async fn set_password(&self, login: &Login, user: &LoginName, password: &Password) -> Result<(), Error>;

    /// Drops a user and ends its connections; what it made in the logical databases stays. Gone already is success.
    ///
    /// # Errors
    /// See [`Error`].
    async fn drop_user(&self, login: &Login, user: &LoginName) -> Result<(), Error>;
}
