//! Backups of what Stardeck remembers: the store, and the key to it in a wrapped form, in one file.
//!
//! The databases' own data is not in it: that is in their volumes. What is *not* here: how a person says where to
//! (`stardeck-server`). Everything here blocks.

mod archive;

use std::{
    fs,
    path::{Path, PathBuf},
};

use chrono::Utc;
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::{AuditAction, AuditEntry, AuditId, AuditOutcome};
use stardeck_repository::{Db, audit, inspect, meta, sessions, snapshot};

use self::archive::{Contents, Manifest};
use crate::{
    Error,
    vault::{MasterKey, Vault, WrappedKey, private_file},
};

/// The store's name in a data directory.
const STORE: &str = "stardeck.db";
/// The key's name in a data directory.
const KEY: &str = "master.key";
/// Fewest characters of a passphrase.
const PASSPHRASE_MIN: usize = 10;

/// What becomes of the key in a backup.
#[derive(Debug)]
pub enum KeyInBackup {
    /// It goes along, and this passphrase opens it.
    Wrapped(MasterKey, SecretString),
    /// It stays; without its file nothing in the backup can be opened.
    Left(MasterKey),
}

/// What opens the secrets of a backup.
#[derive(Debug)]
pub enum KeyToBackup {
    /// The passphrase that the key in it was wrapped with.
    Passphrase(SecretString),
    /// The key itself.
    Key(MasterKey),
}

/// What a backup says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackupFacts {
    /// When it was made.
    pub created_at: chrono::DateTime<Utc>,
    /// The newest migration that its store has seen.
    pub schema: String,
    /// Whether the key is in it.
    pub has_key: bool,
}

/// Writes a backup of the store into a new file that only its owner may read, also while a server uses the store.
///
/// # Errors
/// There is a file of this name, the passphrase is too short, the key is not the store's, the store is damaged or newer than
/// this program, or there is no room.
pub fn create(store: &Path, to: &Path, key: KeyInBackup) -> Result<BackupFacts, Error> {
    if to.exists() {
        return Err(unusable(to, "there is a file of this name already"));
    }
    if let KeyInBackup::Wrapped(_, passphrase) = &key
        && passphrase.expose_secret().chars().count() < PASSPHRASE_MIN
    {
        return Err(Error::PassphraseTooShort { min: PASSPHRASE_MIN });
    }
    let copy = Draft::beside(to, "store")?;
    snapshot::copy(store, &copy.0)?;
    inspect(&copy.0).map_err(|error| unfit(to, error))?;
    let facts = snapshot::describe(&copy.0).map_err(|error| unfit(to, error))?;
    let (key, passphrase) = match key {
        KeyInBackup::Wrapped(key, passphrase) => (key, Some(passphrase)),
        KeyInBackup::Left(key) => (key, None),
    };
    let vault =
        Vault::check(&key, &facts.meta).ok_or_else(|| Error::MasterKeyWrong { path: KEY.to_owned() })?;
    let key = passphrase.map(|passphrase| WrappedKey::wrap(&key, &passphrase)).transpose()?;
    let digest = archive::digest(&copy.0).map_err(in_trouble(to))?;
    let mut manifest = Manifest::new(Utc::now(), facts.schema, digest);
    manifest.prove(&vault);
    let told = manifest.facts(key.is_some());
    let draft = Draft::beside(to, "partial")?;
    archive::write(&draft.0, &manifest, key.as_ref(), &copy.0).map_err(in_trouble(to))?;
    // A link, not a rename: it refuses to replace a file that appeared in the meantime.
    fs::hard_link(&draft.0, to).map_err(in_trouble(to))?;
    private_file::sync_directory(to).map_err(in_trouble(to))?;
    Ok(told)
}

/// Puts a backup into a data directory that has no store: the store, and the key that opens it. Everybody has to sign in
/// again, and the restored store says in its audit log what it is.
///
/// # Errors
/// There is a store or another key in the directory, the backup is damaged or newer than this program, or nothing that was
/// given opens it. The directory is then as it was.
pub fn restore(from: &Path, data_dir: &Path, key: KeyToBackup) -> Result<BackupFacts, Error> {
    let (store, key_file) = (data_dir.join(STORE), data_dir.join(KEY));
    if store.exists() {
        return Err(Error::StoreExists { path: store.display().to_string() });
    }
    let copy = Draft::beside(&store, "restoring")?;
    let contents = archive::read(from, &copy.0).map_err(|reason| unusable(from, reason))?;
    let key = open_key(from, &contents, key)?;
    if !contents.manifest.is_proved_by(&Vault::of(&key)) {
        return Err(unusable(
            from,
            "it was changed since it was made, or another key made it than the one given",
        ));
    }
    inspect(&copy.0).map_err(|error| unfit(from, error))?;
    let facts = snapshot::describe(&copy.0).map_err(|error| unfit(from, error))?;
    Vault::check(&key, &facts.meta)
        .ok_or_else(|| unusable(from, "its secrets are sealed with another key than the one given"))?;
    let has_key = own_key_is(&key_file, &key)?;
    mark_restored(&copy.0, &contents.manifest)?;
    // The key before the store, so that there is never a store without it.
    if !has_key {
        key.save(&key_file)?;
    }
    fs::rename(&copy.0, &store).map_err(in_trouble(&store))?;
    private_file::sync_directory(&store).map_err(in_trouble(&store))?;
    Ok(contents.manifest.facts(contents.key.is_some()))
}

fn open_key(from: &Path, contents: &Contents, key: KeyToBackup) -> Result<MasterKey, Error> {
    match (key, &contents.key) {
        (KeyToBackup::Key(key), _) => Ok(key),
        (KeyToBackup::Passphrase(passphrase), Some(wrapped)) => {
            wrapped.unwrap_with(&passphrase).map_err(|reason| unusable(from, reason))
        }
        (KeyToBackup::Passphrase(_), None) => {
            Err(unusable(from, "the key is not in it; give the key's file instead of a passphrase"))
        }
    }
}

/// Whether the directory has this key already.
fn own_key_is(path: &Path, key: &MasterKey) -> Result<bool, Error> {
    if !path.exists() {
        return Ok(false);
    }
    if MasterKey::load(path)?.key_id() == key.key_id() {
        return Ok(true);
    }
    let reason = "it is another key than the backup's; move it away first".to_owned();
    Err(Error::MasterKeyUnusable { path: path.display().to_string(), reason })
}

/// Brings the copy to this program's schema, ends what was signed in, begins a new life of its events, and writes it down.
fn mark_restored(copy: &Path, manifest: &Manifest) -> Result<(), Error> {
    let entry = AuditEntry {
        id: AuditId::new(),
        at: Utc::now(),
        user_id: None,
        username: None,
        action: AuditAction::StoreRestored,
        target_id: None,
        target_name: None,
        remote_address: None,
        outcome: AuditOutcome::Done,
        token_id: None,
        detail: Some(format!("the backup of {}", manifest.created_at.to_rfc3339())),
    };
    let db = Db::open(copy)?;
    db.write_blocking(move |tx| {
        sessions::delete_all(tx)?;
        meta::renew_event_epoch(tx)?;
        audit::append(tx, &entry)
    })?;
    Ok(())
}

/// A file beside the one that is to be; removed again with what SQLite puts beside it, unless it was renamed.
struct Draft(PathBuf);

impl Draft {
    /// An empty file that only its owner may read, in place of what an earlier try left.
    fn beside(path: &Path, mark: &str) -> Result<Self, Error> {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{mark}"));
        let draft = Self(PathBuf::from(name));
        draft.remove();
        private_file::create(&draft.0, b"").map_err(in_trouble(path))?;
        Ok(draft)
    }

    fn remove(&self) {
        for end in ["", "-wal", "-shm", "-journal"] {
            let mut name = self.0.as_os_str().to_owned();
            name.push(end);
            // It is only tidiness: what is left is written over by the next try.
            private_file::remove(Path::new(&name)).ok();
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        self.remove();
    }
}

/// Says of a store that is damaged or too new what it is; other trouble is told as anywhere else.
fn unfit(path: &Path, error: stardeck_repository::Error) -> Error {
    use stardeck_repository::Error as Store;
    match error {
        Store::Corrupt { .. } | Store::Newer { .. } => unusable(path, error.to_string()),
        other => other.into(),
    }
}

fn unusable(path: &Path, reason: impl Into<String>) -> Error {
    Error::BackupUnusable { path: path.display().to_string(), reason: reason.into() }
}

fn in_trouble(path: &Path) -> impl Fn(std::io::Error) -> Error {
    let path = path.to_owned();
    move |error| unusable(&path, error.to_string())
}
