//! One logged-in connection, and the driver's errors in our words.

use std::{error::Error as _, future::Future, io, net::SocketAddr, pin::Pin, time::Duration};

use stardeck_domain::LogicalName;
use tokio_postgres::{
    Client, Config, Connection, NoTls, SimpleQueryMessage, config::SslMode, tls::NoTlsStream,
};

use super::{MAINTENANCE_DATABASE, wire::WatchedStream};
use crate::{
    Error, Login,
    error::quoted,
    net::{connect, io_error},
};

/// What a session of ours has, whatever somebody set for the database (`ALTER DATABASE … SET`, which its owner may do and
/// which comes after what a client asks for). Names mean the server's own objects and never an app's, which would
/// otherwise run with our rights, and nothing that is set there keeps us from working.
const OWN_SETTINGS: &str = "-c search_path=pg_catalog -c role=none -c standard_conforming_strings=on \
     -c local_preload_libraries= -c default_transaction_read_only=off -c default_transaction_deferrable=off \
     -c default_transaction_isolation=read\\ committed -c statement_timeout=0 -c lock_timeout=0 \
     -c idle_in_transaction_session_timeout=0 -c exit_on_error=off";
/// The same for what later versions know: since 17, since 14, before.
const LATER_SETTINGS: [&str; 3] =
    [" -c idle_session_timeout=0 -c transaction_timeout=0", " -c idle_session_timeout=0", ""];
/// How a server says that it does not know a setting (`undefined_object`).
const UNKNOWN_SETTING: &str = "42704";

/// How long the goodbye may take.
const CLOSE_GRACE: Duration = Duration::from_secs(1);

/// A session in which statements run one after the other. Dropping it ends the connection; nothing is left behind.
pub(super) struct Session {
    addr: SocketAddr,
    client: Client,
    connection: Pin<Box<Connection<WatchedStream, NoTlsStream>>>,
}

impl Session {
    /// Connects and logs in, as any client does; a pooler in between may refuse more.
    pub(super) async fn open(login: &Login) -> Result<Self, Error> {
        Self::connect(login, login.database.as_deref(), None).await
    }

    /// Connects and logs in to administer the server.
    pub(super) async fn administer(login: &Login) -> Result<Self, Error> {
        Self::connect(login, None, Some(OWN_SETTINGS)).await
    }

    /// The same inside a logical database, whose owner is not trusted.
    pub(super) async fn administer_within(login: &Login, database: &LogicalName) -> Result<Self, Error> {
        let mut opened = Err(Error::protocol("it was not asked"));
        for later in LATER_SETTINGS {
            let settings = format!("{OWN_SETTINGS}{later}");
            opened = Self::connect(login, Some(database.as_str()), Some(&settings)).await;
            let is_unknown = matches!(&opened, Err(Error::Refused { code, .. }) if code == UNKNOWN_SETTING);
            if !is_unknown {
                break;
            }
        }
        opened
    }

    async fn connect(login: &Login, database: Option<&str>, settings: Option<&str>) -> Result<Self, Error> {
        let addr = login.addr;
        let stream = WatchedStream::new(connect(addr).await?);
        let mut config = Config::new();
        config
            .user(login.user.as_str())
            .password(login.password.expose())
            .dbname(database.unwrap_or(MAINTENANCE_DATABASE))
            .application_name("stardeck")
            .ssl_mode(SslMode::Disable);
        if let Some(settings) = settings {
            config.options(settings);
        }
        let (client, connection) =
            config.connect_raw(stream, NoTls).await.map_err(|error| told(addr, &error))?;
        Ok(Self { addr, client, connection: Box::pin(connection) })
    }

    /// Runs statements that return nothing.
    pub(super) async fn run(&mut self, statements: &str) -> Result<(), Error> {
        drive(self.addr, &mut self.connection, self.client.batch_execute(statements)).await
    }

    /// The first column of the first row; None when there is no row or it is null.
    pub(super) async fn find_text(&mut self, query: &str) -> Result<Option<String>, Error> {
        let messages = drive(self.addr, &mut self.connection, self.client.simple_query(query)).await?;
        let first = messages.iter().find_map(|message| match message {
            SimpleQueryMessage::Row(row) => Some(row.try_get(0).map(|text| text.map(str::to_owned))),
            _ => None,
        });
        first.transpose().map(Option::flatten).map_err(|error| told(self.addr, &error))
    }

    /// The columns of all rows; null where they are.
    pub(super) async fn rows(&mut self, query: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
        let messages = drive(self.addr, &mut self.connection, self.client.simple_query(query)).await?;
        let mut rows = Vec::new();
        for message in messages {
            if let SimpleQueryMessage::Row(row) = message {
                let columns = (0..row.len()).map(|at| row.try_get(at).map(|text| text.map(str::to_owned)));
                rows.push(columns.collect::<Result<_, _>>().map_err(|error| told(self.addr, &error))?);
            }
        }
        Ok(rows)
    }

    /// The server's version without its packager's additions: `16.15`.
    pub(super) async fn server_version(&mut self) -> Result<String, Error> {
        let text = self.find_text("SELECT pg_catalog.current_setting('server_version')").await?;
        text.as_deref()
            .and_then(|text| text.split_whitespace().next())
            .map(quoted)
            .ok_or_else(|| Error::protocol("it has no version"))
    }

    /// Says goodbye, so that the server does not find the connection broken. Trouble here changes nothing any more.
    pub(super) async fn close(self) {
        let Self { client, connection, .. } = self;
        // The connection ends by itself once its last client is gone.
        drop(client);
        drop(tokio::time::timeout(CLOSE_GRACE, connection).await);
    }
}

/// Runs a call while moving the connection's bytes. Whatever ends first tells the result.
async fn drive<T>(
    addr: SocketAddr,
    connection: &mut Pin<Box<Connection<WatchedStream, NoTlsStream>>>,
    call: impl Future<Output = Result<T, tokio_postgres::Error>> + Send,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        // When the connection broke, it knows why; the call only knows that it was left alone.
        ended = connection => match ended {
            Ok(()) => Err(Error::not_ready("the connection was closed")),
            Err(error) => Err(told(addr, &error)),
        },
        done = call => done.map_err(|error| told(addr, &error)),
    }
}

/// Puts a driver's error into our words.
fn told(addr: SocketAddr, error: &tokio_postgres::Error) -> Error {
    if let Some(refusal) = error.as_db_error() {
        return refused(refusal.code().code(), refusal.message());
    }
    if error.is_closed() {
        return Error::not_ready("the connection was closed");
    }
    match error.source() {
        Some(cause) => match cause.downcast_ref::<io::Error>() {
            Some(cause) => io_error(addr, cause),
            None => Error::protocol(format!("{error}: {cause}")),
        },
        None => Error::protocol(error.to_string()),
    }
}

/// Sorts a server's refusal by its SQLSTATE (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn refused(code: &str, message: &str) -> Error {
    let detail = quoted(message);
    match code {
        // invalid_authorization_specification, invalid_password
        "28000" | "28P01" => Error::CredentialsRejected { detail },
        // cannot_connect_now, admin_shutdown, crash_shutdown, too_many_connections, lock_not_available,
        // serialization_failure, deadlock_detected
        "57P03" | "57P01" | "57P02" | "53300" | "55P03" | "40001" | "40P01" => {
            Error::NotReady { reason: detail }
        }
        // invalid_catalog_name
        "3D000" => Error::DatabaseMissing { code: quoted(code), detail },
        _ => Error::Refused { code: quoted(code), detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sorted_by_what_the_caller_can_do() {
        for code in ["28000", "28P01"] {
            assert!(matches!(refused(code, "no"), Error::CredentialsRejected { .. }), "{code}");
        }
        for code in ["57P03", "53300", "40P01"] {
            assert!(refused(code, "later").is_transient(), "{code}");
        }
        assert!(matches!(refused("3D000", "no"), Error::DatabaseMissing { .. }));
        for code in ["42501", "XX000"] {
            assert!(matches!(refused(code, "no"), Error::Refused { .. }), "{code}");
        }
    }
}
