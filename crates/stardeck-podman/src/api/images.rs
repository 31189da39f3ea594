//! Images.

use serde::Deserialize;

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error};
use crate::request::{Filters, images as request};
use crate::stream::PullStream;
use crate::types::{ImageInspect, ImageSummary, PullOptions, RemovedImage};
use crate::upload::Upload;

/// Calls about images. A `reference` is a name with tag or digest, or an id; write names in full
/// (`docker.io/library/alpine:3`), since Podman on Debian resolves no short ones.
#[derive(Debug, Clone, Copy)]
pub struct Images<'a> {
    client: &'a Client,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Loaded {
    names: Vec<String>,
}

impl<'a> Images<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Lists the images in the local storage.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// for image in client.images().list(&Filters::new()).await? {
    ///     println!("{:?}", image.repo_tags);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self, filters: &Filters) -> Result<Vec<ImageSummary>, Error> {
        self.client.list(request::list(filters)).await
    }

    /// The details of one image.
    ///
    /// # Errors
    /// [`ErrorKind::ImageMissing`](crate::ErrorKind::ImageMissing) when it is not in the local storage.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let image = client.images().inspect("docker.io/library/alpine:3").await?;
    /// println!("{:?}", image.config.cmd);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, reference: &str) -> Result<ImageInspect, Error> {
        self.client.json(request::inspect(reference)?, Pace::Usual).await
    }

    /// Is the image in the local storage?
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// if !client.images().exists("docker.io/library/alpine:3").await? {
    ///     println!("pull it first");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exists(&self, reference: &str) -> Result<bool, Error> {
        self.client.exists(request::exists(reference)?).await
    }

    /// Pulls an image. Most failures come from the stream, not from this call.
    ///
    /// # Errors
    /// [`ErrorKind::BadReference`](crate::ErrorKind::BadReference), and those of [`PullStream::next`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::{PullEvent, PullOptions};
    ///
    /// let mut pull = client.images().pull("docker.io/library/alpine:3", &PullOptions::default()).await?;
    /// while let Some(event) = pull.next().await {
    ///     match event? {
    ///         PullEvent::Progress { status, .. } => println!("{status}"),
    ///         PullEvent::Done { image_id } => println!("image {image_id}"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn pull(&self, reference: &str, options: &PullOptions) -> Result<PullStream, Error> {
        let reply = self.client.send(request::pull(reference, options), Pace::Pull).await?;
        Ok(PullStream::new(self.client.clone(), reference.to_owned(), reply.into_body()))
    }

    /// Loads the images of an archive (`podman save` in any of its formats) and returns their names.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Upload;
    ///
    /// # let file = tokio::io::empty();
    /// let names = client.images().load(Upload::from_reader(file)).await?;
    /// println!("loaded {names:?}");
    /// # Ok(())
    /// # }
    /// ```
    pub async fn load(&self, archive: Upload) -> Result<Vec<String>, Error> {
        let loaded: Loaded = self.client.json(request::load(archive), Pace::Upload).await?;
        Ok(loaded.names)
    }

    /// Gives an image another name besides those it has.
    ///
    /// # Errors
    /// `ImageMissing` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.images().tag("docker.io/library/alpine:3", "localhost/mine", "1").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn tag(&self, reference: &str, repository: &str, tag: &str) -> Result<(), Error> {
        self.client.done(request::tag(reference, repository, tag)?, Pace::Usual).await.map(drop)
    }

    /// Takes a name away from an image, and deletes it when that was the last one. An image that a container uses
    /// stays.
    ///
    /// # Errors
    /// `ImageMissing` and `ImageInUse` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let removed = client.images().remove("localhost/mine:1").await?;
    /// println!("without a name now: {:?}; gone: {:?}", removed.untagged, removed.deleted);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, reference: &str) -> Result<RemovedImage, Error> {
        let removed: RemovedImage = self.client.json(request::remove(reference)?, Pace::Usual).await?;
        match removed.errors.first() {
            None => Ok(removed),
            Some(message) => Err(Error::Api(ApiError::in_stream(Endpoint::ImageRemove, message.clone()))),
        }
    }

    /// Removes the images that no container uses and that match `filters` (`label`, `until`, or `dangling` to `["true"]` for
    /// those without a name), and gives their ids.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without filters.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// let mine = Filters::from([("label".to_owned(), vec!["owner=me".to_owned()])]);
    /// println!("{:?} are gone", client.images().prune(&mine).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prune(&self, filters: &Filters) -> Result<Vec<String>, Error> {
        self.client.prune(Endpoint::ImagePrune, filters).await
    }
}
