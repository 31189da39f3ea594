//! Volumes.

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::request::{Filters, volumes as request};
use crate::types::{CreateVolume, Volume};

/// Calls about volumes.
#[derive(Debug, Clone, Copy)]
pub struct Volumes<'a> {
    client: &'a Client,
}

impl<'a> Volumes<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Lists volumes.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// for volume in client.volumes().list(&Filters::new()).await? {
    ///     println!("{}", volume.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self, filters: &Filters) -> Result<Vec<Volume>, Error> {
        self.client.list(request::list(filters)).await
    }

    /// The details of one volume.
    ///
    /// # Errors
    /// [`ErrorKind::VolumeMissing`](crate::ErrorKind::VolumeMissing) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{:?}", client.volumes().inspect("pages").await?.labels);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, name: &str) -> Result<Volume, Error> {
        self.client.json(request::inspect(name)?, Pace::Usual).await
    }

    /// Is there such a volume?
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// assert!(client.volumes().exists("pages").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exists(&self, name: &str) -> Result<bool, Error> {
        self.client.exists(request::exists(name)?).await
    }

    /// Makes a volume.
    ///
    /// # Errors
    /// `NameInUse` and `BadParameter` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::CreateVolume;
    ///
    /// let pages = CreateVolume { name: "pages".into(), ..CreateVolume::default() };
    /// client.volumes().create(&pages).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, spec: &CreateVolume) -> Result<Volume, Error> {
        self.client.json(request::create(spec), Pace::Usual).await
    }

    /// Removes a volume, with its data, that no container uses.
    ///
    /// # Errors
    /// `VolumeMissing` and `VolumeInUse` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.volumes().remove("pages").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        self.client.done(request::remove(name)?, Pace::Usual).await.map(drop)
    }

    /// Removes the volumes that no container uses and that match `filters` (`label`, `until`), with their data, and gives their names.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without filters.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// let mine = Filters::from([("label".to_owned(), vec!["owner=me".to_owned()])]);
    /// println!("{:?} are gone", client.volumes().prune(&mine).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prune(&self, filters: &Filters) -> Result<Vec<String>, Error> {
        self.client.prune(Endpoint::VolumePrune, filters).await
    }
}
