//! Database servers on the host that nobody manages yet.

use crate::text_enum::text_enum;

text_enum! {
    /// How sure it is that a container is what it is taken for.
    pub enum Confidence ("confidence") {
        /// Something speaks for it.
        Low = "low",
        /// Most speaks for it.
        Medium = "medium",
        /// Everything speaks for it.
        High = "high",
    }
}
