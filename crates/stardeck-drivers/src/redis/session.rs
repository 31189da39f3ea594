//! One logged-in connection, and the driver's errors in our words.

use std::{error::Error as _, future::Future, io, net::SocketAddr, pin::Pin};

use redis::{
    AsyncConnectionConfig, Cmd, ErrorKind, FromRedisValue, Pipeline, RedisConnectionInfo, RedisError,
    aio::MultiplexedConnection,
};

use crate::{
    Error, Login,
    error::quoted,
    net::{Limited, connect, io_error},
};

/// Most bytes one session reads. The longest reply, to `INFO server`, has about one kilobyte.
const READ_MAX: u64 = 1024 * 1024;

/// A session in which commands run one after the other. Dropping it ends the connection; nothing is left behind.
pub(super) struct Session {
    addr: SocketAddr,
    client: MultiplexedConnection,
    connection: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Session {
    /// Connects and logs in.
    pub(super) async fn open(login: &Login) -> Result<Self, Error> {
        let addr = login.addr;
        let stream = Limited::new(connect(addr).await?, READ_MAX);
        let info = RedisConnectionInfo::default().set_skip_set_lib_name();
        // Callers limit the whole call.
        let config = AsyncConnectionConfig::new().set_response_timeout(None);
        let (client, connection) = MultiplexedConnection::new_with_config(&info, stream, config)
            .await
            .map_err(|error| told(addr, &error))?;
        let mut session = Self { addr, client, connection: Box::pin(connection) };
        let mut auth = redis::cmd("AUTH");
        auth.arg(login.user.as_str()).arg(login.password.expose());
        session.ask::<()>(&auth).await?;
        Ok(session)
    }

    /// Runs a command.
    pub(super) async fn ask<T: FromRedisValue>(&mut self, command: &Cmd) -> Result<T, Error> {
        drive(self.addr, &mut self.connection, command.query_async(&mut self.client)).await
    }

    /// Runs several commands, of which the server refuses all or none.
    pub(super) async fn run_all(&mut self, commands: &Pipeline) -> Result<(), Error> {
        drive(self.addr, &mut self.connection, commands.exec_async(&mut self.client)).await
    }

    /// The server's own version, `8.1.3`. Valkey also names a version of Redis, which it is compatible with.
    pub(super) async fn server_version(&mut self) -> Result<String, Error> {
        let info: String = self.ask(redis::cmd("INFO").arg("server")).await?;
        ["valkey_version:", "redis_version:"]
            .iter()
            .find_map(|name| info.lines().find_map(|line| line.strip_prefix(name)))
            .map(|version| quoted(version.trim()))
            .ok_or_else(|| Error::protocol("it has no version"))
    }
}

/// Runs a call while moving the connection's bytes.
async fn drive<T>(
    addr: SocketAddr,
    connection: &mut Pin<Box<dyn Future<Output = ()> + Send>>,
    call: impl Future<Output = Result<T, RedisError>> + Send,
) -> Result<T, Error> {
    tokio::select! {
        biased;
        done = call => done.map_err(|error| told(addr, &error)),
        () = connection => Err(Error::not_ready("the connection was closed")),
    }
}

/// Puts a driver's error into our words.
fn told(addr: SocketAddr, error: &RedisError) -> Error {
    if let Some(code) = error.code() {
        return refused(code, error.detail().unwrap_or_default());
    }
    match error.source().and_then(|cause| cause.downcast_ref::<io::Error>()) {
        Some(cause) => io_error(addr, cause),
        None if error.kind() == ErrorKind::Io => Error::not_ready("the connection was closed"),
        None => Error::protocol(error.to_string()),
    }
}

/// Sorts a server's refusal by the word it begins with.
fn refused(code: &str, message: &str) -> Error {
    let detail = quoted(message);
    match code {
        "WRONGPASS" | "NOAUTH" => Error::CredentialsRejected { detail },
        "LOADING" | "MASTERDOWN" | "BUSY" | "TRYAGAIN" => Error::NotReady { reason: detail },
        _ => Error::Refused { code: quoted(code), detail },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_are_sorted_by_what_the_caller_can_do() {
        assert!(matches!(refused("WRONGPASS", "no"), Error::CredentialsRejected { .. }));
        assert!(refused("LOADING", "later").is_transient());
        assert!(matches!(refused("NOPERM", "no"), Error::Refused { .. }));
    }
}
