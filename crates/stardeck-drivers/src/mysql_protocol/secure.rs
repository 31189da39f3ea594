//! The accounts of a freshly initialised server.
//!
//! Statements about accounts are no transaction here, so they are in an order in which each may be the last: Stardeck's
//! own account first, and the one with the bootstrap password last. Run again they change nothing.

use stardeck_domain::{LoginName, Password};

use super::{login_as, session::Session};
use crate::{Accounts, Error, Login};

/// What MySQL and MariaDB say differently about accounts.
pub(crate) struct Dialect {
    /// The part of a statement that sets a password.
    pub(crate) identified: fn(&Password) -> String,
}

/// The account every new server has.
const ROOT: &str = "root";

/// Clients from every address.
pub(super) const ANYWHERE: &str = "%";

/// Clients inside the container, on the server's own socket.
const INSIDE: &str = "localhost";

/// Statements about passwords stay out of the logs, whatever the configuration says, and a backslash is a backslash.
pub(super) const QUIET: &str =
    "SET SESSION sql_log_off = ON, long_query_time = 31536000, sql_mode = 'NO_BACKSLASH_ESCAPES'";

/// Gives the server its accounts.
pub(crate) async fn secure(bootstrap: &Login, accounts: &Accounts, dialect: &Dialect) -> Result<(), Error> {
    let Accounts { admin, management } = accounts;
    let rejected = match Session::open(bootstrap).await {
        Ok(mut session) => {
            session.run(QUIET).await?;
            give_all_rights(&mut session, dialect, management).await?;
            session.close().await;
            None
        }
        Err(rejected @ Error::CredentialsRejected { .. }) => Some(rejected),
        Err(error) => return Err(error),
    };
    let mut session = match (Session::open(&login_as(bootstrap, management)).await, rejected) {
        (Ok(session), _) => session,
        (Err(Error::CredentialsRejected { .. }), Some(rejected)) => return Err(rejected),
        (Err(error), _) => return Err(error),
    };
    session.run(QUIET).await?;
    give_all_rights(&mut session, dialect, admin).await?;
    retire_root(&mut session, dialect, accounts).await?;
    session.close().await;
    Ok(())
}

/// An account that may do everything, and let others do it.
async fn give_all_rights(
    session: &mut Session,
    dialect: &Dialect,
    (user, password): &(LoginName, Password),
) -> Result<(), Error> {
    let account = account(user.as_str(), ANYWHERE);
    let identified = (dialect.identified)(password);
    session.run(&format!("CREATE USER IF NOT EXISTS {account} {identified}")).await?;
    session.run(&format!("ALTER USER {account} {identified}")).await?;
    session.run(&format!("GRANT ALL PRIVILEGES ON *.* TO {account} WITH GRANT OPTION")).await
}

/// Takes the bootstrap password from all accounts named root. When root is the administrator it gets that password, and
/// may come from everywhere; otherwise only from inside the container, with Stardeck's own password. Others, such as
/// root at the host's name, which new servers have without a password, go.
async fn retire_root(session: &mut Session, dialect: &Dialect, accounts: &Accounts) -> Result<(), Error> {
    let Accounts { admin, management } = accounts;
    let is_admin = admin.0.as_str() == ROOT;
    let password = if is_admin { &admin.1 } else { &management.1 };
    let hosts = session.list(&format!("SELECT Host FROM mysql.user WHERE User = {}", literal(ROOT))).await?;
    for host in hosts {
        let account = account(ROOT, &host);
        if host == INSIDE || (is_admin && host == ANYWHERE) {
            session.run(&format!("ALTER USER {account} {}", (dialect.identified)(password))).await?;
        } else {
            session.run(&format!("DROP USER IF EXISTS {account}")).await?;
        }
    }
    Ok(())
}

pub(super) fn account(user: &str, host: &str) -> String {
    format!("{}@{}", literal(user), literal(host))
}

/// A text between quotes, for a session in which a backslash means nothing.
pub(crate) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted() {
        assert_eq!(account("o'brien\\", "%"), r"'o''brien\'@'%'");
    }
}
