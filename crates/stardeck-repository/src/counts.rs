//! How many there are of what: for whoever watches over the server.

use diesel::{dsl::count_star, prelude::*};
use stardeck_domain::{DatabaseStatus, OperationKind, OperationState};

use crate::{
    Error, Tx,
    rows::parsed,
    schema::{managed_databases, operations},
};

/// How many databases have each status that any has.
///
/// # Errors
/// The store is in trouble.
pub fn databases_by_status(tx: &mut Tx) -> Result<Vec<(DatabaseStatus, u64)>, Error> {
    let rows: Vec<(String, i64)> = managed_databases::table
        .filter(managed_databases::deleted_at.is_null())
        .group_by(managed_databases::status)
        .select((managed_databases::status, count_star()))
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter()
        .map(|(status, count)| Ok((parsed("managed_databases.status", &status)?, unsigned(count)?)))
        .collect()
}

/// How many operations there are of each kind and state that any has.
///
/// # Errors
/// The store is in trouble.
pub fn operations_by_state(tx: &mut Tx) -> Result<Vec<(OperationKind, OperationState, u64)>, Error> {
    let rows: Vec<(String, String, i64)> = operations::table
        .group_by((operations::kind, operations::state))
        .select((operations::kind, operations::state, count_star()))
        .load(&mut tx.connection)
        .map_err(Error::from_diesel)?;
    rows.into_iter()
        .map(|(kind, state, count)| {
            let (kind, state) = (parsed("operations.kind", &kind)?, parsed("operations.state", &state)?);
            Ok((kind, state, unsigned(count)?))
        })
        .collect()
}

fn unsigned(count: i64) -> Result<u64, Error> {
    u64::try_from(count).map_err(Error::other)
}
