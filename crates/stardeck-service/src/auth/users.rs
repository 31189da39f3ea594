//! Accounts: making, changing and removing them.
//!
//! What is *not* here: the first account ([`super::Setup`]) and signing in ([`super::Sessions`]).

use std::sync::Arc;

use chrono::TimeDelta;
use secrecy::SecretString;
use stardeck_domain::{
    AuditAction, AuditEntry, AuditId, AuditOutcome, InvalidValue, Password, Role, SessionId, User, UserId,
    UserName,
};
use stardeck_repository::{self as store, Constraint, Db, Page, Slice, Tx};

use super::{
    Clock, audit,
    password_hash::PasswordHasher,
    password_rules::check_account_password,
    permissions::require,
    throttle::{Limits, Throttle},
};
use crate::{Access, Actor, Error};

/// Wrong current passwords of one account when it is to get a new one.
const LIMITS: Limits = Limits {
    tries: 10,
    within: TimeDelta::minutes(5),
    pause: TimeDelta::minutes(5),
    pause_most: TimeDelta::hours(1),
};

/// Accounts. Cheap to clone; clones count failed tries together.
#[derive(Clone)]
pub struct Users {
    db: Db,
    clock: Clock,
    hasher: PasswordHasher,
    throttle: Arc<Throttle>,
}

impl Users {
    /// Accounts in this store.
    pub fn new(db: Db) -> Self {
        Self::with_clock(db, Clock::system())
    }

    /// As [`Users::new`], with a clock of the caller's.
    pub fn with_clock(db: Db, clock: Clock) -> Self {
        Self { db, clock, hasher: PasswordHasher::new(), throttle: Arc::new(Throttle::new(LIMITS)) }
    }

    /// One page of the accounts, oldest first.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list(&self, page: Page) -> Result<Slice<User>, Error> {
        self.db.read(move |tx| store::users::list(tx, &page).map_err(Error::from)).await
    }

    /// One account.
    ///
    /// # Errors
    /// There is none with this id.
    pub async fn get(&self, id: UserId) -> Result<User, Error> {
        self.db.read(move |tx| store::users::get(tx, id).map_err(Error::from)).await
    }

    /// Makes an account. Only an administrator may.
    ///
    /// # Errors
    /// The actor's role is too low, the name is taken (in whatever case), or the password breaks the rules.
    pub async fn create(
        &self,
        actor: &Actor,
        username: UserName,
        password: Password,
        role: Role,
    ) -> Result<User, Error> {
        require(actor, Role::Admin)?;
        check_account_password(&username, &password)?;
        let hash = self.hasher.hash(password).await?;
        let now = self.clock.now();
        let user = User { id: UserId::new(), username, role, created_at: now, last_login_at: None };
        let (account, entry) = (user.clone(), self.entry_about(actor, AuditAction::UserCreated, &user));
        self.db
            .write(move |tx| {
                store::users::insert(tx, &account, &hash).map_err(|error| name_taken(error, &account))?;
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await?;
        Ok(user)
    }

    /// Gives an account another role. When the new one may less, the account's sessions end. Only an administrator
    /// may.
    ///
    /// # Errors
    /// The actor's role is too low, there is no such account, or it is the last administrator's.
    pub async fn change_role(&self, actor: &Actor, id: UserId, role: Role) -> Result<User, Error> {
        require(actor, Role::Admin)?;
        let (this, actor) = (self.clone(), actor.clone());
        self.db
            .write(move |tx| {
                let before = store::users::get(tx, id)?;
                if before.role == role {
                    return Ok(before);
                }
                if role != Role::Admin {
                    keep_an_admin(tx, &before)?;
                }
                store::users::set_role(tx, id, role)?;
                if role < before.role {
                    store::sessions::delete_of_user(tx, id, None)?;
                }
                let mut entry = this.entry_about(&actor, AuditAction::UserChanged, &before);
                entry.detail = Some(format!("from {} to {role}", before.role));
                store::audit::append(tx, &entry)?;
                Ok(User { role, ..before })
            })
            .await
    }

    /// Removes an account with its sessions and tokens. Only an administrator may; also the own account, while another
    /// administrator stays.
    ///
    /// # Errors
    /// The actor's role is too low, there is no such account, or it is the last administrator's.
    pub async fn delete(&self, actor: &Actor, id: UserId) -> Result<(), Error> {
        require(actor, Role::Admin)?;
        let (this, actor) = (self.clone(), actor.clone());
        self.db
            .write(move |tx| {
                let user = store::users::get(tx, id)?;
                keep_an_admin(tx, &user)?;
                store::sessions::delete_of_user(tx, id, None)?;
                store::users::delete(tx, id)?;
                let entry = this.entry_about(&actor, AuditAction::UserDeleted, &user);
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    /// Gives an account a new password and ends its sessions, except the one the request came with. Tokens
    /// go on. For the own
    /// account the current password is needed; an administrator may set those of others.
    ///
    /// # Errors
    /// The actor's role is too low, there is no such account, the current password is missing or wrong or was tried
    /// too often, or the new one breaks the rules.
    pub async fn change_password(
        &self,
        actor: &Actor,
        id: UserId,
        current: Option<SecretString>,
        new: Password,
    ) -> Result<(), Error> {
        if id != actor.user.id {
            require(actor, Role::Admin)?;
            let user = self.get(id).await?;
            check_account_password(&user.username, &new)?;
            return self.store_password(actor, user, new, None, None).await;
        }
        let current = current.ok_or_else(|| {
            InvalidValue::new("required", "the current password is needed to set a new one")
                .in_field("current_password")
        })?;
        check_account_password(&actor.user.username, &new)?;
        let proved_hash = self.prove_current(actor, current).await?;
        let user = self.get(id).await?;
        let kept = match actor.access {
            Access::Session(id) => Some(id),
            Access::Token { .. } => None,
        };
        self.store_password(actor, user, new, kept, Some(proved_hash)).await
    }

    /// Gives an account a new password and ends all its sessions: for somebody on the host, who needs no account.
    ///
    /// # Errors
    /// There is no such account, or the new password breaks the rules.
    pub async fn reset_password(&self, username: &UserName, new: Password) -> Result<(), Error> {
        check_account_password(username, &new)?;
        let (hash, now, username) = (self.hasher.hash(new).await?, self.clock.now(), username.clone());
        self.db
            .write(move |tx| {
                let Some((user, _)) = store::users::find_by_username(tx, &username)? else {
                    return Err(Error::NotFound { what: "user", id: username.to_string() });
                };
                store::users::set_password_hash(tx, user.id, &hash)?;
                store::sessions::delete_of_user(tx, user.id, None)?;
                let entry = AuditEntry {
                    id: AuditId::new(),
                    at: now,
                    user_id: None,
                    username: None,
                    action: AuditAction::PasswordChanged,
                    target_id: Some(user.id.to_string()),
                    target_name: Some(user.username.to_string()),
                    remote_address: None,
                    outcome: AuditOutcome::Done,
                    token_id: None,
                    detail: Some("on the host".to_owned()),
                };
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    /// Checks the actor's own password, and returns the hash that it was checked against.
    async fn prove_current(&self, actor: &Actor, current: SecretString) -> Result<String, Error> {
        let id = actor.user.id;
        let admitted = self.throttle.admit(id.to_string(), self.clock.now())?;
        match self.is_current(id, current).await {
            Ok((true, hash)) => {
                self.throttle.forgive(&admitted);
                Ok(hash)
            }
            Ok((false, _)) => {
                let mut entry = self.entry_about(actor, AuditAction::LoginFailed, &actor.user);
                entry.outcome = AuditOutcome::Refused;
                self.db.write(move |tx| store::audit::append(tx, &entry).map_err(Error::from)).await?;
                Err(Error::LoginFailed)
            }
            Err(error) => {
                self.throttle.withdraw(&admitted);
                Err(error)
            }
        }
    }

    async fn is_current(&self, id: UserId, password: SecretString) -> Result<(bool, String), Error> {
        let hash = self.db.read(move |tx| store::users::password_hash(tx, id).map_err(Error::from)).await?;
        let is_right = self.hasher.verify(password, Some(hash.clone())).await?;
        Ok((is_right, hash))
    }

    /// Writes the new password down. `proved` is the hash that the current password was checked against; when it
    /// was changed since, the proof is void.
    async fn store_password(
        &self,
        actor: &Actor,
        user: User,
        new: Password,
        kept_session: Option<SessionId>,
        proved: Option<String>,
    ) -> Result<(), Error> {
        let hash = self.hasher.hash(new).await?;
        let entry = self.entry_about(actor, AuditAction::PasswordChanged, &user);
        self.db
            .write(move |tx| {
                if let Some(proved) = proved
                    && store::users::password_hash(tx, user.id)? != proved
                {
                    return Err(Error::LoginFailed);
                }
                store::users::set_password_hash(tx, user.id, &hash)?;
                store::sessions::delete_of_user(tx, user.id, kept_session)?;
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    fn entry_about(&self, actor: &Actor, action: AuditAction, user: &User) -> AuditEntry {
        let (id, name) = (user.id.to_string(), user.username.to_string());
        audit::entry(actor, action, Some(id), Some(name), self.clock.now())
    }
}

/// Refuses to take away an administrator when there is no other.
fn keep_an_admin(tx: &mut Tx, user: &User) -> Result<(), Error> {
    if user.role == Role::Admin && store::users::count_admins(tx)? <= 1 {
        return Err(Error::LastAdmin);
    }
    Ok(())
}

fn name_taken(error: store::Error, user: &User) -> Error {
    if matches!(error, store::Error::Conflict { constraint: Constraint::UserName }) {
        return Error::UserNameTaken { name: user.username.to_string() };
    }
    Error::from(error)
}
