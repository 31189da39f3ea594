//! Setting up the first administrator.
//!
//! There is no default password. Who can read the set-up token's file on the host may make the first administrator,
//! once. The token is made anew at each start and is never logged; the log names the file.

use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{
    AuditAction, AuditEntry, AuditId, AuditOutcome, Password, Role, User, UserId, UserName,
};
use stardeck_repository::{self as store, Db};
use subtle::ConstantTimeEq as _;

use super::{
    Clock,
    password_hash::PasswordHasher,
    password_rules::check_account_password,
    throttle::{Limits, Throttle},
};
use crate::{
    Error,
    vault::{generate_token, private_file, token_hash},
};

/// The file's name in the data directory.
const FILE_NAME: &str = "setup-token";
/// How long a token is good.
const LIFETIME: TimeDelta = TimeDelta::hours(24);
/// Five wrong tries lock for a minute, and longer each time.
const LIMITS: Limits = Limits {
    tries: 5,
    within: TimeDelta::minutes(10),
    pause: TimeDelta::minutes(1),
    pause_most: TimeDelta::hours(1),
};
/// There is one token, so that all tries count together.
const THROTTLE_KEY: &str = "setup";

/// Setting up the first administrator. Cheap to clone.
#[derive(Clone)]
pub struct Setup {
    db: Db,
    clock: Clock,
    hasher: PasswordHasher,
    token_file: PathBuf,
    issued: Arc<Mutex<Option<Issued>>>,
    throttle: Arc<Throttle>,
}

/// The token that is good now, as its hash.
#[derive(Clone)]
struct Issued {
    hash: String,
    expires_at: DateTime<Utc>,
}

impl Setup {
    /// Set-up with the token's file in this directory.
    pub fn new(db: Db, data_dir: &Path) -> Self {
        Self::with_clock(db, data_dir, Clock::system())
    }

    /// As [`Setup::new`], with a clock of the caller's.
    pub fn with_clock(db: Db, data_dir: &Path, clock: Clock) -> Self {
        Self {
            db,
            clock,
            hasher: PasswordHasher::new(),
            token_file: data_dir.join(FILE_NAME),
            issued: Arc::new(Mutex::new(None)),
            throttle: Arc::new(Throttle::new(LIMITS)),
        }
    }

    /// To be called once when the server starts. Without any account it makes a new token, good for 24 hours, writes
    /// it to the file (mode 0600) and returns it, for a link on a terminal. With accounts it removes a file that was
    /// left over and returns None.
    ///
    /// # Errors
    /// The store or the file is in trouble.
    pub async fn start(&self) -> Result<Option<SecretString>, Error> {
        let (path, token) = (self.token_file.clone(), generate_token());
        let issued =
            Issued { hash: token_hash(token.expose_secret()), expires_at: self.clock.now() + LIFETIME };
        let content = SecretString::from(format!("{}\n", token.expose_secret()));
        let is_needed = self
            .db
            .read(move |tx| {
                let is_needed = store::users::count(tx)? == 0;
                if is_needed {
                    private_file::replace(&path, content.expose_secret().as_bytes())
                } else {
                    private_file::remove(&path)
                }
                .map(|()| is_needed)
                .map_err(|error| Error::internal(format!("the set-up token's file: {error}")))
            })
            .await?;
        *self.issued() = is_needed.then_some(issued);
        Ok(is_needed.then_some(token))
    }

    /// Whether the first administrator is still to be made.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn needed(&self) -> Result<bool, Error> {
        self.db.read(|tx| Ok(store::users::count(tx)? == 0)).await
    }

    /// Where the token is written.
    pub fn token_file(&self) -> &Path {
        &self.token_file
    }

    /// Makes the first administrator and removes the token. `remote` is the address the request came from.
    ///
    /// # Errors
    /// There are accounts already, the token is wrong or has expired, there were too many wrong ones, or the password
    /// breaks the rules for accounts.
    pub async fn complete(
        &self,
        token: &str,
        username: UserName,
        password: Password,
        remote: Option<String>,
    ) -> Result<User, Error> {
        if !self.needed().await? {
            return Err(Error::SetupDone);
        }
        self.check_token(token)?;
        check_account_password(&username, &password)?;
        let hash = self.hasher.hash(password).await?;
        let now = self.clock.now();
        let user =
            User { id: UserId::new(), username, role: Role::Admin, created_at: now, last_login_at: None };
        let entry = setup_entry(&user, remote, now);
        let (admin, path) = (user.clone(), self.token_file.clone());
        self.db
            .write(move |tx| {
                if store::users::count(tx)? != 0 {
                    return Err(Error::SetupDone);
                }
                store::users::insert(tx, &admin, &hash)?;
                store::audit::append(tx, &entry)?;
                private_file::remove(&path)
                    .map_err(|error| Error::internal(format!("remove the set-up token's file: {error}")))
            })
            .await?;
        *self.issued() = None;
        Ok(user)
    }

    /// Compares by hash and in constant time, so that the answer's time says nothing about the token.
    fn check_token(&self, token: &str) -> Result<(), Error> {
        let now = self.clock.now();
        let admitted = self.throttle.admit(THROTTLE_KEY, now)?;
        let given = token_hash(token.trim());
        let is_right = self.issued().as_ref().is_some_and(|issued| {
            bool::from(given.as_bytes().ct_eq(issued.hash.as_bytes())) && now < issued.expires_at
        });
        if !is_right {
            tracing::warn!("a wrong or expired set-up token was tried");
            return Err(Error::SetupTokenRejected);
        }
        self.throttle.withdraw(&admitted);
        Ok(())
    }

    fn issued(&self) -> MutexGuard<'_, Option<Issued>> {
        // It is replaced as a whole, so that a panic elsewhere can not leave half of it.
        self.issued.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn setup_entry(user: &User, remote_address: Option<String>, at: DateTime<Utc>) -> AuditEntry {
    AuditEntry {
        id: AuditId::new(),
        at,
        user_id: Some(user.id),
        username: Some(user.username.to_string()),
        action: AuditAction::Setup,
        target_id: Some(user.id.to_string()),
        target_name: Some(user.username.to_string()),
        remote_address,
        outcome: AuditOutcome::Done,
        token_id: None,
        detail: None,
    }
}
