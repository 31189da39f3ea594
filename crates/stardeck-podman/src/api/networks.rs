//! Networks.

use serde::Deserialize;

use crate::client::{Client, Pace};
use crate::endpoint::Endpoint;
use crate::error::{ApiError, Error};
use crate::request::{Filters, networks as request};
use crate::types::{CreateNetwork, Network, NetworkAttachment};

/// Calls about networks.
#[derive(Debug, Clone, Copy)]
pub struct Networks<'a> {
    client: &'a Client,
}

/// One entry of the answer to a removal, whose status is 200 even when it failed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Removed {
    err: Option<serde_json::Value>,
}

impl<'a> Networks<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Lists networks.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// for network in client.networks().list(&Filters::new()).await? {
    ///     println!("{}", network.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self, filters: &Filters) -> Result<Vec<Network>, Error> {
        self.client.list(request::list(filters)).await
    }

    /// The details of one network.
    ///
    /// # Errors
    /// [`ErrorKind::NetworkMissing`](crate::ErrorKind::NetworkMissing) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{:?}", client.networks().inspect("front").await?.subnets);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, name: &str) -> Result<Network, Error> {
        self.client.json(request::inspect(name)?, Pace::Usual).await
    }

    /// Is there such a network?
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// assert!(client.networks().exists("front").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exists(&self, name: &str) -> Result<bool, Error> {
        self.client.exists(request::exists(name)?).await
    }

    /// Makes a network.
    ///
    /// # Errors
    /// `NameInUse` and `SubnetTaken` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::CreateNetwork;
    ///
    /// let front = CreateNetwork { name: "front".into(), ..CreateNetwork::default() };
    /// println!("{:?}", client.networks().create(&front).await?.subnets);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(&self, spec: &CreateNetwork) -> Result<Network, Error> {
        self.client.json(request::create(spec), Pace::Usual).await
    }

    /// Removes a network that no container is connected to.
    ///
    /// # Errors
    /// `NetworkMissing` and `NetworkInUse` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.networks().remove("front").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        let removed: Vec<Removed> = self.client.json(request::remove(name)?, Pace::Usual).await?;
        match removed.into_iter().find_map(|entry| entry.err) {
            None => Ok(()),
            Some(reason) => {
                let message = reason.as_str().unwrap_or("no reason given").to_owned();
                Err(Error::Api(ApiError::in_stream(Endpoint::NetworkRemove, message)))
            }
        }
    }

    /// Connects a container to a network.
    ///
    /// # Errors
    /// `NetworkMissing`, `NotFound` (the container), `AlreadyConnected` and `AddressInUse` of
    /// [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::NetworkAttachment;
    ///
    /// let attachment = NetworkAttachment { aliases: vec!["shop".into()], ..NetworkAttachment::default() };
    /// client.networks().connect("front", "web", &attachment).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn connect(
        &self,
        name: &str,
        container: &str,
        attachment: &NetworkAttachment,
    ) -> Result<(), Error> {
        self.client.done(request::connect(name, container, attachment)?, Pace::Usual).await.map(drop)
    }

    /// Takes a container off a network.
    ///
    /// # Errors
    /// `NetworkMissing`, `NotFound` (the container) and `NotConnected` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.networks().disconnect("front", "web").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn disconnect(&self, name: &str, container: &str) -> Result<(), Error> {
        self.client.done(request::disconnect(name, container)?, Pace::Usual).await.map(drop)
    }

    /// Removes the networks that no container is on, running or not, and that match `filters` (`label`, `until`), and gives their names.
    ///
    /// # Errors
    /// [`Error::InvalidInput`] without filters.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// let mine = Filters::from([("label".to_owned(), vec!["owner=me".to_owned()])]);
    /// println!("{:?} are gone", client.networks().prune(&mine).await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn prune(&self, filters: &Filters) -> Result<Vec<String>, Error> {
        self.client.prune(Endpoint::NetworkPrune, filters).await
    }
}
