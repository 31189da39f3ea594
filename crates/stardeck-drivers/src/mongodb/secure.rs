//! The accounts of a freshly initialised server.
//!
//! Commands about accounts are no transaction here, so they are in an order in which each may be the last: Stardeck's
//! own account first, the administrator's password, which is the bootstrap password until then, last. The server keeps
//! verifiers, salted by itself, and leaves passwords out of its log.

use stardeck_domain::{LoginName, Password};

use super::{
    ADMIN_DATABASE,
    bson::{Document, Value},
    session::{Session, command},
};
use crate::{Accounts, Error, Login};

/// What the server says of a user who does not exist (`UserNotFound`).
const USER_NOT_FOUND: &str = "11";

/// Gives the server its accounts.
pub(super) async fn secure(bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
    let Accounts { admin, management } = accounts;
    let mut session = match Session::open(bootstrap).await {
        Ok(session) => session,
        Err(rejected @ Error::CredentialsRejected { .. }) => {
            // An earlier run may have come through.
            let (user, password) = management.clone();
            match Session::open(&Login { user, password, ..bootstrap.clone() }).await {
                Err(Error::CredentialsRejected { .. }) => return Err(rejected),
                opened => opened?,
            }
        }
        Err(error) => return Err(error),
    };
    for account in [management, admin] {
        match session.ask(&about("updateUser", account)).await {
            Err(Error::Refused { code, .. }) if code == USER_NOT_FOUND => {
                session.ask(&about("createUser", account)).await?;
            }
            done => drop(done?),
        }
    }
    Ok(())
}

/// A command that makes or changes an account with all rights.
fn about(name: &str, (user, password): &(LoginName, Password)) -> Document {
    let text = |text: &str| Value::Text(text.to_owned());
    let role = Document::default().with("role", text("root")).with("db", text(ADMIN_DATABASE));
    command(name, text(user.as_str()), ADMIN_DATABASE)
        .with("pwd", text(password.expose()))
        .with("roles", Value::Array(vec![Value::Document(role)]))
}
