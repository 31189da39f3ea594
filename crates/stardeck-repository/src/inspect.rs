//! Looking at a store from outside, also while a server uses it.

use std::path::Path;

use diesel::{connection::SimpleConnection, dsl::sql, prelude::*, sql_types::Text};

use crate::{Error, Tx, db, migrate};

/// How many defects are told at most.
const DEFECTS_MOST: usize = 3;

/// Says whether the file is whole: its pages and indices, the references between its rows, and whether this program
/// knows its schema. It changes nothing, and blocks for as long as reading the whole file takes.
///
/// # Errors
/// What is wrong with it, or why it can not be read.
pub fn inspect(path: &Path) -> Result<(), Error> {
    let path = std::path::absolute(path).map_err(Error::other)?;
    // SQLite would make a file that is missing.
    std::fs::metadata(&path).map_err(Error::other)?;
    let mut connection = db::connect(&path)?;
    connection.batch_execute("PRAGMA query_only = ON").map_err(Error::from_diesel)?;
    refuse_defects(&mut connection, "SELECT integrity_check FROM pragma_integrity_check")?;
    migrate::refuse_newer(&mut connection)?;
    migrate::check_references(&mut connection)
}

/// Looks for pages that are damaged, more quickly than [`inspect`] since it leaves out what is in the indices:
/// <https://www.sqlite.org/pragma.html#pragma_quick_check>.
pub(crate) fn quick_check(tx: &mut Tx) -> Result<(), Error> {
    refuse_defects(&mut tx.connection, "SELECT quick_check FROM pragma_quick_check")
}

fn refuse_defects(connection: &mut SqliteConnection, query: &str) -> Result<(), Error> {
    let defects: Vec<String> = sql::<Text>(query).load(connection).map_err(Error::from_diesel)?;
    if defects.iter().any(|defect| defect != "ok") {
        let told: Vec<_> = defects.into_iter().take(DEFECTS_MOST).collect();
        return Err(Error::corrupt("integrity check", told.join("; ")));
    }
    Ok(())
}
