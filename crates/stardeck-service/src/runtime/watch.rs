//! What a runtime tells of its own accord.

use chrono::{DateTime, Utc};

/// What a runtime tells whoever watches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RuntimeEvent {
    /// The runtime is heard, for the first time or again. What happened before may have been missed.
    Connected,
    /// Something happened to an object.
    Changed(RuntimeChange),
    /// The runtime is not heard any more; it is listened for again.
    Lost {
        /// What we saw.
        detail: String,
    },
}

/// Something that happened to an object. What it is like now is to be asked: a change says when to look, not what is
/// to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuntimeChange {
    /// What kind of object it is.
    pub what: ObjectKind,
    /// What happened, in the runtime's word.
    pub action: String,
    /// Its id, or its name where it has no id.
    pub id: String,
    /// Its name, as far as it is told.
    pub name: Option<String>,
    /// When it happened.
    pub at: DateTime<Utc>,
}

/// A kind of object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ObjectKind {
    /// A container.
    Container,
    /// An image.
    Image,
    /// A network.
    Network,
    /// A volume.
    Volume,
    /// A secret.
    Secret,
    /// Something else.
    Other,
}
