//! Copies of a store, and what a copy says of itself. What is *not* here: how copies travel (`stardeck-service`).

use std::{collections::BTreeMap, path::Path};

use diesel::{prelude::*, sql_query, sql_types::Text};
use diesel_migrations::MigrationHarness as _;

use crate::{Error, db, migrate, schema::meta};

/// What a store says of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoreFacts {
    /// The newest migration that it has seen.
    pub schema: String,
    /// The facts of table `meta` by their keys.
    pub meta: BTreeMap<String, String>,
}

/// Writes a copy of a store as it is at one moment, also while a server writes to it. `to` must be missing or empty. It
/// blocks for as long as reading the whole store takes.
///
/// # Errors
/// The store is missing or was made by a newer program, or the copy can not be written.
pub fn copy(path: &Path, to: &Path) -> Result<(), Error> {
    let mut connection = open(path)?;
    migrate::refuse_newer(&mut connection)?;
    let to = to.to_str().ok_or_else(|| Error::other("the path of the copy is not valid UTF-8"))?;
    // One read transaction, in which SQLite builds the copy: https://www.sqlite.org/lang_vacuum.html
    sql_query("VACUUM INTO ?").bind::<Text, _>(to).execute(&mut connection).map_err(Error::from_diesel)?;
    Ok(())
}

/// What a store says of itself.
///
/// # Errors
/// It is missing, damaged, or was made by a newer program.
pub fn describe(path: &Path) -> Result<StoreFacts, Error> {
    let mut connection = open(path)?;
    migrate::refuse_newer(&mut connection)?;
    let applied = connection.applied_migrations().map_err(Error::other)?;
    let schema = applied.iter().map(ToString::to_string).max().unwrap_or_default();
    let facts: Vec<(String, String)> =
        meta::table.select((meta::key, meta::value)).load(&mut connection).map_err(Error::from_diesel)?;
    Ok(StoreFacts { schema, meta: facts.into_iter().collect() })
}

fn open(path: &Path) -> Result<SqliteConnection, Error> {
    let path = std::path::absolute(path).map_err(Error::other)?;
    // SQLite would make a file that is missing.
    std::fs::metadata(&path).map_err(Error::other)?;
    db::connect(&path)
}
