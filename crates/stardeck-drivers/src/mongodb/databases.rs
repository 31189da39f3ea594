//! Logical databases, which exist as soon as something is written to them.

use std::collections::BTreeMap;

use stardeck_domain::LogicalName;

use super::{
    ADMIN_DATABASE,
    bson::{Document, Value},
    session::{Session, command},
    users::{accounts, connections_by_user},
};
use crate::{Error, LogicalDatabaseFacts, Login, NewLogicalDatabase};

/// The server's own.
const OWN: &[&str] = &["admin", "local", "config"];

/// The databases that hold something, and those that a user is bound to.
pub(super) async fn list(session: &mut Session) -> Result<Vec<LogicalDatabaseFacts>, Error> {
    let answer = session.ask(&command("listDatabases", Value::Int(1), ADMIN_DATABASE)).await?;
    let mut found: BTreeMap<String, (Option<u64>, u32)> = BTreeMap::new();
    for database in answer.documents("databases") {
        if let Some(name) = database.text("name") {
            found.insert(name.to_owned(), (database.number("sizeOnDisk"), 0));
        }
    }
    let open = connections_by_user(session).await;
    for account in accounts(session).await? {
        for database in account.databases {
            let entry = found.entry(database).or_insert((Some(0), 0));
            entry.1 += open.get(&account.username).copied().unwrap_or_default();
        }
    }
    let facts = |(name, (size_bytes, connections))| LogicalDatabaseFacts {
        name,
        owner: None,
        size_bytes,
        connections: Some(connections),
    };
    Ok(found.into_iter().filter(|(name, _)| !OWN.contains(&name.as_str())).map(facts).collect())
}

/// The server refuses names that differ from another one in case only, but not before something is written.
pub(super) async fn create(
    _login: &Login,
    session: &mut Session,
    database: &NewLogicalDatabase,
) -> Result<(), Error> {
    let wanted = database.name.as_str();
    for known in list(session).await? {
        if known.name != wanted && known.name.to_lowercase() == wanted.to_lowercase() {
            let detail = format!("there is a database {}, which differs in case only", known.name);
            // DatabaseDifferCase
            return Err(Error::Refused { code: "13297".to_owned(), detail });
        }
    }
    Ok(())
}

pub(super) async fn remove(session: &mut Session, name: &LogicalName) -> Result<(), Error> {
    let drop: Document = command("dropDatabase", Value::Int(1), name.as_str());
    session.ask(&drop).await.map(|_| ())
}
