//! The key all stored secrets are sealed with, and the file it lives in.

use std::{
    ffi::OsString,
    fs::{self, File},
    io::{self, Read as _},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use rand::Rng as _;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use super::{
    generate::{hex, system_random},
    private_file,
};
use crate::Error;

/// Length of the key in bytes (XChaCha20-Poly1305).
pub(super) const KEY_BYTES: usize = 32;
/// Length of a key id in hexadecimal digits. It tells keys apart; it proves nothing (the sealed canary does).
const KEY_ID_LENGTH: usize = 8;
/// Most bytes read from a key file; a key as text has 44.
const FILE_LIMIT: u64 = 512;
/// Permission bits that a key file Stardeck made must not have: any for the group or for others.
const NOT_IN_OWN_FILE: u32 = 0o077;
/// Permission bits that a key file given to Stardeck must not have. The group may read: systemd hands credentials
/// out as 0400 or 0440 (systemd.exec(5), `LoadCredential=`).
const NOT_IN_GIVEN_FILE: u32 = 0o037;

/// The key all stored secrets are sealed with. Its memory is wiped when it is dropped.
pub struct MasterKey {
    bytes: Zeroizing<[u8; KEY_BYTES]>,
    id: String,
}

impl MasterKey {
    /// Reads the key from Stardeck's own file, or makes file and key on the first start. `sealed_with` is the id of
    /// the key that stored secrets are sealed with (see [`super::Vault::sealed_with`]); None when there are none yet.
    ///
    /// The file holds 32 random bytes as base64 text (RFC 4648, section 4) with mode 0600. Call it from where
    /// blocking is allowed.
    ///
    /// # Errors
    /// The file is missing although secrets are sealed with it (a new key would silently lose them), holds another
    /// key, holds no key, or may be read by somebody else than its owner.
    pub fn load_or_create(path: &Path, sealed_with: Option<&str>) -> Result<Self, Error> {
        match (read_key(path, NOT_IN_OWN_FILE)?, sealed_with) {
            (Some(key), Some(id)) if key.id != id => {
                Self::take_successor(path, id)?.ok_or_else(|| Error::MasterKeyWrong { path: show(path) })
            }
            (Some(key), Some(_) | None) => Ok(key),
            (None, Some(id)) => {
                Self::take_successor(path, id)?.ok_or_else(|| Error::MasterKeyMissing { path: show(path) })
            }
            (None, None) => {
                let key = Self::generate();
                key.save(path)?;
                Ok(key)
            }
        }
    }

    /// Makes a key.
    pub(super) fn generate() -> Self {
        let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
        system_random().fill_bytes(bytes.as_mut_slice());
        Self::from_bytes(bytes)
    }

    /// Where the key is that will take the place of the one in this file.
    pub(super) fn successor_of(path: &Path) -> PathBuf {
        let mut name = OsString::from(path);
        name.push(".next");
        PathBuf::from(name)
    }

    /// Puts the successor of the key in this file in its place, when it is the one with this id: whoever replaced the key
    /// was interrupted between the store and the file.
    fn take_successor(path: &Path, id: &str) -> Result<Option<Self>, Error> {
        let successor = Self::successor_of(path);
        let Some(key) = read_key(&successor, NOT_IN_OWN_FILE)?.filter(|key| key.id == id) else {
            return Ok(None);
        };
        private_file::put_in_place(&successor, path).map_err(|error| unusable(path, error.to_string()))?;
        Ok(Some(key))
    }

    /// Reads a key that was given to Stardeck by path or as a systemd credential. The file may be read-only, and
    /// readable by its group. Call it from where blocking is allowed.
    ///
    /// # Errors
    /// There is no such file, it holds no key, or everybody may read or others than the owner may write it.
    pub fn load(path: &Path) -> Result<Self, Error> {
        read_key(path, NOT_IN_GIVEN_FILE)?.ok_or_else(|| unusable(path, "there is no such file"))
    }

    /// Writes the key into a new file that only its owner may read.
    ///
    /// # Errors
    /// There is a file of this name, or it can not be written.
    pub fn save(&self, path: &Path) -> Result<(), Error> {
        let mut text = roomy_text();
        STANDARD.encode_string(self.bytes.as_slice(), &mut text);
        text.push('\n');
        private_file::create(path, text.as_bytes()).map_err(|error| unusable(path, error.to_string()))
    }

    /// The key's id: the first eight hexadecimal digits of its SHA-256. It may be stored and shown.
    pub fn key_id(&self) -> &str {
        &self.id
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.bytes
    }

    pub(super) fn from_bytes(bytes: Zeroizing<[u8; KEY_BYTES]>) -> Self {
        let id = hex(&Sha256::digest(bytes.as_slice())).chars().take(KEY_ID_LENGTH).collect();
        Self { bytes, id }
    }
}

impl std::fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MasterKey").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The key in a file, None when there is no file. The permissions are asked of the open file, so that they belong to
/// what is read.
fn read_key(path: &Path, forbidden_bits: u32) -> Result<Option<MasterKey>, Error> {
    let in_trouble = |error: io::Error| unusable(path, error.to_string());
    match fs::metadata(path) {
        // Looked at before it is opened, since opening a pipe would wait for a writer.
        Ok(metadata) if !metadata.is_file() => return Err(unusable(path, "it is not a regular file")),
        Ok(_) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(in_trouble(error)),
    }
    let file = File::open(path).map_err(in_trouble)?;
    let mode = file.metadata().map_err(in_trouble)?.permissions().mode();
    if mode & forbidden_bits != 0 {
        let reason = format!("its permissions {:04o} let others in; use chmod 600", mode & 0o7777);
        return Err(unusable(path, reason));
    }
    let mut text = roomy_text();
    file.take(FILE_LIMIT).read_to_string(&mut text).map_err(in_trouble)?;
    parse_key(&text).map(Some).ok_or_else(|| unusable(path, "it does not hold 32 bytes as base64 text"))
}

/// An empty text with room for a whole key file, so that no growing leaves a copy of the key in memory.
fn roomy_text() -> Zeroizing<String> {
    Zeroizing::new(String::with_capacity(2 * usize::try_from(FILE_LIMIT).unwrap_or_default()))
}

fn parse_key(text: &str) -> Option<MasterKey> {
    let decoded = Zeroizing::new(STANDARD.decode(text.trim()).ok()?);
    let mut bytes = Zeroizing::new([0_u8; KEY_BYTES]);
    if decoded.len() != KEY_BYTES {
        return None;
    }
    bytes.copy_from_slice(&decoded);
    Some(MasterKey::from_bytes(bytes))
}

fn unusable(path: &Path, reason: impl Into<String>) -> Error {
    Error::MasterKeyUnusable { path: show(path), reason: reason.into() }
}

fn show(path: &Path) -> String {
    path.display().to_string()
}
