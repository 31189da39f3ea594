//! Another master key in the place of the present one.
//!
//! The new key is on disk before the store knows it, and the store changes in one transaction. Whoever is interrupted has
//! a store and a key that fit: a new key that the store does not know yet is thrown away by the next try, and one that it
//! knows is put in its place by the next start.

use std::path::Path;

use chrono::Utc;
use stardeck_domain::{AuditAction, AuditEntry, AuditId, AuditOutcome};
use stardeck_repository::{Db, audit};

use super::{MasterKey, Vault, private_file};
use crate::Error;

/// A key that took the place of another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRotation {
    /// The new key's id.
    pub key_id: String,
    /// How many secrets were sealed anew.
    pub secrets: usize,
}

impl KeyRotation {
    /// Replaces Stardeck's own key, in its file. No server may use the store meanwhile. It blocks.
    ///
    /// # Errors
    /// The key is missing or is not the store's, a stored secret does not open, or a file can not be written. The store
    /// and the key are then as they were.
    pub fn in_place(db: &Db, path: &Path) -> Result<Self, Error> {
        let in_trouble = |error: std::io::Error| Error::MasterKeyUnusable {
            path: path.display().to_string(),
            reason: error.to_string(),
        };
        let sealed_with = Vault::sealed_with_blocking(db)?;
        let present = MasterKey::load_or_create(path, sealed_with.as_deref())?;
        let earlier = Vault::unlock_blocking(db, &present, path)?;
        let successor = MasterKey::successor_of(path);
        private_file::remove(&successor).map_err(in_trouble)?;
        let key = MasterKey::generate();
        key.save(&successor)?;
        let secrets = seal_anew(db, &earlier, &key)?;
        private_file::put_in_place(&successor, path).map_err(in_trouble)?;
        Ok(Self { key_id: key.key_id().to_owned(), secrets })
    }

    /// Replaces a key that was given to Stardeck from `path`; the new one is written into a new file. No server may use the
    /// store meanwhile. It blocks.
    ///
    /// # Errors
    /// The key is not the store's, there is a file of the new name, or as for [`KeyRotation::in_place`].
    pub fn to_new_file(db: &Db, present: &MasterKey, path: &Path, new: &Path) -> Result<Self, Error> {
        let earlier = Vault::unlock_blocking(db, present, path)?;
        let key = MasterKey::generate();
        key.save(new)?;
        let secrets = seal_anew(db, &earlier, &key)?;
        Ok(Self { key_id: key.key_id().to_owned(), secrets })
    }
}

fn seal_anew(db: &Db, earlier: &Vault, key: &MasterKey) -> Result<usize, Error> {
    let vault = Vault::of(key);
    let entry = AuditEntry {
        id: AuditId::new(),
        at: Utc::now(),
        user_id: None,
        username: None,
        action: AuditAction::MasterKeyReplaced,
        target_id: None,
        target_name: Some(key.key_id().to_owned()),
        remote_address: None,
        outcome: AuditOutcome::Done,
        token_id: None,
        detail: None,
    };
    db.write_blocking(|tx| {
        let secrets = vault.take_over(earlier, tx)?;
        audit::append(tx, &entry)?;
        Ok(secrets)
    })
}
