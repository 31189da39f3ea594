//! Logical databases and users inside a running engine: what is asked for, and what is told.

use stardeck_domain::{LogicalName, LoginName, Password, Preset};

/// A logical database to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewLogicalDatabase {
    /// Its name.
    pub name: LogicalName,
    /// How its text is encoded; None for the server's own way.
    pub encoding: Option<String>,
    /// How its text is sorted; None for the server's own way.
    pub collation: Option<String>,
    /// The extensions it has from the beginning.
    pub extensions: Vec<String>,
}

/// What the options of a new logical database are called.
pub(crate) mod option {
    pub(crate) const ENCODING: &str = "encoding";
    pub(crate) const COLLATION: &str = "collation";
    pub(crate) const EXTENSIONS: &str = "extensions";
}

/// A logical database as the engine tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalDatabaseFacts {
    /// Its name.
    pub name: String,
    /// The role it belongs to, where the engine knows owners.
    pub owner: Option<String>,
    /// The bytes it takes, where the engine tells.
    pub size_bytes: Option<u64>,
    /// How many clients use it now, where the engine tells.
    pub connections: Option<u32>,
}

/// An app's user to be made or changed.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// Its login name.
    pub username: LoginName,
    /// Its password.
    pub password: Password,
    /// The logical database it may use.
    pub database: LogicalName,
    /// What it may do there.
    pub preset: Preset,
    /// Most connections at once; None for a fifth of what the server takes. Engines without such limits ignore it.
    pub connection_limit: Option<u32>,
}

/// A user as the engine tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFacts {
    /// Its login name.
    pub username: String,
    /// Whether it can log in; one that can not is a role that others have, or that owns things.
    pub can_log_in: bool,
    /// Whether it may do everything on the whole server.
    pub is_admin: bool,
    /// How many connections it has now, where the engine tells.
    pub connections: Option<u32>,
}
