//! Archives that a caller sends to Podman.

use std::fmt;
use std::pin::Pin;

use bytes::Bytes;
use tokio::io::AsyncRead;

/// The bytes of an archive on their way to Podman: all in memory, or read as they are needed.
pub struct Upload(Source);

enum Source {
    Bytes(Bytes),
    Reader(Pin<Box<dyn AsyncRead + Send>>),
}

impl Upload {
    /// An archive that is in memory.
    ///
    /// ```
    /// let upload = stardeck_podman::Upload::from_bytes("hello");
    /// ```
    pub fn from_bytes(bytes: impl Into<Bytes>) -> Self {
        Self(Source::Bytes(bytes.into()))
    }

    /// An archive that is read while it is sent, for example a `tokio::fs::File`.
    ///
    /// ```
    /// let upload = stardeck_podman::Upload::from_reader(tokio::io::empty());
    /// ```
    pub fn from_reader(reader: impl AsyncRead + Send + 'static) -> Self {
        Self(Source::Reader(Box::pin(reader)))
    }

    pub(crate) fn into_reader(self) -> Pin<Box<dyn AsyncRead + Send>> {
        match self.0 {
            Source::Bytes(bytes) => Box::pin(std::io::Cursor::new(bytes)),
            Source::Reader(reader) => reader,
        }
    }
}

impl From<Bytes> for Upload {
    fn from(bytes: Bytes) -> Self {
        Self::from_bytes(bytes)
    }
}

impl From<Vec<u8>> for Upload {
    fn from(bytes: Vec<u8>) -> Self {
        Self::from_bytes(bytes)
    }
}

impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Source::Bytes(bytes) => write!(f, "Upload({} bytes)", bytes.len()),
            Source::Reader(_) => f.write_str("Upload(reader)"),
        }
    }
}
