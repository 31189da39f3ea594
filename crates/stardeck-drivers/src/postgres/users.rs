//! Users of apps.
//!
//! One who may change the structure is a member of the role that owns the logical database, and acts as that role there:
//! what it makes belongs to all of them, and stays when it goes. The others have rights on what that role makes, now and
//! later.

use postgres_protocol::{
    escape::{escape_identifier, escape_literal},
    password::scram_sha_256,
};
use stardeck_domain::{LogicalName, LoginName, Password, Preset};

use super::{
    databases::{LOCK, owner_of},
    session::Session,
};
use crate::{Error, Login, NewUser, UserFacts};

/// Not even a verifier needs to be in the server's log, whatever its configuration says.
const QUIET: &str = "SET log_statement TO none; SET log_min_error_statement TO panic; \
     SET log_min_duration_statement TO -1";

const LIST: &str = "SELECT r.rolname, r.rolcanlogin::text, r.rolsuper::text, \
         (SELECT count(*) FROM pg_catalog.pg_stat_activity a WHERE a.usesysid = r.oid)::text \
     FROM pg_catalog.pg_roles r WHERE r.rolname !~ '^pg_' ORDER BY r.rolname";

/// How many connections of the server's most one app gets: a fifth.
const SHARE: &str = "SELECT greatest(1, pg_catalog.current_setting('max_connections')::int / 5)::text";

pub(super) async fn list(session: &mut Session) -> Result<Vec<UserFacts>, Error> {
    let facts = |row: Vec<Option<String>>| {
        let mut columns = row.into_iter();
        Some(UserFacts {
            username: columns.next()??,
            can_log_in: columns.next()?.as_deref() == Some("true"),
            is_admin: columns.next()?.as_deref() == Some("true"),
            connections: columns.next()?.and_then(|text| text.parse().ok()),
        })
    };
    Ok(session.rows(LIST).await?.into_iter().filter_map(facts).collect())
}

pub(super) async fn put(login: &Login, session: &mut Session, user: &NewUser) -> Result<(), Error> {
    session.run(&format!("{QUIET}; {LOCK}")).await?;
    let limit = match user.connection_limit {
        Some(limit) => limit.to_string(),
        None => session.find_text(SHARE).await?.unwrap_or_else(|| "20".to_owned()),
    };
    let owner = owner_of(&user.database);
    if owns_its_database(session, user.username.as_str()).await? {
        let detail = format!("the role {} owns a logical database and is nobody's login", user.username);
        return Err(Error::Refused { code: EXISTS.to_owned(), detail });
    }
    let name = escape_identifier(user.username.as_str());
    let verb = if is_known(session, user.username.as_str()).await? { "ALTER" } else { "CREATE" };
    session
        .run(&format!(
            "{verb} ROLE {name} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS \
             CONNECTION LIMIT {limit} PASSWORD {}",
            escape_literal(&scram_sha_256(user.password.expose().as_bytes())),
        ))
        .await?;
    let (database, owner) = (escape_identifier(user.database.as_str()), escape_identifier(&owner));
    let mut inside = open(login, session, &user.database).await?;
    // All or nothing: what it could do before ends where what it may do begins. What it made in its own name stays.
    inside
        .run(&format!(
            "BEGIN; REASSIGN OWNED BY {name} TO {owner}; DROP OWNED BY {name}; REVOKE {owner} FROM {name}; \
             ALTER ROLE {name} IN DATABASE {database} RESET role"
        ))
        .await?;
    let schemas: Vec<String> = inside.rows(SCHEMAS).await?.into_iter().flatten().flatten().collect();
    inside.run(&format!("{}; COMMIT", rights(user.preset, &name, &owner, &database, &schemas))).await?;
    inside.close().await;
    Ok(())
}

/// What the server says of an object that exists (`duplicate_object`).
const EXISTS: &str = "42710";

/// The schemas that are not the server's own.
const SCHEMAS: &str = "SELECT nspname FROM pg_catalog.pg_namespace \
     WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' ORDER BY nspname";

/// What a user may do, on what is there and on what the owner's role makes later. The names are quoted, but for the
/// schemas.
fn rights(preset: Preset, name: &str, owner: &str, database: &str, schemas: &[String]) -> String {
    let (entry, tables, sequences) = match preset {
        Preset::Owner => {
            return format!(
                "GRANT CONNECT ON DATABASE {database} TO {name}; GRANT {owner} TO {name}; \
                 ALTER ROLE {name} IN DATABASE {database} SET role TO {owner}"
            );
        }
        Preset::ReadWrite => {
            ("CONNECT, TEMPORARY", "SELECT, INSERT, UPDATE, DELETE", "USAGE, SELECT, UPDATE")
        }
        Preset::ReadOnly => ("CONNECT", "SELECT", "SELECT"),
    };
    let mut statements = vec![format!("GRANT {entry} ON DATABASE {database} TO {name}")];
    for schema in schemas.iter().map(|schema| escape_identifier(schema)) {
        statements.push(format!("GRANT USAGE ON SCHEMA {schema} TO {name}"));
        statements.push(format!("GRANT {tables} ON ALL TABLES IN SCHEMA {schema} TO {name}"));
        statements.push(format!("GRANT {sequences} ON ALL SEQUENCES IN SCHEMA {schema} TO {name}"));
    }
    for (rights, objects) in [("USAGE", "SCHEMAS"), (tables, "TABLES"), (sequences, "SEQUENCES")] {
        statements
            .push(format!("ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT {rights} ON {objects} TO {name}"));
    }
    statements.join("; ")
}

pub(super) async fn set_password(
    session: &mut Session,
    user: &LoginName,
    password: &Password,
) -> Result<(), Error> {
    session.run(&format!("{QUIET}; {LOCK}")).await?;
    let verifier = escape_literal(&scram_sha_256(password.expose().as_bytes()));
    session.run(&format!("ALTER ROLE {} PASSWORD {verifier}", escape_identifier(user.as_str()))).await
}

pub(super) async fn remove(login: &Login, session: &mut Session, user: &LoginName) -> Result<(), Error> {
    session.run(LOCK).await?;
    // The role that owns a logical database is no user, whoever asks for its end.
    if !is_known(session, user.as_str()).await? || owns_its_database(session, user.as_str()).await? {
        return Ok(());
    }
    let (name, literal) = (escape_identifier(user.as_str()), escape_literal(user.as_str()));
    session.run(&format!("ALTER ROLE {name} NOLOGIN")).await?;
    session
        .run(&format!(
            "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE usename = {literal}"
        ))
        .await?;
    // What it has rights on, or made in its own name, is known inside each database only.
    let concerned = format!(
        "SELECT d.datname FROM pg_catalog.pg_database d WHERE d.datname <> 'template0' AND EXISTS (SELECT FROM \
         pg_catalog.pg_shdepend s JOIN pg_catalog.pg_roles r ON r.oid = s.refobjid \
         WHERE s.refclassid = 'pg_catalog.pg_authid'::regclass AND r.rolname = {literal} \
         AND (s.dbid = d.oid OR s.objid = d.oid))"
    );
    let databases: Vec<_> = session
        .rows(&concerned)
        .await?
        .into_iter()
        .filter_map(|row| row.into_iter().next().flatten())
        .collect();
    for database in databases {
        let Ok(database) = LogicalName::parse(&database) else { continue };
        let mut inside = open(login, session, &database).await?;
        let owner = owner_of(&database);
        let heir = if is_known(&mut inside, &owner).await? { owner } else { login.user.to_string() };
        let heir = escape_identifier(&heir);
        inside.run(&format!("REASSIGN OWNED BY {name} TO {heir}; DROP OWNED BY {name}")).await?;
        inside.close().await;
    }
    session.run(&format!("DROP ROLE IF EXISTS {name}")).await
}

/// Opens a session inside a logical database, also when its owner lets nobody in.
async fn open(login: &Login, session: &mut Session, database: &LogicalName) -> Result<Session, Error> {
    let closed = format!(
        "SELECT datname FROM pg_catalog.pg_database WHERE datname = {} AND NOT datallowconn",
        escape_literal(database.as_str())
    );
    if session.find_text(&closed).await?.is_some() {
        let name = escape_identifier(database.as_str());
        session.run(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS true")).await?;
    }
    Session::administer_within(login, database).await
}

/// Whether it is the role that a logical database belongs to, by its name.
async fn owns_its_database(session: &mut Session, role: &str) -> Result<bool, Error> {
    let query = format!(
        "SELECT r.rolname FROM pg_catalog.pg_roles r JOIN pg_catalog.pg_database d ON d.datdba = r.oid \
         WHERE r.rolname = {} AND d.datname || '_owner' = r.rolname",
        escape_literal(role)
    );
    Ok(session.find_text(&query).await?.is_some())
}

async fn is_known(session: &mut Session, role: &str) -> Result<bool, Error> {
    let query = format!("SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = {}", escape_literal(role));
    Ok(session.find_text(&query).await?.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_preset_gives_a_right_on_the_whole_server() {
        for preset in Preset::ALL {
            let statements = rights(*preset, "\"app\"", "\"shop_owner\"", "\"shop\"", &["a\"b".to_owned()]);
            for word in ["SUPERUSER", "CREATEDB", "CREATEROLE", "pg_read_all", "pg_write_all", "ADMIN OPTION"]
            {
                assert!(!statements.contains(word), "{preset}: {statements}");
            }
            assert!(
                *preset == Preset::Owner || statements.contains("ON SCHEMA \"a\"\"b\" TO"),
                "{statements}"
            );
        }
    }
}
