//! Rows of `volumes`.

use diesel::prelude::*;
use stardeck_domain::Volume;

use super::{count, integer, parsed, timestamp, timestamp_text, truth};
use crate::{Error, schema::volumes};

#[derive(Queryable, Selectable)]
#[diesel(table_name = volumes, check_for_backend(diesel::sqlite::Sqlite))]
pub(crate) struct VolumeRow {
    id: String,
    database_id: String,
    name: String,
    mount_path: String,
    kind: String,
    major: Option<i32>,
    owned: i32,
    initialised: i32,
    state: String,
    created_at: String,
}

impl TryFrom<VolumeRow> for Volume {
    type Error = Error;

    fn try_from(row: VolumeRow) -> Result<Self, Error> {
        Ok(Self {
            id: parsed("volumes.id", &row.id)?,
            database_id: parsed("volumes.database_id", &row.database_id)?,
            name: row.name,
            mount_path: row.mount_path,
            kind: parsed("volumes.kind", &row.kind)?,
            major: row.major.map(|major| count("volumes.major", major)).transpose()?,
            owned: truth(row.owned),
            initialised: truth(row.initialised),
            state: parsed("volumes.state", &row.state)?,
            created_at: timestamp("volumes.created_at", &row.created_at)?,
        })
    }
}

#[derive(Insertable)]
#[diesel(table_name = volumes)]
pub(crate) struct NewVolumeRow<'a> {
    id: String,
    database_id: String,
    name: &'a str,
    mount_path: &'a str,
    kind: &'static str,
    major: Option<i32>,
    owned: i32,
    initialised: i32,
    state: &'static str,
    created_at: String,
}

impl<'a> TryFrom<&'a Volume> for NewVolumeRow<'a> {
    type Error = Error;

    fn try_from(volume: &'a Volume) -> Result<Self, Error> {
        Ok(Self {
            id: volume.id.to_string(),
            database_id: volume.database_id.to_string(),
            name: &volume.name,
            mount_path: &volume.mount_path,
            kind: volume.kind.as_str(),
            major: volume.major.map(integer).transpose()?,
            owned: i32::from(volume.owned),
            initialised: i32::from(volume.initialised),
            state: volume.state.as_str(),
            created_at: timestamp_text(volume.created_at),
        })
    }
}
