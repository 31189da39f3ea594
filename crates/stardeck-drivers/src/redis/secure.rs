//! The accounts, as lines of the server's access control list.
//!
//! Passwords leave this process only as SHA-256 hashes, which the server stores as they are
//! (<https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/>).

use std::fmt::Write as _;

use redis::{Cmd, Pipeline};
use sha2::{Digest as _, Sha256};
use stardeck_domain::{LoginName, Password};

use super::session::Session;
use crate::{Accounts, Error, Login};

/// Who may do everything: every command, key and channel.
const ALL_RIGHTS: [&str; 3] = ["~*", "&*", "+@all"];

/// Gives the server its accounts, in memory and in its file, by one transaction.
pub(super) async fn secure(bootstrap: &Login, accounts: &Accounts) -> Result<(), Error> {
    let Accounts { admin, management } = accounts;
    let mut session = match Session::open(bootstrap).await {
        Ok(session) => session,
        Err(rejected @ Error::CredentialsRejected { .. }) => {
            // An earlier run may have come through.
            let (user, password) = management.clone();
            match Session::open(&Login { user, password, ..bootstrap.clone() }).await {
                Err(Error::CredentialsRejected { .. }) => return Err(rejected),
                opened => opened?,
            }
        }
        Err(error) => return Err(error),
    };
    let mut commands = Pipeline::new();
    commands.atomic();
    for (user, password) in [management, admin] {
        commands.add_command(set_user(user, password));
    }
    commands.cmd("ACL").arg("SAVE");
    session.run_all(&commands).await
}

/// `reset` first, so that no earlier password stays good.
fn set_user(user: &LoginName, password: &Password) -> Cmd {
    let mut command = redis::cmd("ACL");
    command.arg("SETUSER").arg(user.as_str()).arg("reset").arg("on");
    command.arg(verifier(password)).arg(&ALL_RIGHTS);
    command
}

/// A password as the server keeps it: `#` and the SHA-256 in hexadecimal digits.
pub(super) fn verifier(password: &Password) -> String {
    Sha256::digest(password.expose().as_bytes()).iter().fold("#".to_owned(), |mut text, byte| {
        // Writing to a String can not fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    #[test]
    fn command_holds_a_hash_and_never_the_password() {
        let user = LoginName::parse("boss").unwrap();
        let password = Password::parse("abc".to_owned(), PasswordRules::ENGINE).unwrap();
        let packed = String::from_utf8(set_user(&user, &password).get_packed_command()).unwrap();
        // The SHA-256 of "abc" (FIPS 180-2, appendix B.1).
        assert!(packed.contains("#ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        assert!(!packed.contains("abc\r\n") && packed.contains("reset"), "{packed}");
    }
}
