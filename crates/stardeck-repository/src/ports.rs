//! Queries of `port_reservations`. The primary key on host and port decides who gets a port.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{DatabaseId, HostId, Port, PortPurpose, PortReservation};

use crate::{
    Error, Tx,
    rows::{NewPortRow, PortRow, timestamp_text},
    schema::port_reservations,
};

/// Reserves a port of a host. A port that rested long enough is free.
///
/// # Errors
/// [`Error::Conflict`] with `HostPort` when somebody holds the port, or it still rests; with `Reference` when there is
/// no such host or database.
pub fn reserve(tx: &mut Tx, reservation: &PortReservation, now: DateTime<Utc>) -> Result<(), Error> {
    let row = NewPortRow::new(reservation, now);
    diesel::delete(port_reservations::table)
        .filter(port_reservations::host_id.eq(reservation.host_id.as_str()))
        .filter(port_reservations::port.eq(i32::from(reservation.port.get())))
        .filter(port_reservations::quarantined_until.le(timestamp_text(now)))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    diesel::insert_into(port_reservations::table)
        .values(row)
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The ports of a host that can not be had now, in ascending order: those held, and those that rest.
///
/// # Errors
/// The store is in trouble.
pub fn list_taken(tx: &mut Tx, host: &HostId, now: DateTime<Utc>) -> Result<Vec<PortReservation>, Error> {
    let rests = port_reservations::quarantined_until.gt(timestamp_text(now));
    let rows: Vec<PortRow> = port_reservations::table
        .filter(port_reservations::host_id.eq(host.as_str()))
        .filter(port_reservations::quarantined_until.is_null().or(rests))
        .order(port_reservations::port)
        .select(PortRow::as_select())
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Leaves a database with the one data port that is given, at that address, or with none. The others are given back as
/// [`release_of`] does.
///
/// # Errors
/// The store is in trouble.
pub fn leave_only(
    tx: &mut Tx,
    database: DatabaseId,
    kept: Option<(Port, IpAddr)>,
    quarantined_until: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let number = kept.map_or(0, |(port, _)| i32::from(port.get()));
    let data = || {
        port_reservations::table
            .filter(port_reservations::database_id.eq(database.to_string()))
            .filter(port_reservations::purpose.eq(PortPurpose::Data.as_str()))
    };
    if let Some((_, address)) = kept {
        diesel::update(data().filter(port_reservations::port.eq(number)))
            .set(port_reservations::address.eq(address.to_string()))
            .execute(&mut tx.connection)
            .map_err(Error::from_diesel)?;
    }
    let others = data().filter(port_reservations::port.ne(number));
    match quarantined_until {
        Some(until) => diesel::update(others)
            .set((
                port_reservations::database_id.eq(None::<String>),
                port_reservations::quarantined_until.eq(timestamp_text(until)),
            ))
            .execute(&mut tx.connection),
        None => diesel::delete(others).execute(&mut tx.connection),
    }
    .map_err(Error::from_diesel)?;
    Ok(())
}

/// Gives back one port that a database holds. It rests until the moment that is given.
///
/// # Errors
/// The store is in trouble.
pub fn release(
    tx: &mut Tx,
    database: DatabaseId,
    port: Port,
    quarantined_until: DateTime<Utc>,
) -> Result<(), Error> {
    let held = port_reservations::table
        .filter(port_reservations::database_id.eq(database.to_string()))
        .filter(port_reservations::port.eq(i32::from(port.get())));
    diesel::update(held)
        .set((
            port_reservations::database_id.eq(None::<String>),
            port_reservations::quarantined_until.eq(timestamp_text(quarantined_until)),
        ))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// Gives back all ports that a database holds. With a moment they rest until then and belong to nobody; without one
/// they are free at once.
///
/// # Errors
/// The store is in trouble.
pub fn release_of(
    tx: &mut Tx,
    database: DatabaseId,
    quarantined_until: Option<DateTime<Utc>>,
) -> Result<(), Error> {
    let held = port_reservations::table.filter(port_reservations::database_id.eq(database.to_string()));
    match quarantined_until {
        Some(until) => diesel::update(held)
            .set((
                port_reservations::database_id.eq(None::<String>),
                port_reservations::quarantined_until.eq(timestamp_text(until)),
            ))
            .execute(&mut tx.connection),
        None => diesel::delete(held).execute(&mut tx.connection),
    }
    .map_err(Error::from_diesel)?;
    Ok(())
}
