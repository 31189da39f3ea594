//! One logged-in connection, and the driver's errors in our words.

use std::{future::Future, net::SocketAddr, time::Duration};

use mysql_async::{
    Conn, IoError, OptsBuilder, Row, from_row_opt,
    prelude::{FromRow, Queryable as _},
};
use tokio::task::JoinSet;

use crate::{
    Error, Login,
    error::quoted,
    net::{connect, io_error},
};

/// How long the goodbye may take.
const CLOSE_GRACE: Duration = Duration::from_secs(1);

/// Longest packet taken, in bytes. The answers to our own statements are a few rows.
const PACKET_MAX: usize = 1024 * 1024;

/// How long the server keeps an idle session of ours, in seconds. Given, so that the driver does not ask for it.
const IDLE_SECONDS: usize = 60;

/// A session in which statements run one after the other. Dropping it ends the connection; nothing is left behind.
pub(super) struct Session {
    addr: SocketAddr,
    /// None once the driver gave up in the middle of an answer.
    connection: Option<Conn>,
}

impl Session {
    /// Connects and logs in.
    pub(super) async fn open(login: &Login) -> Result<Self, Error> {
        let addr = login.addr;
        // The driver's own words for a port where nobody listens hold less than the system's.
        drop(connect(addr).await?);
        let options = OptsBuilder::default()
            .ip_or_hostname(addr.ip().to_string())
            .tcp_port(addr.port())
            .user(Some(login.user.as_str()))
            .pass(Some(login.password.expose()))
            .db_name(login.database.as_deref())
            .prefer_socket(false)
            .stmt_cache_size(0)
            .max_allowed_packet(Some(PACKET_MAX))
            .wait_timeout(Some(IDLE_SECONDS));
        let connection = apart(addr, Conn::new(options)).await?;
        Ok(Self { addr, connection: Some(connection) })
    }

    /// Runs a statement.
    pub(super) async fn run(&mut self, statement: &str) -> Result<(), Error> {
        self.ask(statement).await.map(drop)
    }

    /// The first column of all rows.
    pub(super) async fn list(&mut self, query: &str) -> Result<Vec<String>, Error> {
        self.rows(query).await
    }

    /// All rows.
    pub(super) async fn rows<T: FromRow>(&mut self, query: &str) -> Result<Vec<T>, Error> {
        // The driver panics where it is asked for a type and the rows are of another.
        let rows = self.ask(query).await?;
        let read = |row| {
            from_row_opt(row)
                .map_err(|_| Error::protocol("it answers with other columns than were asked for"))
        };
        rows.into_iter().map(read).collect()
    }

    /// The server's version without its packager's additions: `10.11.6`.
    pub(super) async fn server_version(&mut self) -> Result<String, Error> {
        let rows = self.list("SELECT VERSION()").await?;
        let version = rows.first().and_then(|text| text.split('-').next()).map(quoted);
        version.ok_or_else(|| Error::protocol("it has no version"))
    }

    /// Runs a statement, and has its rows.
    async fn ask(&mut self, statement: &str) -> Result<Vec<Row>, Error> {
        let closed = || Error::not_ready("the connection was closed");
        let mut connection = self.connection.take().ok_or_else(closed)?;
        let statement = statement.to_owned();
        let asked = async move {
            let rows = connection.query(statement).await;
            Ok((connection, rows))
        };
        let (connection, rows) = apart(self.addr, asked).await?;
        self.connection = Some(connection);
        rows.map_err(|error| told(self.addr, error))
    }

    /// Says goodbye, so that the server does not find the connection broken. Trouble here changes nothing any more.
    pub(super) async fn close(self) {
        let Some(connection) = self.connection else { return };
        drop(tokio::time::timeout(CLOSE_GRACE, apart(self.addr, connection.disconnect())).await);
    }
}

/// Runs the driver in a task of its own, since it panics at some answers that no server gives: an empty packet, for one.
async fn apart<T: Send + 'static>(
    addr: SocketAddr,
    call: impl Future<Output = mysql_async::Result<T>> + Send + 'static,
) -> Result<T, Error> {
    // A set ends its tasks when it is dropped, which a task's own handle does not.
    let mut tasks = JoinSet::new();
    tasks.spawn(call);
    match tasks.join_next().await {
        Some(Ok(done)) => done.map_err(|error| told(addr, error)),
        Some(Err(_)) | None => Err(Error::protocol("its answer makes no sense")),
    }
}

/// Puts a driver's error into our words.
fn told(addr: SocketAddr, error: mysql_async::Error) -> Error {
    match error {
        mysql_async::Error::Server(refusal) => refused(refusal.code, &refusal.message),
        mysql_async::Error::Io(IoError::Io(cause)) => io_error(addr, &cause),
        mysql_async::Error::Driver(mysql_async::DriverError::ConnectionClosed) => {
            Error::not_ready("the connection was closed")
        }
        // For a user who does not exist MySQL asks for one method or another, so that nobody learns who does.
        mysql_async::Error::Driver(mysql_async::DriverError::UnknownAuthPlugin { name }) => {
            let detail = format!("this account does not log in with a password as ours do, but by {name}");
            Error::CredentialsRejected { detail: quoted(&detail) }
        }
        other => Error::protocol(other.to_string()),
    }
}

/// Sorts a server's refusal by its number
/// (<https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html>, and MariaDB's own from 4000 on).
fn refused(code: u16, message: &str) -> Error {
    let detail = quoted(message);
    match code {
        // Access denied for the user, also without a password; locked; expired.
        1045 | 1698 | 3118 | 3955 | 4151 => Error::CredentialsRejected { detail },
        // Too many connections, short of memory, going down, lock wait, deadlock.
        1040 | 1041 | 1053 | 1205 | 1213 => Error::NotReady { reason: detail },
        // Unknown database.
        1049 => Error::DatabaseMissing { code: code.to_string(), detail },
        _ => Error::Refused { code: code.to_string(), detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sorted_by_what_the_caller_can_do() {
        assert!(matches!(refused(1045, "no"), Error::CredentialsRejected { .. }));
        assert!(refused(1053, "later").is_transient());
        assert!(matches!(refused(1049, "no"), Error::DatabaseMissing { .. }));
        assert_eq!(refused(1044, "x"), Error::Refused { code: "1044".to_owned(), detail: "x".to_owned() });
    }
}
