//! What names Redis takes, and the file it reads its accounts from.

use std::fmt::Write as _;

use secrecy::SecretString;
use sha2::{Digest as _, Sha256};
use stardeck_domain::{InvalidValue, LoginName, Password};

use super::env::{ACL_FILE, DEFAULT_USER};
use crate::{LogicalRules, SeedFile};

/// Stardeck's own account.
pub(super) const MANAGEMENT_USER: &str = "stardeck";

/// Every command, key and channel.
const ALL_RIGHTS: &str = "~* &* +@all";

/// Names of prefixes, which become patterns of keys: the characters that mean something in those are left out.
pub(super) const PREFIXES: LogicalRules = LogicalRules {
    max: 64,
    cost: |_| 1,
    max_words: "64 characters",
    is_allowed: |c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'),
    allowed_words: "letters, digits, dots, underscores and hyphens only, since keys begin with it",
    reserved: &[],
    reserved_start: None,
    ignores_case: false,
};

pub(super) fn check_user(name: &str) -> Result<(), InvalidValue> {
    if name == MANAGEMENT_USER {
        return Err(InvalidValue::new("reserved_name", format!("{name} is reserved")));
    }
    // A line of the file with the accounts is cut at its spaces (ACL SETUSER refuses such names, too).
    if name.chars().any(char::is_whitespace) {
        return Err(InvalidValue::new("invalid_name", "must not contain spaces"));
    }
    Ok(())
}

/// The accounts as the server reads them at its start, with the SHA-256 of each password: the server takes hashes
/// (<https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/>), so no password is ever in a file,
/// and there is no moment at which the server runs without one.
///
/// Clients that give a password and no name are taken for the user `default`, who is switched off unless it is the
/// administrator.
pub(super) fn acl_file(accounts: &[(&LoginName, &Password)]) -> SeedFile {
    let mut text = String::new();
    if accounts.iter().all(|(user, _)| user.as_str() != DEFAULT_USER) {
        let _ = writeln!(text, "user {DEFAULT_USER} reset off");
    }
    for (user, password) in accounts {
        // Writing to a String can not fail.
        let _ = writeln!(text, "user {user} reset on {} {ALL_RIGHTS}", verifier(password));
    }
    // The server's own number in the image is not known; it replaces the file by one of its own when accounts change.
    SeedFile { path: ACL_FILE.to_owned(), mode: 0o644, content: SecretString::from(text) }
}

/// A password as the server keeps it: `#` and the SHA-256 in hexadecimal digits.
fn verifier(password: &Password) -> String {
    Sha256::digest(password.expose().as_bytes()).iter().fold("#".to_owned(), |mut text, byte| {
        // Writing to a String can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret;
    use stardeck_domain::PasswordRules;

    use super::*;

    /// The SHA-256 of "abc" (FIPS 180-2, appendix B.1).
    const HASH_OF_ABC: &str = "#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn lines(admin: &str) -> Vec<String> {
        let [admin, management] = [admin, MANAGEMENT_USER].map(|name| LoginName::parse(name).unwrap());
        let password = Password::parse("abc".to_owned(), PasswordRules::ENGINE).unwrap();
        let file = acl_file(&[(&admin, &password), (&management, &password)]);
        assert_eq!((file.path.as_str(), file.mode), ("/data/users.acl", 0o644));
        file.content.expose_secret().lines().map(str::to_owned).collect()
    }

    #[test]
    fn file_holds_hashes_only() {
        let user = |name: &str| format!("user {name} reset on {HASH_OF_ABC} ~* &* +@all");
        assert_eq!(lines("default"), [user("default"), user("stardeck")]);
    }

    #[test]
    fn user_without_a_name_is_off_when_the_admin_is_another() {
        assert_eq!(lines("boss").first().unwrap(), "user default reset off");
        assert_eq!(lines("boss").len(), 3);
    }

    #[test]
    fn names_that_would_break_the_file_are_refused() {
        for (name, code) in
            [("stardeck", "reserved_name"), ("a b", "invalid_name"), ("a\u{a0}b", "invalid_name")]
        {
            assert_eq!(check_user(name).map_err(|wrong| wrong.code), Err(code), "{name}");
        }
        for name in ["default", "Stardeck", "a@b:/#?%&=", "ü", "#x", ">x"] {
            assert_eq!(check_user(name), Ok(()), "{name}");
        }
    }
}
