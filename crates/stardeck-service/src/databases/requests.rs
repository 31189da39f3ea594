//! What people ask for and what they are told, in domain terms.

use std::{collections::BTreeMap, net::IpAddr};

use secrecy::SecretString;
use stardeck_domain::{
    DatabaseId, DatabaseName, DatabaseSettings, Engine, ImageReference, LoginName, ManagedDatabase,
    Operation, Password, Port, VersionTag,
};
use stardeck_engines::AppliedSetting;

/// A database to be deployed. Parsed fields, not yet checked against the engine.
#[derive(Debug, Clone)]
pub struct CreateDatabase {
    /// The engine.
    pub engine: Engine,
    /// The name, which becomes the host name.
    pub name: DatabaseName,
    /// The version; None for the engine's default.
    pub version: Option<VersionTag>,
    /// A custom image of the engine's family.
    pub image: Option<ImageReference>,
    /// Whether clients outside the data network may connect.
    pub expose_port: bool,
    /// The host port; None for the first free one of the engine's range.
    pub external_port: Option<Port>,
    /// The host address the port is bound to.
    pub bind_address: IpAddr,
    /// Whether the person knows that an address other than loopback is reachable by others.
    pub confirm_public: bool,
    /// Whether other apps may use the database.
    pub is_shared: bool,
    /// The administrator inside the engine; None for the engine's default.
    pub admin_user: Option<LoginName>,
    /// The administrator's password; None for a generated one.
    pub admin_password: Option<Password>,
    /// A note.
    pub description: Option<String>,
    /// How it is to run.
    pub settings: DatabaseSettings,
    /// The kept volume to run on, by the id of the database it belonged to; None for a new volume. Then engine and
    /// major version are those of the data, and so are the administrator and the password, which are left out.
    pub kept_volume: Option<DatabaseId>,
}

/// A database server that somebody else made and that Stardeck is to look after.
#[derive(Debug, Clone)]
pub struct AdoptDatabase {
    /// The name, which becomes a host name of its container.
    pub name: DatabaseName,
    /// Whether other apps may use the database.
    pub is_shared: bool,
    /// The administrator inside the engine; None for the one that the container's variables name.
    pub admin_user: Option<LoginName>,
    /// The administrator's password; None for the one that the container's variables give.
    pub admin_password: Option<Password>,
}

/// The administrator's login.
#[derive(Debug)]
pub struct Credentials {
    /// The name.
    pub username: LoginName,
    /// The password.
    pub password: Password,
    /// The URL for apps on the data network, with the password percent-encoded.
    pub internal_url: SecretString,
    /// The URL for clients on or outside the host; None when no port is exposed.
    pub external_url: Option<SecretString>,
}

/// What happens to the data of a database that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataFate {
    /// The volume stays and can be attached again.
    Keep,
    /// The volume is removed for good.
    Delete,
}

/// A database to be removed.
#[derive(Debug, Clone)]
pub struct DeleteDatabase {
    /// What happens to its data.
    pub data: DataFate,
    /// The database's name, typed again.
    pub confirm: String,
    /// Whether to remove it although apps are connected or it does not answer.
    pub force: bool,
    /// Whether its container and its volumes are the user's own to delete, although somebody else made them.
    pub take_ownership: bool,
}

/// What happens to one value.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Change<T> {
    /// It stays as it is.
    #[default]
    Keep,
    /// It is taken away.
    Clear,
    /// It becomes this.
    To(T),
}

impl<T> Change<T> {
    /// What becomes of the present value.
    pub fn apply(self, present: Option<T>) -> Option<T> {
        match self {
            Self::Keep => present,
            Self::Clear => None,
            Self::To(value) => Some(value),
        }
    }

    /// The same with another value.
    ///
    /// # Errors
    /// Those of the conversion.
    pub fn try_map<U, E>(self, convert: impl FnOnce(T) -> Result<U, E>) -> Result<Change<U>, E> {
        Ok(match self {
            Self::Keep => Change::Keep,
            Self::Clear => Change::Clear,
            Self::To(value) => Change::To(convert(value)?),
        })
    }
}

/// Settings of a database to be changed. What is not given stays.
#[derive(Debug, Clone, Default)]
pub struct ChangeDatabase {
    /// Whether other apps may use the database.
    pub is_shared: Option<bool>,
    /// Whether clients outside the data network may connect.
    pub expose_port: Option<bool>,
    /// The host port; None for the one it has, or the first free one of the engine's range.
    pub external_port: Option<Port>,
    /// The host address the port is bound to.
    pub bind_address: Option<IpAddr>,
    /// Whether the person knows that an address other than loopback is reachable by others.
    pub confirm_public: bool,
    /// Most memory in bytes.
    pub memory_bytes: Change<u64>,
    /// Most processor time in thousandths of one processor.
    pub cpu_millis: Change<u32>,
    /// Settings of the server by name: a value, or None to take one back. Those that are not named stay.
    pub engine_settings: Change<BTreeMap<String, Option<String>>>,
    /// A note.
    pub description: Change<String>,
    /// A colour for the card.
    pub color: Change<String>,
}

/// One value that a change of settings changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettingChange {
    /// Its name in requests; settings of the server have `engine_settings.` before theirs.
    pub field: String,
    /// What it is; None for nothing.
    pub from: Option<String>,
    /// What it becomes; None for nothing.
    pub to: Option<String>,
    /// Whether the container has to be made anew for it.
    pub requires_restart: bool,
}

/// What came of a change of settings.
#[derive(Debug)]
pub struct SettingsOutcome {
    /// The database as it is now.
    pub database: ManagedDatabase,
    /// What changes.
    pub changes: Vec<SettingChange>,
    /// The work, where the container has to be made anew; None when all is done, or nothing was to be.
    pub operation: Option<Operation>,
}

/// How a database runs.
#[derive(Debug, Clone, Default)]
pub struct RunSettings {
    /// What a person chose.
    pub chosen: DatabaseSettings,
    /// What the server gets beside its own defaults, sorted by name.
    pub applied: Vec<AppliedSetting>,
}
