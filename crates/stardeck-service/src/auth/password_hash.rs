//! Hashing people's passwords with Argon2id.
//!
//! One hash takes 19 MiB and tens of milliseconds of a core, so it runs on the blocking pool and few run at once.
//! What is *not* here: where hashes are stored.

use std::{sync::Arc, time::Duration};

use argon2::{
    Argon2,
    password_hash::{Error as HashError, PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::Password;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::Error;

/// Most hashes at once. More would only take memory and time from everything else the server does.
const AT_ONCE: usize = 2;
/// How long a hash may wait for its turn.
const PATIENCE: Duration = Duration::from_secs(10);
/// A hash that no known password has, with the parameters of real ones (a test compares them). A login with an
/// unknown name is checked against it, so that it takes as long as one with a known name.
const NOBODYS_HASH: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$c3RhcmRlY2stbm9ib2R5cw$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Hashes passwords and checks them against hashes. Cheap to clone; clones share the bound on hashes at once.
#[derive(Clone)]
pub(super) struct PasswordHasher {
    turns: Arc<Semaphore>,
    patience: Duration,
}

impl PasswordHasher {
    pub(super) fn new() -> Self {
        Self { turns: Arc::new(Semaphore::new(AT_ONCE)), patience: PATIENCE }
    }

    /// The hash of a password as a PHC string: Argon2id with the crate's parameters, which are the first choice of
    /// the OWASP password storage cheat sheet (19 MiB, 2 passes, 1 lane), and a random salt.
    pub(super) async fn hash(&self, password: Password) -> Result<String, Error> {
        self.run(move || {
            Argon2::default()
                .hash_password(password.expose().as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| Error::internal(format!("hash a password: {error}")))
        })
        .await
    }

    /// Whether the password is the one of the hash. Without a hash the answer is no, after the same work.
    pub(super) async fn verify(&self, password: SecretString, hash: Option<String>) -> Result<bool, Error> {
        self.run(move || {
            let parsed = PasswordHash::new(hash.as_deref().unwrap_or(NOBODYS_HASH))
                .map_err(|error| Error::internal(format!("read a stored password hash: {error}")))?;
            match Argon2::default().verify_password(password.expose_secret().as_bytes(), &parsed) {
                Ok(()) => Ok(hash.is_some()),
                Err(HashError::PasswordInvalid) => Ok(false),
                Err(error) => Err(Error::internal(format!("check a password: {error}"))),
            }
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let turn = self.turn().await?;
        // The turn goes with the work: when the request is dropped, the hash still runs and still counts.
        let done = tokio::task::spawn_blocking(move || {
            let result = work();
            drop(turn);
            result
        });
        done.await.map_err(Error::internal)?
    }

    async fn turn(&self) -> Result<OwnedSemaphorePermit, Error> {
        match tokio::time::timeout(self.patience, Arc::clone(&self.turns).acquire_owned()).await {
            Ok(turn) => turn.map_err(Error::internal),
            Err(_elapsed) => Err(Error::Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    const PASSWORD: &str = "correct horse battery staple";

    async fn hash_of(text: &str) -> String {
        let password = Password::parse(text.to_owned(), PasswordRules::ACCOUNT).unwrap();
        PasswordHasher::new().hash(password).await.unwrap()
    }

    #[tokio::test]
    async fn right_password_is_verified_and_wrong_one_is_not() {
        let (hasher, hash) = (PasswordHasher::new(), hash_of(PASSWORD).await);
        assert!(hasher.verify(PASSWORD.into(), Some(hash.clone())).await.unwrap());
        assert!(!hasher.verify("Correct horse battery staple".into(), Some(hash)).await.unwrap());
    }

    #[tokio::test]
    async fn same_password_hashed_twice_gives_two_hashes_without_it() {
        let (one, two) = (hash_of(PASSWORD).await, hash_of(PASSWORD).await);
        assert_ne!(one, two);
        assert!(one.starts_with("$argon2id$") && !one.contains(PASSWORD));
    }

    #[tokio::test]
    async fn missing_hash_is_never_verified() {
        assert!(!PasswordHasher::new().verify(PASSWORD.into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn nobodys_hash_costs_what_a_real_one_costs() {
        let real = hash_of(PASSWORD).await;
        let (real, nobodys) = (PasswordHash::new(&real).unwrap(), PasswordHash::new(NOBODYS_HASH).unwrap());
        assert_eq!((real.algorithm, real.version), (nobodys.algorithm, nobodys.version));
        assert_eq!(real.params, nobodys.params);
        let lengths = |hash: &PasswordHash| (hash.salt.unwrap().len(), hash.hash.unwrap().len());
        assert_eq!(lengths(&real), lengths(&nobodys));
    }

    #[tokio::test]
    async fn text_that_is_no_hash_is_an_internal_error() {
        let broken = PasswordHasher::new().verify(PASSWORD.into(), Some("nonsense".to_owned())).await;
        assert!(matches!(broken, Err(Error::Internal(_))));
    }

    #[tokio::test]
    async fn hash_that_gets_no_turn_in_time_is_busy() {
        let no_turns = Arc::new(Semaphore::new(0));
        let hasher = PasswordHasher { turns: no_turns, patience: Duration::from_millis(1) };
        assert!(matches!(hasher.verify(PASSWORD.into(), None).await, Err(Error::Busy)));
    }
}
