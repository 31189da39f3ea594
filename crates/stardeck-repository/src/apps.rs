//! Queries of `apps`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{
    App, AppId, AppStatus, ContainerId, ContainerName, DatabaseName, DesiredState, HostId, ImageId, Port,
};

use crate::{
    Error, Page, Slice, Tx,
    error::require_row,
    rows::{AppRow, NewAppRow, timestamp_text},
    schema::{apps, port_reservations},
};

const WHAT: &str = "app";

/// Writes an app down. This is what reserves the name.
///
/// # Errors
/// [`Error::Conflict`] when the name is taken (`AppName`).
pub fn insert(tx: &mut Tx, app: &App) -> Result<(), Error> {
    diesel::insert_into(apps::table)
        .values(NewAppRow::from(app))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// An app by its id.
///
/// # Errors
/// There is none.
pub fn get(tx: &mut Tx, id: AppId) -> Result<App, Error> {
    apps::table
        .find(id.to_string())
        .select(AppRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .ok_or_else(|| Error::not_found(WHAT, &id))?
        .try_into()
}

/// An app by its name.
///
/// # Errors
/// The store is in trouble.
pub fn find_by_name(tx: &mut Tx, name: &DatabaseName) -> Result<Option<App>, Error> {
    apps::table
        .filter(apps::name.eq(name.as_str()))
        .select(AppRow::as_select())
        .first(&mut tx.connection)
        .optional()
        .map_err(Error::from_diesel)?
        .map(TryInto::try_into)
        .transpose()
}

/// One page of the apps, oldest first.
///
/// # Errors
/// The store is in trouble.
pub fn list(tx: &mut Tx, page: &Page) -> Result<Slice<App>, Error> {
    let mut query = apps::table.order(apps::id).limit(page.fetch()).select(AppRow::as_select()).into_boxed();
    if let Some(after) = &page.after {
        query = query.filter(apps::id.gt(after));
    }
    let rows: Vec<AppRow> = query.load(&mut tx.connection).map_err(Error::from_diesel)?;
    let items = rows.into_iter().map(TryInto::try_into).collect::<Result<Vec<App>, Error>>()?;
    Ok(page.cut(items, |app| app.id.to_string()))
}

/// Sets where an app stands, and why; no reason clears the one before.
///
/// # Errors
/// There is no such app.
pub fn set_status(
    tx: &mut Tx,
    id: AppId,
    status: AppStatus,
    reason: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), Error> {
    let changed = diesel::update(apps::table.find(id.to_string()))
        .set((
            apps::status.eq(status.as_str()),
            apps::status_reason.eq(reason),
            apps::updated_at.eq(timestamp_text(now)),
        ))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Sets what an app should do.
///
/// # Errors
/// There is no such app.
pub fn set_desired_state(tx: &mut Tx, id: AppId, desired: DesiredState) -> Result<(), Error> {
    let changed = diesel::update(apps::table.find(id.to_string()))
        .set(apps::desired_state.eq(desired.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the image that the app really runs.
///
/// # Errors
/// There is no such app.
pub fn record_image(tx: &mut Tx, id: AppId, image: &ImageId) -> Result<(), Error> {
    let changed = diesel::update(apps::table.find(id.to_string()))
        .set(apps::image_id.eq(image.as_str()))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Records the app's container.
///
/// # Errors
/// There is no such app.
pub fn record_container(
    tx: &mut Tx,
    id: AppId,
    name: &ContainerName,
    container: &ContainerId,
) -> Result<(), Error> {
    let changed = diesel::update(apps::table.find(id.to_string()))
        .set((apps::container_name.eq(name.as_str()), apps::container_id.eq(container.as_str())))
        .execute(&mut tx.connection);
    require_row(changed, WHAT, &id)
}

/// Gives a reserved port to an app.
///
/// # Errors
/// The store is in trouble.
pub fn hold_port(tx: &mut Tx, host: &HostId, port: Port, app: AppId) -> Result<(), Error> {
    diesel::update(port_reservations::table)
        .filter(port_reservations::host_id.eq(host.as_str()))
        .filter(port_reservations::port.eq(i32::from(port.get())))
        .set(port_reservations::app_id.eq(app.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Gives back the ports that an app holds; they rest until then.
///
/// # Errors
/// The store is in trouble.
pub fn release_ports(tx: &mut Tx, app: AppId, quarantined_until: DateTime<Utc>) -> Result<(), Error> {
    diesel::update(port_reservations::table)
        .filter(port_reservations::app_id.eq(app.to_string()))
        .set((
            port_reservations::app_id.eq(None::<String>),
            port_reservations::quarantined_until.eq(timestamp_text(quarantined_until)),
        ))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Deletes the row, and with it its connections. Nothing happens when there is none.
///
/// # Errors
/// The store is in trouble.
pub fn forget(tx: &mut Tx, id: AppId) -> Result<(), Error> {
    diesel::delete(apps::table.find(id.to_string()))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}
