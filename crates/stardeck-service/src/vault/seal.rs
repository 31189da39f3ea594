//! Sealing values for storage and opening them again.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use rand::Rng as _;
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_domain::SealedText;
use stardeck_repository::{Db, Tx, meta, sealed};
use zeroize::Zeroize as _;

use super::{MasterKey, generate::system_random};
use crate::Error;

/// The form of sealed values this program writes and reads.
const VERSION: &str = "v1";
/// Length of the nonce in bytes. At 24, random ones do not repeat (draft-irtf-cfrg-xchacha).
const NONCE_BYTES: usize = 24;
/// The key of table `meta` that names the master key.
const KEY_ID: &str = "vault.key_id";
/// The key of table `meta` that holds a sealed value everybody knows, to prove the master key with.
const CANARY: &str = "vault.canary";
const CANARY_CLEAR: &str = "canary";

/// Where a sealed value is stored. It opens there and nowhere else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The column.
    pub column: &'static str,
    /// The id of the row.
    pub row: String,
}

/// Seals secrets for storage with XChaCha20-Poly1305 and opens them again. Cheap to clone.
#[derive(Clone)]
pub struct Vault {
    inner: Arc<Inner>,
}

struct Inner {
    cipher: XChaCha20Poly1305,
    key_id: String,
}

impl Vault {
    /// The id of the key that stored secrets are sealed with; None before the first [`Vault::unlock`].
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn sealed_with(db: &Db) -> Result<Option<String>, Error> {
        db.read(|tx| meta::get(tx, KEY_ID).map_err(Error::from)).await
    }

    /// Takes the key into use. The first time, the key's id and a sealed canary are stored; later both must fit.
    /// `path` is where the key was read from, for the error.
    ///
    /// # Errors
    /// The stored secrets are sealed with another key, or the store is in trouble.
    pub async fn unlock(db: &Db, key: MasterKey, path: &Path) -> Result<Self, Error> {
        let vault = Self::of(&key);
        let (checked, path) = (vault.clone(), path.display().to_string());
        db.write(move |tx| checked.prove_to(tx, path)).await?;
        Ok(vault)
    }

    /// [`Vault::unlock`] for commands that do nothing else meanwhile.
    pub(super) fn unlock_blocking(db: &Db, key: &MasterKey, path: &Path) -> Result<Self, Error> {
        let vault = Self::of(key);
        db.write_blocking(|tx| vault.prove_to(tx, path.display().to_string()))?;
        Ok(vault)
    }

    /// [`Vault::sealed_with`] for commands that do nothing else meanwhile.
    pub(super) fn sealed_with_blocking(db: &Db) -> Result<Option<String>, Error> {
        db.write_blocking(|tx| meta::get(tx, KEY_ID).map_err(Error::from))
    }

    fn prove_to(&self, tx: &mut Tx, path: String) -> Result<(), Error> {
        match (meta::get(tx, KEY_ID)?, meta::get(tx, CANARY)?) {
            (None, None) => {
                meta::set(tx, KEY_ID, &self.inner.key_id)?;
                let canary = self.seal(&canary_place(), CANARY_CLEAR);
                meta::set(tx, CANARY, canary.as_str())?;
                Ok(())
            }
            (Some(key_id), Some(canary)) if self.proves(&key_id, &canary) => Ok(()),
            (Some(_), Some(_)) => Err(Error::MasterKeyWrong { path }),
            (Some(_), None) | (None, Some(_)) => {
                Err(Error::internal("the store holds only half of what tells its master key"))
            }
        }
    }

    /// Whether a key is the one that a store's secrets are sealed with, by the facts in its table `meta`: the vault it opens,
    /// or None.
    pub fn check(key: &MasterKey, meta: &BTreeMap<String, String>) -> Option<Self> {
        let vault = Self::of(key);
        let (key_id, canary) = (meta.get(KEY_ID)?, meta.get(CANARY)?);
        vault.proves(key_id, canary).then_some(vault)
    }

    /// Takes the place of the earlier key: every sealed value is opened with that one and sealed anew with this one, and the
    /// store is proved with this one from then on. Returns how many there were.
    pub(super) fn take_over(&self, earlier: &Self, tx: &mut Tx) -> Result<usize, Error> {
        let values = sealed::list(tx)?;
        for value in &values {
            let place = Place { table: value.table, column: value.column, row: value.row.clone() };
            let clear = earlier.open(&place, &value.text)?;
            sealed::replace(tx, value, &self.seal(&place, clear.expose_secret()))?;
        }
        meta::set(tx, KEY_ID, &self.inner.key_id)?;
        meta::set(tx, CANARY, self.seal(&canary_place(), CANARY_CLEAR).as_str())?;
        Ok(values.len())
    }

    /// Seals a value for its place: `v1|key_id|nonce|ciphertext`, the last two as base64. The same value sealed
    /// twice gives two texts.
    #[expect(clippy::missing_panics_doc, reason = "no text in memory is too long for the cipher")]
    pub fn seal(&self, place: &Place, clear: &str) -> SealedText {
        let mut nonce = XNonce::default();
        system_random().fill_bytes(&mut nonce);
        let associated_data = place.associated_data();
        let payload = Payload { msg: clear.as_bytes(), aad: associated_data.as_bytes() };
        #[expect(clippy::expect_used, reason = "fails for more than 256 GiB only (RFC 8439, section 2.8)")]
        let ciphertext = self.inner.cipher.encrypt(&nonce, payload).expect("shorter than 256 GiB");
        let (nonce, ciphertext) = (STANDARD.encode(nonce), STANDARD.encode(ciphertext));
        SealedText::new(format!("{VERSION}|{}|{nonce}|{ciphertext}", self.inner.key_id))
    }

    /// Opens a value that was sealed for this place.
    ///
    /// # Errors
    /// An internal error when it was sealed for another place or with another key, or was changed since. It says the
    /// place, never the value.
    pub fn open(&self, place: &Place, sealed: &SealedText) -> Result<SecretString, Error> {
        self.try_open(place, sealed)
            .map_err(|reason| Error::internal(format!("the sealed value of {place} does not open: {reason}")))
    }

    /// The vault that a key opens, whatever is sealed in the store.
    pub(crate) fn of(key: &MasterKey) -> Self {
        let cipher = XChaCha20Poly1305::new(key.bytes().into());
        Self { inner: Arc::new(Inner { cipher, key_id: key.key_id().to_owned() }) }
    }

    /// Whether this vault's key is the one of the stored id and canary.
    fn proves(&self, key_id: &str, canary: &str) -> bool {
        key_id == self.inner.key_id
            && self
                .try_open(&canary_place(), &SealedText::new(canary))
                .is_ok_and(|clear| clear.expose_secret() == CANARY_CLEAR)
    }

    fn try_open(&self, place: &Place, sealed: &SealedText) -> Result<SecretString, &'static str> {
        let mut parts = sealed.as_str().split('|');
        let (Some(version), Some(key_id), Some(nonce), Some(ciphertext), None) =
            (parts.next(), parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("it does not have four parts");
        };
        if version != VERSION {
            return Err("its form is unknown");
        }
        if key_id != self.inner.key_id {
            return Err("it is sealed with another key");
        }
        let nonce = STANDARD.decode(nonce).map_err(|_| "its nonce is not base64")?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| "its nonce has the wrong length")?;
        let ciphertext = STANDARD.decode(ciphertext).map_err(|_| "its ciphertext is not base64")?;
        let associated_data = place.associated_data();
        let payload = Payload { msg: &ciphertext, aad: associated_data.as_bytes() };
        let clear = self
            .inner
            .cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| "it was sealed for another place or changed")?;
        into_secret(clear)
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("key_id", &self.inner.key_id).finish_non_exhaustive()
    }
}

impl Place {
    /// What a sealed value is bound to. Neither tables nor columns have a `|` in their name, so that two places
    /// never give one text.
    fn associated_data(&self) -> String {
        format!("{}|{}|{}", self.table, self.column, self.row)
    }
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{} of row {}", self.table, self.column, self.row)
    }
}

fn canary_place() -> Place {
    Place { table: "meta", column: "value", row: CANARY.to_owned() }
}

fn into_secret(clear: Vec<u8>) -> Result<SecretString, &'static str> {
    String::from_utf8(clear).map(SecretString::from).map_err(|error| {
        error.into_bytes().zeroize();
        "it is not text"
    })
}
