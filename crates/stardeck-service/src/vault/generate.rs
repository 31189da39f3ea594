//! New secrets from the operating system's random numbers, and the form in which a token is stored.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::{Rng as _, RngExt as _, distr::Alphanumeric, rand_core::UnwrapErr, rngs::SysRng};
use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use stardeck_domain::{Password, PasswordRules};
use zeroize::Zeroizing;

/// Length of a generated password in characters; at 62 possible characters each that is 190 bits.
const PASSWORD_LENGTH: usize = 32;
/// Length of a token in bytes before it is written as text.
const TOKEN_BYTES: usize = 32;

/// The operating system's random numbers. They can not fail once the kernel is up (getrandom(2) with a small buffer
/// is neither interrupted nor short); a machine without them can not make secrets and must not go on.
pub(super) fn system_random() -> UnwrapErr<SysRng> {
    UnwrapErr(SysRng)
}

/// A new password for a login inside an engine: 32 characters of `A-Z a-z 0-9`, which no shell, URL or
/// configuration file needs quoted. Each character is equally likely.
#[expect(clippy::missing_panics_doc, reason = "the text always keeps the rules it is checked against")]
pub fn generate_password() -> Password {
    let mut random = system_random();
    let mut text = String::with_capacity(PASSWORD_LENGTH);
    text.extend((0..PASSWORD_LENGTH).map(|_| char::from(random.sample(Alphanumeric))));
    #[expect(clippy::expect_used, reason = "32 letters and digits keep the rules, and a test says so")]
    Password::parse(text, PasswordRules::ENGINE).expect("letters and digits are a password")
}

/// A new token of 256 bits as 43 characters of base64url (RFC 4648, section 5, without padding).
pub fn generate_token() -> SecretString {
    let mut bytes = Zeroizing::new([0_u8; TOKEN_BYTES]);
    system_random().fill_bytes(bytes.as_mut_slice());
    SecretString::from(URL_SAFE_NO_PAD.encode(bytes.as_slice()))
}

/// The SHA-256 of a token as 64 hexadecimal digits. A token is random and long, so that a fast hash without salt is
/// enough to make the stored form useless to whoever reads the store.
pub fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use secrecy::ExposeSecret;

    use super::*;

    #[test]
    fn generated_password_is_32_letters_and_digits() {
        let password = generate_password();
        assert_eq!(password.expose().len(), 32);
        assert!(password.expose().chars().all(|c| c.is_ascii_alphanumeric()));
    }

    #[test]
    fn generated_passwords_use_all_62_characters_and_differ() {
        let passwords: Vec<_> = (0..200).map(|_| generate_password()).collect();
        let seen: BTreeSet<char> = passwords.iter().flat_map(|p| p.expose().chars()).collect();
        let distinct: BTreeSet<&str> = passwords.iter().map(Password::expose).collect();
        assert_eq!((seen.len(), distinct.len()), (62, 200));
    }

    #[test]
    fn generated_token_is_256_bits_of_base64url() {
        let (one, two) = (generate_token(), generate_token());
        assert_eq!(URL_SAFE_NO_PAD.decode(one.expose_secret()).unwrap().len(), 32);
        assert_ne!(one.expose_secret(), two.expose_secret());
    }

    #[test]
    fn token_hash_is_sha256_in_hex() {
        // The test vector "abc" of FIPS 180-4.
        let expected = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(token_hash("abc"), expected);
    }
}
