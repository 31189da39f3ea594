//! Signing in and out, and who a token belongs to.
//!
//! A session is an opaque random token; the store has only its hash. What is *not* here: whether the token travels in
//! a cookie or a header (`stardeck-api`).

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{
    AuditAction, AuditEntry, AuditId, AuditOutcome, Role, Session, SessionId, User, UserId, UserName,
};
use stardeck_repository::{self as store, Db, Page, Slice};
use tokio::sync::watch;

use super::{
    Clock, audit, is_worth_noting,
    password_hash::PasswordHasher,
    throttle::{Admitted, Limits, Throttle, address_key},
    tokens,
};
use crate::{
    Access, Actor, Error,
    vault::{generate_token, token_hash},
};

/// How long a session is good, however much it is used.
const LIFETIME: TimeDelta = TimeDelta::hours(12);
/// Failed tries for one name, from wherever they come.
const NAME_LIMITS: Limits = Limits {
    tries: 10,
    within: TimeDelta::minutes(5),
    pause: TimeDelta::minutes(5),
    pause_most: TimeDelta::hours(1),
};
/// Failed tries from one address, for whatever names. More than for a name, since people share addresses.
const ADDRESS_LIMITS: Limits = Limits {
    tries: 30,
    within: TimeDelta::minutes(5),
    pause: TimeDelta::minutes(5),
    pause_most: TimeDelta::hours(1),
};

/// Signing in and out. Cheap to clone; clones count failed tries together.
#[derive(Clone)]
pub struct Sessions {
    db: Db,
    clock: Clock,
    hasher: PasswordHasher,
    throttle: Arc<LoginThrottle>,
}

/// What somebody gets who signed in.
#[derive(Debug)]
pub struct Login {
    /// The session's token, 43 characters of base64url. It is not stored and can not be had again.
    pub token: SecretString,
    /// When the session ends by itself.
    pub expires_at: DateTime<Utc>,
    /// Who signed in.
    pub user: User,
}

impl Sessions {
    /// Sessions in this store.
    pub fn new(db: Db) -> Self {
        Self::with_clock(db, Clock::system())
    }

    /// As [`Sessions::new`], with a clock of the caller's.
    pub fn with_clock(db: Db, clock: Clock) -> Self {
        let throttle =
            LoginThrottle { by_name: Throttle::new(NAME_LIMITS), by_address: Throttle::new(ADDRESS_LIMITS) };
        Self { db, clock, hasher: PasswordHasher::new(), throttle: Arc::new(throttle) }
    }

    /// Signs a person in for 12 hours. `remote` is the address the request came from. An unknown name and a wrong
    /// password give the same answer after the same time.
    ///
    /// # Errors
    /// The name or the password is wrong, there were too many failed tries for the name or from the address, or
    /// there is no account at all yet.
    pub async fn login(
        &self,
        username: &str,
        password: SecretString,
        remote: Option<String>,
    ) -> Result<Login, Error> {
        // A text that can not be a name is still checked like one that could, and nowhere written down: it may be a
        // password that was typed into the wrong field.
        let username = UserName::parse(username).ok();
        let admitted = self.throttle.admit(username.as_ref(), remote.as_deref(), self.clock.now())?;
        match self.try_login(username, password, remote).await {
            Ok(login) => {
                self.throttle.succeeded(&admitted);
                Ok(login)
            }
            Err(Error::LoginFailed) => Err(Error::LoginFailed),
            Err(error) => {
                // Nothing was learnt about the password, so that the try is not counted.
                self.throttle.withdraw(&admitted);
                Err(error)
            }
        }
    }

    /// Who a bearer token signs in: that of a session or an API token. `remote` is the address the request came from.
    ///
    /// # Errors
    /// There is no such session or token, or it has ended.
    pub async fn authenticate(&self, token: &str, remote: Option<String>) -> Result<Actor, Error> {
        if tokens::is_token(token) {
            return tokens::authenticate(&self.db, token, remote, self.clock.now()).await;
        }
        self.authenticate_session(token, remote).await
    }

    /// Whose session a token is; an API token is none. `remote` is the address the request came from.
    ///
    /// # Errors
    /// There is no such session, or it has ended.
    pub async fn authenticate_session(&self, token: &str, remote: Option<String>) -> Result<Actor, Error> {
        let (hash, now) = (token_hash(token), self.clock.now());
        let found = self
            .db
            .read(move |tx| store::sessions::find_by_token_hash(tx, &hash, now).map_err(Error::from))
            .await?;
        let (session, user) = found.ok_or(Error::Unauthenticated)?;
        if is_worth_noting(session.last_used_at, now) {
            let id = session.id;
            let note =
                move |tx: &mut store::Tx| store::sessions::record_use(tx, id, now).map_err(Error::from);
            if let Err(error) = self.db.write(note).await {
                tracing::warn!(%error, "the use of a session can not be written down");
            }
        }
        Ok(Actor { user, access: Access::Session(session.id), remote_address: remote })
    }

    /// Whether what an earlier request was signed in with is still good: for what goes on after the request.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn is_open(&self, actor: &Actor) -> Result<bool, Error> {
        let now = self.clock.now();
        match actor.access {
            Access::Session(id) => {
                self.db.read(move |tx| store::sessions::is_open(tx, id, now).map_err(Error::from)).await
            }
            Access::Token { id, .. } => tokens::is_good(&self.db, id, actor.user.role, now).await,
        }
    }

    /// How long what a request was signed in with is good by itself; nothing when it has ended.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn lasts(&self, actor: &Actor) -> Result<Duration, Error> {
        let now = self.clock.now();
        let expires_at = match actor.access {
            Access::Token { expires_at, .. } => expires_at,
            Access::Session(id) => {
                let found =
                    self.db.read(move |tx| store::sessions::get(tx, id, now).map_err(Error::from)).await;
                match found {
                    Ok(session) => session.expires_at,
                    Err(Error::NotFound { .. }) => now,
                    Err(error) => return Err(error),
                }
            }
        };
        Ok((expires_at - now).to_std().unwrap_or_default())
    }

    /// Changes whenever a session or a token was ended, or somebody's role changed. Whose it was, [`Self::is_open`] tells.
    pub fn ended(&self) -> watch::Receiver<()> {
        self.db.ended_access()
    }

    /// Ends what the request was signed in with: the session, or the API token.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn logout(&self, actor: &Actor) -> Result<(), Error> {
        let access = actor.access;
        let entry = audit::entry(actor, AuditAction::Logout, None, None, self.clock.now());
        self.db
            .write(move |tx| {
                match access {
                    Access::Session(id) => store::sessions::delete(tx, id)?,
                    Access::Token { id, .. } => store::tokens::delete(tx, id)?,
                }
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    /// One page of the sessions of an account that are still good, oldest first. None is the actor's own account; that of
    /// somebody else is for administrators.
    ///
    /// # Errors
    /// It is somebody else's account and the actor is no administrator.
    pub async fn list(
        &self,
        actor: &Actor,
        user: Option<UserId>,
        page: Page,
    ) -> Result<Slice<Session>, Error> {
        let (user, now) = (tokens::own_or_any(actor, user)?, self.clock.now());
        self.db.read(move |tx| store::sessions::list_of_user(tx, user, now, &page).map_err(Error::from)).await
    }

    /// Ends a session: one of the actor's own, or, as an administrator, anybody's.
    ///
    /// # Errors
    /// There is no such session, or it is somebody else's, which is not told apart; or the actor is a program that may not do
    /// everything.
    pub async fn revoke(&self, actor: &Actor, id: SessionId) -> Result<(), Error> {
        let (actor, now) = (actor.clone(), self.clock.now());
        self.db
            .write(move |tx| {
                let session = store::sessions::get(tx, id, now)?;
                if session.user_id != actor.user.id && !actor.user.role.includes(Role::Admin) {
                    return Err(Error::NotFound { what: "session", id: id.to_string() });
                }
                tokens::require_person(&actor)?;
                let owner = store::users::get(tx, session.user_id)?.username.to_string();
                store::sessions::delete(tx, id)?;
                let target = Some(id.to_string());
                let entry = audit::entry(&actor, AuditAction::SessionRevoked, target, Some(owner), now);
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    async fn try_login(
        &self,
        username: Option<UserName>,
        password: SecretString,
        remote: Option<String>,
    ) -> Result<Login, Error> {
        let known = self.find_account(username.clone()).await?;
        let hash = known.as_ref().map(|(_, hash)| hash.clone());
        let is_right = self.hasher.verify(password, hash).await?;
        match known {
            Some((user, hash)) if is_right => self.begin(user, hash, remote).await,
            Some(_) | None => {
                self.record_failure(username, remote).await?;
                Err(Error::LoginFailed)
            }
        }
    }

    async fn find_account(&self, username: Option<UserName>) -> Result<Option<(User, String)>, Error> {
        self.db
            .read(move |tx| {
                let found = match username {
                    Some(username) => store::users::find_by_username(tx, &username)?,
                    None => None,
                };
                if found.is_none() && store::users::count(tx)? == 0 {
                    return Err(Error::SetupNeeded);
                }
                Ok(found)
            })
            .await
    }

    /// Writes the session down, unless the account or its password was changed while we were hashing.
    async fn begin(&self, user: User, hash: String, remote: Option<String>) -> Result<Login, Error> {
        let (now, token) = (self.clock.now(), generate_token());
        let session = Session {
            id: SessionId::new(),
            user_id: user.id,
            created_at: now,
            expires_at: now + LIFETIME,
            remote_address: remote.clone(),
            last_used_at: None,
        };
        let expires_at = session.expires_at;
        let token_hash = token_hash(token.expose_secret());
        let user = self
            .db
            .write(move |tx| {
                let Some((user, current)) = store::users::find_by_username(tx, &user.username)? else {
                    return Err(Error::LoginFailed);
                };
                if user.id != session.user_id || current != hash {
                    return Err(Error::LoginFailed);
                }
                store::sessions::delete_expired(tx, now)?;
                store::sessions::insert(tx, &session, &token_hash)?;
                store::users::record_login(tx, user.id, now)?;
                let user = User { last_login_at: Some(now), ..user };
                let access = Access::Session(session.id);
                let actor = Actor { user: user.clone(), access, remote_address: remote };
                store::audit::append(tx, &audit::entry(&actor, AuditAction::Login, None, None, now))?;
                Ok(user)
            })
            .await?;
        Ok(Login { token, expires_at, user })
    }

    async fn record_failure(&self, tried: Option<UserName>, remote: Option<String>) -> Result<(), Error> {
        let entry = AuditEntry {
            id: AuditId::new(),
            at: self.clock.now(),
            user_id: None,
            username: tried.map(|name| name.to_string()),
            action: AuditAction::LoginFailed,
            target_id: None,
            target_name: None,
            remote_address: remote,
            outcome: AuditOutcome::Refused,
            token_id: None,
            detail: None,
        };
        self.db.write(move |tx| store::audit::append(tx, &entry).map_err(Error::from)).await
    }
}

/// Failed logins by name and by address.
struct LoginThrottle {
    by_name: Throttle,
    by_address: Throttle,
}

struct AdmittedLogin {
    by_name: Option<Admitted>,
    by_address: Option<Admitted>,
}

impl LoginThrottle {
    fn admit(
        &self,
        username: Option<&UserName>,
        remote: Option<&str>,
        now: DateTime<Utc>,
    ) -> Result<AdmittedLogin, Error> {
        let by_address = remote.map(|remote| self.by_address.admit(address_key(remote), now)).transpose()?;
        let by_name = username
            .map(|name| self.by_name.admit(name.as_str().to_ascii_lowercase(), now))
            .transpose()
            .inspect_err(|_| {
                if let Some(by_address) = &by_address {
                    self.by_address.withdraw(by_address);
                }
            })?;
        Ok(AdmittedLogin { by_name, by_address })
    }

    /// The name is forgiven, since its owner is here. The address is not: it may be that of a guesser who has an
    /// account as well.
    fn succeeded(&self, admitted: &AdmittedLogin) {
        if let Some(by_name) = &admitted.by_name {
            self.by_name.forgive(by_name);
        }
        if let Some(by_address) = &admitted.by_address {
            self.by_address.withdraw(by_address);
        }
    }

    fn withdraw(&self, admitted: &AdmittedLogin) {
        if let Some(by_name) = &admitted.by_name {
            self.by_name.withdraw(by_name);
        }
        if let Some(by_address) = &admitted.by_address {
            self.by_address.withdraw(by_address);
        }
    }
}
