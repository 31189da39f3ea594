//! API tokens: what programs sign in with, for longer than a session lasts and for less than a person may.
//!
//! A token is `stardeck_` and 256 random bits; the store has only its hash. It lets do what its scope says and its owner
//! still may, whichever is less. What is *not* here: sessions ([`super::Sessions`]).

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{
    ApiToken, AuditAction, Role, TokenId, TokenName, TokenScope, User, UserId, ValidationError,
};
use stardeck_repository::{self as store, Db, Page, Slice};

use super::{Clock, audit, is_worth_noting, permissions::require};
use crate::{
    Access, Actor, Error,
    vault::{generate_token, token_hash},
};

/// How every token begins, so that programs that look for lost secrets know one when they see it.
const PREFIX: &str = "stardeck_";

/// Most good tokens of one account, so that nobody fills the store with them.
const TOKENS_MOST: i64 = 100;

/// Tokens. Cheap to clone.
#[derive(Clone)]
pub struct Tokens {
    db: Db,
    clock: Clock,
}

/// What somebody gets who made a token.
#[derive(Debug)]
pub struct NewToken {
    /// The token itself. It is not stored and can not be had again.
    pub secret: SecretString,
    /// What is stored about it.
    pub token: ApiToken,
}

impl Tokens {
    /// Tokens in this store.
    pub fn new(db: Db) -> Self {
        Self::with_clock(db, Clock::system())
    }

    /// As [`Tokens::new`], with a clock of the caller's.
    pub fn with_clock(db: Db, clock: Clock) -> Self {
        Self { db, clock }
    }

    /// Makes a token of the actor's own, good for so long. One that is made with a token lasts no longer than that, and ends
    /// when that is revoked.
    ///
    /// # Errors
    /// The actor may not do himself what the token would let do, or has as many as anybody may have.
    pub async fn create(
        &self,
        actor: &Actor,
        name: TokenName,
        scope: TokenScope,
        lifetime: TimeDelta,
    ) -> Result<NewToken, Error> {
        require(actor, scope.role())?;
        let now = self.clock.now();
        let expires_at = match actor.access {
            Access::Session(_) => now + lifetime,
            Access::Token { expires_at, .. } => expires_at.min(now + lifetime),
        };
        let token = ApiToken {
            id: TokenId::new(),
            user_id: actor.user.id,
            name,
            scope,
            created_at: now,
            expires_at,
            last_used_at: None,
            made_by: match actor.access {
                Access::Session(_) => None,
                Access::Token { id, .. } => Some(id),
            },
        };
        let secret = SecretString::from(format!("{PREFIX}{}", generate_token().expose_secret()));
        let hash = token_hash(secret.expose_secret());
        let (row, mut entry) = (token.clone(), self.entry(actor, AuditAction::TokenCreated, &token));
        entry.detail =
            Some(format!("{scope}, until {}", expires_at.to_rfc3339_opts(SecondsFormat::Secs, true)));
        self.db
            .write(move |tx| {
                if store::tokens::count_good(tx, row.user_id, now)? >= TOKENS_MOST {
                    let reason = format!("an account has at most {TOKENS_MOST} tokens; revoke one first");
                    return Err(ValidationError { field: "name", code: "too_many", reason }.into());
                }
                store::tokens::insert(tx, &row, &hash)?;
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await?;
        Ok(NewToken { secret, token })
    }

    /// One page of an account's tokens, oldest first. None is the actor's own account; that of somebody else is for
    /// administrators.
    ///
    /// # Errors
    /// It is somebody else's account and the actor is no administrator.
    pub async fn list(
        &self,
        actor: &Actor,
        user: Option<UserId>,
        page: Page,
    ) -> Result<Slice<ApiToken>, Error> {
        let user = own_or_any(actor, user)?;
        self.db.read(move |tx| store::tokens::list_of_user(tx, user, &page).map_err(Error::from)).await
    }

    /// Revokes a token and those made with it: the actor's own, or, as an administrator, anybody's.
    ///
    /// # Errors
    /// There is no such token, or it is somebody else's, which is not told apart; or the actor is a program that may end only
    /// itself and what it made.
    pub async fn revoke(&self, actor: &Actor, id: TokenId) -> Result<(), Error> {
        let (this, actor) = (self.clone(), actor.clone());
        self.db
            .write(move |tx| {
                let token = store::tokens::get(tx, id)?;
                if token.user_id != actor.user.id && !actor.user.role.includes(Role::Admin) {
                    return Err(Error::NotFound { what: "token", id: id.to_string() });
                }
                let is_its_own =
                    |access: Access| matches!(access, Access::Token { id: own, .. } if own == id || token.made_by == Some(own));
                if !is_its_own(actor.access) {
                    require_person(&actor)?;
                }
                store::tokens::delete(tx, id)?;
                let entry = this.entry(&actor, AuditAction::TokenRevoked, &token);
                store::audit::append(tx, &entry).map_err(Error::from)
            })
            .await
    }

    fn entry(&self, actor: &Actor, action: AuditAction, token: &ApiToken) -> stardeck_domain::AuditEntry {
        let (id, name) = (token.id.to_string(), token.name.to_string());
        audit::entry(actor, action, Some(id), Some(name), self.clock.now())
    }
}

/// Who ends what a person signed in with is that person, or may do everything: a program with a token for less could shut
/// its owner out.
///
/// # Errors
/// It is a program with a token for less.
pub(super) fn require_person(actor: &Actor) -> Result<(), Error> {
    match actor.access {
        Access::Session(_) => Ok(()),
        Access::Token { .. } => require(actor, Role::Admin),
    }
}

/// The account that somebody asks about: the own, or, for administrators, any.
///
/// # Errors
/// It is somebody else's, and the actor is no administrator.
pub(super) fn own_or_any(actor: &Actor, user: Option<UserId>) -> Result<UserId, Error> {
    match user {
        Some(user) if user != actor.user.id => require(actor, Role::Admin).map(|()| user),
        Some(_) | None => Ok(actor.user.id),
    }
}

/// Whether a text has the form of a token.
pub(super) fn is_token(text: &str) -> bool {
    text.starts_with(PREFIX)
}

/// Who a token signs in. The role is what the scope lets do of what the owner may.
///
/// # Errors
/// There is no such token, or it has expired.
pub(super) async fn authenticate(
    db: &Db,
    text: &str,
    remote_address: Option<String>,
    now: DateTime<Utc>,
) -> Result<Actor, Error> {
    let hash = token_hash(text);
    let found =
        db.read(move |tx| store::tokens::find_by_token_hash(tx, &hash, now).map_err(Error::from)).await?;
    let (token, owner) = found.ok_or(Error::Unauthenticated)?;
    if is_worth_noting(token.last_used_at, now) {
        let id = token.id;
        let noted = db.write(move |tx| store::tokens::record_use(tx, id, now).map_err(Error::from)).await;
        if let Err(error) = noted {
            tracing::warn!(%error, "the use of a token can not be written down");
        }
    }
    let access = Access::Token { id: token.id, expires_at: token.expires_at };
    Ok(Actor { user: limited(owner, &token), access, remote_address })
}

/// Whether a token still lets do what it let do when the actor signed in with it.
///
/// # Errors
/// The store is in trouble.
pub(super) async fn is_good(db: &Db, id: TokenId, role: Role, now: DateTime<Utc>) -> Result<bool, Error> {
    let found = db.read(move |tx| store::tokens::find_good(tx, id, now).map_err(Error::from)).await?;
    Ok(found.is_some_and(|(token, owner)| limited(owner, &token).role.includes(role)))
}

fn limited(owner: User, token: &ApiToken) -> User {
    User { role: owner.role.min(token.scope.role()), ..owner }
}
