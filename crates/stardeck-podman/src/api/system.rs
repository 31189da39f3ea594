//! The service itself.

use std::time::Duration;

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::request;
use crate::types::{ComponentDetails, DiskUsage, Info, Ping, Version, VersionInfo};

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

    /// Checks that crate and service understand each other, and gives the version of Podman, by which a caller can
    /// tell what this Podman can do.
    ///
    /// All calls use paths of one version ([`Version::API`]), in whose shapes every Podman that still serves it
    /// answers, so there is nothing to choose: a Podman is recent enough, and serves that version, or neither helps.
    ///
    /// # Errors
    /// [`Error::UnsupportedVersion`] for a Podman before [`Version::OLDEST`], or one that has given that version up.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Version;
    ///
    /// let podman = client.system().negotiate().await?;
    /// let new_limits_last = podman >= Version::new(5, 1, 0);
    /// # assert!(new_limits_last);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn negotiate(&self) -> Result<Version, Error> {
        let found = self.ping().await?.libpod_version;
        let unsupported =
            |reason: String| Error::UnsupportedVersion { endpoint: Endpoint::Version, found, reason };
        if found < Version::OLDEST {
            return Err(unsupported(format!("{} is the oldest that is", Version::OLDEST)));
        }
        let oldest = match self.version().await {
            Ok(version) => engine(version).min_api_version.parse().unwrap_or(Version::API),
            // It refuses the path itself.
            Err(error) if error.kind() == ErrorKind::Unsupported => found,
            Err(error) => return Err(error),
        };
        if oldest > Version::API {
            return Err(unsupported(format!("it no longer serves version {} of its API", Version::API)));
        }
        Ok(found)
    }

    /// Versions of the engine's parts.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// for part in client.system().version().await?.components {
    ///     println!("{} {}", part.name, part.version);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn version(&self) -> Result<VersionInfo, Error> {
        self.client.json(request::system::version(), Pace::Usual).await
    }

    /// Host, storage and versions.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let info = client.system().info().await?;
    /// println!("{} bytes of memory", info.host.mem_total);
    /// # Ok(())
    /// # }
    /// ```
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

/// What Podman itself says in an answer about all parts; nothing where it is not among them.
fn engine(version: VersionInfo) -> ComponentDetails {
    let engine = version.components.into_iter().find(|component| component.name == "Podman Engine");
    engine.map(|engine| engine.details).unwrap_or_default()
}
