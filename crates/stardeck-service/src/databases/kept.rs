//! Volumes that were kept when their database was deleted: looking at them, and removing one for good.
//!
//! A kept volume goes by the id of its database, because that is what it belongs to: a database may have several
//! volumes, and its credentials stay with them. How one is attached again is in `reattach.rs`.

use std::{collections::BTreeMap, time::Duration};

use chrono::{DateTime, Utc};
use stardeck_domain::{
    AuditAction, Credential, CredentialPurpose, CredentialState, DatabaseId, ManagedDatabase, Operation,
    OperationKind, ValidationError, Volume,
};
use stardeck_repository::{Page, Slice, Tx, audit, credentials, databases, operations, tombstones, volumes};

use super::{
    Databases,
    verbs::{in_progress, new_operation},
};
use crate::{Actor, Error, auth::audit_entry, operations::plan::Input};

/// How long a list waits for the sizes, which the runtime finds out file by file.
const SIZES_WITHIN: Duration = Duration::from_secs(3);

/// What is left of a database that was deleted with its data kept.
#[derive(Debug, Clone)]
pub struct KeptVolume {
    /// The database as it was.
    pub database: ManagedDatabase,
    /// When it was deleted.
    pub deleted_at: DateTime<Utc>,
    /// The major version that wrote the data, where the engine binds data to it.
    pub major: Option<u32>,
    /// Its volumes with their sizes in bytes, as far as the runtime tells.
    pub volumes: Vec<(Volume, Option<u64>)>,
    /// Whether it can be attached again: a database that never answered left no password that opens its data.
    pub is_attachable: bool,
}

impl Databases {
    /// One page of the kept volumes, oldest database first. Without the runtime it is the same, only without sizes.
    ///
    /// # Errors
    /// The store is in trouble.
    pub async fn list_kept(&self, page: Page) -> Result<Slice<KeptVolume>, Error> {
        let mut slice = self
            .core()
            .db
            .read(move |tx| {
                let slice = tombstones::list(tx, &page)?;
                let items = slice.items.into_iter().map(|database| kept_volume(tx, database));
                Ok::<_, Error>(Slice { items: items.collect::<Result<Vec<_>, _>>()?, next: slice.next })
            })
            .await?;
        if slice.items.is_empty() {
            return Ok(slice);
        }
        let sizes = self.volume_sizes().await;
        for (volume, size) in slice.items.iter_mut().flat_map(|kept| &mut kept.volumes) {
            *size = sizes.get(&volume.name).copied();
        }
        Ok(slice)
    }

    /// Removes a kept volume and its credentials for good.
    ///
    /// # Errors
    /// There is none with this id, the confirmation is not the name its database had, it is in use again or another
    /// operation works on it, or the runtime does not answer.
    pub async fn delete_kept(
        &self,
        actor: &Actor,
        id: DatabaseId,
        confirm: &str,
    ) -> Result<Operation, Error> {
        let database = self.core().db.read(move |tx| require_kept(tx, id)).await?;
        if confirm != database.name.as_str() {
            let reason = format!("must be the name of the database it belonged to, {}", database.name);
            return Err(ValidationError { field: "confirm", code: "mismatch", reason }.into());
        }
        self.core().runtime.info().await?;
        let new = new_operation(id, OperationKind::Delete, Input::DeleteKept, Some(actor.user.id))?;
        let actor = actor.clone();
        let operation = self
            .core()
            .db
            .write(move |tx| {
                let database = require_kept(tx, id)?;
                let now = Utc::now();
                operations::insert(tx, &new, now).map_err(in_progress)?;
                let (target, name) = (Some(id.to_string()), Some(database.name.to_string()));
                audit::append(tx, &audit_entry(&actor, AuditAction::KeptVolumeDeleted, target, name, now))?;
                operations::get(tx, new.id).map_err(Error::from)
            })
            .await?;
        self.dispatcher().dispatch(operation.clone());
        Ok(operation)
    }

    /// A list is answered also when the runtime is slow or gone.
    async fn volume_sizes(&self) -> BTreeMap<String, u64> {
        match tokio::time::timeout(SIZES_WITHIN, self.core().runtime.volume_sizes()).await {
            Ok(Ok(sizes)) => sizes,
            Ok(Err(error)) => {
                tracing::warn!(%error, "the sizes of the volumes can not be told");
                BTreeMap::new()
            }
            Err(_) => {
                tracing::debug!("telling the sizes of the volumes takes too long");
                BTreeMap::new()
            }
        }
    }
}

/// The tombstone with this id, when nothing works on it.
pub(super) fn require_kept(tx: &mut Tx, id: DatabaseId) -> Result<ManagedDatabase, Error> {
    if let Some(other) = operations::find_unfinished_of(tx, id)? {
        return Err(Error::OperationInProgress { operation: other.id });
    }
    if let Some(found) = tombstones::find(tx, id)? {
        return Ok(found);
    }
    match databases::get(tx, id) {
        Ok(living) => Err(Error::VolumeInUse { holder: format!("the database {} has it", living.name) }),
        Err(stardeck_repository::Error::NotFound { .. }) => {
            Err(Error::NotFound { what: "kept volume", id: id.to_string() })
        }
        Err(error) => Err(error.into()),
    }
}

/// The login that proves that the data is what it was; None when the engine never answered.
pub(super) fn management(tx: &mut Tx, id: DatabaseId) -> Result<Option<Credential>, Error> {
    credentials::find(tx, id, CredentialPurpose::Management, CredentialState::Active).map_err(Error::from)
}

fn kept_volume(tx: &mut Tx, database: ManagedDatabase) -> Result<KeptVolume, Error> {
    let volumes = volumes::list_of(tx, database.id)?;
    let deleted_at = database.deleted_at.ok_or_else(|| Error::internal("a tombstone without its time"))?;
    Ok(KeptVolume {
        deleted_at,
        major: volumes.iter().find_map(|volume| volume.major).and(database.version.major()),
        is_attachable: management(tx, database.id)?.is_some(),
        volumes: volumes.into_iter().map(|volume| (volume, None)).collect(),
        database,
    })
}
