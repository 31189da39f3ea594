//! What a password of a person's account must be.

use stardeck_domain::{InvalidValue, Password, PasswordRules, UserName, ValidationError};

/// The request's field that a new password comes in.
const FIELD: &str = "password";

/// Checks a new password of an account: the length rules for people, and that it is not the user name.
///
/// # Errors
/// Says which rule is broken, for the field `password`; never repeats the password.
pub(super) fn check_account_password(
    username: &UserName,
    password: &Password,
) -> Result<(), ValidationError> {
    // The type does not tell by which rules it was parsed, and those for engines are laxer.
    Password::parse(password.expose().to_owned(), PasswordRules::ACCOUNT)
        .map_err(|error| error.in_field(FIELD))?;
    if password.expose().eq_ignore_ascii_case(username.as_str()) {
        return Err(InvalidValue::new("too_common", "must not be the user name").in_field(FIELD));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(username: &str, password: &str) -> Result<(), &'static str> {
        let password = Password::parse(password.to_owned(), PasswordRules::ENGINE).unwrap();
        check_account_password(&UserName::parse(username).unwrap(), &password).map_err(|error| error.code)
    }

    #[test]
    fn password_parsed_by_laxer_rules_is_still_too_short() {
        assert_eq!(check("ada", "short"), Err("too_short"));
    }

    #[test]
    fn user_name_in_any_case_is_too_common() {
        assert_eq!(check("ada.lovelace", "Ada.Lovelace"), Err("too_common"));
    }

    #[test]
    fn long_enough_other_text_is_accepted() {
        assert_eq!(check("ada.lovelace", "difference engine"), Ok(()));
    }
}
