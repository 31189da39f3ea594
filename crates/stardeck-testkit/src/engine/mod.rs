//! A driver whose engines live in the containers of a [`crate::FakeRuntime`].
//!
//! It answers only while the container runs, knows the bootstrap password until the accounts are made, and keeps its
//! accounts in the container's first volume, so that they survive the container.

mod behaviour;
mod logical;
pub(crate) mod registry;

use std::{collections::BTreeMap, net::SocketAddr, sync::LazyLock, time::Duration};

use async_trait::async_trait;
use secrecy::ExposeSecret;
use stardeck_domain::{Engine, LogicalName, LoginName, Password};
use stardeck_drivers::{
    Accounts, EngineClient, Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, NewUser, Probe,
    ServerInfo, UserFacts,
};
use stardeck_service::{
    runtime::{ContainerState, RuntimeError},
    vault::token_hash,
};

pub use behaviour::EngineBehaviour;
pub(crate) use behaviour::VolumeContent;
pub use logical::LogicalContent;

use crate::runtime::{Fault, Inner, Method, Objects};

/// The fake driver of an engine: a [`stardeck_service::DriverLookup`].
pub fn fake_driver(engine: Engine) -> Option<&'static dyn EngineClient> {
    static DRIVERS: LazyLock<Vec<FakeEngine>> =
        LazyLock::new(|| Engine::ALL.iter().copied().map(FakeEngine).collect());
    DRIVERS.iter().find(|driver| driver.0 == engine).map(|driver| {
        let driver: &'static dyn EngineClient = driver;
        driver
    })
}

/// An engine in a container of a fake runtime.
struct FakeEngine(Engine);

/// What a container's engine does when the container was started.
pub(crate) fn started(objects: &mut Objects, name: &str) {
    let behaviour = objects.engine.clone();
    let configs =
        objects.containers.get(name).map(|container| container.configs.concat()).unwrap_or_default();
    let refused = behaviour.refuses_setting.filter(|setting| configs.contains(setting.as_str()));
    let refusal = refused.map(|setting| (1, vec![format!("the setting {setting} is not right")]));
    if let Some((exit_code, lines)) = behaviour.ends_with.or(refusal) {
        begin_initialisation(objects, name);
        if let Some(container) = objects.containers.get_mut(name) {
            for line in &lines {
                container.say(line);
            }
        }
        objects.end_container(name, exit_code);
        return;
    }
    if content(objects, name) == Some(VolumeContent::Half) {
        if let Some(container) = objects.containers.get_mut(name) {
            container.say("the data directory holds half an initialisation");
        }
        objects.end_container(name, 1);
        return;
    }
    begin_initialisation(objects, name);
    if !behaviour.is_deaf && behaviour.deaf_probes == 0 {
        finish_initialisation(objects, name);
    }
}

#[async_trait]
impl EngineClient for FakeEngine {
    fn engine(&self) -> Engine {
        self.0
    }

    async fn probe(&self, addr: SocketAddr, _timeout: Duration) -> Probe {
        let not_yet = |error: Error| Probe::NotYet { reason: error.to_string() };
        let Some(runtime) = registry::find(addr) else { return not_yet(unreachable(addr)) };
        call(&runtime, Method::Probe, "", |objects| {
            let name = running(objects, addr)?;
            let (deaf_probes, is_deaf) = (objects.engine.deaf_probes, objects.engine.is_deaf);
            let probes = objects.containers.get_mut(&name).map_or(0, |container| {
                container.probes += 1;
                container.probes
            });
            if is_deaf || probes <= deaf_probes {
                return Err(Error::NotReady { reason: "starting up".to_owned() });
            }
            finish_initialisation(objects, &name);
            Ok(Probe::Answers)
        })
        .await
        .unwrap_or_else(not_yet)
    }

    async fn login(&self, login: &Login) -> Result<ServerInfo, Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::Login, login.user.as_str(), |objects| {
            let name = ready(objects, login.addr)?;
            let outcome = check(objects, &name, login);
            match outcome {
                Ok(()) => *objects.logins.entry(login.user.to_string()).or_default() += 1,
                Err(_) => objects.refused_logins += 1,
            }
            outcome.map(|()| ServerInfo { version: version(objects, &name) })
        })
        .await
    }

    async fn secure(&self, bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
        let runtime = registry::find(bootstrap.addr).ok_or_else(|| unreachable(bootstrap.addr))?;
        call(&runtime, Method::Secure, bootstrap.user.as_str(), |objects| {
            let name = ready(objects, bootstrap.addr)?;
            let (user, password) = accounts.management.clone();
            if check(objects, &name, &Login { user, password, ..bootstrap.clone() }).is_ok() {
                return Ok(());
            }
            check(objects, &name, bootstrap)?;
            if let Some(VolumeContent::Accounts(known)) = content_mut(objects, &name) {
                for (user, password) in [&accounts.admin, &accounts.management] {
                    known.insert(user.to_string(), password.expose().to_owned());
                }
            }
            Ok(())
        })
        .await
    }

    async fn list_databases(&self, login: &Login) -> Result<Vec<LogicalDatabaseFacts>, Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::ListDatabases, "", |objects| logical::list_databases(objects, login)).await
    }

    async fn create_database(&self, login: &Login, database: &NewLogicalDatabase) -> Result<(), Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::CreateDatabase, database.name.as_str(), |objects| {
            logical::create_database(objects, login, database.name.as_str())
        })
        .await
    }

    async fn drop_database(&self, login: &Login, name: &LogicalName) -> Result<(), Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::DropDatabase, name.as_str(), |objects| {
            logical::drop_database(objects, login, name.as_str())
        })
        .await
    }

    async fn list_users(&self, login: &Login) -> Result<Vec<UserFacts>, Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::ListUsers, "", |objects| logical::list_users(objects, login)).await
    }

    async fn put_user(&self, login: &Login, user: &NewUser) -> Result<(), Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::PutUser, user.username.as_str(), |objects| {
            logical::put_user(objects, login, user)
        })
        .await
    }

    async fn set_password(&self, login: &Login, user: &LoginName, password: &Password) -> Result<(), Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::SetPassword, user.as_str(), |objects| {
            logical::set_password(objects, login, user.as_str(), password.expose())
        })
        .await
    }

    async fn drop_user(&self, login: &Login, user: &LoginName) -> Result<(), Error> {
        let runtime = registry::find(login.addr).ok_or_else(|| unreachable(login.addr))?;
        call(&runtime, Method::DropUser, user.as_str(), |objects| {
            logical::drop_user(objects, login, user.as_str())
        })
        .await
    }
}

/// One call to an engine, counted and struck by faults like a call to the runtime. A conflict that a fault was armed with is
/// shown as a refusal, whatever else as silence.
async fn call<T>(
    runtime: &Inner,
    method: Method,
    subject: &str,
    effect: impl FnOnce(&mut Objects) -> Result<T, Error> + Send,
) -> Result<T, Error> {
    match runtime.begin(method, subject).await {
        None => effect(&mut runtime.lock().objects),
        Some(Fault::Fail(RuntimeError::Conflict { detail })) => {
            Err(Error::Refused { code: "conflict".to_owned(), detail })
        }
        Some(Fault::Fail(_)) => Err(Error::Timeout),
        Some(Fault::LoseAnswer(_)) => {
            drop(effect(&mut runtime.lock().objects));
            Err(Error::Timeout)
        }
        Some(Fault::HangBefore) => {
            runtime.hang().await;
            effect(&mut runtime.lock().objects)
        }
        Some(Fault::HangAfter) => {
            let answer = effect(&mut runtime.lock().objects);
            runtime.hang().await;
            answer
        }
    }
}

/// The name of the running container whose engine has this address.
fn running(objects: &Objects, addr: SocketAddr) -> Result<String, Error> {
    objects
        .containers
        .iter()
        .find(|(_, container)| container.address == Some(addr) && container.state == ContainerState::Running)
        .map(|(name, _)| name.clone())
        .ok_or_else(|| unreachable(addr))
}

/// The same, when its engine takes logins.
fn ready(objects: &Objects, addr: SocketAddr) -> Result<String, Error> {
    let name = running(objects, addr)?;
    let is_initialised = matches!(content(objects, &name), Some(VolumeContent::Accounts(_)));
    let is_listening = objects
        .containers
        .get(&name)
        .is_some_and(|c| c.probes > objects.engine.deaf_probes || objects.engine.deaf_probes == 0);
    if objects.engine.is_deaf || !is_initialised || !is_listening {
        return Err(Error::NotReady { reason: "starting up".to_owned() });
    }
    Ok(name)
}

fn check(objects: &Objects, name: &str, login: &Login) -> Result<(), Error> {
    let is_known = match content(objects, name) {
        Some(VolumeContent::Accounts(known)) => {
            let password = login.password.expose();
            known
                .get(login.user.as_str())
                .is_some_and(|kept| *kept == password || *kept == verifier(password))
        }
        Some(VolumeContent::Empty | VolumeContent::Half) | None => false,
    };
    if is_known && !objects.engine.refuses_logins {
        return Ok(());
    }
    Err(Error::CredentialsRejected { detail: format!("authentication failed for {}", login.user) })
}

fn unreachable(addr: SocketAddr) -> Error {
    Error::Unreachable { addr, detail: "connection refused".to_owned() }
}

/// The version the image declares, such as `16.4`.
fn version(objects: &Objects, name: &str) -> String {
    let image = objects.containers.get(name).map(|container| &container.image);
    let facts = objects.images.values().find(|found| Some(&found.id) == image).map(|found| &found.facts);
    let declared = facts.and_then(|facts| facts.env.iter().find(|(name, _)| name.ends_with("_VERSION")));
    declared.and_then(|(_, value)| value.split('-').next()).unwrap_or("0").to_owned()
}

fn content(objects: &Objects, name: &str) -> Option<VolumeContent> {
    let volume = objects.containers.get(name)?.volumes.first()?;
    objects.volumes.get(volume).map(|volume| volume.content.clone())
}

fn content_mut<'a>(objects: &'a mut Objects, name: &str) -> Option<&'a mut VolumeContent> {
    let volume = objects.containers.get(name)?.volumes.first()?;
    objects.volumes.get_mut(volume).map(|volume| &mut volume.content)
}

fn begin_initialisation(objects: &mut Objects, name: &str) {
    if let Some(content) = content_mut(objects, name)
        && *content == VolumeContent::Empty
    {
        *content = VolumeContent::Half;
    }
}

/// The accounts are in a file that was put into the volume; otherwise the administrator is named in a variable (an
/// engine without one has a root), and the mounted secret is the bootstrap password.
fn finish_initialisation(objects: &mut Objects, name: &str) {
    if content(objects, name) != Some(VolumeContent::Half) {
        return;
    }
    let seeded = seeded_accounts(objects, name);
    let Some(container) = objects.containers.get_mut(name) else { return };
    let is_user = |name: &str| name.ends_with("_USER") || name.ends_with("_USERNAME");
    let user = container.env.iter().find(|(name, _)| is_user(name)).map(|(_, value)| value.clone());
    let password = container.secrets.first().map(|secret| secret.expose_secret().to_owned());
    container.say("ready to accept connections");
    let bootstrap = password.map(|password| (user.unwrap_or_else(|| "root".to_owned()), password));
    let accounts: BTreeMap<_, _> = bootstrap.into_iter().chain(seeded).collect();
    if let Some(content) = content_mut(objects, name).filter(|_| !accounts.is_empty()) {
        *content = VolumeContent::Accounts(accounts);
    }
}

/// Accounts in the files of the data volume: lines such as `user NAME reset on #VERIFIER ~*`.
fn seeded_accounts(objects: &Objects, name: &str) -> Vec<(String, String)> {
    let volume = objects.containers.get(name).and_then(|container| container.volumes.first());
    let files = volume.and_then(|volume| objects.volumes.get(volume)).map(|volume| &volume.files);
    let account = |line: &str| {
        let words: Vec<_> = line.split(' ').collect();
        let verifier = words.iter().find(|word| word.starts_with('#'))?;
        Some((words.get(1)?.to_string(), verifier.to_string()))
    };
    files
        .into_iter()
        .flatten()
        .flat_map(|(_, text)| text.expose_secret().lines().filter_map(account))
        .collect()
}

/// A password as a file with accounts holds it.
fn verifier(password: &str) -> String {
    format!("#{}", token_hash(password))
}
