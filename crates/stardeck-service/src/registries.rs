//! Logins for image registries: saved sealed, used by pulls, never shown.

use std::sync::Arc;

use chrono::Utc;
use stardeck_domain::{
    AuditAction, Password, PasswordRules, Registry, RegistryHost, RegistryId, RegistryUser, Role,
};
use stardeck_repository::{self as store, Page, Slice};

use crate::{
    Actor, Error,
    auth::{audit_entry, require},
    core::Core,
    runtime::RegistryLogin,
    vault::Place,
};

/// A password or token for a registry: tokens of cloud registries have some thousand characters.
pub const REGISTRY_PASSWORD: PasswordRules = PasswordRules { min: 1, max: 8192 };

/// Logins for image registries. Cheap to clone.
#[derive(Clone)]
pub struct Registries {
    core: Arc<Core>,
}

/// What became of a login that was saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Saved {
    /// There was none for the host.
    Created,
    /// The one for the host was replaced.
    Replaced,
}

impl Registries {
    pub(crate) fn new(core: Arc<Core>) -> Self {
        Self { core }
    }

    /// One page of the logins, oldest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, page: Page) -> Result<Slice<Registry>, Error> {
        self.core.db.read(move |tx| store::registries::list(tx, &page).map_err(Error::from)).await
    }

    /// Saves the login for a host, in place of the one there was. Only an administrator may.
    ///
    /// # Errors
    /// The actor's role is too low, or the store is in trouble.
    pub async fn save(
        &self,
        actor: &Actor,
        host: RegistryHost,
        username: RegistryUser,
        password: Password,
    ) -> Result<(Registry, Saved), Error> {
        require(actor, Role::Admin)?;
        let (core, actor) = (Arc::clone(&self.core), actor.clone());
        self.core
            .db
            .write(move |tx| {
                let now = Utc::now();
                let found = store::registries::find_by_host(tx, &host)?;
                let (id, created_at) =
                    found.as_ref().map_or((RegistryId::new(), now), |found| (found.id, found.created_at));
                let sealed_password = core.vault.seal(&place(id), password.expose());
                let registry = Registry { id, host, username, sealed_password, created_at, updated_at: now };
                let saved = if found.is_some() {
                    store::registries::update(tx, &registry)?;
                    Saved::Replaced
                } else {
                    store::registries::insert(tx, &registry)?;
                    Saved::Created
                };
                let (target, name) = (Some(id.to_string()), Some(registry.host.to_string()));
                let entry = audit_entry(&actor, AuditAction::RegistrySaved, target, name, now);
                store::audit::append(tx, &entry)?;
                Ok((registry, saved))
            })
            .await
    }

    /// Removes a login. Only an administrator may.
    ///
    /// # Errors
    /// The actor's role is too low, or there is none with this id.
    pub async fn delete(&self, actor: &Actor, id: RegistryId) -> Result<(), Error> {
        require(actor, Role::Admin)?;
        let actor = actor.clone();
        self.core
            .db
            .write(move |tx| {
                let registry = store::registries::get(tx, id)?;
                store::registries::delete(tx, id)?;
                let (target, name) = (Some(id.to_string()), Some(registry.host.to_string()));
                let entry = audit_entry(&actor, AuditAction::RegistryDeleted, target, name, Utc::now());
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }
}

/// The login for the registry of a pull, if one is saved.
pub(crate) async fn login_for(core: &Core, host: RegistryHost) -> Result<Option<RegistryLogin>, Error> {
    let found =
        core.db.read(move |tx| store::registries::find_by_host(tx, &host).map_err(Error::from)).await?;
    found.map(|registry| open(core, &registry)).transpose()
}

fn open(core: &Core, registry: &Registry) -> Result<RegistryLogin, Error> {
    use secrecy::ExposeSecret as _;

    let clear = core.vault.open(&place(registry.id), &registry.sealed_password)?;
    let password =
        Password::parse(clear.expose_secret().to_owned(), REGISTRY_PASSWORD).map_err(Error::internal)?;
    Ok(RegistryLogin { username: registry.username.as_str().to_owned(), password })
}

fn place(id: RegistryId) -> Place {
    Place { table: "registries", column: "sealed_password", row: id.to_string() }
}
