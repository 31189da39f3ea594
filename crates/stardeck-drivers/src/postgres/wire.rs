//! A connection that watches what comes in before the driver believes it.
//!
//! The driver makes room for as many bytes as a message's header promises, up to 4 GB, and sends the password in clear
//! to whoever asks for it. Neither may happen just because something else listens where PostgreSQL should.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// Longest message taken, in bytes. The answers to our own statements are a few rows.
pub(super) const MESSAGE_MAX: u32 = 64 * 1024;

/// Most bytes taken in one session.
const SESSION_MAX: usize = 1024 * 1024;

/// The tag of authentication requests.
pub(super) const AUTHENTICATION: u8 = b'R';

/// The tag of errors.
pub(super) const ERROR_RESPONSE: u8 = b'E';

/// The authentication request that asks for the password in clear.
const CLEAR_PASSWORD: u32 = 3;

/// A TCP connection to what should be a PostgreSQL server.
#[derive(Debug)]
pub(super) struct WatchedStream {
    inner: TcpStream,
    watch: Watch,
}

impl WatchedStream {
    pub(super) fn new(inner: TcpStream) -> Self {
        Self { inner, watch: Watch::default() }
    }
}

impl AsyncRead for WatchedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.inner).poll_read(cx, buf))?;
        let news = buf.filled().get(before..).unwrap_or_default();
        let seen = self.watch.see(news);
        Poll::Ready(seen.map_err(|violation| io::Error::new(io::ErrorKind::InvalidData, violation)))
    }
}

impl AsyncWrite for WatchedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}

/// Follows the bounds of messages: a tag, a length that counts itself, and the rest.
#[derive(Debug, Default)]
struct Watch {
    /// Bytes seen in this session.
    total: usize,
    /// Where in the current message the next byte belongs.
    at: u32,
    /// Where the current message ends, once its length is known.
    end: u32,
    /// What the current message is.
    tag: u8,
    /// The number being read: the length, or the kind of an authentication request.
    number: u32,
}

/// The tag and the length.
const HEADER: u32 = 5;

impl Watch {
    fn see(&mut self, news: &[u8]) -> Result<(), &'static str> {
        self.total = self.total.saturating_add(news.len());
        if self.total > SESSION_MAX {
            return Err("it sends more than any answer we asked for");
        }
        news.iter().try_for_each(|byte| self.step(*byte))
    }

    fn step(&mut self, byte: u8) -> Result<(), &'static str> {
        let at = self.at;
        self.at += 1;
        match at {
            0 => (self.tag, self.number, self.end) = (byte, 0, HEADER),
            1..HEADER => {
                self.number = (self.number << 8) | u32::from(byte);
                if at == HEADER - 1 {
                    self.end = message_end(self.number)?;
                    self.number = 0;
                }
            }
            5..9 if self.tag == AUTHENTICATION => {
                self.number = (self.number << 8) | u32::from(byte);
                if at == 8 && self.number == CLEAR_PASSWORD {
                    return Err("it asks for the password in clear");
                }
            }
            _ => {}
        }
        if self.at >= HEADER && self.at == self.end {
            self.at = 0;
        }
        Ok(())
    }
}

/// Where a message ends whose header promises `length` bytes, not counting its tag.
pub(super) fn message_end(length: u32) -> Result<u32, &'static str> {
    if !(4..=MESSAGE_MAX).contains(&length) {
        return Err("it sends messages of impossible length");
    }
    Ok(length + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(tag: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).unwrap();
        [&[tag][..], &length.to_be_bytes(), body].concat()
    }

    /// What is seen of the bytes, whether they come together or one by one.
    fn seen(bytes: &[u8]) -> Result<(), &'static str> {
        let mut whole = Watch::default();
        let mut pieces = Watch::default();
        let result = whole.see(bytes);
        assert_eq!(bytes.iter().try_for_each(|byte| pieces.see(&[*byte])), result);
        result
    }

    #[test]
    fn ordinary_messages_pass() {
        let sasl = message(AUTHENTICATION, &[&[0, 0, 0, 10][..], b"SCRAM-SHA-256\0\0"].concat());
        let empty = message(b'1', &[]);
        let row = message(b'D', &[0, 0, 0, 3, AUTHENTICATION, 0, 0, 0, 8, 0, 0, 0, 3]);
        assert_eq!(seen(&[sasl, empty.clone(), row, empty].concat()), Ok(()));
    }

    #[test]
    fn request_for_the_password_in_clear_is_refused_wherever_it_comes() {
        let clear = message(AUTHENTICATION, &[0, 0, 0, 3]);
        assert!(seen(&clear).is_err());
        assert!(seen(&[message(b'N', b"hello"), clear].concat()).is_err());
    }

    #[test]
    fn impossible_lengths_are_refused_from_the_header_alone() {
        assert!(seen(&[b'T', 0x7f, 0xff, 0xff, 0xff]).is_err());
        assert!(seen(&[b'T', 0, 0, 0, 3]).is_err());
        assert!(seen(b"HTTP/1.1 400 Bad Request\r\n").is_err());
    }

    #[test]
    fn flood_of_proper_messages_is_refused() {
        let notice = message(b'N', &[b'x'; 1000]);
        let mut watch = Watch::default();
        assert!((0..2000).try_for_each(|_| watch.see(&notice)).is_err());
    }
}
