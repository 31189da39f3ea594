//! TCP connections and time limits, the same for every engine.

use std::{
    future::Future,
    io::{self, ErrorKind},
    net::SocketAddr,
    time::Duration,
};

use tokio::net::TcpStream;

use crate::Error;

/// Connects. An address where nothing listens is an engine that is not ready.
pub(crate) async fn connect(addr: SocketAddr) -> Result<TcpStream, Error> {
    let stream = TcpStream::connect(addr).await.map_err(|error| io_error(addr, &error))?;
    // The exchanges are short questions and answers, which Nagle's algorithm would only delay.
    stream.set_nodelay(true).map_err(|error| io_error(addr, &error))?;
    Ok(stream)
}

/// Puts an error of the connection into our words.
pub(crate) fn io_error(addr: SocketAddr, error: &io::Error) -> Error {
    match error.kind() {
        ErrorKind::ConnectionRefused => Error::not_ready("nothing listens there yet"),
        ErrorKind::UnexpectedEof => Error::not_ready("the connection was closed"),
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::BrokenPipe => {
            Error::not_ready(format!("the connection was broken off ({error})"))
        }
        ErrorKind::TimedOut => Error::Timeout,
        ErrorKind::InvalidData | ErrorKind::InvalidInput => Error::protocol(error.to_string()),
        _ => Error::Unreachable { addr, detail: error.to_string() },
    }
}

/// Ends a call that takes too long.
pub(crate) async fn within<T>(
    limit: Duration,
    call: impl Future<Output = Result<T, Error>> + Send,
) -> Result<T, Error> {
    tokio::time::timeout(limit, call).await.unwrap_or(Err(Error::Timeout))
}
