//! What names and passwords PostgreSQL takes.

use stardeck_domain::{InvalidValue, LoginName, Password, ValidationErrors};

use crate::LogicalRules;

/// Stardeck's own role.
pub(super) const MANAGEMENT_USER: &str = "stardeck";

/// `NAMEDATALEN` less one, in bytes. The server cuts longer names silently.
pub(super) const NAME_MAX_BYTES: usize = 63;

/// How the roles end that own logical databases, which nobody logs in as.
const OWNER_END: &str = "_owner";

/// Names of logical databases. Each belongs to a role with its name and `_owner`.
pub(super) const LOGICAL: LogicalRules = LogicalRules {
    max: NAME_MAX_BYTES - OWNER_END.len(),
    cost: char::len_utf8,
    max_words: "57 bytes, since the role that owns it has its name with _owner; letters beyond ASCII take two to four",
    is_allowed: |_| true,
    allowed_words: "no spaces at its ends",
    reserved: &["postgres", "template0", "template1"],
    reserved_start: Some("pg_"),
    ignores_case: false,
};

pub(super) fn check(user: &LoginName, password: Option<&Password>) -> Result<(), ValidationErrors> {
    let user = check_user(user.as_str()).map_err(|wrong| wrong.in_field("admin_user"));
    let password = password.map_or(Ok(()), check_password).map_err(|wrong| wrong.in_field("admin_password"));
    let wrong: Vec<_> = [user, password].into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(ValidationErrors(wrong)) }
}

fn check_user(name: &str) -> Result<(), InvalidValue> {
    if name.len() > NAME_MAX_BYTES {
        return Err(InvalidValue::new(
            "too_long",
            format!("must have at most {NAME_MAX_BYTES} bytes; letters beyond ASCII take two to four"),
        ));
    }
    // `public` and `none` mean something else wherever a role is named (CREATE ROLE refuses them).
    if name == MANAGEMENT_USER || name == "public" || name == "none" || name.starts_with("pg_") {
        let reason = format!("{name} is reserved; names that begin with pg_ are reserved, too");
        return Err(InvalidValue::new("reserved_name", reason));
    }
    // An owner of extensions must have none of them since the fix of CVE-2023-39417, and initdb makes the
    // administrator the owner of plpgsql; it fails then, and the container with it.
    if name.contains(['"', '$', '\'', '\\']) {
        let reason = r#"must not contain any of the characters " $ ' \"#;
        return Err(InvalidValue::new("invalid_name", reason));
    }
    Ok(())
}

/// An app's user with such a name would be the owner of what is somebody else's.
pub(super) fn check_app_user_name(name: &str) -> Result<(), InvalidValue> {
    if name.ends_with(OWNER_END) {
        let reason =
            format!("must not end with {OWNER_END}: such roles own the logical databases of that name");
        return Err(InvalidValue::new("reserved_name", reason));
    }
    Ok(())
}

/// `SASLprep` (RFC 4013) maps some characters to nothing. A password of nothing else would be empty for some clients
/// and not for others.
fn check_password(password: &Password) -> Result<(), InvalidValue> {
    if password.expose().chars().all(is_mapped_to_nothing) {
        return Err(InvalidValue::new("invisible", "must contain a visible character"));
    }
    Ok(())
}

/// Table B.1 of RFC 3454.
fn is_mapped_to_nothing(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{1806}'
            | '\u{180b}'..='\u{180d}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2060}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use stardeck_domain::PasswordRules;

    use super::*;

    fn user(text: &str) -> LoginName {
        LoginName::parse(text).unwrap()
    }

    fn password(text: &str) -> Password {
        Password::parse(text.to_owned(), PasswordRules::ENGINE).unwrap()
    }

    fn wrong(user_name: &str, with: Option<&Password>) -> Vec<(&'static str, &'static str)> {
        match check(&user(user_name), with) {
            Ok(()) => Vec::new(),
            Err(ValidationErrors(errors)) => errors.into_iter().map(|e| (e.field, e.code)).collect(),
        }
    }

    #[test]
    fn names_are_measured_in_bytes() {
        assert_eq!(wrong(&"a".repeat(63), None), []);
        assert_eq!(wrong(&"a".repeat(64), None), [("admin_user", "too_long")]);
        assert_eq!(wrong(&"ü".repeat(31), None), []);
        assert_eq!(wrong(&"ü".repeat(32), None), [("admin_user", "too_long")]);
    }

    #[test]
    fn reserved_names_are_refused() {
        for name in ["stardeck", "public", "none", "pg_admin", "pg_"] {
            assert_eq!(wrong(name, None), [("admin_user", "reserved_name")], "{name}");
        }
        for name in ["postgres", "Stardeck", "PG_admin", "stardeck2", "a b@:/#?%&=", "-x"] {
            assert_eq!(wrong(name, None), [], "{name}");
        }
    }

    #[test]
    fn characters_that_no_owner_of_extensions_may_have_are_refused() {
        for name in ["a\"b", "a$b", "a'b", "a\\b"] {
            assert_eq!(wrong(name, None), [("admin_user", "invalid_name")], "{name}");
        }
    }

    #[test]
    fn both_fields_are_told_at_once() {
        let invisible = password("\u{200b}\u{ad}");
        assert_eq!(
            wrong("a\"b", Some(&invisible)),
            [("admin_user", "invalid_name"), ("admin_password", "invisible")]
        );
    }

    proptest! {
        #[test]
        fn password_with_a_visible_character_is_taken(text in "\\PC{0,40}[!-~]\\PC{0,40}") {
            prop_assert_eq!(wrong("postgres", Some(&password(&text))), []);
        }
    }
}
