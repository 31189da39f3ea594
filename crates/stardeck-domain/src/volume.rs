//! Where a database keeps its data.

use chrono::{DateTime, Utc};

use crate::{DatabaseId, VolumeId, text_enum::text_enum};

text_enum! {
    /// What kind of place data is kept in.
    pub enum VolumeKind ("volume kind") {
        /// A named volume of the runtime.
        Named = "named",
        /// A directory of the host.
        Bind = "bind",
    }
}

text_enum! {
    /// Where a volume stands.
    pub enum VolumeState ("volume state") {
        /// In use by its database.
        Attached = "attached",
        /// Left behind on purpose when its database was deleted.
        Kept = "kept",
    }
}

/// A place data is kept in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Volume {
    /// Its id.
    pub id: VolumeId,
    /// The database whose data it holds.
    pub database_id: DatabaseId,
    /// The volume's name in the runtime, or the host path of a bind mount.
    pub name: String,
    /// Where it is mounted in the container.
    pub mount_path: String,
    /// What kind it is.
    pub kind: VolumeKind,
    /// The engine's major version that wrote it; an older or newer one may refuse it.
    pub major: Option<u32>,
    /// Whether we made it, so that we may remove it.
    pub owned: bool,
    /// Whether a login has succeeded on it. Before that it may hold half an initialisation.
    pub initialised: bool,
    /// Where it stands.
    pub state: VolumeState,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}
