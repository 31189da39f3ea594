//! Plain bytes, for archives.

use bytes::Bytes;

use crate::error::Error;
use crate::transport::ReplyBody;

/// The bytes of an archive that Podman sends, piece by piece. Dropping it ends the call.
#[derive(Debug)]
pub struct ByteStream {
    body: ReplyBody,
}

impl ByteStream {
    pub(crate) fn new(body: ReplyBody) -> Self {
        Self { body }
    }

    /// The next piece, or `None` at the end. Dropping the future loses nothing.
    ///
    /// # Errors
    /// [`Error::Transport`] when the connection broke, [`Error::Timeout`] when nothing comes for too long.
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.body.chunk().await
    }

    /// Everything that is still to come.
    ///
    /// # Errors
    /// As [`ByteStream::next`]; [`Error::TooLarge`] beyond `limit` bytes.
    pub async fn collect(self, limit: usize) -> Result<Bytes, Error> {
        self.body.collect(limit).await
    }
}
