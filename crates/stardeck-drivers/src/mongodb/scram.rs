//! SCRAM-SHA-256 (RFC 5802 and RFC 7677), by which a password is proven without being sent, and the server proves that
//! it knows it, too.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};
use stardeck_domain::{LoginName, Password};
use subtle::ConstantTimeEq as _;

use crate::Error;

type Key = [u8; 32];

/// Without channel binding, which needs TLS.
const NO_BINDING: &str = "n,,";
/// The same, as the last message of the client repeats it.
const NO_BINDING_CODED: &str = "biws";

/// Most rounds of hashing that are done for a server. MongoDB asks for 15000.
const ROUNDS_MAX: u32 = 1_000_000;

/// The first message of the client, without what it says about channel binding.
pub(super) struct First(String);

/// What the server has to answer in the end.
pub(super) struct Expected(Key);

impl First {
    /// Names the user, and a number used once.
    pub(super) fn new(user: &LoginName, nonce: &str) -> Self {
        // Commas and equal signs have a meaning of their own.
        let user = user.as_str().replace('=', "=3D").replace(',', "=2C");
        Self(format!("n={user},r={nonce}"))
    }

    pub(super) fn message(&self) -> String {
        format!("{NO_BINDING}{}", self.0)
    }

    /// The last message of the client, in answer to the server's first.
    pub(super) fn prove(&self, password: &Password, challenge: &[u8]) -> Result<(String, Expected), Error> {
        let challenge = std::str::from_utf8(challenge).map_err(|_| stranger())?;
        let (nonce, salt, rounds) = parts(challenge).ok_or_else(stranger)?;
        let own_nonce = self.0.rsplit_once(",r=").map_or("", |(_, nonce)| nonce);
        if !nonce.starts_with(own_nonce) || nonce.len() <= own_nonce.len() {
            return Err(stranger());
        }
        let salted = salted(password, &salt, rounds);
        let client_key = mac(&salted, &[b"Client Key"]);
        let stored_key: Key = Sha256::digest(client_key).into();
        let last = format!("c={NO_BINDING_CODED},r={nonce}");
        let spoken = [self.0.as_str(), ",", challenge, ",", &last].concat();
        let signature = mac(&stored_key, &[spoken.as_bytes()]);
        let proof: Vec<u8> = client_key.iter().zip(signature).map(|(key, sign)| key ^ sign).collect();
        let server_key = mac(&salted, &[b"Server Key"]);
        let expected = Expected(mac(&server_key, &[spoken.as_bytes()]));
        Ok((format!("{last},p={}", STANDARD.encode(proof)), expected))
    }
}

impl Expected {
    /// Whether the server's last message proves that it knows the password.
    pub(super) fn is_proven_by(&self, message: &[u8]) -> bool {
        let signature = message.strip_prefix(b"v=").and_then(|coded| STANDARD.decode(coded).ok());
        signature.is_some_and(|signature| bool::from(signature.as_slice().ct_eq(&self.0)))
    }
}

fn stranger() -> Error {
    Error::protocol("its challenge makes no sense")
}

/// Nonce, salt and rounds of the server's first message.
fn parts(challenge: &str) -> Option<(&str, Vec<u8>, u32)> {
    let mut parts = challenge.split(',');
    let nonce = parts.next()?.strip_prefix("r=")?;
    let salt = STANDARD.decode(parts.next()?.strip_prefix("s=")?).ok()?;
    let rounds: u32 = parts.next()?.strip_prefix("i=")?.parse().ok()?;
    (1..=ROUNDS_MAX).contains(&rounds).then_some((nonce, salt, rounds))
}

/// `Hi` of RFC 5802, over the password as `SASLprep` leaves it. Where that forbids it, so does the server.
fn salted(password: &Password, salt: &[u8], rounds: u32) -> Key {
    let prepared = stringprep::saslprep(password.expose()).unwrap_or_else(|_| password.expose().into());
    let key = prepared.as_bytes();
    let mut round = mac(key, &[salt, &1_u32.to_be_bytes()]);
    let mut sum = round;
    for _ in 1..rounds {
        round = mac(key, &[&round]);
        for (sum, byte) in sum.iter_mut().zip(round) {
            *sum ^= byte;
        }
    }
    sum
}

fn mac(key: &[u8], parts: &[&[u8]]) -> Key {
    #[expect(clippy::expect_used, reason = "HMAC takes keys of every length (RFC 2104, section 3)")]
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes every key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    const CHALLENGE: &[u8] =
        b"r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";

    fn first() -> First {
        First::new(&LoginName::parse("user").unwrap(), "rOprNGfwEbeRWgbNEkqO")
    }

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned(), PasswordRules::ENGINE).unwrap()
    }

    #[test]
    fn conversation_is_the_one_of_rfc_7677() {
        let first = first();
        assert_eq!(first.message(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
        let (last, expected) = first.prove(&password("pencil"), CHALLENGE).unwrap();
        assert_eq!(
            last,
            "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,\
             p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ="
        );
        assert!(expected.is_proven_by(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4="));
        assert!(!expected.is_proven_by(b"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5="));
        assert!(!expected.is_proven_by(b"e=other-error"));
    }

    #[test]
    fn challenges_that_would_harm_us_are_refused() {
        for challenge in [
            &b"r=another,s=AAAA,i=4096"[..],
            b"r=rOprNGfwEbeRWgbNEkqO,s=AAAA,i=4096",
            b"r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=4000000000",
            b"r=rOprNGfwEbeRWgbNEkqOx,s=AAAA,i=0",
            b"r=rOprNGfwEbeRWgbNEkqOx,s=?,i=4096",
            b"",
            b"\xff",
        ] {
            assert!(first().prove(&password("pencil"), challenge).is_err());
        }
    }

    #[test]
    fn separators_in_a_name_are_coded() {
        let first = First::new(&LoginName::parse("a=b,c").unwrap(), "x");
        assert_eq!(first.message(), "n,,n=a=3Db=2Cc,r=x");
    }
}
