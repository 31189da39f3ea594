//! The file of a backup: a tar archive with `manifest.json`, `key.json` where the key goes along, and `stardeck.db`.

use std::{
    fs::{File, OpenOptions},
    io::{self, Read, Write},
    path::Path,
};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use tar::{Archive, Builder, Entry, Header};

use super::BackupFacts;
use stardeck_domain::SealedText;

use crate::vault::{Place, Vault, WrappedKey, hex};

/// The form this program writes and reads.
const FORMAT: u32 = 2;
/// The form before, whose manifest nothing proved.
const UNPROVED: u32 = 1;
const MANIFEST: &str = "manifest.json";
const KEY: &str = "key.json";
const STORE: &str = "stardeck.db";
/// What is sealed as the proof.
const PROVED: &str = "proved";
/// Most bytes of the two small parts.
const SMALL_MOST: u64 = 64 * 1024;
/// Bytes that are moved at once.
const CHUNK: usize = 64 * 1024;

/// What a backup says of itself.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Manifest {
    format: u32,
    pub(super) created_at: DateTime<Utc>,
    schema: String,
    store_sha256: String,
    /// Sealed with the store's key for exactly what stands above, so that nobody without it makes or changes a backup.
    #[serde(default)]
    proof: String,
}

/// What is in a backup, beside the store.
#[derive(Debug)]
pub(super) struct Contents {
    pub(super) manifest: Manifest,
    pub(super) key: Option<WrappedKey>,
}

impl Manifest {
    pub(super) fn new(created_at: DateTime<Utc>, schema: String, store_sha256: String) -> Self {
        Self { format: FORMAT, created_at, schema, store_sha256, proof: String::new() }
    }

    /// Proves it with the key that the store's secrets are sealed with.
    pub(super) fn prove(&mut self, key: &Vault) {
        key.seal(&self.place(), PROVED).as_str().clone_into(&mut self.proof);
    }

    /// Whether this key proved it as it is.
    pub(super) fn is_proved_by(&self, key: &Vault) -> bool {
        key.open(&self.place(), &SealedText::new(self.proof.as_str())).is_ok()
    }

    fn place(&self) -> Place {
        let row =
            format!("{}|{}|{}|{}", self.format, self.created_at.to_rfc3339(), self.schema, self.store_sha256);
        Place { table: "backup", column: "manifest", row }
    }

    pub(super) fn facts(&self, has_key: bool) -> BackupFacts {
        BackupFacts { created_at: self.created_at, schema: self.schema.clone(), has_key }
    }
}

/// The SHA-256 of a file as hexadecimal digits.
pub(super) fn digest(path: &Path) -> io::Result<String> {
    let mut sum = Sha256::new();
    move_all(&mut File::open(path)?, |bytes| {
        sum.update(bytes);
        Ok(())
    })?;
    Ok(hex(&sum.finalize()))
}

/// Writes a backup over an empty file.
pub(super) fn write(
    to: &Path,
    manifest: &Manifest,
    key: Option<&WrappedKey>,
    store: &Path,
) -> io::Result<()> {
    let mut archive = Builder::new(OpenOptions::new().write(true).truncate(true).open(to)?);
    append(&mut archive, MANIFEST, &serde_json::to_vec_pretty(manifest)?)?;
    if let Some(key) = key {
        append(&mut archive, KEY, &serde_json::to_vec_pretty(key)?)?;
    }
    let store = File::open(store)?;
    let mut header = header(store.metadata()?.len());
    archive.append_data(&mut header, STORE, store)?;
    archive.into_inner()?.sync_all()
}

/// Reads a backup, its store over an empty file. The store's digest was compared.
///
/// # Errors
/// Why it is none, in words.
pub(super) fn read(from: &Path, store_to: &Path) -> Result<Contents, String> {
    let file = File::open(from).map_err(|error| error.to_string())?;
    let mut archive = Archive::new(file);
    let (mut manifest, mut key, mut found) = (None::<Manifest>, None, None);
    for entry in archive.entries().map_err(not_ours)? {
        let mut entry = entry.map_err(not_ours)?;
        let name = entry.path().map_err(not_ours)?.to_string_lossy().into_owned();
        match name.as_str() {
            MANIFEST if manifest.is_none() => manifest = Some(small(&mut entry)?),
            KEY if key.is_none() => key = Some(small(&mut entry)?),
            STORE if found.is_none() => found = Some(unpack(&mut entry, store_to).map_err(not_ours)?),
            _ => return Err(format!("it is no backup of Stardeck: it holds {name:?}")),
        }
    }
    let manifest = manifest.ok_or("it is no backup of Stardeck: it has no manifest")?;
    match manifest.format {
        FORMAT => {}
        UNPROVED => {
            return Err("it was made by an earlier version, whose backups anybody could change".to_owned());
        }
        _ => return Err("it was made by a newer version of this program".to_owned()),
    }
    match found {
        Some(sum) if sum == manifest.store_sha256 => Ok(Contents { manifest, key }),
        Some(_) => Err("it is damaged: the store in it is not the one that was put in".to_owned()),
        None => Err("it is cut off: there is no store in it".to_owned()),
    }
}

fn append(archive: &mut Builder<File>, name: &str, bytes: &[u8]) -> io::Result<()> {
    let length = u64::try_from(bytes.len()).map_err(io::Error::other)?;
    archive.append_data(&mut header(length), name, bytes)
}

fn header(length: u64) -> Header {
    let mut header = Header::new_gnu();
    header.set_size(length);
    header.set_mode(0o600);
    header
}

fn small<T: DeserializeOwned>(entry: &mut Entry<'_, File>) -> Result<T, String> {
    let mut bytes = Vec::new();
    entry.take(SMALL_MOST).read_to_end(&mut bytes).map_err(not_ours)?;
    serde_json::from_slice(&bytes).map_err(not_ours)
}

fn unpack(entry: &mut Entry<'_, File>, to: &Path) -> io::Result<String> {
    let mut file = OpenOptions::new().write(true).truncate(true).open(to)?;
    let mut sum = Sha256::new();
    move_all(entry, |bytes| {
        sum.update(bytes);
        file.write_all(bytes)
    })?;
    file.sync_all()?;
    Ok(hex(&sum.finalize()))
}

fn move_all(from: &mut impl Read, mut take: impl FnMut(&[u8]) -> io::Result<()>) -> io::Result<()> {
    let mut chunk = vec![0; CHUNK];
    loop {
        let length = from.read(&mut chunk)?;
        match chunk.get(..length) {
            Some([]) | None => return Ok(()),
            Some(bytes) => take(bytes)?,
        }
    }
}

/// The reader's own words would repeat a piece of whatever the file is.
fn not_ours(error: impl std::error::Error) -> String {
    tracing::debug!(%error, "no backup");
    "it is no backup of Stardeck, or a damaged one".to_owned()
}
