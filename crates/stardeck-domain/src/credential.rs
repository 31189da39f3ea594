//! Credentials of a database, each in versions, so that a change can be undone and a crash in its middle told.

use chrono::{DateTime, Utc};

use crate::{CredentialId, DatabaseId, LoginName, text_enum::text_enum};

text_enum! {
    /// Whom a credential is for.
    pub enum CredentialPurpose ("credential purpose") {
        /// The one-time password the container is initialised with; replaced as soon as the engine answers.
        Bootstrap = "bootstrap",
        /// The person's own administrator.
        Admin = "admin",
        /// Stardeck's own role in the engine.
        Management = "management",
        /// One app's user.
        App = "app",
    }
}

text_enum! {
    /// Where a version of a credential stands.
    pub enum CredentialState ("credential state") {
        /// Written down, not yet proved by a login.
        Pending = "pending",
        /// The one that works.
        Active = "active",
        /// Replaced.
        Retired = "retired",
    }
}

/// A value encrypted for storage: `v1|key_id|nonce|ciphertext`. Opaque here; only the service can open it.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedText(String);

impl SealedText {
    /// Takes text that was sealed before.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The sealed text, safe to store.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for SealedText {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SealedText(…)")
    }
}

/// One version of one credential.
#[derive(Debug, Clone)]
pub struct Credential {
    /// Its id, part of what the password is sealed to.
    pub id: CredentialId,
    /// The database it opens.
    pub database_id: DatabaseId,
    /// Whom it is for.
    pub purpose: CredentialPurpose,
    /// The login name inside the engine.
    pub username: LoginName,
    /// The password, sealed.
    pub sealed_password: SealedText,
    /// Counts up from 1 within one database and purpose.
    pub version: u32,
    /// Where it stands.
    pub state: CredentialState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}
