//! What can go wrong in the store, and the ONE place where SQLite's own words become conditions.

use diesel::{
    QueryResult,
    result::{DatabaseErrorInformation, DatabaseErrorKind, Error as DieselError},
};

/// A query or transaction that could not be done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such row, or not any more.
    #[error("there is no {what} {id}")]
    NotFound {
        /// What was looked for, such as `database`.
        what: &'static str,
        /// By which id or name.
        id: String,
    },
    /// A unique index or a foreign key says no.
    #[error("it conflicts with what is stored: {constraint}")]
    Conflict {
        /// Which rule says no.
        constraint: Constraint,
    },
    /// Something else holds the file locked for longer than we wait.
    #[error("the store is locked by another program")]
    Busy,
    /// There is no room on the disk. What was stored before is whole.
    #[error("no space is left on the store's disk")]
    Full,
    /// The file holds something that no version of this program writes.
    #[error("the store is damaged: {what}")]
    Corrupt {
        /// Where, and what was found. For the log, not for people outside.
        what: String,
    },
    /// The file was written by a newer version of this program.
    #[error(
        "the store was made by a newer version of this program (schema {found}, known {known}); run that version, or restore a backup from before it"
    )]
    Newer {
        /// The newest schema version in the file.
        found: String,
        /// The newest schema version this program knows.
        known: String,
    },
    /// Something else went wrong: a file can not be opened, a defect on our side.
    #[error("the store could not do it")]
    Database(#[source] Cause),
}

/// What SQLite or the file system said. For the log only; it may name paths and tables, never a stored value.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct Cause(Box<dyn std::error::Error + Send + Sync>);

/// The rules that the schema enforces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constraint {
    /// A database of this name exists.
    DatabaseName,
    /// A database whose container has this name exists on the host.
    ContainerName,
    /// The port of the host is reserved, or still rests after its last use.
    HostPort,
    /// Another operation on the same target has not ended.
    OperationInProgress,
    /// An account of this name exists, whatever its case.
    UserName,
    /// A session with this token exists.
    SessionToken,
    /// This version of the credential exists.
    CredentialVersion,
    /// Another version of the credential is active.
    ActiveCredential,
    /// A logical database of this name exists in the managed one.
    LogicalDatabaseName,
    /// A user of this name exists in the managed database.
    LogicalUserName,
    /// An app of this name exists.
    AppName,
    /// The app has a connection with these variables.
    ConnectionPrefix,
    /// The user has a connection.
    ConnectionUser,
    /// The database has a volume at this mount path.
    VolumeMount,
    /// It refers to a row that does not exist, or that others still refer to.
    Reference,
    /// Any other; the text is SQLite's and names table and columns.
    Other(String),
}

impl std::fmt::Display for Constraint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::DatabaseName => "database name",
            Self::ContainerName => "container name",
            Self::HostPort => "host port",
            Self::OperationInProgress => "operation in progress",
            Self::UserName => "user name",
            Self::SessionToken => "session token",
            Self::CredentialVersion => "credential version",
            Self::ActiveCredential => "active credential",
            Self::LogicalDatabaseName => "logical database name",
            Self::LogicalUserName => "logical user name",
            Self::AppName => "app name",
            Self::ConnectionPrefix => "connection prefix",
            Self::ConnectionUser => "connection user",
            Self::VolumeMount => "volume mount",
            Self::Reference => "reference",
            Self::Other(text) => text,
        })
    }
}

impl Error {
    /// Anything that has no variant of its own.
    pub(crate) fn other(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Database(Cause(cause.into()))
    }

    /// Stored data that no version of this program writes.
    pub(crate) fn corrupt(place: &str, found: impl std::fmt::Display) -> Self {
        Self::Corrupt { what: format!("{place}: {found}") }
    }

    /// A row that is not there.
    pub(crate) fn not_found(what: &'static str, id: &impl std::fmt::Display) -> Self {
        Self::NotFound { what, id: id.to_string() }
    }

    /// What Diesel reports, as a condition.
    pub(crate) fn from_diesel(error: DieselError) -> Self {
        match error {
            DieselError::DatabaseError(kind, information) => from_sqlite(kind, information),
            DieselError::DeserializationError(cause) => Self::Corrupt { what: cause.to_string() },
            other => Self::other(other),
        }
    }
}

/// Turns the count of an UPDATE or DELETE of one row into an error when there was no such row.
pub(crate) fn require_row(
    changed: QueryResult<usize>,
    what: &'static str,
    id: &impl std::fmt::Display,
) -> Result<(), Error> {
    match changed.map_err(Error::from_diesel)? {
        0 => Err(Error::not_found(what, id)),
        _ => Ok(()),
    }
}

fn from_sqlite(
    kind: DatabaseErrorKind,
    information: Box<dyn DatabaseErrorInformation + Send + Sync>,
) -> Error {
    let message = information.message();
    match kind {
        DatabaseErrorKind::UniqueViolation => Error::Conflict { constraint: constraint(message) },
        DatabaseErrorKind::ForeignKeyViolation => Error::Conflict { constraint: Constraint::Reference },
        // Diesel passes the codes SQLITE_BUSY, SQLITE_LOCKED, SQLITE_FULL, SQLITE_CORRUPT and SQLITE_NOTADB on as their texts only:
        // https://www.sqlite.org/rescode.html
        _ if message.starts_with("database is locked") || message.starts_with("database table is locked") => {
            Error::Busy
        }
        _ if message.starts_with("database or disk is full") => Error::Full,
        _ if message.starts_with("database disk image is malformed")
            || message.starts_with("file is not a database") =>
        {
            Error::Corrupt { what: message.to_owned() }
        }
        _ => Error::other(DieselError::DatabaseError(kind, information)),
    }
}

/// The rule behind SQLite's text, which is `UNIQUE constraint failed: ` and the columns of the index.
fn constraint(message: &str) -> Constraint {
    match message.strip_prefix("UNIQUE constraint failed: ").unwrap_or(message) {
        "managed_databases.name" => Constraint::DatabaseName,
        "managed_databases.host_id, managed_databases.container_name" => Constraint::ContainerName,
        "port_reservations.host_id, port_reservations.port" => Constraint::HostPort,
        "operations.target_id" => Constraint::OperationInProgress,
        "users.username" => Constraint::UserName,
        "sessions.token_hash" => Constraint::SessionToken,
        "credentials.database_id, credentials.purpose, credentials.version"
        | "credentials.database_id, credentials.username, credentials.version" => {
            Constraint::CredentialVersion
        }
        "credentials.database_id, credentials.purpose" | "credentials.database_id, credentials.username" => {
            Constraint::ActiveCredential
        }
        "logical_databases.database_id, logical_databases.name" => Constraint::LogicalDatabaseName,
        "logical_users.database_id, logical_users.username" => Constraint::LogicalUserName,
        "apps.name" | "apps.container_name" => Constraint::AppName,
        "index 'database_connections_prefix'" => Constraint::ConnectionPrefix,
        "database_connections.logical_user_id" => Constraint::ConnectionUser,
        "volumes.database_id, volumes.mount_path" => Constraint::VolumeMount,
        other => Constraint::Other(other.to_owned()),
    }
}
