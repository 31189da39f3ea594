//! Accounts of apps: from every address, with rights on one logical database.

use stardeck_domain::{LoginName, Password, Preset};

use super::{
    databases::pattern,
    secure::{ANYWHERE, Dialect, QUIET, account, literal},
    session::Session,
};
use crate::{Error, Login, NewUser, UserFacts};

const LIST: &str = "SELECT CONVERT(u.User USING utf8mb4), \
         CAST(MAX(u.Super_priv = 'Y') AS CHAR), \
         CAST((SELECT COUNT(*) FROM information_schema.PROCESSLIST p WHERE p.USER = u.User) AS CHAR) \
     FROM mysql.user u WHERE u.User NOT LIKE 'mysql.%' AND u.User <> 'mariadb.sys' AND u.User <> '' \
     GROUP BY u.User ORDER BY u.User";

/// How many connections of the server's most one app gets: a fifth.
const SHARE: &str = "SELECT CAST(GREATEST(1, FLOOR(@@GLOBAL.max_connections / 5)) AS CHAR)";

/// A connection that ended by itself can not be ended (`ER_NO_SUCH_THREAD`).
const GONE: &str = "1094";

pub(crate) async fn list(login: &Login) -> Result<Vec<UserFacts>, Error> {
    let mut session = Session::open(login).await?;
    let rows: Vec<(String, Option<String>, Option<String>)> = session.rows(LIST).await?;
    session.close().await;
    let facts = |(username, is_admin, connections): (String, Option<String>, Option<String>)| UserFacts {
        username,
        can_log_in: true,
        is_admin: is_admin.as_deref() == Some("1"),
        connections: connections.and_then(|text| text.parse().ok()),
    };
    Ok(rows.into_iter().map(facts).collect())
}

pub(crate) async fn put(login: &Login, user: &NewUser, dialect: &Dialect) -> Result<(), Error> {
    let mut session = Session::open(login).await?;
    session.run(QUIET).await?;
    let account = account(user.username.as_str(), ANYWHERE);
    let identified = (dialect.identified)(&user.password);
    let limit = match user.connection_limit {
        Some(limit) => limit.to_string(),
        None => session.list(SHARE).await?.into_iter().next().unwrap_or_else(|| "20".to_owned()),
    };
    // Locked until its rights are right, since statements about accounts are no transaction.
    session.run(&format!("CREATE USER IF NOT EXISTS {account} {identified} ACCOUNT LOCK")).await?;
    session.run(&format!("REVOKE ALL PRIVILEGES, GRANT OPTION FROM {account}")).await?;
    let (rights, database) = (rights(user.preset), pattern(&user.database));
    session.run(&format!("GRANT {rights} ON {database}.* TO {account}")).await?;
    session
        .run(&format!("ALTER USER {account} {identified} WITH MAX_USER_CONNECTIONS {limit} ACCOUNT UNLOCK"))
        .await?;
    session.close().await;
    Ok(())
}

/// What an account may do. None of them may hand rights on, nor see or end what others do.
const fn rights(preset: Preset) -> &'static str {
    match preset {
        Preset::Owner => "ALL PRIVILEGES",
        Preset::ReadWrite => {
            "SELECT, INSERT, UPDATE, DELETE, EXECUTE, SHOW VIEW, LOCK TABLES, CREATE TEMPORARY TABLES"
        }
        Preset::ReadOnly => "SELECT, SHOW VIEW",
    }
}

pub(crate) async fn set_password(
    login: &Login,
    user: &LoginName,
    password: &Password,
    dialect: &Dialect,
) -> Result<(), Error> {
    let mut session = Session::open(login).await?;
    session.run(QUIET).await?;
    let identified = (dialect.identified)(password);
    session.run(&format!("ALTER USER {} {identified}", account(user.as_str(), ANYWHERE))).await?;
    session.close().await;
    Ok(())
}

pub(crate) async fn remove(login: &Login, user: &LoginName) -> Result<(), Error> {
    let mut session = Session::open(login).await?;
    session.run(QUIET).await?;
    session.run(&format!("DROP USER IF EXISTS {}", account(user.as_str(), ANYWHERE))).await?;
    // The server lets a dropped account's connections go on.
    let open = format!(
        "SELECT CAST(ID AS CHAR) FROM information_schema.PROCESSLIST WHERE USER = {}",
        literal(user.as_str())
    );
    for id in session.list(&open).await? {
        match session.run(&format!("KILL CONNECTION {id}")).await {
            Err(Error::Refused { code, .. }) if code == GONE => {}
            done => done?,
        }
    }
    session.close().await;
    Ok(())
}
