//! What can be wrong with what an engine is asked to run on. Wrong fields of a request are the domain's
//! [`stardeck_domain::ValidationError`].

/// The image that was pulled can not serve as the engine and version that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the image can not be used: {reason}")]
pub struct ImageUnsuitable {
    /// Why, in words for a person.
    pub reason: String,
}

impl ImageUnsuitable {
    pub(crate) fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into() }
    }
}
