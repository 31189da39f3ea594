//! Podman secrets. They are not encrypted: root on the host can read them.

use std::collections::BTreeMap;

use secrecy::SecretSlice;

use crate::client::{Client, Pace};
use crate::error::Error;
use crate::request::{Filters, secrets as request};
use crate::types::{CreatedSecret, Secret};

/// Calls about secrets.
#[derive(Debug, Clone, Copy)]
pub struct Secrets<'a> {
    client: &'a Client,
}

impl<'a> Secrets<'a> {
    pub(crate) fn new(client: &'a Client) -> Self {
        Self { client }
    }

    /// Lists secrets with their labels. Podman 4.3 leaves the labels out of its list and can not filter by them,
    /// so secrets without any are inspected one by one.
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use stardeck_podman::Filters;
    ///
    /// for secret in client.secrets().list(&Filters::new()).await? {
    ///     println!("{}", secret.name);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub async fn list(&self, filters: &Filters) -> Result<Vec<Secret>, Error> {
        let listed: Vec<Secret> = self.client.list(request::list(filters)).await?;
        let mut secrets = Vec::with_capacity(listed.len());
        for secret in listed {
            if !secret.labels.is_empty() {
                secrets.push(secret);
                continue;
            }
            match self.inspect(&secret.id).await {
                Ok(secret) => secrets.push(secret),
                // It was removed since it was listed.
                Err(error) if error.is_not_found() => {}
                Err(error) => return Err(error),
            }
        }
        Ok(secrets)
    }

    /// One secret, without its value.
    ///
    /// # Errors
    /// [`ErrorKind::SecretMissing`](crate::ErrorKind::SecretMissing) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// println!("{:?}", client.secrets().inspect("web-key").await?.labels);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn inspect(&self, name: &str) -> Result<Secret, Error> {
        self.client.json(request::inspect(name)?, Pace::Usual).await
    }

    /// Is there such a secret? (Podman has a call for this only from 4.5 on, so this inspects.)
    ///
    /// # Errors
    /// See [`Error`].
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// assert!(client.secrets().exists("web-key").await?);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn exists(&self, name: &str) -> Result<bool, Error> {
        match self.inspect(name).await {
            Ok(_) => Ok(true),
            Err(error) if error.is_not_found() => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Makes a secret of 1 to 511999 bytes. Replacing is remove and create: Podman learned it with 4.7 only.
    ///
    /// # Errors
    /// `NameInUse` and `BadParameter` of [`ErrorKind`](crate::ErrorKind).
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// use std::collections::BTreeMap;
    ///
    /// let labels = BTreeMap::from([("owner".to_owned(), "me".to_owned())]);
    /// client.secrets().create("web-key", &labels, &b"s3cr3t".to_vec().into()).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn create(
        &self,
        name: &str,
        labels: &BTreeMap<String, String>,
        value: &SecretSlice<u8>,
    ) -> Result<CreatedSecret, Error> {
        self.client.json(request::create(name, labels, value), Pace::Usual).await
    }

    /// Removes a secret. Containers made with it keep their copy of a mounted one, and fail to start with one that
    /// was given as a variable.
    ///
    /// # Errors
    /// [`ErrorKind::SecretMissing`](crate::ErrorKind::SecretMissing) when there is none.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// client.secrets().remove("web-key").await?;
    /// # Ok(())
    /// # }
    /// ```
    pub async fn remove(&self, name: &str) -> Result<(), Error> {
        self.client.done(request::remove(name)?, Pace::Usual).await.map(drop)
    }
}
