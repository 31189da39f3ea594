//! Logical databases: there are none. Apps that share a server have a prefix for their keys each, which is only a pattern
//! in the rights of their users.

use std::collections::BTreeMap;

use stardeck_domain::LogicalName;

use super::{session::Session, users::connections_by_user};
use crate::{Error, LogicalDatabaseFacts, Login, NewLogicalDatabase};

/// How many keys are looked at in one step; the server works on nothing else meanwhile.
const AT_ONCE: usize = 1000;

/// What all keys of a prefix look like. Its name holds no character that means something in patterns.
pub(super) fn pattern(name: &str) -> String {
    format!("{name}:*")
}

/// The prefixes that users are bound to.
pub(super) async fn list(session: &mut Session) -> Result<Vec<LogicalDatabaseFacts>, Error> {
    let lines: Vec<String> = session.ask(redis::cmd("ACL").arg("LIST")).await?;
    let open = connections_by_user(session).await?;
    let mut found: BTreeMap<String, u32> = BTreeMap::new();
    for line in lines {
        let mut words = line.split(' ').skip(1);
        let user = words.next().unwrap_or_default().to_owned();
        for prefix in words.filter_map(|word| word.strip_prefix('~')?.strip_suffix(":*")) {
            *found.entry(prefix.to_owned()).or_default() += open.get(&user).copied().unwrap_or_default();
        }
    }
    let facts = |(name, connections)| LogicalDatabaseFacts {
        name,
        owner: None,
        size_bytes: None,
        connections: Some(connections),
    };
    Ok(found.into_iter().map(facts).collect())
}

#[expect(clippy::unused_async, reason = "stands where other engines have something to do")]
pub(super) async fn create(
    _login: &Login,
    _session: &mut Session,
    _database: &NewLogicalDatabase,
) -> Result<(), Error> {
    Ok(())
}

/// Removes all keys of the prefix, in every numbered database that holds keys, a few at a time.
pub(super) async fn remove(session: &mut Session, name: &LogicalName) -> Result<(), Error> {
    let keyspace: String = session.ask(redis::cmd("INFO").arg("keyspace")).await?;
    let numbers =
        keyspace.lines().filter_map(|line| line.strip_prefix("db")?.split_once(':')?.0.parse().ok());
    for number in numbers.collect::<Vec<u32>>() {
        session.ask::<()>(redis::cmd("SELECT").arg(number)).await?;
        let mut cursor: u64 = 0;
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor).arg("MATCH").arg(pattern(name.as_str())).arg("COUNT").arg(AT_ONCE);
            let (next, keys): (u64, Vec<Vec<u8>>) = session.ask(&scan).await?;
            if !keys.is_empty() {
                session.ask::<()>(redis::cmd("UNLINK").arg(keys)).await?;
            }
            cursor = next;
            if cursor == 0 {
                break;
            }
        }
    }
    Ok(())
}
