//! A managed database: one database server in one container, known to Stardeck.

use std::net::IpAddr;

use chrono::{DateTime, Utc};

use crate::{
    Action, ContainerId, ContainerName, DatabaseId, DatabaseName, DatabaseStatus, DesiredState, Engine,
    Health, HostId, ImageId, ImageReference, LoginName, NetworkName, Port, UserId, VersionTag, VolumeId,
    text_enum::text_enum,
};

text_enum! {
    /// How we came to know the database.
    pub enum Origin ("origin") {
        /// We made it.
        Created = "created",
        /// It was there before; we only look after it.
        Adopted = "adopted",
    }
}

/// JSON kept as text: a snapshot whose shape belongs to the crate that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct JsonText(pub String);

impl Default for JsonText {
    /// An empty object.
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

/// One database server in one container.
#[derive(Debug, Clone)]
pub struct ManagedDatabase {
    /// Its id.
    pub id: DatabaseId,
    /// The host it runs on.
    pub host_id: HostId,
    /// The container as last seen; None before it exists and after it is gone.
    pub container_id: Option<ContainerId>,
    /// The container's name, by which it is found again.
    pub container_name: ContainerName,
    /// Its name, which is also its host name on the data network.
    pub name: DatabaseName,
    /// Its engine.
    pub engine: Engine,
    /// What kind of that engine, such as `timescaledb`; None for the plain one.
    pub flavor: Option<String>,
    /// How we came to know it.
    pub origin: Origin,
    /// The version that was asked for.
    pub version: VersionTag,
    /// The version the server itself reports.
    pub server_version: Option<String>,
    /// The image that was asked for.
    pub image: ImageReference,
    /// The image it really runs, so that a recreate takes the same.
    pub image_id: Option<ImageId>,
    /// The digest of that image in its registry.
    pub digest: Option<String>,
    /// The name apps reach it by.
    pub internal_host: String,
    /// The port apps reach it by.
    pub internal_port: Port,
    /// The port on the host, when it is exposed.
    pub external_port: Option<Port>,
    /// The host address that port is bound to.
    pub bind_address: IpAddr,
    /// The person's administrator inside the engine.
    pub admin_user: LoginName,
    /// The network it is on.
    pub network: NetworkName,
    /// What it is seen to do.
    pub status: DatabaseStatus,
    /// What it should do.
    pub desired_state: DesiredState,
    /// Why it is in this status, in words.
    pub status_reason: Option<String>,
    /// Whether it answered when last asked.
    pub health: Health,
    /// When it last answered.
    pub last_answer_at: Option<DateTime<Utc>>,
    /// How long that answer took, in milliseconds, a login included.
    pub latency_ms: Option<u32>,
    /// Whether other apps may use it.
    pub is_shared: bool,
    /// How many apps are linked to it.
    pub connection_count: u32,
    /// The container plan as applied.
    pub spec: JsonText,
    /// Settings a person changed.
    pub settings: JsonText,
    /// A person's note.
    pub description: Option<String>,
    /// A person's colour for the card.
    pub color: Option<String>,
    /// Counts changes a person made, for optimistic locking.
    pub revision: u32,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When its row last changed.
    pub updated_at: DateTime<Utc>,
    /// Who asked for it.
    pub created_by: Option<UserId>,
    /// When it was deleted with its data kept.
    pub deleted_at: Option<DateTime<Utc>>,
    /// Who asked for that; None also when nobody did.
    pub deleted_by: Option<UserId>,
}

impl ManagedDatabase {
    /// What a person may ask for now.
    pub const fn allowed_actions(&self) -> &'static [Action] {
        self.status.allowed_actions(self.origin)
    }

    /// Whether a person may ask for the action now.
    pub fn allows(&self, action: Action) -> bool {
        self.allowed_actions().contains(&action)
    }
}

/// What a re-attachment changes about a deleted database whose data was kept, so that it can be put back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Tombstone {
    /// The name it had.
    pub name: DatabaseName,
    /// What kind of its engine it was.
    pub flavor: Option<String>,
    /// The version that was asked for.
    pub version: VersionTag,
    /// The version the server itself reported.
    pub server_version: Option<String>,
    /// The image that was asked for.
    pub image: ImageReference,
    /// The image it really ran.
    pub image_id: Option<ImageId>,
    /// The digest of that image in its registry.
    pub digest: Option<String>,
    /// Whether other apps could use it.
    pub is_shared: bool,
    /// A person's note.
    pub description: Option<String>,
    /// How it ran; None in what was written before a re-attachment could change that.
    #[cfg_attr(feature = "serde", serde(default))]
    pub settings: Option<JsonText>,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// Who asked for that.
    pub deleted_by: Option<UserId>,
    /// Its volumes.
    pub volumes: Vec<VolumeId>,
}

impl Tombstone {
    /// What a deleted database is put back as; None for a living one.
    pub fn of(database: &ManagedDatabase, volumes: Vec<VolumeId>) -> Option<Self> {
        Some(Self {
            name: database.name.clone(),
            flavor: database.flavor.clone(),
            version: database.version.clone(),
            server_version: database.server_version.clone(),
            image: database.image.clone(),
            image_id: database.image_id.clone(),
            digest: database.digest.clone(),
            is_shared: database.is_shared,
            description: database.description.clone(),
            settings: Some(database.settings.clone()),
            deleted_at: database.deleted_at?,
            deleted_by: database.deleted_by,
            volumes,
        })
    }
}

/// A database that is about to be written down: name and port are reserved by the insert.
#[derive(Debug, Clone)]
pub struct NewDatabase {
    /// Its id.
    pub id: DatabaseId,
    /// The host it will run on.
    pub host_id: HostId,
    /// The container it will run in.
    pub container_name: ContainerName,
    /// Its name.
    pub name: DatabaseName,
    /// Its engine.
    pub engine: Engine,
    /// What kind of that engine.
    pub flavor: Option<String>,
    /// How we came to know it.
    pub origin: Origin,
    /// The version asked for.
    pub version: VersionTag,
    /// The image asked for.
    pub image: ImageReference,
    /// The port apps will reach it by.
    pub internal_port: Port,
    /// The port on the host, when it will be exposed.
    pub external_port: Option<Port>,
    /// The host address that port will be bound to.
    pub bind_address: IpAddr,
    /// The person's administrator inside the engine.
    pub admin_user: LoginName,
    /// The network it will be on.
    pub network: NetworkName,
    /// Whether other apps may use it.
    pub is_shared: bool,
    /// The container plan that will be applied.
    pub spec: JsonText,
    /// Who asked for it.
    pub created_by: Option<UserId>,
}
