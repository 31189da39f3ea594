//! Apps: containers that use databases, and their connections to them.

use chrono::{DateTime, Utc};

use crate::{
    AppId, ConnectionId, ContainerId, ContainerName, DatabaseId, DatabaseName, DesiredState, ImageId,
    ImageReference, JsonText, LogicalDatabaseId, LogicalName, LogicalUserId, LoginName, NetworkName, Preset,
    SealedText, UserId, text_enum::text_enum,
};

text_enum! {
    /// Where an app stands, as far as it was told to.
    pub enum AppStatus ("app status") {
        /// Being deployed.
        Creating = "creating",
        /// Started, and not told to stop.
        Running = "running",
        /// Stopped, as wanted.
        Stopped = "stopped",
        /// Being changed: linked, unlinked, started, stopped, or its password rotated.
        Changing = "changing",
        /// The last change of it failed; the reason says why.
        Error = "error",
        /// Being removed.
        Deleting = "deleting",
    }
}

text_enum! {
    /// How an app gets its password and URL.
    pub enum Delivery ("delivery") {
        /// As environment variables, which Podman before 5.3 shows to everybody who may inspect the container.
        Env = "env",
        /// As files, whose paths are in variables that end with `_FILE`.
        File = "file",
    }
}

text_enum! {
    /// Where an app meets its database.
    pub enum LinkNetwork ("link network") {
        /// On the network that the database is on, and with it every app that shares it.
        Database = "database",
        /// On a network of their own, so that the app reaches this database and no other.
        Own = "own",
    }
}

text_enum! {
    /// Where a connection stands.
    pub enum ConnectionState ("connection state") {
        /// Being made.
        Pending = "pending",
        /// The app has it.
        Active = "active",
        /// Being removed.
        Removing = "removing",
        /// The app's container was removed behind Stardeck's back.
        Orphaned = "orphaned",
    }
}

text_enum! {
    /// When an app that ended is started again.
    pub enum AppRestart ("restart policy") {
        /// Never.
        No = "no",
        /// When it failed, a few times.
        OnFailure = "on-failure",
        /// Whenever it ends.
        Always = "always",
    }
}

/// An app: a container that Stardeck made for a person.
#[derive(Debug, Clone)]
pub struct App {
    /// Its id.
    pub id: AppId,
    /// Its name, which is also its host name on its network.
    pub name: DatabaseName,
    /// The container as last made; None before it exists.
    pub container_id: Option<ContainerId>,
    /// That container's name. It changes when the container is made anew.
    pub container_name: ContainerName,
    /// The image that was asked for.
    pub image: ImageReference,
    /// The image it really runs.
    pub image_id: Option<ImageId>,
    /// Where it stands.
    pub status: AppStatus,
    /// Why it is in this status, in words.
    pub status_reason: Option<String>,
    /// What it should do.
    pub desired_state: DesiredState,
    /// What was asked for, without the values of variables.
    pub spec: JsonText,
    /// The person's own variables with their values, sealed.
    pub sealed_env: SealedText,
    /// The connection string to a server that somebody else runs, sealed; None when the app uses none.
    pub sealed_external: Option<SealedText>,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its row last changed.
    pub updated_at: DateTime<Utc>,
    /// Who asked for it.
    pub created_by: Option<UserId>,
}

/// An app's way into one logical database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseConnection {
    /// Its id.
    pub id: ConnectionId,
    /// The app.
    pub app_id: AppId,
    /// That app's name.
    pub app: DatabaseName,
    /// The managed database.
    pub database_id: DatabaseId,
    /// The logical database in it.
    pub logical_database_id: LogicalDatabaseId,
    /// That database's name.
    pub logical_database: LogicalName,
    /// The app's user in it.
    pub logical_user_id: LogicalUserId,
    /// That user's login name.
    pub username: LoginName,
    /// What that user may do.
    pub preset: Preset,
    /// What the names of the app's variables begin with; None for its first database.
    pub env_prefix: Option<String>,
    /// How the app gets its password.
    pub delivery: Delivery,
    /// Its own network, on which are the app and the database only; None when they meet on the database's network.
    pub network: Option<NetworkName>,
    /// Where it stands.
    pub state: ConnectionState,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
}
