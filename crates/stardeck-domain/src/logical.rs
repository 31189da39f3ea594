//! Logical databases inside a managed database, and the users that may use them.

use chrono::{DateTime, Utc};

use crate::{
    DatabaseId, LogicalDatabaseId, LogicalName, LogicalUserId, LoginName, UserId, text_enum::text_enum,
};

text_enum! {
    /// What a user may do in one logical database. Nothing is allowed outside of it.
    pub enum Preset ("preset") {
        /// Everything inside it, its structure included.
        Owner = "owner",
        /// Read and change data, and nothing about the structure.
        ReadWrite = "read_write",
        /// Read data.
        ReadOnly = "read_only",
    }
}

text_enum! {
    /// Where something inside an engine stands that is written down before the engine hears of it.
    pub enum LogicalState ("logical state") {
        /// Written down; the engine may not have it yet.
        Pending = "pending",
        /// The engine has it.
        Active = "active",
    }
}

/// A logical database that was made through Stardeck.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalDatabase {
    /// Its id.
    pub id: LogicalDatabaseId,
    /// The managed database it is in.
    pub database_id: DatabaseId,
    /// Its name inside the engine.
    pub name: LogicalName,
    /// Where it stands.
    pub state: LogicalState,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// Who asked for it; None when that account is gone.
    pub created_by: Option<UserId>,
}

/// A user of one logical database that was made through Stardeck. Its password is a credential of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogicalUser {
    /// Its id.
    pub id: LogicalUserId,
    /// The managed database it is in.
    pub database_id: DatabaseId,
    /// The logical database it may use.
    pub logical_database_id: LogicalDatabaseId,
    /// The name of that.
    pub logical_database: LogicalName,
    /// Its login name.
    pub username: LoginName,
    /// What it may do there.
    pub preset: Preset,
    /// Where it stands.
    pub state: LogicalState,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}
