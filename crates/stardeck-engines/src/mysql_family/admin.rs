//! What names and passwords the servers take.

use stardeck_domain::{InvalidValue, LoginName, Password, ValidationErrors};

use crate::LogicalRules;

/// Stardeck's own account.
pub(crate) const MANAGEMENT_USER: &str = "stardeck";

/// The account every new server has.
pub(crate) const ROOT: &str = "root";

/// Accounts of the servers' own and of the images' health checks.
const RESERVED: &[&str] = &[MANAGEMENT_USER, "healthcheck", "mysql", "public", "none"];

/// Names of logical databases. A database is a directory, whose name has five bytes for most characters; and where rights
/// are given on it, `_` and `%` stand for others unless a backslash before them says that they do not.
pub(crate) const LOGICAL: LogicalRules = LogicalRules {
    max: 256,
    cost: |c| match c {
        '_' | '%' => 8,
        c if c.is_ascii_alphanumeric() => 4,
        _ => 6,
    },
    max_words: "64 letters and digits, each _ or % counting as two and every other character as one and a half",
    is_allowed: |c| !matches!(c, '/' | '\\' | '.' | '#') && u32::from(c) <= 0xffff,
    allowed_words: "no spaces at its ends, none of / \\ . # and no characters beyond the basic plane, such as emoji",
    reserved: &["mysql", "information_schema", "performance_schema", "sys", "lost+found"],
    reserved_start: None,
    ignores_case: true,
};

/// What one of the two engines takes.
pub(crate) struct AdminRules {
    /// Longest name, in characters.
    pub(crate) name_max_chars: usize,
    /// Longest password, in bytes; None for no limit of the engine's own.
    pub(crate) password_max_bytes: Option<usize>,
}

pub(crate) fn check(
    rules: &AdminRules,
    user: &LoginName,
    password: Option<&Password>,
) -> Result<(), ValidationErrors> {
    let user = check_user(rules, user.as_str()).map_err(|wrong| wrong.in_field("admin_user"));
    let password = password.map_or(Ok(()), |password| check_password(rules, password));
    let password = password.map_err(|wrong| wrong.in_field("admin_password"));
    let wrong: Vec<_> = [user, password].into_iter().filter_map(Result::err).collect();
    if wrong.is_empty() { Ok(()) } else { Err(ValidationErrors(wrong)) }
}

fn check_user(rules: &AdminRules, name: &str) -> Result<(), InvalidValue> {
    let most = rules.name_max_chars;
    if name.chars().count() > most {
        return Err(InvalidValue::new("too_long", format!("must have at most {most} characters")));
    }
    let lower = name.to_lowercase();
    if RESERVED.contains(&lower.as_str()) || lower.starts_with("mysql.") || lower.starts_with("mariadb.") {
        return Err(InvalidValue::new("reserved_name", format!("{name} is reserved")));
    }
    // Names are kept in columns of three-byte characters that ignore spaces at the end.
    if name.chars().any(|c| u32::from(c) > 0xffff) || name.trim() != name {
        let reason =
            "must not begin or end with spaces, nor contain characters beyond the basic plane, such as emoji";
        return Err(InvalidValue::new("invalid_name", reason));
    }
    Ok(())
}

fn check_password(rules: &AdminRules, password: &Password) -> Result<(), InvalidValue> {
    match rules.password_max_bytes {
        Some(most) if password.expose().len() > most => {
            let reason = format!("must have at most {most} bytes; characters beyond ASCII take two to four");
            Err(InvalidValue::new("too_long", reason))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use stardeck_domain::PasswordRules;

    use super::*;

    const RULES: AdminRules = AdminRules { name_max_chars: 32, password_max_bytes: Some(256) };

    fn wrong(user: &str, password: &str) -> Vec<(&'static str, &'static str)> {
        let user = LoginName::parse(user).unwrap();
        let password = Password::parse(password.to_owned(), PasswordRules::ENGINE).unwrap();
        match check(&RULES, &user, Some(&password)) {
            Ok(()) => Vec::new(),
            Err(ValidationErrors(errors)) => errors.into_iter().map(|e| (e.field, e.code)).collect(),
        }
    }

    #[test]
    fn names_that_mean_something_else_are_refused() {
        for (name, code) in [
            ("stardeck", "reserved_name"),
            ("mysql.sys", "reserved_name"),
            ("MariaDB.sys", "reserved_name"),
            ("PUBLIC", "reserved_name"),
            ("boss ", "invalid_name"),
            ("🦀", "invalid_name"),
            ("a23456789a23456789a23456789a23456", "too_long"),
        ] {
            assert_eq!(wrong(name, "x"), [("admin_user", code)], "{name}");
        }
        for name in ["root", "boss", "o'brien\\", "a b@:/#?%&=", "ü"] {
            assert_eq!(wrong(name, "x"), [], "{name}");
        }
    }

    #[test]
    fn password_is_measured_in_bytes() {
        assert_eq!(wrong("root", &"ü".repeat(128)), []);
        assert_eq!(
            wrong("stardeck", &"🦀".repeat(65)),
            [("admin_user", "reserved_name"), ("admin_password", "too_long")]
        );
    }
}
