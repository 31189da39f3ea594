//! Signing in and out, and who a token belongs to.
//!
//! A session is an opaque random token; the store has only its hash. What is *not* here: whether the token travels in
//! a cookie or a header (`stardeck-api`).

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{AuditAction, AuditEntry, AuditId, Session, SessionId, User, UserName};
use stardeck_repository::{self as store, Db};

use super::{
    Clock, audit,
    password_hash::PasswordHasher,
    throttle::{Admitted, Limits, Throttle, address_key},
};
use crate::{
    Actor, Error,
    vault::{generate_token, token_hash},
};

/// How long a session is good, however much it is used.
const LIFETIME: TimeDelta = TimeDelta::hours(12);
/// Failed tries for one name, from wherever they come.
const NAME_LIMITS: Limits = Limits { tries: 10, within: TimeDelta::minutes(5), pause: TimeDelta::minutes(5) };
/// Failed tries from one address, for whatever names. More than for a name, since people share addresses.
const ADDRESS_LIMITS: Limits =
    Limits { tries: 30, within: TimeDelta::minutes(5), pause: TimeDelta::minutes(5) };

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

    /// Whose session a token is. `remote` is the address the request came from.
    ///
    /// # Errors
    /// There is no such session, or it has ended.
    pub async fn authenticate(&self, token: &str, remote: Option<String>) -> Result<Actor, Error> {
        let (hash, now) = (token_hash(token), self.clock.now());
        let found = self
            .db
            .read(move |tx| store::sessions::find_by_token_hash(tx, &hash, now).map_err(Error::from))
            .await?;
        let (session, user) = found.ok_or(Error::Unauthenticated)?;
        Ok(Actor { user, session_id: session.id, remote_address: remote })
    }

    /// Whether the session an earlier request came with is still good: for what goes on after the request.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn is_open(&self, actor: &Actor) -> Result<bool, Error> {
        let (id, now) = (actor.session_id, self.clock.now());
        self.db.read(move |tx| store::sessions::is_open(tx, id, now).map_err(Error::from)).await
    }

    /// Ends the session the request came with.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn logout(&self, actor: &Actor) -> Result<(), Error> {
        let session_id = actor.session_id;
        let entry = audit::entry(actor, AuditAction::Logout, None, None, self.clock.now());
        self.db
            .write(move |tx| {
                store::sessions::delete(tx, session_id)?;
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
        let session =
            Session { id: SessionId::new(), user_id: user.id, created_at: now, expires_at: now + LIFETIME };
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
                let actor = Actor { user: user.clone(), session_id: session.id, remote_address: remote };
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
