//! Secrets that people choose or that we generate for engines.

use secrecy::{ExposeSecret, SecretString};

use crate::InvalidValue;

/// A password for a login inside an engine: 1-128 characters without control characters, or none at all. It has no `Display`, no
/// `Serialize`, and a `Debug` that shows nothing; memory is wiped when it is dropped.
#[derive(Clone)]
pub struct Password(SecretString);

/// How strict a password has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PasswordRules {
    /// Fewest characters.
    pub min: usize,
    /// Most characters.
    pub max: usize,
}

impl PasswordRules {
    /// Passwords inside an engine. An engine may narrow this.
    pub const ENGINE: Self = Self { min: 1, max: 128 };
    /// Passwords of people who sign in to Stardeck (length over composition, NIST SP 800-63B).
    pub const ACCOUNT: Self = Self { min: 10, max: 256 };
}

impl Password {
    /// Checks a password against the rules. The text is taken whole, so nothing is silently trimmed.
    ///
    /// # Errors
    /// Says which rule is broken; never repeats the password.
    pub fn parse(text: String, rules: PasswordRules) -> Result<Self, InvalidValue> {
        let secret = SecretString::from(text);
        let length = secret.expose_secret().chars().count();
        if length < rules.min {
            let reason = match rules.min {
                1 => "must not be empty".to_owned(),
                min => format!("must have at least {min} characters"),
            };
            return Err(InvalidValue::new("too_short", reason));
        }
        if length > rules.max {
            return Err(InvalidValue::new("too_long", format!("must have at most {} characters", rules.max)));
        }
        crate::names::check_no_control(secret.expose_secret())?;
        Ok(Self(secret))
    }

    /// No password, for an account that needs none.
    pub fn none() -> Self {
        Self(SecretString::from(String::new()))
    }

    /// Whether it is none.
    pub fn is_none(&self) -> bool {
        self.0.expose_secret().is_empty()
    }

    /// The password in clear. Every call is a place a reviewer looks at.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_nothing_of_the_password() {
        let password = Password::parse("s3cr3t".to_owned(), PasswordRules::ENGINE).unwrap();
        assert!(!format!("{password:?}").contains("s3cr3t"));
    }

    #[test]
    fn errors_do_not_repeat_the_password() {
        let error = Password::parse("s3c\nr3t".to_owned(), PasswordRules::ENGINE).unwrap_err();
        assert!(!error.to_string().contains("s3c"));
        assert_eq!(error.code, "control_character");
    }

    #[test]
    fn hostile_characters_are_allowed() {
        let hostile = r#"p@:/#?% '"\$`&ü"#;
        assert_eq!(Password::parse(hostile.to_owned(), PasswordRules::ENGINE).unwrap().expose(), hostile);
    }
}
