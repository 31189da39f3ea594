//! Queries of `managed_databases` about tombstones: databases that were deleted with their data kept.
//!
//! A tombstone keeps its id, so that its credentials and volumes stay its own, also when it lives again.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{
    ContainerName, DatabaseId, DatabaseStatus, DesiredState, Health, ImageId, ManagedDatabase, NewDatabase,
    Tombstone, UserId,
};

use crate::{
    Error, Page, Slice, Tx,
    databases::into_domain,
    error::require_row,
    rows::{DatabaseRow, timestamp_text},
    schema::managed_databases,
};

const WHAT: &str = "kept volume";

/// The tombstone with this id, if it is one.
///
/// # Errors
/// The store is in trouble.
pub fn find(tx: &mut Tx, id: DatabaseId) -> Result<Option<ManagedDatabase>, Error> {
    managed_databases::table
        .find(id.to_string())
        .filter(managed_databases::deleted_at.is_not_null())
        .select(DatabaseRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// One page of the tombstones, oldest database first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<ManagedDatabase>, Error> {
    let mut query = managed_databases::table
        .filter(managed_databases::deleted_at.is_not_null())
        .order(managed_databases::id)
        .limit(page.fetch())
        .select(DatabaseRow::as_select())
        .into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(managed_databases::id.gt(after));
    }
    let items = into_domain(query.load(&mut tx.connection))?;
    Ok(page.cut(items, |database| database.id.to_string()))
}

/// All tombstones, oldest database first.
///
/// # Errors
/// The store is in trouble.
pub fn list_all(tx: &mut Tx) -> Result<Vec<ManagedDatabase>, Error> {
    into_domain(
        managed_databases::table
            .filter(managed_databases::deleted_at.is_not_null())
            .order(managed_databases::id)
            .select(DatabaseRow::as_select())
            .load(&mut tx.connection),
    )
}

/// Turns a living row into a tombstone, without a container: its name is free again, its credentials and volumes stay.
/// Nothing happens to a row that is one already.
///
/// # Errors
/// There is no such database.
pub fn bury(tx: &mut Tx, id: DatabaseId, by: Option<UserId>, now: DateTime<Utc>) -> Result<(), Error> {
    if find(tx, id)?.is_some() {
        return Ok(());
    }
    let now = timestamp_text(now);
    let changed = diesel::update(managed_databases::table.find(id.to_string()))
        .set((
            managed_databases::deleted_at.eq(&now),
            managed_databases::deleted_by.eq(by.map(|user| user.to_string())),
            managed_databases::container_id.eq(None::<String>),
            managed_databases::updated_at.eq(&now),
        ))
        .execute(&mut tx.connection);
    require_row(changed, "database", &id)
}

/// Turns a tombstone into a living row again, as the new database says: status `creating`, desired state `running`.
/// The image's id and digest are those given; the administrator, the notes and the times stay.
///
/// # Errors
/// [`Error::Conflict`] when the name (`DatabaseName`) or the container's name (`ContainerName`) is taken by a living
/// database; [`Error::NotFound`] when there is no such tombstone.
pub fn revive(
    tx: &mut Tx,
    database: &NewDatabase,
    image: Option<(&ImageId, Option<&str>)>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let tombstone = managed_databases::table
        .find(database.id.to_string())
        .filter(managed_databases::deleted_at.is_not_null());
    let changed = diesel::update(tombstone)
        .set((
            (
                managed_databases::container_name.eq(database.container_name.as_str()),
                managed_databases::name.eq(database.name.as_str()),
                managed_databases::internal_host.eq(database.name.as_str()),
                managed_databases::flavor.eq(database.flavor.as_deref()),
                managed_databases::version.eq(database.version.as_str()),
                managed_databases::image.eq(database.image.to_string()),
                managed_databases::image_id.eq(image.map(|(id, _)| id.as_str())),
                managed_databases::digest.eq(image.and_then(|(_, digest)| digest)),
            ),
            managed_databases::internal_port.eq(i32::from(database.internal_port.get())),
            managed_databases::external_port.eq(database.external_port.map(|port| i32::from(port.get()))),
            managed_databases::bind_address.eq(database.bind_address.to_string()),
            managed_databases::network.eq(database.network.as_str()),
            managed_databases::is_shared.eq(i32::from(database.is_shared)),
            managed_databases::status.eq(DatabaseStatus::Creating.as_str()),
            managed_databases::status_reason.eq(None::<String>),
            managed_databases::desired_state.eq(DesiredState::Running.as_str()),
            managed_databases::health.eq(Health::Unknown.as_str()),
            managed_databases::last_answer_at.eq(None::<String>),
            managed_databases::deleted_at.eq(None::<String>),
            managed_databases::deleted_by.eq(None::<String>),
            managed_databases::updated_at.eq(timestamp_text(now)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &database.id)
}

/// Makes a row the tombstone it was before it was revived. May be repeated.
///
/// # Errors
/// There is no such row.
pub fn restore(tx: &mut Tx, id: DatabaseId, tombstone: &Tombstone) -> Result<(), Error> {
    let changed = diesel::update(managed_databases::table.find(id.to_string()))
        .set((
            (
                managed_databases::container_name
                    .eq(ContainerName::of_database(&tombstone.name).as_str().to_owned()),
                managed_databases::name.eq(tombstone.name.as_str()),
                managed_databases::internal_host.eq(tombstone.name.as_str()),
                managed_databases::flavor.eq(tombstone.flavor.as_deref()),
                managed_databases::version.eq(tombstone.version.as_str()),
                managed_databases::server_version.eq(tombstone.server_version.as_deref()),
                managed_databases::image.eq(tombstone.image.to_string()),
                managed_databases::image_id.eq(tombstone.image_id.as_ref().map(ImageId::as_str)),
                managed_databases::digest.eq(tombstone.digest.as_deref()),
            ),
            managed_databases::container_id.eq(None::<String>),
            managed_databases::external_port.eq(None::<i32>),
            managed_databases::is_shared.eq(i32::from(tombstone.is_shared)),
            managed_databases::description.eq(tombstone.description.as_deref()),
            tombstone.settings.as_ref().map(|settings| managed_databases::settings.eq(&settings.0)),
            managed_databases::status.eq(DatabaseStatus::Deleting.as_str()),
            managed_databases::status_reason.eq(None::<String>),
            managed_databases::desired_state.eq(DesiredState::Absent.as_str()),
            managed_databases::health.eq(Health::Unknown.as_str()),
            managed_databases::deleted_at.eq(timestamp_text(tombstone.deleted_at)),
            managed_databases::deleted_by.eq(tombstone.deleted_by.map(|user| user.to_string())),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}
