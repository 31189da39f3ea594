//! Replacing the passwords of a database's administrator and of Stardeck's own role in it.
//!
//! Engine and store can not change at once, so the new version is written down as pending first: whoever finds one later
//! asks the engine which of the two opens it.

use chrono::Utc;
use stardeck_domain::{
    AuditAction, Credential, CredentialId, CredentialPurpose, CredentialState, DatabaseId, ManagedDatabase,
    Password,
};
use stardeck_drivers::{Error as DriverError, Login};
use stardeck_repository::{Tx, audit, credentials};

use super::Databases;
use crate::{Actor, Error, auth::audit_entry, core::Core, logical::Engine, vault::generate_password};

/// Whose password is replaced.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RotatedLogin {
    /// The person's administrator.
    Admin,
    /// Stardeck's own role.
    Management,
}

impl Databases {
    /// Replaces a password by a generated one. Either the engine and the store have the new one afterwards, or both have
    /// the one before.
    ///
    /// # Errors
    /// There is no such database, it does not run, or its engine does not answer or refuses.
    pub async fn rotate_credentials(
        &self,
        actor: &Actor,
        id: DatabaseId,
        whose: RotatedLogin,
    ) -> Result<(), Error> {
        let purpose = match whose {
            RotatedLogin::Admin => CredentialPurpose::Admin,
            RotatedLogin::Management => CredentialPurpose::Management,
        };
        let core = self.core();
        // Two at once would leave it to chance whose password the engine has.
        let _turn = core.rotations.lock().await;
        let engine = Engine::of(core, id).await?;
        let purposes = self.sharing_the_login_of(id, purpose).await?;
        for purpose in &purposes {
            core.settle(&engine, *purpose).await?;
        }
        let old = self.active(id, purpose).await?;
        // The own role has been replaced just now, if it had to be settled.
        let engine = Engine::of(core, id).await?;
        let password = generate_password();
        let seal = |purpose: &CredentialPurpose| {
            core.seal_credential(id, *purpose, old.username.clone(), &password, Utc::now())
        };
        let mut new: Vec<Credential> = purposes.iter().map(seal).collect();
        let rows: Vec<CredentialId> = new.iter().map(|credential| credential.id).collect();
        core.db
            .write(move |tx| {
                for credential in &mut new {
                    credential.version = credentials::next_version(tx, id, credential.purpose)?;
                    credentials::insert(tx, credential)?;
                }
                Ok::<_, Error>(())
            })
            .await?;
        let changed = engine.driver.set_password(&engine.login, &old.username, &password).await;
        // Whatever was said, the engine knows which password it has.
        match opens(&engine, &old, password).await {
            Ok(true) => {}
            Ok(false) => {
                let forget = move |tx: &mut Tx| {
                    rows.into_iter().try_for_each(|row| credentials::delete(tx, row)).map_err(Error::from)
                };
                core.db.write(forget).await?;
                return Err(changed
                    .err()
                    .map_or_else(|| Error::internal("it kept its password"), Error::from));
            }
            // Pending stays: the next attempt asks again.
            Err(error) => return Err(error.into()),
        }
        let (target, name) = (id.to_string(), format!("{}/{}", engine.database.name, old.username));
        let entry = audit_entry(actor, AuditAction::CredentialsRotated, Some(target), Some(name), Utc::now());
        core.db
            .write(move |tx| {
                for row in rows {
                    credentials::activate(tx, row, Utc::now())?;
                }
                audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    /// Those whose login this is. An adopted database has one, which is the administrator's and Stardeck's own.
    async fn sharing_the_login_of(
        &self,
        id: DatabaseId,
        purpose: CredentialPurpose,
    ) -> Result<Vec<CredentialPurpose>, Error> {
        let login = self.active(id, purpose).await?.username;
        let mut sharing = vec![purpose];
        for other in [CredentialPurpose::Admin, CredentialPurpose::Management] {
            let found = self.core().credential(id, other, CredentialState::Active).await?;
            if other != purpose && found.is_some_and(|credential| credential.username == login) {
                sharing.push(other);
            }
        }
        Ok(sharing)
    }

    async fn active(&self, id: DatabaseId, purpose: CredentialPurpose) -> Result<Credential, Error> {
        let found = self.core().credential(id, purpose, CredentialState::Active).await?;
        found.ok_or(Error::CredentialsNotReady)
    }
}

impl Core {
    /// Finishes or forgets what a rotation left half done that nobody waits for any more, because the server died or the
    /// engine did not answer. Without it nothing would log in again that has the password of before. Nothing is done while a
    /// rotation is under way.
    ///
    /// # Errors
    /// The engine or the runtime does not answer.
    pub(crate) async fn settle_rotations(&self, database: &ManagedDatabase) -> Result<(), Error> {
        let Ok(_turn) = self.rotations.try_lock() else { return Ok(()) };
        let mut open = Vec::new();
        for purpose in [CredentialPurpose::Admin, CredentialPurpose::Management] {
            if self.credential(database.id, purpose, CredentialState::Pending).await?.is_some() {
                open.push(purpose);
            }
        }
        if open.is_empty() {
            return Ok(());
        }
        let engine = Engine::reach(self, database.clone()).await?;
        for purpose in open {
            self.settle(&engine, purpose).await?;
            tracing::info!(database = %database.name, %purpose, "settled a rotation that was interrupted");
        }
        Ok(())
    }

    /// Makes the pending password the active one when it is the engine's, or else forgets it.
    async fn settle(&self, engine: &Engine, purpose: CredentialPurpose) -> Result<(), Error> {
        let id = engine.database.id;
        let Some(pending) = self.credential(id, purpose, CredentialState::Pending).await? else {
            return Ok(());
        };
        let is_in_force = opens(engine, &pending, self.open(&pending)?).await?;
        self.db
            .write(move |tx| {
                if is_in_force {
                    credentials::activate(tx, pending.id, Utc::now())?;
                } else {
                    credentials::delete(tx, pending.id)?;
                }
                Ok::<_, Error>(())
            })
            .await
    }
}

/// Whether the engine takes this password of an account.
async fn opens(engine: &Engine, account: &Credential, password: Password) -> Result<bool, DriverError> {
    let login = Login { user: account.username.clone(), password, ..engine.login.clone() };
    match engine.driver.login(&login).await {
        Ok(_) => Ok(true),
        Err(DriverError::CredentialsRejected { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}
