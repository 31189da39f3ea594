//! Users of apps: bound to keys and channels that begin with their prefix, without the commands that reach beyond it.

use std::collections::BTreeMap;

use redis::{Cmd, Pipeline};
use stardeck_domain::{LoginName, Password, Preset};

use super::{databases::pattern, secure::verifier, session::Session};
use crate::{Error, Login, NewUser, UserFacts};

/// What is taken from all commands, and given back of that, so that the rest does not reach beyond a user's own keys. `KEYS` is
/// among the dangerous ones for being slow, and `INFO` for what it tells; apps and their libraries use both.
///
/// Functions and the store of scripts are the whole server's: one user could replace what another one calls. A script that is
/// sent along can do no more than the one who runs it.
const WITHIN_KEYS: [&str; 8] =
    ["-@dangerous", "-@scripting", "+eval", "+evalsha", "+script|load", "+script|exists", "+info", "+keys"];

/// How a server says that it keeps its users in no file.
const NO_FILE: &str = "not configured to use an ACL file";
/// What becomes of the users of such a server.
const WOULD_BE_LOST: &str = "its users would be lost at its next start";

pub(super) async fn list(session: &mut Session) -> Result<Vec<UserFacts>, Error> {
    let lines: Vec<String> = session.ask(redis::cmd("ACL").arg("LIST")).await?;
    let open = connections_by_user(session).await?;
    let facts = |line: &String| {
        let words: Vec<_> = line.split(' ').collect();
        let has = |wanted: &str| words.contains(&wanted);
        let username = words.get(1)?.to_string();
        let connections = Some(open.get(&username).copied().unwrap_or_default());
        let is_admin = has("~*") && has("+@all");
        Some(UserFacts { can_log_in: has("on"), is_admin, username, connections })
    };
    Ok(lines.iter().filter_map(facts).collect())
}

/// How many connections each user has.
pub(super) async fn connections_by_user(session: &mut Session) -> Result<BTreeMap<String, u32>, Error> {
    let clients: String = session.ask(redis::cmd("CLIENT").arg("LIST")).await?;
    let mut counts = BTreeMap::new();
    for user in clients.lines().filter_map(|line| line.split(' ').find_map(|word| word.strip_prefix("user=")))
    {
        *counts.entry(user.to_owned()).or_default() += 1;
    }
    Ok(counts)
}

pub(super) async fn put(_login: &Login, session: &mut Session, user: &NewUser) -> Result<(), Error> {
    let pattern = pattern(user.database.as_str());
    let mut command = set_user(&user.username);
    // `reset` first, so that no earlier password or right stays.
    command.arg("reset").arg("on").arg(verifier(&user.password));
    command.arg(format!("~{pattern}")).arg(format!("&{pattern}"));
    command.arg("+@all");
    if user.preset == Preset::ReadOnly {
        command.arg("-@write");
    }
    command.arg(&WITHIN_KEYS);
    save(session, command).await
}

pub(super) async fn set_password(
    session: &mut Session,
    user: &LoginName,
    password: &Password,
) -> Result<(), Error> {
    let mut command = set_user(user);
    command.arg("resetpass").arg(verifier(password));
    save(session, command).await
}

/// The server itself ends the connections of a user who is deleted.
pub(super) async fn remove(_login: &Login, session: &mut Session, user: &LoginName) -> Result<(), Error> {
    let mut command = redis::cmd("ACL");
    command.arg("DELUSER").arg(user.as_str());
    match save(session, command.clone()).await {
        // Where there is no file, there is nothing else that would bring the user back.
        Err(Error::Refused { detail, .. }) if detail.contains(NO_FILE) => {
            session.ask::<i64>(&command).await.map(drop)
        }
        removed => removed,
    }
}

fn set_user(user: &LoginName) -> Cmd {
    let mut command = redis::cmd("ACL");
    command.arg("SETUSER").arg(user.as_str());
    command
}

/// Reads where the server keeps its users. One that does not say is asked again by each change.
pub(super) async fn check_are_kept(session: &mut Session) -> Result<(), Error> {
    let asked: Result<BTreeMap<String, String>, _> =
        session.ask(redis::cmd("CONFIG").arg("GET").arg("aclfile")).await;
    match asked {
        Ok(settings) if settings.get("aclfile").is_some_and(String::is_empty) => {
            let detail = format!("{WOULD_BE_LOST}: this server is {NO_FILE} (`aclfile`)");
            Err(Error::Refused { code: "ERR".to_owned(), detail })
        }
        Ok(_) | Err(Error::Refused { .. }) => Ok(()),
        Err(other) => Err(other),
    }
}

/// Changes the users in memory and in their file. A server without such a file keeps them in memory only, which would be
/// lost at its next start, so that is refused beforehand.
async fn save(session: &mut Session, change: Cmd) -> Result<(), Error> {
    match session.ask::<()>(redis::cmd("ACL").arg("SAVE")).await {
        Err(Error::Refused { code, detail }) if detail.contains(NO_FILE) => {
            let detail = format!("{WOULD_BE_LOST}: {detail}");
            return Err(Error::Refused { code, detail });
        }
        done => done?,
    }
    let mut commands = Pipeline::new();
    commands.atomic();
    commands.add_command(change);
    commands.cmd("ACL").arg("SAVE");
    session.run_all(&commands).await
}
