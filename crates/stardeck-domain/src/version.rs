//! Engine versions as people ask for them.

use crate::InvalidValue;

/// A version as it is asked for, which is also an image tag: it begins with a digit and has at most 64 characters of
/// `A-Z a-z 0-9 . _ -`, such as `16`, `10.11` or `16.4-bookworm`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(value_type = String))]
pub struct VersionTag(String);

impl VersionTag {
    /// Checks the form of a version.
    ///
    /// # Errors
    /// The text does not begin with a digit, is too long, or has characters that an image tag can not have.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        crate::names::check_length(text, 64)?;
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(allowed) {
            return Err(InvalidValue::new("invalid_version", "must be a version such as 16 or 10.11"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The version as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The leading number: 16 for `16.4-bookworm`. None when it does not fit.
    pub fn major(&self) -> Option<u32> {
        let digits: String = self.0.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    }
}

impl std::fmt::Display for VersionTag {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for VersionTag {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<VersionTag> for String {
    fn from(version: VersionTag) -> String {
        version.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_told_from_other_words() {
        assert_eq!(VersionTag::parse("16.4-bookworm").map(|v| v.major()), Ok(Some(16)));
        for bad in ["abc", "latest", "", "16 4", "16/4", "v16"] {
            assert!(VersionTag::parse(bad).is_err(), "{bad}");
        }
    }
}
