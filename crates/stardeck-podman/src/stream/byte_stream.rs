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
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let mut archive = client.containers().archive_get("web", "/etc/nginx").await?;
    /// while let Some(piece) = archive.next().await {
    ///     println!("{} bytes more", piece?.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Result<Bytes, Error>> {
        self.body.chunk().await
    }

    /// Everything that is still to come.
    ///
    /// # Errors
    /// As [`ByteStream::next`]; [`Error::TooLarge`] beyond `limit` bytes.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let archive = client.containers().archive_get("web", "/etc/nginx").await?;
    /// println!("{} bytes", archive.collect(1 << 20).await?.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn collect(self, limit: usize) -> Result<Bytes, Error> {
        self.body.collect(limit).await
    }
}
