//! What can be wrong with a value that somebody gave us.

/// A value that breaks the rule of its type. The caller knows which field it came from: see [`InvalidValue::in_field`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct InvalidValue {
    /// A stable word for programs, such as `too_long`.
    pub code: &'static str,
    /// What would be right, in words for a person. Never contains a secret.
    pub reason: String,
}

impl InvalidValue {
    /// A rule that was broken, and what would be right.
    pub fn new(code: &'static str, reason: impl Into<String>) -> Self {
        Self { code, reason: reason.into() }
    }

    /// Names the field the value came from.
    pub fn in_field(self, field: &'static str) -> ValidationError {
        ValidationError { field, code: self.code, reason: self.reason }
    }
}

/// A field of a request that breaks a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {reason}")]
pub struct ValidationError {
    /// The name of the field as the API spells it.
    pub field: &'static str,
    /// A stable word for programs, such as `too_long`.
    pub code: &'static str,
    /// What would be right, in words for a person. Never contains a secret.
    pub reason: String,
}

/// All fields of a request that break a rule; never empty.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct ValidationErrors(pub Vec<ValidationError>);

impl From<ValidationError> for ValidationErrors {
    fn from(error: ValidationError) -> Self {
        Self(vec![error])
    }
}

/// A text that is none of an enum's known values. From our own database this means corruption or a newer schema.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown {what}: {text:?}")]
pub struct UnknownText {
    /// What was expected, such as `database status`.
    pub what: &'static str,
    /// The text that was found.
    pub text: String,
}
