//! What people ask for and what they are told, in domain terms.

use std::{collections::BTreeMap, net::IpAddr};

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{
    App, AppId, AppRestart, ConnectionState, DatabaseConnection, DatabaseId, DatabaseName, Delivery, Engine,
    ImageReference, LinkNetwork, LogicalName, LoginName, Password, Port, Preset, VersionTag,
};

use crate::runtime::{ContainerState, UnkeptField};

/// An app to be deployed. Parsed fields, not yet checked against what there is.
#[derive(Debug, Clone)]
pub struct CreateApp {
    /// The image.
    pub image: ImageReference,
    /// The name, which becomes the host name.
    pub name: DatabaseName,
    /// Arguments; empty for the image's own.
    pub command: Vec<String>,
    /// The person's own variables.
    pub env: Vec<(String, SecretString)>,
    /// Ports published on the host.
    pub ports: Vec<NewAppPort>,
    /// Volumes: a name of the person's, and where it is mounted.
    pub volumes: Vec<AppVolume>,
    /// When it is started again.
    pub restart: AppRestart,
    /// Most memory in bytes.
    pub memory_bytes: Option<u64>,
    /// Most processor time, in thousandths of one processor.
    pub cpu_millis: Option<u32>,
    /// The person's own labels.
    pub labels: BTreeMap<String, String>,
    /// The database it is to use.
    pub database: Option<DatabaseChoice>,
    /// How the link to that is made.
    pub link: LinkOptions,
}

/// The database that an app is to use.
#[derive(Debug, Clone)]
pub enum DatabaseChoice {
    /// One that is there.
    Existing {
        /// Which.
        database: DatabaseId,
    },
    /// A dedicated one, which is deployed first.
    New {
        /// The engine.
        engine: Engine,
        /// The version; None for the engine's default.
        version: Option<VersionTag>,
        /// An image of the engine's family.
        image: Option<ImageReference>,
        /// Its name; None for the app's with `-db` behind.
        name: Option<DatabaseName>,
    },
    /// One that somebody else runs.
    External {
        /// The connection string to it.
        connection_string: SecretString,
        /// Whether it is known that the login is not tried, where it can not be.
        accept_untested: bool,
    },
}

/// How an app is linked to a database.
#[derive(Debug, Clone, Default)]
pub struct LinkOptions {
    /// The logical database; None for one with the app's name.
    pub database: Option<LogicalName>,
    /// The user; None for one with the app's name.
    pub username: Option<LoginName>,
    /// What that user may do; None for everything inside the logical database.
    pub preset: Option<Preset>,
    /// What the names of the variables begin with.
    pub env_prefix: Option<String>,
    /// How the app gets its password; None for variables.
    pub delivery: Option<Delivery>,
    /// Whether it is known who can read variables on this Podman.
    pub accept_visible_env: bool,
    /// Where the app meets the database; None for the database's network.
    pub network: Option<LinkNetwork>,
}

/// An app to be linked to a database.
#[derive(Debug, Clone)]
pub struct LinkApp {
    /// The app.
    pub app: AppId,
    /// How.
    pub options: LinkOptions,
}

/// A container to be linked to a database, by its name or id.
#[derive(Debug, Clone)]
pub struct LinkContainer {
    /// The container.
    pub container: String,
    /// How.
    pub options: LinkOptions,
}

/// What a link would do to an app's container.
#[derive(Debug)]
pub struct LinkReport {
    /// What the new container would have besides.
    pub changes: Vec<LinkChange>,
    /// What can not be kept; with any of these the link is refused.
    pub unkept: Vec<UnkeptField>,
}

/// Something that a container would have besides.
#[derive(Debug)]
pub struct LinkChange {
    /// What it is.
    pub kind: LinkChangeKind,
    /// Its name.
    pub name: String,
    /// Its value, passwords masked; None for what has none, or one that is not known yet.
    pub value: Option<SecretString>,
}

/// What a container would have besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkChangeKind {
    /// A variable.
    Variable,
    /// A network that it is on.
    Network,
    /// A label.
    Label,
}

impl LinkChangeKind {
    /// The text form used in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Variable => "variable",
            Self::Network => "network",
            Self::Label => "label",
        }
    }
}

/// A look at the variables that an app would have.
#[derive(Debug, Clone)]
pub struct PreviewLink {
    /// The app's name.
    pub name: DatabaseName,
    /// The database it is to use.
    pub database: DatabaseChoice,
    /// How it is linked.
    pub options: LinkOptions,
}

/// A port of an app to be published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAppPort {
    /// The port inside.
    pub container_port: Port,
    /// The port on the host; None for the first free one of the range for apps.
    pub host_port: Option<Port>,
    /// The host's address.
    pub address: IpAddr,
}

/// A port of an app that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppPort {
    /// The port inside.
    pub container_port: Port,
    /// The port on the host.
    pub host_port: Port,
    /// The host's address.
    pub address: IpAddr,
}

/// A volume of an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppVolume {
    /// The person's name for it, unique within the app.
    pub name: String,
    /// Where it is mounted.
    pub path: String,
}

/// What an app is made of, without the values of variables. Kept as JSON with its row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AppSpec {
    /// Arguments; empty for the image's own.
    pub command: Vec<String>,
    /// The names of the person's own variables.
    pub env_names: Vec<String>,
    /// Ports published on the host.
    pub ports: Vec<AppPort>,
    /// Volumes.
    pub volumes: Vec<AppVolume>,
    /// When it is started again.
    pub restart: AppRestart,
    /// Most memory in bytes.
    pub memory_bytes: Option<u64>,
    /// Most processor time, in thousandths of one processor.
    pub cpu_millis: Option<u32>,
    /// The person's own labels.
    pub labels: BTreeMap<String, String>,
    /// The database that somebody else runs.
    #[serde(default)]
    pub external: Option<super::ExternalFacts>,
    /// Whether somebody else made it, so that everything but its links stays as it is.
    #[serde(default)]
    pub is_foreign: bool,
}

/// An app, and what its container does.
#[derive(Debug, Clone)]
pub struct AppEntry {
    /// The app.
    pub app: App,
    /// What it is made of.
    pub spec: AppSpec,
    /// What its container does; None when there is none.
    pub container: Option<ContainerState>,
    /// Its links.
    pub connections: Vec<DatabaseConnection>,
}

/// What happens to the user of a link that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UserFate {
    /// It stays, and can be linked again.
    Keep,
    /// It is dropped.
    Revoke,
}

/// What happens to the logical database of a link that is removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogicalFate {
    /// It stays.
    Keep,
    /// It is dropped with all that is in it.
    Drop,
}

/// A link to be removed.
#[derive(Debug, Clone)]
pub struct UnlinkApp {
    /// What happens to its user.
    pub user: UserFate,
    /// What happens to its logical database.
    pub database: LogicalFate,
    /// The name of the logical database, typed again when that is dropped.
    pub confirm: Option<String>,
}

/// A link as it is seen.
#[derive(Debug, Clone)]
pub struct ConnectionEntry {
    /// The link.
    pub connection: DatabaseConnection,
    /// Where it stands, with what the runtime shows.
    pub state: ConnectionState,
}

/// The login of a link.
#[derive(Debug)]
pub struct ConnectionCredentials {
    /// The user's name.
    pub username: LoginName,
    /// Its password.
    pub password: Password,
    /// The variables the app has, with their values.
    pub variables: Vec<PreviewVariable>,
}

/// A variable an app has, or would have.
#[derive(Debug)]
pub struct PreviewVariable {
    /// Its name.
    pub name: String,
    /// Its value; passwords are masked in previews.
    pub value: SecretString,
    /// Whether the value holds the password.
    pub is_secret: bool,
}
