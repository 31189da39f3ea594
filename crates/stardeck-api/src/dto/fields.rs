//! Checking the fields of a request one by one, so that all wrong ones are told in one answer.

use std::net::{IpAddr, Ipv4Addr};

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer};
use stardeck_domain::{InvalidValue, Password, PasswordRules, ValidationError, ValidationErrors};
use stardeck_service::databases::Change;

/// Longest note, in characters.
const DESCRIPTION_MAX: usize = 500;

/// Collects what is wrong with the fields of one request.
#[derive(Default)]
pub(crate) struct Fields(Vec<ValidationError>);

impl Fields {
    /// The value when it is right; else None, and the field is noted.
    pub(crate) fn check<T>(&mut self, field: &'static str, value: Result<T, InvalidValue>) -> Option<T> {
        value.map_err(|error| self.0.push(error.in_field(field))).ok()
    }

    /// A field that may be left out.
    pub(crate) fn optional<V, T>(
        &mut self,
        field: &'static str,
        value: Option<V>,
        parse: impl FnOnce(V) -> Result<T, InvalidValue>,
    ) -> Option<T> {
        value.and_then(|value| self.check(field, parse(value)))
    }

    /// A field that may be left out, or taken away.
    pub(crate) fn changed<V, T>(
        &mut self,
        field: &'static str,
        change: Change<V>,
        parse: impl FnOnce(V) -> Result<T, InvalidValue>,
    ) -> Change<T> {
        self.check(field, change.try_map(parse)).unwrap_or_default()
    }

    /// A field that may not be left out.
    pub(crate) fn required<V, T>(
        &mut self,
        field: &'static str,
        value: Option<V>,
        parse: impl FnOnce(V) -> Result<T, InvalidValue>,
    ) -> Option<T> {
        let value = self.check(field, value.ok_or_else(missing));
        self.optional(field, value, parse)
    }

    /// What was noted, unless all is right.
    pub(crate) fn finish(self) -> Result<(), ValidationErrors> {
        if self.0.is_empty() { Ok(()) } else { Err(ValidationErrors(self.0)) }
    }
}

/// For a value that `finish` has just proved to be there: the other way out of a `let … else`.
pub(crate) fn absent(field: &'static str) -> ValidationErrors {
    missing().in_field(field).into()
}

/// Any value that is there, as it is.
#[expect(clippy::unnecessary_wraps, reason = "stands where other fields have a parser that can refuse")]
pub(crate) fn any<T>(value: T) -> Result<T, InvalidValue> {
    Ok(value)
}

/// A password under the given rules.
pub(crate) fn password(rules: PasswordRules) -> impl FnOnce(SecretString) -> Result<Password, InvalidValue> {
    move |text| Password::parse(text.expose_secret().to_owned(), rules)
}

/// A member that may be left out to keep a value, or be null to take it away.
pub(crate) fn change<'de, D, T>(deserializer: D) -> Result<Change<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(|value| value.map_or(Change::Clear, Change::To))
}

/// A note, at most 500 characters. Of those that can not be seen, it may have line ends and tabs.
pub(crate) fn note(text: String) -> Result<String, InvalidValue> {
    if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
        return Err(InvalidValue::new(
            "invalid_character",
            "must have no control characters but line ends and tabs",
        ));
    }
    if text.chars().count() > DESCRIPTION_MAX {
        let reason = format!("must have at most {DESCRIPTION_MAX} characters");
        return Err(InvalidValue::new("too_long", reason));
    }
    Ok(text)
}

/// A number of bytes. What is too small or too large for a database, the service says.
pub(crate) fn bytes(number: i64) -> Result<u64, InvalidValue> {
    u64::try_from(number).map_err(|_| InvalidValue::new("out_of_range", "must be a number of bytes"))
}

/// A number of processors, in thousandths.
pub(crate) fn thousandths(number: f64) -> Result<u32, InvalidValue> {
    // The shortest way from a number with decimals to a whole one that loses nothing unsaid.
    let text = format!("{:.0}", number * 1000.0);
    text.parse()
        .map_err(|_| InvalidValue::new("out_of_range", "must be a number of processors, such as 0.5 or 2"))
}

/// An address of the host.
pub(crate) fn address(text: &str) -> Result<IpAddr, InvalidValue> {
    text.parse().map_err(|_| InvalidValue::new("invalid_address", "must be an IP address such as 127.0.0.1"))
}

/// The address that is bound to when none is asked for.
pub(crate) const fn loopback() -> IpAddr {
    IpAddr::V4(Ipv4Addr::LOCALHOST)
}

/// A text of a known set. The reason lists the set.
pub(crate) fn one_of<T: Copy + std::fmt::Display>(text: &str, known: &[T]) -> Result<T, InvalidValue> {
    known.iter().copied().find(|value| value.to_string() == text).ok_or_else(|| {
        let all = known.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        InvalidValue::new("unknown_value", format!("must be one of: {all}"))
    })
}

/// The parameter `dry_run`: whether to change nothing and only tell what would be.
pub(crate) fn is_dry_run(dry_run: Option<String>) -> Result<bool, ValidationErrors> {
    let mut fields = Fields::default();
    let is_dry = fields.optional("dry_run", dry_run, |text| one_of(&text, &[true, false]));
    fields.finish()?;
    Ok(is_dry.unwrap_or(false))
}

fn missing() -> InvalidValue {
    InvalidValue::new("required", "must be given")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_wrong_fields_are_told_at_once() {
        let mut fields = Fields::default();
        let wrong = |_: &str| Err::<(), _>(InvalidValue::new("wrong", "is wrong"));
        assert_eq!(fields.optional("a", Some("x"), wrong), None);
        assert_eq!(fields.required("b", None::<&str>, any), None);
        let told: Vec<_> = fields.finish().unwrap_err().0.iter().map(|e| (e.field, e.code)).collect();
        assert_eq!(told, [("a", "wrong"), ("b", "required")]);
    }

    #[test]
    fn a_note_has_lines_and_no_other_control_characters() {
        assert!(note("first\n\tsecond\r\n".to_owned()).is_ok());
        for bad in ["a\0b", "\u{1b}[31m", "\u{7f}"] {
            assert_eq!(note(bad.to_owned()).unwrap_err().code, "invalid_character", "{bad:?}");
        }
        assert_eq!(note("x".repeat(501)).unwrap_err().code, "too_long");
    }

    #[test]
    fn a_field_that_is_left_out_is_right() {
        let mut fields = Fields::default();
        assert_eq!(fields.optional("a", None::<u8>, any), None);
        assert!(fields.finish().is_ok());
    }
}
