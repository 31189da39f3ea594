//! The service itself.

use std::time::Duration;

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::request;
use crate::types::{DiskUsage, Info, Ping, VersionInfo};

/// How much longer than usual counting all files may take.
const WALK: Duration = Duration::from_mins(2);

/// Calls about the service itself.
#[derive(Debug, Clone, Copy)]
pub struct System<'a> {
    client: &'a Client,
}

impl<'a> System<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Is the service there, and which version is it? Takes about 2 ms.
    ///
    /// # Errors
    /// [`Error::Transport`] when nothing answers on the socket; [`Error::Decode`] when what answers is not Podman.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let ping = client.system().ping().await?;
    /// assert!(ping.libpod_version >= stardeck_podman::Version::new(4, 3, 0));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn ping(&self) -> Result<Ping, Error> {
        let reply = self.client.send(request::system::ping(), Pace::Usual).await?;
        let libpod_version = reply.header("libpod-api-version").and_then(|text| text.parse().ok());
        let docker_api_version = reply.header("api-version").unwrap_or_default().to_owned();
        let undecoded = || Error::Decode {
            endpoint: Endpoint::Ping,
            reason: "no version of libpod in the headers".to_owned(),
        };
        Ok(Ping { libpod_version: libpod_version.ok_or_else(undecoded)?, docker_api_version })
    }

    /// Versions of the engine's parts.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn version(&self) -> Result<VersionInfo, Error> {
        self.client.json(request::system::version(), Pace::Usual).await
    }

    /// Host, storage and versions.
    ///
    /// # Errors
    /// See [`Error`].
    pub async fn info(&self) -> Result<Info, Error> {
        self.client.json(request::system::info(), Pace::Usual).await
    }

    /// How much disk the volumes use. Podman walks all files to tell, so this takes as long as they are many.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// for volume in client.system().disk_usage().await?.volumes {
    ///     println!("{} {}", volume.name, volume.size);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn disk_usage(&self) -> Result<DiskUsage, Error> {
        self.client.json(request::system::disk_usage(), Pace::Slower(WALK)).await
    }
}
