//! TCP connections and time limits, the same for every engine.

use std::{
    future::Future,
    io::{self, ErrorKind},
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

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

/// A connection that gives up after so many bytes: whoever sends more than the longest exchange needs is not the
/// engine, and must not fill our memory.
#[derive(Debug)]
pub(crate) struct Limited {
    stream: TcpStream,
    left: u64,
}

impl Limited {
    /// Reads at most `limit` bytes.
    pub(crate) fn new(stream: TcpStream, limit: u64) -> Self {
        Self { stream, left: limit }
    }
}

impl AsyncRead for Limited {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        std::task::ready!(Pin::new(&mut self.stream).poll_read(cx, buffer))?;
        let read = u64::try_from(buffer.filled().len() - before).unwrap_or(u64::MAX);
        match self.left.checked_sub(read) {
            Some(left) => {
                self.left = left;
                Poll::Ready(Ok(()))
            }
            None => Poll::Ready(Err(io::Error::new(ErrorKind::InvalidData, "it sends without an end"))),
        }
    }
}

impl AsyncWrite for Limited {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
