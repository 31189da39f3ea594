//! Logical databases. They belong to nobody; accounts have rights on them.

use stardeck_domain::LogicalName;

use super::{
    secure::{QUIET, literal},
    session::Session,
};
use crate::{Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, logical::option};

/// The databases without the servers' own. A connection is counted where it works now.
const LIST: &str = "SELECT CONVERT(s.SCHEMA_NAME USING utf8mb4), \
         CAST(COALESCE((SELECT SUM(t.DATA_LENGTH + t.INDEX_LENGTH) FROM information_schema.TABLES t \
             WHERE t.TABLE_SCHEMA = s.SCHEMA_NAME), 0) AS CHAR), \
         CAST((SELECT COUNT(*) FROM information_schema.PROCESSLIST p WHERE p.DB = s.SCHEMA_NAME) AS CHAR) \
     FROM information_schema.SCHEMATA s \
     WHERE s.SCHEMA_NAME NOT IN ('mysql', 'information_schema', 'performance_schema', 'sys') \
     ORDER BY s.SCHEMA_NAME";

/// How text is encoded when nothing is said.
const DEFAULT_ENCODING: &str = "utf8mb4";

/// What the server says of a database that exists (`ER_DB_CREATE_EXISTS`).
const EXISTS: &str = "1007";

pub(crate) async fn list(login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error> {
    let mut session = Session::open(login).await?;
    let rows: Vec<(String, Option<String>, Option<String>)> = session.rows(LIST).await?;
    session.close().await;
    let facts = |(name, size, connections): (String, Option<String>, Option<String>)| LogicalDatabaseFacts {
        name,
        owner: None,
        // A sum is a decimal number, of which nothing is after the point.
        size_bytes: size.and_then(|text| text.split('.').next()?.parse().ok()),
        connections: connections.and_then(|text| text.parse().ok()),
    };
    Ok(rows.into_iter().map(facts).collect())
}

/// There is nothing to finish: the statement does all or nothing.
pub(crate) async fn create(login: &Login, database: &NewLogicalDatabase) -> Result<(), Error> {
    let mut session = Session::open(login).await?;
    session.run(QUIET).await?;
    let encoding = database.encoding.as_deref().unwrap_or(DEFAULT_ENCODING);
    let collation = database.collation.as_deref().map(|name| format!(" COLLATE {}", literal(name)));
    let statement = format!(
        "CREATE DATABASE {} CHARACTER SET {}{}",
        identifier(database.name.as_str()),
        literal(encoding),
        collation.unwrap_or_default()
    );
    match session.run(&statement).await {
        Err(Error::Refused { code, .. }) if code == EXISTS => {}
        done => done.map_err(|error| error.about_option(refused_option))?,
    }
    session.close().await;
    Ok(())
}

/// The option that a refusal is about: there is no such encoding (`ER_UNKNOWN_CHARACTER_SET`), no such collation
/// (`ER_UNKNOWN_COLLATION`), or it is one of another encoding (`ER_COLLATION_CHARSET_MISMATCH`).
fn refused_option(code: &str) -> Option<&'static str> {
    match code {
        "1115" => Some(option::ENCODING),
        "1253" | "1273" => Some(option::COLLATION),
        _ => None,
    }
}

pub(crate) async fn remove(login: &Login, name: &LogicalName) -> Result<(), Error> {
    let mut session = Session::open(login).await?;
    session.run(&format!("DROP DATABASE IF EXISTS {}", identifier(name.as_str()))).await?;
    session.close().await;
    Ok(())
}

/// A name between quotes.
pub(super) fn identifier(name: &str) -> String {
    format!("`{}`", name.replace('`', "``"))
}

/// A name where rights are given: there `_` and `%` stand for other characters unless a backslash is before them.
pub(super) fn pattern(name: &LogicalName) -> String {
    identifier(&name.as_str().replace('\\', "\\\\").replace('_', "\\_").replace('%', "\\%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stand_for_themselves_only() {
        let name = LogicalName::parse("a`_%b").unwrap();
        assert_eq!(identifier(name.as_str()), "`a``_%b`");
        assert_eq!(pattern(&name), r"`a``\_\%b`");
    }
}
