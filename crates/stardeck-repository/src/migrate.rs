//! Brings the file to the schema this program knows. The migrations are compiled in, so the binary needs no files.

use std::path::Path;

use diesel::{
    connection::SimpleConnection,
    dsl::sql,
    migration::{Migration, MigrationSource},
    prelude::*,
    sql_types::Text,
    sqlite::Sqlite,
};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::{Error, db};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Runs what is missing, on a connection of its own.
///
/// # Errors
/// The file was made by a newer program, is damaged, or can not be opened.
pub(crate) fn run(path: &Path) -> Result<(), Error> {
    let mut connection = db::connect(path)?;
    refuse_newer(&mut connection)?;
    // A migration may have to rebuild a table, which foreign keys would turn into the deletion of what refers to it.
    // So they rest, and are checked as a whole afterwards.
    connection.batch_execute("PRAGMA foreign_keys = OFF").map_err(Error::from_diesel)?;
    connection.run_pending_migrations(MIGRATIONS).map_err(Error::other)?;
    check_references(&mut connection)
}

/// Refuses a file that a newer program made.
pub(crate) fn refuse_newer(connection: &mut SqliteConnection) -> Result<(), Error> {
    let embedded: Vec<Box<dyn Migration<Sqlite>>> = MIGRATIONS.migrations().map_err(Error::other)?;
    let known: Vec<String> =
        embedded.iter().map(|migration| migration.name().version().to_string()).collect();
    let applied = connection.applied_migrations().map_err(Error::other)?;
    let foreign = applied.iter().map(ToString::to_string).filter(|version| !known.contains(version)).max();
    match foreign {
        None => Ok(()),
        Some(found) => Err(Error::Newer { found, known: known.into_iter().max().unwrap_or_default() }),
    }
}

/// Looks for rows that refer to rows that do not exist.
pub(crate) fn check_references(connection: &mut SqliteConnection) -> Result<(), Error> {
    let tables: Vec<String> = sql::<Text>("SELECT DISTINCT \"table\" FROM pragma_foreign_key_check")
        .load(connection)
        .map_err(Error::from_diesel)?;
    if tables.is_empty() {
        return Ok(());
    }
    Err(Error::corrupt("rows refer to rows that do not exist", tables.join(", ")))
}
