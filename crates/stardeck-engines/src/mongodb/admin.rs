//! What names and passwords MongoDB takes.

use stardeck_domain::{InvalidValue, LoginName, Password, ValidationErrors};

use crate::LogicalRules;

/// Stardeck's own account.
pub(super) const MANAGEMENT_USER: &str = "stardeck";

/// The server's own account for members of a replica set.
const SYSTEM_USER: &str = "__system";

/// Names of logical databases (<https://www.mongodb.com/docs/manual/reference/limits/#naming-restrictions>).
pub(super) const LOGICAL: LogicalRules = LogicalRules {
    max: 63,
    cost: char::len_utf8,
    max_words: "63 bytes; letters beyond ASCII take two to four",
    is_allowed: |c| !matches!(c, '/' | '\\' | '.' | '"' | '$' | ' '),
    allowed_words: r#"none of / \ . " $ and no spaces"#,
    reserved: &["admin", "local", "config"],
    reserved_start: None,
    ignores_case: true,
};

pub(super) fn check(user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
    let user = check_user(user.as_str()).map_err(|wrong| wrong.in_field("admin_user"));
    let password = password.map_or(Ok(()), check_password).map_err(|wrong| wrong.in_field("admin_password"));
    let wrong: Vec<_> = [user, password].into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(ValidationErrors(wrong)) }
}

fn check_user(name: &str) -> Result<(), InvalidValue> {
    if name == MANAGEMENT_USER || name == SYSTEM_USER {
        return Err(InvalidValue::new("reserved_name", format!("{name} is reserved")));
    }
    // The commands about users take the name where that of a collection may be, which does not begin so (InvalidNamespace).
    if name.starts_with('.') {
        return Err(InvalidValue::new("invalid_name", "must not begin with a dot"));
    }
    Ok(())
}

/// The server and all clients prepare passwords with `SASLprep` (RFC 4013), and refuse those that it forbids.
fn check_password(password: &Password) -> Result<(), InvalidValue> {
    match stringprep::saslprep(password.expose()) {
        Ok(prepared) if prepared.is_empty() => {
            Err(InvalidValue::new("invisible", "must contain a visible character"))
        }
        Ok(_) => Ok(()),
        Err(_) => Err(InvalidValue::new(
            "invalid_password",
            "must not contain characters that MongoDB refuses in passwords: emoji and other newer characters, private \
             ones, or a mixture of directions of writing",
        )),
    }
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    fn wrong(user: &str, password: &str) -> Vec<(&'static str, &'static str)> {
        let user = LoginName::parse(user).unwrap();
        let password = Password::parse(password.to_owned(), PasswordRules::ENGINE).unwrap();
        match check(&user, Some(&password)) {
            Ok(()) => Vec::new(),
            Err(ValidationErrors(errors)) => errors.into_iter().map(|e| (e.field, e.code)).collect(),
        }
    }

    #[test]
    fn passwords_that_the_server_refuses_are_refused_first() {
        for (password, code) in [
            ("\u{ad}", "invisible"),
            ("🦀", "invalid_password"),
            ("\u{e000}", "invalid_password"),
            ("a\u{5d0}b", "invalid_password"),
        ] {
            assert_eq!(wrong("admin", password), [("admin_password", code)], "{password:?}");
        }
        for password in [r#"p@:/#?% '"\$`&ü"#, "пароль", "\u{fb01}"] {
            assert_eq!(wrong("admin", password), [], "{password:?}");
        }
    }

    #[test]
    fn names_of_the_servers_own_are_reserved() {
        assert_eq!(wrong("stardeck", "x"), [("admin_user", "reserved_name")]);
        assert_eq!(
            wrong("__system", "\u{ad}"),
            [("admin_user", "reserved_name"), ("admin_password", "invisible")]
        );
        assert_eq!(wrong("a=b,c @:/.", "x"), []);
        assert_eq!(wrong(".x", "x"), [("admin_user", "invalid_name")]);
    }
}
