//! Files of containers, as archives.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

use super::Containers;
use crate::client::Pace;
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::request::containers as request;
use crate::stream::ByteStream;
use crate::types::{PathStat, lenient};
use crate::upload::Upload;

impl Containers<'_> {
    /// The files below `path`, as a tar archive whose entries start with the last part of the path.
    ///
    /// # Errors
    /// `NotFound`; `PathMissing` when there is nothing at the path.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let archive = client.containers().archive_get("web", "/etc/nginx").await?;
    /// let tar = archive.collect(1 << 20).await?;
    /// println!("{} bytes", tar.len());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn archive_get(&self, name: &str, path: &str) -> Result<ByteStream, Error> {
        let reply = self.client.send(request::archive_get(name, path)?, Pace::Usual).await?;
        Ok(ByteStream::new(reply.into_body()))
    }

    /// Unpacks a tar archive in the directory `path`, which Podman 4.3 makes when it is missing. Works on
    /// containers that were never started.
    ///
    /// # Errors
    /// `NotFound`; `PathMissing` on versions that want the directory to be there.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// # let tar: Vec<u8> = Vec::new();
    /// client.containers().archive_put("web", "/usr/share/nginx", tar.into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn archive_put(&self, name: &str, path: &str, archive: Upload) -> Result<(), Error> {
        self.client.done(request::archive_put(name, path, archive)?, Pace::Upload).await.map(drop)
    }

    /// What is at `path`?
    ///
    /// # Errors
    /// `NotFound`; `PathMissing` when there is nothing at the path.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let page = client.containers().archive_stat("web", "/usr/share/nginx/index.html").await?;
    /// println!("{} bytes", page.size);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn archive_stat(&self, name: &str, path: &str) -> Result<PathStat, Error> {
        let reply = match self.client.send(request::archive_stat(name, path)?, Pace::Usual).await {
            // The answer to HEAD has no body that could say what is missing.
            Err(Error::Api(mut error)) if error.response == 404 && !self.exists(name).await? => {
                "no such container".clone_into(&mut error.cause);
                return Err(Error::Api(error));
            }
            reply => reply?,
        };
        let header = reply.header("x-docker-container-path-stat").unwrap_or_default();
        let json = STANDARD.decode(header).or_else(|_| URL_SAFE.decode(header)).unwrap_or_default();
        lenient::from_slice(&json)
            .map_err(|reason| Error::Decode { endpoint: Endpoint::ContainerArchiveStat, reason })
    }
}
