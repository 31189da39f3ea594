//! Logical databases.
//!
//! Each belongs to a role of its own that nobody logs in as, so that the objects in it outlive the users who made them.
//! Nobody else may connect: `PUBLIC` loses its rights before the first connection is let in.

use postgres_protocol::escape::{escape_identifier, escape_literal};
use stardeck_domain::LogicalName;

use super::session::Session;
use crate::{Error, LogicalDatabaseFacts, Login, NewLogicalDatabase, logical::option};

/// Keeps two runs apart. Any number does, as long as it is always the same.
pub(super) const LOCK: &str = "SELECT pg_catalog.pg_advisory_lock(6008175171)";

/// What the server says of an object that exists (`duplicate_database`).
const EXISTS: &str = "42P04";

/// The databases without the server's own; sizes are told where we may see them.
const LIST: &str = "SELECT d.datname, pg_catalog.pg_get_userbyid(d.datdba), \
         pg_catalog.pg_database_size(d.oid)::text, \
         (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.datid = d.oid AND a.backend_type = 'client backend')::text \
     FROM pg_catalog.pg_database d \
     WHERE NOT d.datistemplate AND d.datname <> 'postgres' ORDER BY d.datname";

pub(super) async fn list(session: &mut Session) -> Result<Vec<LogicalDatabaseFacts>, Error> {
    let rows = session.rows(LIST).await?;
    Ok(rows.into_iter().filter_map(facts).collect())
}

fn facts(row: Vec<Option<String>>) -> Option<LogicalDatabaseFacts> {
    let mut columns = row.into_iter();
    Some(LogicalDatabaseFacts {
        name: columns.next()??,
        owner: columns.next()?,
        size_bytes: columns.next()?.and_then(|text| text.parse().ok()),
        connections: columns.next()?.and_then(|text| text.parse().ok()),
    })
}

/// The role that a logical database belongs to.
pub(super) fn owner_of(name: &LogicalName) -> String {
    format!("{name}_owner")
}

pub(super) async fn create(
    login: &Login,
    session: &mut Session,
    database: &NewLogicalDatabase,
) -> Result<(), Error> {
    session.run(LOCK).await?;
    let owner = owner_of(&database.name);
    ensure_owner(session, &owner).await?;
    ensure_database(session, database, &owner).await?;
    let (name, owner) = (escape_identifier(database.name.as_str()), escape_identifier(&owner));
    session.run(&format!("REVOKE ALL ON DATABASE {name} FROM PUBLIC")).await?;
    let mut inside = Session::administer_within(login, &database.name).await?;
    // Before version 15 everybody may create in this schema. It is where extensions go that name no other; nobody has made
    // anything in it yet.
    let prepare = format!(
        "ALTER SCHEMA public OWNER TO {owner}; REVOKE CREATE ON SCHEMA public FROM PUBLIC; SET search_path TO public"
    );
    inside.run(&prepare).await?;
    for extension in &database.extensions {
        let statement = format!("CREATE EXTENSION IF NOT EXISTS {}", escape_identifier(extension));
        let made = inside.run(&statement).await;
        made.map_err(|error| error.about_option(|_| Some(option::EXTENSIONS)))?;
    }
    inside.close().await;
    session.run(&format!("ALTER DATABASE {name} CONNECTION LIMIT -1")).await
}

/// A role of this name that may log in, or that may more than nothing, is somebody else's.
async fn ensure_owner(session: &mut Session, owner: &str) -> Result<(), Error> {
    let query = format!(
        "SELECT (rolcanlogin OR rolsuper OR rolcreaterole OR rolcreatedb)::text FROM pg_catalog.pg_roles \
         WHERE rolname = {}",
        escape_literal(owner)
    );
    match session.find_text(&query).await?.as_deref() {
        None => session.run(&format!("CREATE ROLE {} NOLOGIN", escape_identifier(owner))).await,
        Some("false") => Ok(()),
        Some(_) => Err(Error::Refused {
            code: EXISTS.to_owned(),
            detail: format!("the role {owner}, which would own the database, exists and is used otherwise"),
        }),
    }
}

/// Until its rights are right, nobody but administrators may connect.
async fn ensure_database(
    session: &mut Session,
    database: &NewLogicalDatabase,
    owner: &str,
) -> Result<(), Error> {
    let name = database.name.as_str();
    let query = format!(
        "SELECT pg_catalog.pg_get_userbyid(datdba) FROM pg_catalog.pg_database WHERE datname = {}",
        escape_literal(name)
    );
    match session.find_text(&query).await? {
        Some(found) if found == owner => return Ok(()),
        Some(found) => {
            let detail = format!("a database of this name exists, which belongs to {found}");
            return Err(Error::Refused { code: EXISTS.to_owned(), detail });
        }
        None => {}
    }
    let mut statement = format!(
        "CREATE DATABASE {} OWNER {} TEMPLATE template0 CONNECTION LIMIT 0",
        escape_identifier(name),
        escape_identifier(owner)
    );
    for (option, value) in [
        ("ENCODING", &database.encoding),
        ("LC_COLLATE", &database.collation),
        ("LC_CTYPE", &database.collation),
    ] {
        if let Some(value) = value {
            statement.extend([" ", option, " ", &escape_literal(value)]);
        }
    }
    // A server whose own way of sorting is not the C library's needs to be told which is meant.
    if database.collation.is_some() && session.find_text(PROVIDER).await?.is_some_and(|kind| kind != "c") {
        statement.push_str(" LOCALE_PROVIDER libc");
    }
    let made = session.run(&statement).await;
    made.map_err(|error| error.about_option(|code| refused_option(database, code)))
}

/// The option that a refusal to make the database is about: there is no such encoding (`undefined_object`), no such way of
/// sorting (`wrong_object_type`; no class of its own before version 16), or one does not go with the other
/// (`invalid_parameter_value`).
fn refused_option(database: &NewLogicalDatabase, code: &str) -> Option<&'static str> {
    match code {
        "42704" => database.encoding.as_ref().map(|_| option::ENCODING),
        "42809" => database.collation.as_ref().map(|_| option::COLLATION),
        "22023" if database.encoding.is_some() => Some(option::ENCODING),
        "22023" => database.collation.as_ref().map(|_| option::COLLATION),
        _ => None,
    }
}

/// Who sorts text in new databases; versions before 15 know the C library only.
const PROVIDER: &str = "SELECT pg_catalog.to_jsonb(d)->>'datlocprovider' FROM pg_catalog.pg_database d \
     WHERE d.datname = 'template0'";

pub(super) async fn remove(session: &mut Session, name: &LogicalName) -> Result<(), Error> {
    session.run(LOCK).await?;
    let owner = owner_of(name);
    let (quoted, literal) = (escape_identifier(name.as_str()), escape_literal(name.as_str()));
    let ends = format!(
        "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = {literal}"
    );
    let exists = format!("SELECT datname FROM pg_catalog.pg_database WHERE datname = {literal}");
    if session.find_text(&exists).await?.is_some() {
        // So that nobody comes back in between.
        session.run(&format!("ALTER DATABASE {quoted} CONNECTION LIMIT 0")).await?;
        session.run(&ends).await?;
        session.run(&format!("DROP DATABASE IF EXISTS {quoted} WITH (FORCE)")).await?;
    }
    let is_ours = format!(
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = {} AND NOT rolcanlogin",
        escape_literal(&owner)
    );
    if session.find_text(&is_ours).await?.is_some() {
        session.run(&format!("DROP ROLE {}", escape_identifier(&owner))).await?;
    }
    Ok(())
}
