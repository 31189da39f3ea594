//! Rows of `port_reservations`.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use stardeck_domain::{HostId, PortReservation};

use super::{parsed, parsed_if_any, port, timestamp_text};
use crate::{Error, schema::port_reservations};

#[derive(Queryable, Selectable)]
#[diesel(table_name = port_reservations, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct PortRow {
    host_id: String,
    port: i32,
    address: String,
    purpose: String,
    database_id: Option<String>,
}

impl TryFrom<PortRow> for PortReservation {
    type Error = Error;

    fn try_from(row: PortRow) -> Result<Self, Error> {
        Ok(Self {
            host_id: HostId::new(row.host_id),
            address: parsed("port_reservations.address", &row.address)?,
            port: port("port_reservations.port", row.port)?,
            purpose: parsed("port_reservations.purpose", &row.purpose)?,
            database_id: parsed_if_any("port_reservations.database_id", row.database_id.as_deref())?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = port_reservations)]
pub(crate) struct NewPortRow<'a> {
    host_id: &'a str,
    port: i32,
    address: String,
    purpose: &'static str,
    database_id: Option<String>,
    reserved_at: String,
}

impl<'a> NewPortRow<'a> {
    /// A port that somebody gets now.
    pub(crate) fn new(reservation: &'a PortReservation, now: DateTime<Utc>) -> Self {
        Self {
            host_id: reservation.host_id.as_str(),
            port: i32::from(reservation.port.get()),
            address: reservation.address.to_string(),
            purpose: reservation.purpose.as_str(),
            database_id: reservation.database_id.map(|id| id.to_string()),
            reserved_at: timestamp_text(now),
        }
    }
}
