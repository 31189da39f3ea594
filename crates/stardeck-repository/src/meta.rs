//! Queries of `meta`: facts about this installation as a whole.

use diesel::prelude::*;
use stardeck_domain::{EpochId, InstanceId};

use crate::{Error, Tx, rows, schema::meta};

/// The key of the instance id.
const INSTANCE_ID: &str = "instance_id";
/// The key that is there while a server runs.
const RUNNING: &str = "server.running";
/// The key of the events' epoch.
const EVENT_EPOCH: &str = "event_epoch";

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

/// The epoch of this store's events. It was made when the file was first opened; whoever puts an older state of the
/// store in place of a newer one makes a new epoch, because numbers of events are then given again.
///
/// # Errors
/// The store is in trouble, or somebody removed the epoch.
pub fn event_epoch(tx: &mut Tx) -> Result<EpochId, Error> {
    let text = get(tx, EVENT_EPOCH)?.ok_or_else(|| Error::corrupt("meta.event_epoch", "it is missing"))?;
    rows::parsed("meta.event_epoch", &text)
}

/// Begins a new epoch of the events: the store was put back to an earlier state.
///
/// # Errors
/// The store is in trouble.
pub fn renew_event_epoch(tx: &mut Tx) -> Result<(), Error> {
    set(tx, EVENT_EPOCH, &EpochId::new().to_string())
}

/// Writes down that a server runs on this store. True when the one before did not come to write down its end.
///
/// # Errors
/// The store is in trouble.
pub fn begin_run(tx: &mut Tx) -> Result<bool, Error> {
    let was_running = get(tx, RUNNING)?.is_some();
    set(tx, RUNNING, "1")?;
    Ok(was_running)
}

/// Writes down that the server has ended.
///
/// # Errors
/// The store is in trouble.
pub fn end_run(tx: &mut Tx) -> Result<(), Error> {
    diesel::delete(meta::table.find(RUNNING)).execute(&mut tx.connection).map_err(Error::from_diesel)?;
    Ok(())
}

/// Makes the instance id and the events' epoch when there are none.
pub(crate) fn ensure_ids(tx: &mut Tx) -> Result<(), Error> {
    for (key, id) in [(INSTANCE_ID, InstanceId::new().to_string()), (EVENT_EPOCH, EpochId::new().to_string())]
    {
        diesel::insert_into(meta::table)
            .values((meta::key.eq(key), meta::value.eq(id)))
            .on_conflict_do_nothing()
            .execute(&mut tx.connection)
            .map_err(Error::from_diesel)?;
    }
    Ok(())
}
