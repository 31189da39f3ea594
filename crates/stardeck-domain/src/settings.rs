//! What a person can change about a database after it was made.

use std::{collections::BTreeMap, net::IpAddr};

use crate::{ContainerId, DatabaseStatus, JsonText, ManagedDatabase, Port};

/// How a database runs: limits of its container, and settings of its server. Kept as JSON with its row; what is not in
/// there has its default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default))]
pub struct DatabaseSettings {
    /// Most memory in bytes; None for no limit.
    pub memory_bytes: Option<u64>,
    /// Most processor time in thousandths of one processor; None for no limit.
    pub cpu_millis: Option<u32>,
    /// Settings of the server that a person chose, by name.
    pub engine: BTreeMap<String, String>,
}

/// Everything that a person can change about a database.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct DatabaseConfig {
    /// Whether other apps may use it.
    pub is_shared: bool,
    /// The port on the host, when it is exposed.
    pub external_port: Option<Port>,
    /// The host address that port is bound to.
    pub bind_address: IpAddr,
    /// The [`DatabaseSettings`].
    pub settings: JsonText,
    /// A person's note.
    pub description: Option<String>,
    /// A person's colour for the card.
    pub color: Option<String>,
}

impl DatabaseConfig {
    /// As it is now.
    pub fn of(database: &ManagedDatabase) -> Self {
        Self {
            is_shared: database.is_shared,
            external_port: database.external_port,
            bind_address: database.bind_address,
            settings: database.settings.clone(),
            description: database.description.clone(),
            color: database.color.clone(),
        }
    }
}

/// What an operation that changes settings found, so that it can be put back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct ConfigBefore {
    /// What a person could change.
    pub config: DatabaseConfig,
    /// The container plan as applied.
    pub spec: JsonText,
    /// The container.
    pub container_id: Option<ContainerId>,
    /// What it was seen to do.
    pub status: DatabaseStatus,
    /// Why, in words.
    pub status_reason: Option<String>,
    /// Whether its container ran.
    pub was_up: bool,
}

impl ConfigBefore {
    /// What a database is put back to.
    pub fn of(database: &ManagedDatabase, was_up: bool) -> Self {
        Self {
            config: DatabaseConfig::of(database),
            spec: database.spec.clone(),
            container_id: database.container_id.clone(),
            status: database.status,
            status_reason: database.status_reason.clone(),
            was_up,
        }
    }
}
