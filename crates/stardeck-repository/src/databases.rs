//! Queries of `managed_databases`.
//!
//! A row lives until it is forgotten or becomes a tombstone (deleted with its data kept). Everything here sees living
//! rows only, except [`forget`]; tombstones are in [`crate::tombstones`].

use std::time::Duration;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{
    ContainerId, ContainerName, DatabaseConfig, DatabaseId, DatabaseName, DatabaseStatus, DesiredState,
    Health, ImageId, JsonText, ManagedDatabase, NetworkName, NewDatabase, Port,
};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{DatabaseRow, NewDatabaseRow, parsed, timestamp_text},
    schema::managed_databases,
};

const WHAT: &str = "database";

/// Writes a database down: status `creating`, desired state `running`, health `unknown`, revision 1, its own name as
/// its host name, no settings. This is what reserves the name.
///
/// # Errors
/// [`Error::Conflict`] when the name (`DatabaseName`) or the container's name on that host (`ContainerName`) is taken
/// by a living database, or when the host, engine or creator does not exist (`Reference`).
pub fn insert(tx: &mut Tx, database: &NewDatabase, now: DateTime<Utc>) -> Result<(), Error> {
    diesel::insert_into(managed_databases::table)
        .values(NewDatabaseRow::new(database, now))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// A database by its id.
///
/// # Errors
/// There is none, or it is a tombstone.
pub fn get(tx: &mut Tx, id: DatabaseId) -> Result<ManagedDatabase, Error> {
    find(tx, id)?.ok_or_else(|| Error::not_found(WHAT, &id))
}

/// A database by its id, which may be gone.
///
/// # Errors
/// The store is in trouble.
pub fn find(tx: &mut Tx, id: DatabaseId) -> Result<Option<ManagedDatabase>, Error> {
    living(id.to_string())
        .select(DatabaseRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// A database by its name.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_name(tx: &mut Tx, name: &DatabaseName) -> Result<Option<ManagedDatabase>, Error> {
    managed_databases::table
        .filter(managed_databases::name.eq(name.as_str()))
        .filter(managed_databases::deleted_at.is_null())
        .select(DatabaseRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// One page of the databases, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<ManagedDatabase>, Error> {
    let mut query = managed_databases::table
        .filter(managed_databases::deleted_at.is_null())
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

/// All databases, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list_all(tx: &mut Tx) -> Result<Vec<ManagedDatabase>, Error> {
    into_domain(
        managed_databases::table
            .filter(managed_databases::deleted_at.is_null())
            .order(managed_databases::id)
            .select(DatabaseRow::as_select())
            .load(&mut tx.connection),
    )
}

/// Sets what a database is seen to do, and why; no reason clears the one before. Health stays as it is.
///
/// # Errors
/// There is no such database.
pub fn set_status(
    tx: &mut Tx,
    id: DatabaseId,
    status: DatabaseStatus,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::status.eq(status.as_str()),
            managed_databases::status_reason.eq(reason),
            managed_databases::updated_at.eq(timestamp_text(now)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Sets what a database should do.
///
/// # Errors
/// There is no such database.
pub fn set_desired_state(tx: &mut Tx, id: DatabaseId, desired: DesiredState) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::desired_state.eq(desired.as_str()),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the image that the container really runs, and the digest it has in its registry, if it came from one.
///
/// # Errors
/// There is no such database.
pub fn record_image(tx: &mut Tx, id: DatabaseId, image: &ImageId, digest: Option<&str>) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::image_id.eq(image.as_str()),
            managed_databases::digest.eq(digest),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the container plan as applied.
///
/// # Errors
/// There is no such database, or the text is not JSON.
pub fn record_plan(tx: &mut Tx, id: DatabaseId, plan: &JsonText) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::spec.eq(&plan.0),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the container as last seen; None when it is gone.
///
/// # Errors
/// There is no such database.
pub fn record_container(tx: &mut Tx, id: DatabaseId, container: Option<&ContainerId>) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::container_id.eq(container.map(ContainerId::as_str)),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the name that the container has now.
///
/// # Errors
/// [`Error::Conflict`] (`ContainerName`) when a living database's container on that host has it; there is no such
/// database.
pub fn record_container_name(tx: &mut Tx, id: DatabaseId, name: &ContainerName) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::container_name.eq(name.as_str()),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// The databases whose container, as recorded, has this id or one of these names.
///
/// # Errors
/// The store is in trouble.
pub fn list_by_container(tx: &mut Tx, id: &ContainerId, names: &[String]) -> Result<Vec<DatabaseId>, Error> {
    let found: Vec<String> = managed_databases::table
        .filter(managed_databases::deleted_at.is_null())
        .filter(
            managed_databases::container_id
                .eq(id.as_str())
                .or(managed_databases::container_name.eq_any(names).nullable()),
        )
        .select(managed_databases::id)
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    found.iter().map(|id| parsed("managed_databases.id", id)).collect()
}

/// Records the network the database is on.
///
/// # Errors
/// There is no such database.
pub fn record_network(tx: &mut Tx, id: DatabaseId, network: &NetworkName) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::network.eq(network.as_str()),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Sets a person's note on the database; None removes it.
///
/// # Errors
/// There is no such database.
pub fn set_description(tx: &mut Tx, id: DatabaseId, description: Option<&str>) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::description.eq(description),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Sets everything that a person can change about a database, and counts that as a change.
///
/// # Errors
/// There is no such database, or the settings are not JSON.
pub fn set_config(tx: &mut Tx, id: DatabaseId, config: &DatabaseConfig) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::is_shared.eq(i32::from(config.is_shared)),
            managed_databases::external_port.eq(config.external_port.map(|port| i32::from(port.get()))),
            managed_databases::bind_address.eq(config.bind_address.to_string()),
            managed_databases::settings.eq(&config.settings.0),
            managed_databases::description.eq(config.description.as_deref()),
            managed_databases::color.eq(config.color.as_deref()),
            managed_databases::revision.eq(managed_databases::revision + 1),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Sets how a database that is about to be made is to run.
///
/// # Errors
/// There is no such database, or the text is not JSON.
pub fn set_settings(tx: &mut Tx, id: DatabaseId, settings: &JsonText) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::settings.eq(&settings.0),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Moves a database to another port of the host, because its own could not be had.
///
/// # Errors
/// There is no such database.
pub fn set_external_port(tx: &mut Tx, id: DatabaseId, port: Port) -> Result<(), Error> {
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::external_port.eq(i32::from(port.get())),
            managed_databases::updated_at.eq(timestamp_text(tx.began_at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Writes down that the engine answered: status `running` without a reason, health `healthy`, answered now. Without a
/// server version the one known before stays.
///
/// # Errors
/// There is no such database.
pub fn mark_running(
    tx: &mut Tx,
    id: DatabaseId,
    server_version: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let now = timestamp_text(now);
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::status.eq(DatabaseStatus::Running.as_str()),
            managed_databases::status_reason.eq(None::<String>),
            managed_databases::health.eq(Health::Healthy.as_str()),
            managed_databases::last_answer_at.eq(&now),
            server_version.map(|version| managed_databases::server_version.eq(version)),
            managed_databases::updated_at.eq(&now),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Writes down what came of asking the engine. Without an answer the time of the last one stays. Being asked is no
/// change, so `updated_at` stays as well.
///
/// # Errors
/// There is no such database.
pub fn mark_health(
    tx: &mut Tx,
    id: DatabaseId,
    health: Health,
    answered_at: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let answered = answered_at.map(timestamp_text);
    let changed = diesel::update(living(id.to_string()))
        .set((
            managed_databases::health.eq(health.as_str()),
            answered.map(|at| managed_databases::last_answer_at.eq(at)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Writes down that the engine answered, and how long it took.
///
/// # Errors
/// There is no such database.
pub fn record_answer(
    tx: &mut Tx,
    id: DatabaseId,
    latency: Duration,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    mark_health(tx, id, Health::Healthy, Some(now))?;
    let millis = i32::try_from(latency.as_millis()).unwrap_or(i32::MAX);
    let changed = diesel::update(living(id.to_string()))
        .set(managed_databases::latency_ms.eq(millis))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Deletes the row, living or tombstone, and with it its credentials, volumes and port reservations. Ports that rest
/// (see [`crate::ports::release_of`]) go on resting. Nothing happens when there is no such row.
///
/// # Errors
/// The store is in trouble.
pub fn forget(tx: &mut Tx, id: DatabaseId) -> Result<(), Error> {
    diesel::delete(managed_databases::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

#[diesel::dsl::auto_type(no_type_alias)]
fn living(id: String) -> _ {
    managed_databases::table
        .filter(managed_databases::id.eq(id))
        .filter(managed_databases::deleted_at.is_null())
}

pub(crate) fn into_domain(rows: QueryResult<Vec<DatabaseRow>>) -> Result<Vec<ManagedDatabase>, Error> {
    rows.map_err(Error::from_diesel)?.into_iter().map(TryInto::try_into).collect()
}
