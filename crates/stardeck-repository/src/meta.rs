//! Queries of `meta`: facts about this installation as a whole.

use diesel::prelude::*;
use stardeck_domain::InstanceId;

use crate::{Error, Tx, rows, schema::meta};

/// The key of the instance id.
const INSTANCE_ID: &str = "instance_id";

/// The value of a key.
///
/// # Errors
/// The store is in trouble.
pub fn get(tx: &mut Tx, key: &str) -> Result<Option<String>, Error> {
    meta::table.find(key).select(meta::value).first(&mut tx.connection).optional().map_err(Error::from_diesel)
}

/// Sets the value of a key, whether it had one or not.
///
/// # Errors
/// The store is in trouble.
pub fn set(tx: &mut Tx, key: &str, value: &str) -> Result<(), Error> {
    diesel::insert_into(meta::table)
        .values((meta::key.eq(key), meta::value.eq(value)))
        .on_conflict(meta::key)
        .do_update()
        .set(meta::value.eq(value))
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}

/// The id of this installation. It was made when the file was first opened and never changes.
///
/// # Errors
/// The store is in trouble, or somebody removed the id.
pub fn instance_id(tx: &mut Tx) -> Result<InstanceId, Error> {
    let text = get(tx, INSTANCE_ID)?.ok_or_else(|| Error::corrupt("meta.instance_id", "it is missing"))?;
    rows::parsed("meta.instance_id", &text)
}

/// Makes the instance id when there is none.
pub(crate) fn ensure_instance_id(tx: &mut Tx) -> Result<(), Error> {
    diesel::insert_into(meta::table)
        .values((meta::key.eq(INSTANCE_ID), meta::value.eq(InstanceId::new().to_string())))
        .on_conflict_do_nothing()
        .execute(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    Ok(())
}
