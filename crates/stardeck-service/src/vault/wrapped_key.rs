//! The master key in a form that may leave the host: wrapped by a passphrase.

use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305, XNonce,
    aead::{Aead as _, Payload},
};
use rand::Rng as _;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{MasterKey, generate::system_random, master_key::KEY_BYTES};
use crate::Error;

/// The form this program writes and reads.
const VERSION: u32 = 1;
/// Memory of the key derivation in KiB. Four times that of logins, since whoever has a backup can guess without being slowed
/// down by anybody (RFC 9106, section 4, second choice).
const MEMORY_KIB: u32 = 64 * 1024;
/// Passes over that memory.
const PASSES: u32 = 3;
const LANES: u32 = 4;
/// What a wrapped key from elsewhere may ask for at most, so that reading one does not take the host's memory.
const MEMORY_KIB_MOST: u32 = 1024 * 1024;
const PASSES_MOST: u32 = 32;
const LANES_MOST: u32 = 16;
const SALT_BYTES: usize = 16;
const NONCE_BYTES: usize = 24;

/// A master key that only a passphrase opens (Argon2id, XChaCha20-Poly1305).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrappedKey {
    version: u32,
    key_id: String,
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    ciphertext: String,
}

impl WrappedKey {
    /// Wraps a key. It blocks for about a second.
    ///
    /// # Errors
    /// An internal error, which is a defect.
    pub fn wrap(key: &MasterKey, passphrase: &SecretString) -> Result<Self, Error> {
        let (mut salt, mut nonce) = ([0_u8; SALT_BYTES], [0_u8; NONCE_BYTES]);
        system_random().fill_bytes(&mut salt);
        system_random().fill_bytes(&mut nonce);
        let mut wrapped = Self {
            version: VERSION,
            key_id: key.key_id().to_owned(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            lanes: LANES,
            salt: STANDARD.encode(salt),
            nonce: STANDARD.encode(nonce),
            ciphertext: String::new(),
        };
        let cipher = wrapped.cipher(passphrase, &salt).map_err(Error::internal)?;
        let associated_data = wrapped.associated_data();
        let payload = Payload { msg: key.bytes().as_slice(), aad: associated_data.as_bytes() };
        let ciphertext = cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal("wrap the master key"))?;
        wrapped.ciphertext = STANDARD.encode(ciphertext);
        Ok(wrapped)
    }

    /// Opens it. It blocks for about a second.
    ///
    /// # Errors
    /// The passphrase is wrong, or it was changed since; or why it can not be read, in words.
    pub fn unwrap_with(&self, passphrase: &SecretString) -> Result<MasterKey, &'static str> {
        if self.version != VERSION {
            return Err("the form of its wrapped key is unknown");
        }
        if self.memory_kib > MEMORY_KIB_MOST || self.passes > PASSES_MOST || self.lanes > LANES_MOST {
            return Err("its wrapped key asks for more memory or time than any that this program writes");
        }
        let bytes = |text: &str| STANDARD.decode(text).map_err(|_| "its wrapped key is not base64");
        let (salt, ciphertext) = (bytes(&self.salt)?, bytes(&self.ciphertext)?);
        let nonce: [u8; NONCE_BYTES] = bytes(&self.nonce)?
            .try_into()
            .map_err(|_| "the nonce of its wrapped key has the wrong length")?;
        let cipher = self.cipher(passphrase, &salt).map_err(|_| "its wrapped key can not be read")?;
        let associated_data = self.associated_data();
        let payload = Payload { msg: &ciphertext, aad: associated_data.as_bytes() };
        let clear = cipher
            .decrypt(&XNonce::from(nonce), payload)
            .map_err(|_| "the passphrase is wrong, or the backup was changed")?;
        let clear = Zeroizing::new(clear);
        let bytes: [u8; KEY_BYTES] =
            clear.as_slice().try_into().map_err(|_| "its wrapped key has the wrong length")?;
        Ok(MasterKey::from_bytes(Zeroizing::new(bytes)))
    }

    fn cipher(&self, passphrase: &SecretString, salt: &[u8]) -> Result<XChaCha20Poly1305, argon2::Error> {
        let parameters = Params::new(self.memory_kib, self.passes, self.lanes, Some(KEY_BYTES))?;
        let mut key = Zeroizing::new([0_u8; KEY_BYTES]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, parameters).hash_password_into(
            passphrase.expose_secret().as_bytes(),
            salt,
            key.as_mut_slice(),
        )?;
        let key: &[u8; KEY_BYTES] = &key;
        Ok(XChaCha20Poly1305::new(key.into()))
    }

    /// What the ciphertext is bound to, so that no part of the rest can be changed.
    fn associated_data(&self) -> String {
        format!(
            "stardeck-key|{}|{}|{}|{}|{}",
            self.version, self.key_id, self.memory_kib, self.passes, self.lanes
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> MasterKey {
        MasterKey::from_bytes(Zeroizing::new([7; KEY_BYTES]))
    }

    #[test]
    fn the_right_passphrase_opens_it_and_no_other() {
        let wrapped = WrappedKey::wrap(&key(), &"correct horse".into()).unwrap();
        let opened = wrapped.unwrap_with(&"correct horse".into()).unwrap();
        assert_eq!((opened.bytes(), opened.key_id()), (key().bytes(), key().key_id()));
        assert!(wrapped.unwrap_with(&"Correct horse".into()).unwrap_err().contains("passphrase"));
    }

    #[test]
    fn it_holds_nothing_of_the_key_and_is_another_each_time() {
        let (one, two) = [(); 2].map(|()| WrappedKey::wrap(&key(), &"correct horse".into()).unwrap()).into();
        assert_ne!((&one.salt, &one.nonce, &one.ciphertext), (&two.salt, &two.nonce, &two.ciphertext));
        let text = serde_json::to_string(&one).unwrap();
        assert!(!text.contains(&STANDARD.encode([7; KEY_BYTES])));
        assert_eq!(serde_json::from_str::<WrappedKey>(&text).unwrap(), one);
    }

    #[test]
    fn changed_parts_do_not_open_and_greedy_ones_are_not_tried() {
        let wrapped = WrappedKey::wrap(&key(), &"correct horse".into()).unwrap();
        let passphrase = "correct horse".into();
        let other = WrappedKey { key_id: "00000000".to_owned(), ..wrapped.clone() };
        assert!(other.unwrap_with(&passphrase).is_err());
        let weaker = WrappedKey { passes: 1, ..wrapped.clone() };
        assert!(weaker.unwrap_with(&passphrase).is_err());
        let greedy = WrappedKey { memory_kib: MEMORY_KIB_MOST + 1, ..wrapped.clone() };
        assert!(greedy.unwrap_with(&passphrase).unwrap_err().contains("more memory"));
        let next = WrappedKey { version: 2, ..wrapped };
        assert!(next.unwrap_with(&passphrase).unwrap_err().contains("unknown"));
    }
}
