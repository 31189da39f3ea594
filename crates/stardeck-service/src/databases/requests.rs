//! What people ask for and what they are told, in domain terms.

use std::net::IpAddr;

use secrecy::SecretString;
use stardeck_domain::{
    DatabaseId, DatabaseName, Engine, ImageReference, LoginName, Password, Port, VersionTag,
};

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
    /// The kept volume to run on, by the id of the database it belonged to; None for a new volume. Then engine and
    /// major version are those of the data, and so are the administrator and the password, which are left out.
    pub kept_volume: Option<DatabaseId>,
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
}
