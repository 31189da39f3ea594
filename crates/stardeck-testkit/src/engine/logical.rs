//! Logical databases and users of the engines in a fake runtime's containers. They are kept in the volume.

use std::collections::{BTreeMap, BTreeSet};

use stardeck_domain::Preset;
use stardeck_drivers::{Error, LogicalDatabaseFacts, Login, NewUser, UserFacts};

use super::{VolumeContent, check, content_mut, ready};
use crate::runtime::{FakeRuntime, Objects};

/// What a volume holds besides its accounts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogicalContent {
    /// The logical databases.
    pub databases: BTreeSet<String>,
    /// The users: each with its logical database and what it may do there.
    pub users: BTreeMap<String, (String, Preset)>,
    /// How often each user's password was set.
    pub passwords_set: BTreeMap<String, u32>,
}

/// The contents of the engine that lets this login in.
fn content<'a>(objects: &'a mut Objects, login: &Login) -> Result<&'a mut LogicalContent, Error> {
    let name = ready(objects, login.addr)?;
    check(objects, &name, login)?;
    let volume = objects.containers.get(&name).and_then(|container| container.volumes.first().cloned());
    let volume = volume.and_then(|volume| objects.volumes.get_mut(&volume));
    volume.map(|volume| &mut volume.logical).ok_or(Error::Timeout)
}

pub(super) fn list_databases(
    objects: &mut Objects,
    login: &Login,
) -> Result<Vec<LogicalDatabaseFacts>, Error> {
    let databases = content(objects, login)?.databases.iter();
    let facts = |name: &String| LogicalDatabaseFacts {
        name: name.clone(),
        owner: Some(format!("{name}_owner")),
        size_bytes: Some(0),
        connections: Some(0),
    };
    Ok(databases.map(facts).collect())
}

pub(super) fn create_database(objects: &mut Objects, login: &Login, name: &str) -> Result<(), Error> {
    content(objects, login)?.databases.insert(name.to_owned());
    Ok(())
}

pub(super) fn drop_database(objects: &mut Objects, login: &Login, name: &str) -> Result<(), Error> {
    content(objects, login)?.databases.remove(name);
    Ok(())
}

pub(super) fn list_users(objects: &mut Objects, login: &Login) -> Result<Vec<UserFacts>, Error> {
    let apps: BTreeSet<_> = content(objects, login)?.users.keys().cloned().collect();
    let name = ready(objects, login.addr)?;
    let known = match content_mut(objects, &name) {
        Some(VolumeContent::Accounts(known)) => known.keys().cloned().collect(),
        _ => Vec::new(),
    };
    let facts = |username: String| UserFacts {
        can_log_in: true,
        is_admin: !apps.contains(&username),
        connections: Some(0),
        username,
    };
    Ok(known.into_iter().map(facts).collect())
}

pub(super) fn put_user(objects: &mut Objects, login: &Login, user: &NewUser) -> Result<(), Error> {
    let held = content(objects, login)?;
    if !held.databases.contains(user.database.as_str()) {
        let detail = format!("there is no database {}", user.database);
        return Err(Error::Refused { code: "3D000".to_owned(), detail });
    }
    held.users.insert(user.username.to_string(), (user.database.to_string(), user.preset));
    set_password(objects, login, user.username.as_str(), user.password.expose())
}

pub(super) fn set_password(
    objects: &mut Objects,
    login: &Login,
    user: &str,
    password: &str,
) -> Result<(), Error> {
    *content(objects, login)?.passwords_set.entry(user.to_owned()).or_default() += 1;
    let name = ready(objects, login.addr)?;
    if let Some(VolumeContent::Accounts(known)) = content_mut(objects, &name) {
        known.insert(user.to_owned(), password.to_owned());
    }
    Ok(())
}

pub(super) fn drop_user(objects: &mut Objects, login: &Login, user: &str) -> Result<(), Error> {
    let held = content(objects, login)?;
    held.users.remove(user);
    held.passwords_set.remove(user);
    let name = ready(objects, login.addr)?;
    if let Some(VolumeContent::Accounts(known)) = content_mut(objects, &name) {
        known.remove(user);
    }
    Ok(())
}

impl FakeRuntime {
    /// The logins that the engine of a container takes, each with its password.
    pub fn accounts(&self, container: &str) -> BTreeMap<String, String> {
        match content_mut(&mut self.inner().lock().objects, container) {
            Some(VolumeContent::Accounts(known)) => known.clone(),
            Some(VolumeContent::Empty | VolumeContent::Half) | None => BTreeMap::new(),
        }
    }
}
