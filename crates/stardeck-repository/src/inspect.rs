//! Looking at a store from outside, also while a server uses it.

use std::path::Path;

use diesel::{connection::SimpleConnection, dsl::sql, prelude::*, sql_types::Text};

use crate::{Error, db, migrate};

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
    let defects: Vec<String> = sql::<Text>("SELECT integrity_check FROM pragma_integrity_check")
        .load(&mut connection)
        .map_err(Error::from_diesel)?;
    if defects.iter().any(|defect| defect != "ok") {
        let told: Vec<_> = defects.into_iter().take(DEFECTS_MOST).collect();
        return Err(Error::corrupt("integrity check", told.join("; ")));
    }
    migrate::refuse_newer(&mut connection)?;
    migrate::check_references(&mut connection)
}
