//! The accounts of a freshly initialised server, in one transaction.
//!
//! Passwords leave this process only as SCRAM-SHA-256 verifiers (RFC 5803), which the server stores as they are: a
//! statement that fails, or a server that logs all statements, then writes no password. A password is prepared with
//! `SASLprep` (RFC 4013) first, or taken byte by byte where that forbids it, as the server and libpq do
//! (<https://www.postgresql.org/docs/current/sasl-authentication.html>).

use postgres_protocol::{
    escape::{escape_identifier, escape_literal},
    password::scram_sha_256,
};
use stardeck_domain::{LoginName, Password};

use super::session::Session;
use crate::{Accounts, Error, Login};

/// Keeps two runs apart. Any number does, as long as it is always the same.
const LOCK: &str = "SELECT pg_catalog.pg_advisory_xact_lock(6008175170)";

/// Not even a verifier needs to be in the server's log, whatever its configuration says.
const QUIET: &str = "SET LOCAL log_statement TO none; \
     SET LOCAL log_min_error_statement TO panic; \
     SET LOCAL log_min_duration_statement TO -1";

/// Every new role could otherwise look into these two and fill the disk with temporary tables.
const CLOSE_SHARED_DATABASES: &str = "REVOKE CONNECT, TEMPORARY ON DATABASE postgres, template1 FROM PUBLIC";

/// Gives the server its accounts and hands back the session that did.
pub(super) async fn secure(bootstrap: &Login, accounts: &Accounts) -> Result<Session, Error> {
    let Accounts { admin, management } = accounts;
    match Session::open(bootstrap).await {
        Ok(session) => apply(session, &[management, admin]).await,
        Err(rejected @ Error::CredentialsRejected { .. }) => resume(bootstrap, accounts, rejected).await,
        Err(error) => Err(error),
    }
}

/// Goes on where an earlier run may have come through: its one transaction has made our role, or nothing.
async fn resume(bootstrap: &Login, accounts: &Accounts, rejected: Error) -> Result<Session, Error> {
    let Accounts { admin, management } = accounts;
    let session = match Session::open(&login_as(bootstrap, management)).await {
        Ok(session) => session,
        Err(Error::CredentialsRejected { .. }) => return Err(rejected),
        Err(error) => return Err(error),
    };
    match Session::open(&login_as(bootstrap, admin)).await {
        Ok(works) => {
            works.close().await;
            apply(session, &[]).await
        }
        Err(Error::CredentialsRejected { .. }) => apply(session, &[admin]).await,
        Err(error) => Err(error),
    }
}

fn login_as(like: &Login, (user, password): &(LoginName, Password)) -> Login {
    Login { user: user.clone(), password: password.clone(), database: None, ..like.clone() }
}

/// The transaction. Whatever fails in it, the server undoes it when the connection ends.
async fn apply(mut session: Session, accounts: &[&(LoginName, Password)]) -> Result<Session, Error> {
    session.run(&format!("BEGIN; {QUIET}; {LOCK}")).await?;
    for (user, password) in accounts {
        let known = session.find_text(&role_query(user)).await?.is_some();
        session.run(&role_statement(user, password, known)).await?;
    }
    session.run(&format!("{CLOSE_SHARED_DATABASES}; COMMIT")).await?;
    Ok(session)
}

fn role_query(user: &LoginName) -> String {
    format!("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = {}", escape_literal(user.as_str()))
}

fn role_statement(user: &LoginName, password: &Password, known: bool) -> String {
    format!(
        "{} ROLE {} WITH LOGIN SUPERUSER CREATEDB CREATEROLE REPLICATION BYPASSRLS PASSWORD {}",
        if known { "ALTER" } else { "CREATE" },
        escape_identifier(user.as_str()),
        escape_literal(&scram_sha_256(password.expose().as_bytes())),
    )
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    fn statement(user: &str, password: &str) -> String {
        let user = LoginName::parse(user).unwrap();
        let password = Password::parse(password.to_owned(), PasswordRules::ENGINE).unwrap();
        role_statement(&user, &password, false)
    }

    #[test]
    fn statement_holds_a_verifier_and_never_the_password() {
        let statement = statement("stardeck", "s3cr3t-passw0rd");
        assert!(!statement.contains("s3cr3t"));
        let (_, verifier) = statement.split_once("PASSWORD '").unwrap();
        let parts: Vec<_> = verifier.trim_end_matches('\'').split(['$', ':']).collect();
        assert_eq!(parts[..2], ["SCRAM-SHA-256", "4096"]);
        assert_eq!(parts[2..].iter().map(|part| part.len()).collect::<Vec<_>>(), [24, 44, 44]);
    }

    #[test]
    fn password_that_looks_like_a_verifier_is_still_a_password() {
        let looks_like = format!("md5{}", "0".repeat(32));
        assert!(!statement("stardeck", &looks_like).contains(&looks_like));
    }

    #[test]
    fn names_are_quoted() {
        assert!(statement("a\"; DROP ROLE b; --", "x").contains("\"a\"\"; DROP ROLE b; --\""));
        let user = LoginName::parse("o'brien\\").unwrap();
        assert!(role_query(&user).ends_with("E'o''brien\\\\'"));
    }
}
