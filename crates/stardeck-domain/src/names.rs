//! Names people choose and names we derive. A name is parsed once, at the edge.

use crate::InvalidValue;

macro_rules! name_type {
    ($( $(#[$meta:meta])* $name:ident($parse:path), )+) => { $(
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(try_from = "String", into = "String"))]
        #[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(value_type = String))]
        pub struct $name(String);

        impl $name {
            /// Checks the rule of this kind of name.
            ///
            /// # Errors
            /// Says which rule is broken and what would be right.
            pub fn parse(text: &str) -> Result<Self, InvalidValue> {
                $parse(text).map(|()| Self(text.to_owned()))
            }

            /// The name as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = InvalidValue;

            fn try_from(text: String) -> Result<Self, InvalidValue> {
                $parse(&text).map(|()| Self(text))
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> String {
                name.0
            }
        }
    )+ };
}

name_type! {
    /// The name of a managed database, which is also its host name on the data network: 1-50 characters of
    /// `a-z 0-9 -`, beginning and ending with a letter or digit (a DNS label, RFC 1123). 50, so that the container's
    /// name, with its prefix, is a DNS label of at most 63 characters as well.
    DatabaseName(check_database_name),
    /// The name of a role or user inside an engine: 1-128 characters without control characters. Engines narrow this.
    LoginName(check_login_name),
    /// The name of a logical database inside an engine: 1-128 characters without control characters, and neither `.` nor
    /// `..`, which URLs take for something else. Engines narrow this.
    LogicalName(check_logical_name),
    /// The name a person signs in with: 1-64 characters of `A-Z a-z 0-9 . _ -`, beginning with a letter or digit.
    UserName(check_user_name),
    /// What somebody calls an API token: 1-64 characters without control characters.
    TokenName(check_token_name),
    /// A container's name, by Podman's rule: `[a-zA-Z0-9][a-zA-Z0-9_.-]*`.
    ContainerName(check_runtime_name),
    /// A volume's name, by Podman's rule.
    VolumeName(check_runtime_name),
    /// A network's name, by Podman's rule.
    NetworkName(check_runtime_name),
    /// The name of a secret in Podman's secret store, by Podman's rule.
    SecretName(check_runtime_name),
}

/// Longest name of a managed database, in characters.
const DATABASE_NAME_MAX: usize = 50;
/// Longest name or password inside an engine, in characters (engines narrow this further).
const LOGIN_NAME_MAX: usize = 128;
const USER_NAME_MAX: usize = 64;
const TOKEN_NAME_MAX: usize = 64;
const RUNTIME_NAME_MAX: usize = 255;

impl ContainerName {
    /// The name of the container of a managed database that we create.
    pub fn of_database(name: &DatabaseName) -> Self {
        Self(format!("stardeck-db-{name}"))
    }

    /// The name of the first container of an app that we create.
    pub fn of_app(name: &DatabaseName) -> Self {
        Self(format!("stardeck-app-{name}"))
    }

    /// The name of the container that takes the place of an app's earlier one; `mark` tells them apart.
    pub fn of_next_app(name: &DatabaseName, mark: &str) -> Self {
        Self(format!("stardeck-app-{name}-{mark}"))
    }

    /// The name of a container that is to take the place of the one with this name; `mark` tells them apart.
    #[must_use]
    pub fn next(&self, mark: &str) -> Self {
        Self(format!("{self}-next-{mark}"))
    }

    /// The name of the one with this name while another takes its place.
    #[must_use]
    pub fn before(&self, mark: &str) -> Self {
        Self(format!("{self}-before-{mark}"))
    }
}

impl NetworkName {
    /// The network of a database that is one app's own, and of that app; `mark` tells it from others of the same name.
    pub fn of_database(name: &DatabaseName, mark: &str) -> Self {
        Self(format!("stardeck-net-{name}-{mark}"))
    }

    /// The network of one link, for its database and its app only; `mark` tells it from the app's others.
    pub fn of_link(app: &DatabaseName, mark: &str) -> Self {
        Self(format!("stardeck-link-{app}-{mark}"))
    }

    /// The network on which shared databases and apps meet.
    pub fn data() -> Self {
        Self(crate::DATA_NETWORK.to_owned())
    }
}

fn check_token_name(text: &str) -> Result<(), InvalidValue> {
    check_length(text, TOKEN_NAME_MAX)?;
    check_no_control(text)
}

fn check_database_name(text: &str) -> Result<(), InvalidValue> {
    check_length(text, DATABASE_NAME_MAX)?;
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !text.chars().all(allowed) || text.starts_with('-') || text.ends_with('-') {
        return Err(InvalidValue::new(
            "invalid_name",
            "use lower-case letters, digits and hyphens only, beginning and ending with a letter or digit",
        ));
    }
    if is_number(text) {
        return Err(InvalidValue::new(
            "invalid_name",
            "must not be a number: programs take 123 and 0x1f for addresses, not for names",
        ));
    }
    if text == "localhost" || is_alias_like(text) {
        return Err(InvalidValue::new("reserved_name", "this name is reserved; choose another"));
    }
    Ok(())
}

/// What `inet_aton` reads as an IPv4 address: a number, decimal, octal or hexadecimal.
fn is_number(text: &str) -> bool {
    let hex = text.strip_prefix("0x");
    text.chars().all(|c| c.is_ascii_digit())
        || hex.is_some_and(|digits| digits.chars().all(|c| c.is_ascii_hexdigit()))
}

/// The second alias of every database is `db-` and twelve hexadecimal digits; a name of that form could collide.
fn is_alias_like(text: &str) -> bool {
    text.strip_prefix("db-")
        .is_some_and(|rest| rest.len() == 12 && rest.chars().all(|c| c.is_ascii_hexdigit()))
}

fn check_login_name(text: &str) -> Result<(), InvalidValue> {
    check_length(text, LOGIN_NAME_MAX)?;
    check_no_control(text)
}

fn check_logical_name(text: &str) -> Result<(), InvalidValue> {
    if text == "." || text == ".." {
        return Err(InvalidValue::new(
            "invalid_name",
            "must not be . or .., which URLs take for something else",
        ));
    }
    check_login_name(text)
}

fn check_user_name(text: &str) -> Result<(), InvalidValue> {
    check_word(text, USER_NAME_MAX)
}

fn check_runtime_name(text: &str) -> Result<(), InvalidValue> {
    check_word(text, RUNTIME_NAME_MAX)
}

fn check_word(text: &str, max: usize) -> Result<(), InvalidValue> {
    check_length(text, max)?;
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if !text.chars().all(allowed) || !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err(InvalidValue::new(
            "invalid_name",
            "use letters, digits, dots, underscores and hyphens only, beginning with a letter or digit",
        ));
    }
    Ok(())
}

pub(crate) fn check_length(text: &str, max: usize) -> Result<(), InvalidValue> {
    if text.is_empty() {
        return Err(InvalidValue::new("required", "must not be empty"));
    }
    if text.chars().count() > max {
        return Err(InvalidValue::new("too_long", format!("must have at most {max} characters")));
    }
    Ok(())
}

pub(crate) fn check_no_control(text: &str) -> Result<(), InvalidValue> {
    if text.chars().any(char::is_control) {
        return Err(InvalidValue::new("control_character", "must not contain control characters"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn dns_labels_are_database_names() {
        for good in ["a", "shop", "shop-2", "2-shop", "0xg", "a".repeat(50).as_str()] {
            assert!(DatabaseName::parse(good).is_ok(), "{good}");
        }
    }

    #[test]
    fn other_texts_are_refused_with_a_code() {
        for (bad, code) in [
            ("", "required"),
            ("my shop", "invalid_name"),
            ("Shop", "invalid_name"),
            ("-shop", "invalid_name"),
            ("shop-", "invalid_name"),
            ("sh.op", "invalid_name"),
            ("größe", "invalid_name"),
            ("123", "invalid_name"),
            ("0x1f", "invalid_name"),
            ("localhost", "reserved_name"),
            ("db-0123456789ab", "reserved_name"),
            ("a".repeat(51).as_str(), "too_long"),
        ] {
            assert_eq!(DatabaseName::parse(bad).map_err(|e| e.code), Err(code), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn any_accepted_name_gives_a_container_name_that_is_a_dns_label(text in "[a-z0-9-]{1,60}") {
            if let Ok(name) = DatabaseName::parse(&text) {
                let container = ContainerName::of_database(&name);
                prop_assert!(container.as_str().len() <= 63);
                prop_assert!(ContainerName::parse(container.as_str()).is_ok());
            }
        }
    }
}
