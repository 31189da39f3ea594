//! Volumes that were kept when their database was deleted.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use stardeck_domain::{DatabaseId, DatabaseName, Engine, LoginName, UserId, ValidationErrors, VersionTag};
use stardeck_service::databases::KeptVolume;
use utoipa::{IntoParams, ToSchema};

use super::{
    fields::{Fields, absent, any},
    lists::list_view,
};

/// The data of a database that was deleted and kept its volume.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = KeptVolume)]
pub(crate) struct KeptVolumeView {
    /// Its id, which is the one its database had and will have again.
    id: DatabaseId,
    /// The name its database had.
    name: DatabaseName,
    /// The engine that wrote it.
    #[serde(rename = "type")]
    engine: Engine,
    /// What kind of that engine; null for the plain one.
    flavor: Option<String>,
    /// The version that was asked for.
    version: VersionTag,
    /// The version the server itself reported; null when it never answered.
    server_version: Option<String>,
    /// The major version whose servers can read it; null when it was not found out.
    major: Option<u32>,
    /// The image it ran on.
    image: String,
    /// The administrator inside it.
    admin_user: LoginName,
    /// Its volumes in Podman.
    volumes: Vec<KeptVolumePart>,
    /// Whether a database can be made of it again. Not when its database never answered: then no password opens it.
    is_attachable: bool,
    /// When its database was deleted.
    deleted_at: DateTime<Utc>,
    /// Who deleted it; null when nobody asked for it.
    deleted_by: Option<UserId>,
}

/// One volume in Podman.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct KeptVolumePart {
    /// Its name.
    name: String,
    /// Where it is mounted in the container.
    mount_path: String,
    /// The bytes it takes on the disk; null when Podman does not tell in time.
    size_bytes: Option<u64>,
}

impl KeptVolumeView {
    pub(crate) fn of(kept: KeptVolume) -> Self {
        let KeptVolume { database, deleted_at, major, volumes, is_attachable } = kept;
        Self {
            id: database.id,
            name: database.name,
            engine: database.engine,
            flavor: database.flavor,
            version: database.version,
            server_version: database.server_version,
            major,
            image: database.image.to_string(),
            admin_user: database.admin_user,
            volumes: volumes
                .into_iter()
                .map(|(volume, size_bytes)| KeptVolumePart {
                    name: volume.name,
                    mount_path: volume.mount_path,
                    size_bytes,
                })
                .collect(),
            is_attachable,
            deleted_at,
            deleted_by: database.deleted_by,
        }
    }
}

list_view! {
    /// Kept volumes, oldest database first.
    KeptVolumeList of KeptVolumeView;
}

/// How a kept volume is to be removed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeleteKeptVolumeQuery {
    /// The name its database had, typed again.
    #[param(value_type = String, required)]
    confirm: Option<String>,
}

impl DeleteKeptVolumeQuery {
    /// The name that was typed.
    pub(crate) fn check(self) -> Result<String, ValidationErrors> {
        let mut fields = Fields::default();
        let confirm = fields.required("confirm", self.confirm, any);
        fields.finish()?;
        confirm.ok_or_else(|| absent("confirm"))
    }
}
