//! Users of apps: accounts in the database of all accounts, with one role on one logical database.

use std::collections::BTreeMap;

use stardeck_domain::{LoginName, Password, Preset};

use super::{
    ADMIN_DATABASE,
    bson::{Document, Value},
    session::{Session, command},
};
use crate::{Error, Login, NewUser, UserFacts};

/// What the server says of a user who does not exist (`UserNotFound`).
const USER_NOT_FOUND: &str = "11";

/// An account with the databases it has roles on.
pub(super) struct Account {
    pub(super) username: String,
    pub(super) databases: Vec<String>,
    pub(super) is_admin: bool,
}

/// All accounts.
pub(super) async fn accounts(session: &mut Session) -> Result<Vec<Account>, Error> {
    let answer = session.ask(&command("usersInfo", Value::Int(1), ADMIN_DATABASE)).await?;
    let account = |user: &Document| {
        let roles: Vec<_> = user.documents("roles").collect();
        let on = |role: &&Document| role.text("db").map(str::to_owned);
        Some(Account {
            username: user.text("user")?.to_owned(),
            databases: roles.iter().filter_map(on).filter(|database| database != ADMIN_DATABASE).collect(),
            is_admin: roles.iter().any(|role| role.text("role") == Some("root")),
        })
    };
    Ok(answer.documents("users").filter_map(account).collect())
}

pub(super) async fn list(session: &mut Session) -> Result<Vec<UserFacts>, Error> {
    let open = connections_by_user(session).await;
    let facts = |account: Account| UserFacts {
        connections: Some(open.get(&account.username).copied().unwrap_or_default()),
        can_log_in: true,
        is_admin: account.is_admin,
        username: account.username,
    };
    Ok(accounts(session).await?.into_iter().map(facts).collect())
}

/// How many connections each user has; none where a server has so many that it would take too much to tell.
pub(super) async fn connections_by_user(session: &mut Session) -> BTreeMap<String, u32> {
    let all = command("currentOp", Value::Int(1), ADMIN_DATABASE).with("$all", Value::Bool(true));
    let Ok(answer) = session.ask(&all).await else { return BTreeMap::new() };
    let mut counts = BTreeMap::new();
    for operation in answer.documents("inprog") {
        for user in operation.documents("effectiveUsers").filter_map(|user| user.text("user")) {
            *counts.entry(user.to_owned()).or_default() += 1;
        }
    }
    counts
}

pub(super) async fn put(_login: &Login, session: &mut Session, user: &NewUser) -> Result<(), Error> {
    let roles: &[&str] = match user.preset {
        // The role dbOwner could make users and roles.
        Preset::Owner => &["readWrite", "dbAdmin"],
        Preset::ReadWrite => &["readWrite"],
        Preset::ReadOnly => &["read"],
    };
    let role = |name: &&str| {
        let text = |text: &str| Value::Text(text.to_owned());
        Value::Document(Document::default().with("role", text(name)).with("db", text(user.database.as_str())))
    };
    let about = |name: &str| {
        command(name, Value::Text(user.username.to_string()), ADMIN_DATABASE)
            .with("pwd", Value::Text(user.password.expose().to_owned()))
            .with("roles", Value::Array(roles.iter().map(role).collect()))
    };
    match session.ask(&about("updateUser")).await {
        Err(Error::Refused { code, .. }) if code == USER_NOT_FOUND => {
            session.ask(&about("createUser")).await.map(|_| ())
        }
        done => done.map(|_| ()),
    }
}

pub(super) async fn set_password(
    session: &mut Session,
    user: &LoginName,
    password: &Password,
) -> Result<(), Error> {
    let change = command("updateUser", Value::Text(user.to_string()), ADMIN_DATABASE)
        .with("pwd", Value::Text(password.expose().to_owned()));
    session.ask(&change).await.map(|_| ())
}

/// A connection whose user is gone may do nothing more, which is as good as its end.
pub(super) async fn remove(_login: &Login, session: &mut Session, user: &LoginName) -> Result<(), Error> {
    let drop = command("dropUser", Value::Text(user.to_string()), ADMIN_DATABASE);
    match session.ask(&drop).await {
        Err(Error::Refused { code, .. }) if code == USER_NOT_FOUND => Ok(()),
        done => done.map(|_| ()),
    }
}
