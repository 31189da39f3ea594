//! What a prune removed.

use serde::Deserialize;
use serde_json::Value;

/// One object a prune dealt with. Go writes an error value as `{}`, so only its being there says something.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct PruneReport {
    /// Of a container or image the id, of a volume the name.
    id: String,
    /// Of a network.
    name: String,
    err: Option<Value>,
    error: Option<Value>,
}

impl PruneReport {
    /// The name or id of what is gone; `None` for what stayed.
    pub(crate) fn removed(self) -> Option<String> {
        let stayed = self.err.is_some() || self.error.is_some();
        (!stayed).then_some(if self.id.is_empty() { self.name } else { self.id })
    }
}
