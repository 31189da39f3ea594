//! What people ask for and what they are told, in domain terms.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use stardeck_domain::{LogicalName, LogicalState, LoginName, Password, Preset};

/// A logical database to be made.
#[derive(Debug, Clone)]
pub struct CreateLogicalDatabase {
    /// Its name.
    pub name: LogicalName,
    /// How its text is encoded; None for the engine's own way.
    pub encoding: Option<String>,
    /// How its text is sorted; None for the engine's own way.
    pub collation: Option<String>,
    /// The extensions it has from the beginning.
    pub extensions: Vec<String>,
}

/// A logical database, as the engine and our own rows tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalDatabaseEntry {
    /// Its name.
    pub name: String,
    /// The role it belongs to, where the engine knows owners.
    pub owner: Option<String>,
    /// The bytes it takes, where the engine tells.
    pub size_bytes: Option<u64>,
    /// How many clients use it now, where the engine tells.
    pub connections: Option<u32>,
    /// Where it stands, when it was made through Stardeck; None when somebody else made it.
    pub state: Option<LogicalState>,
    /// When it was asked for, when it was made through Stardeck.
    pub created_at: Option<DateTime<Utc>>,
}

/// A user to be made.
#[derive(Debug, Clone)]
pub struct CreateLogicalUser {
    /// Its login name.
    pub username: LoginName,
    /// Its password; None for a generated one.
    pub password: Option<Password>,
    /// The logical database it may use, which was made through Stardeck.
    pub database: LogicalName,
    /// What it may do there.
    pub preset: Preset,
    /// Most connections at once; None for a fifth of what the engine takes.
    pub connection_limit: Option<u32>,
}

/// A user, as the engine and our own rows tell of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalUserEntry {
    /// Its login name.
    pub username: String,
    /// Whether it may do everything on the whole server.
    pub is_admin: bool,
    /// How many connections it has now, where the engine tells.
    pub connections: Option<u32>,
    /// The logical database it may use, when it was made through Stardeck.
    pub database: Option<LogicalName>,
    /// What it may do there.
    pub preset: Option<Preset>,
    /// Where it stands, when it was made through Stardeck; None when somebody else made it.
    pub state: Option<LogicalState>,
    /// When it was asked for, when it was made through Stardeck.
    pub created_at: Option<DateTime<Utc>>,
}

/// A user's login.
#[derive(Debug)]
pub struct UserCredentials {
    /// The name.
    pub username: LoginName,
    /// The password.
    pub password: Password,
    /// The logical database.
    pub database: LogicalName,
    /// The URL for apps on the network, with the password percent-encoded.
    pub internal_url: SecretString,
}
