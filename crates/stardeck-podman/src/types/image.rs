//! Images: what is stored, and the progress of pulls.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::Deserialize;

use super::lenient;
use super::parts::{Environment, Healthcheck, Signal};
use super::text_enum::text_enum;

/// Everything about one image. Fields can be empty for images imported from a plain file system.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ImageInspect {
    /// Full id, without `sha256:`.
    pub id: String,
    /// Digest of the manifest, `sha256:…`.
    pub digest: String,
    /// References with tags.
    pub repo_tags: Vec<String>,
    /// References with digests.
    pub repo_digests: Vec<String>,
    /// When it was built.
    #[serde(deserialize_with = "lenient::time")]
    pub created: Option<DateTime<Utc>>,
    /// Size in bytes.
    pub size: u64,
    /// Processor architecture, for example `amd64`.
    pub architecture: String,
    /// Operating system.
    pub os: String,
    /// What containers of it get unless they ask otherwise.
    pub config: ImageConfig,
}

/// What containers of an image get unless they ask otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ImageConfig {
    /// Environment variables.
    pub env: Environment,
    /// Ports it listens on, as `5432/tcp`.
    #[serde(deserialize_with = "lenient::keys")]
    pub exposed_ports: BTreeSet<String>,
    /// Paths that get a volume of their own.
    #[serde(deserialize_with = "lenient::keys")]
    pub volumes: BTreeSet<String>,
    /// Entrypoint.
    #[serde(deserialize_with = "lenient::words")]
    pub entrypoint: Vec<String>,
    /// Command.
    pub cmd: Vec<String>,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// `user[:group]`, or empty for root.
    pub user: String,
    /// Signal of a stop; empty is `SIGTERM`.
    pub stop_signal: Signal,
    /// Working directory.
    pub working_dir: String,
    /// Healthcheck.
    pub healthcheck: Option<Healthcheck>,
}

impl ImageConfig {
    /// The TCP ports among `exposed_ports`, lowest first.
    ///
    /// ```no_run
    /// # async fn example(client: stardeck_podman::Client) -> Result<(), stardeck_podman::Error> {
    /// let image = client.images().inspect("docker.io/library/nginx:1").await?;
    /// println!("it listens on {:?}", image.config.tcp_ports());
    /// # Ok(())
    /// # }
    /// ```
    pub fn tcp_ports(&self) -> Vec<u16> {
        let tcp = self.exposed_ports.iter().filter_map(|text| match text.split_once('/') {
            Some((port, "tcp")) => port.parse().ok(),
            Some(_) => None,
            None => text.parse().ok(),
        });
        let mut ports: Vec<u16> = tcp.collect();
        ports.sort_unstable();
        ports
    }
}

/// An image as the list shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ImageSummary {
    /// Full id, without `sha256:`.
    pub id: String,
    /// References with tags.
    pub repo_tags: Vec<String>,
    /// References with digests.
    pub repo_digests: Vec<String>,
    /// Digest of the manifest.
    pub digest: String,
    /// When it was built.
    #[serde(deserialize_with = "lenient::time")]
    pub created: Option<DateTime<Utc>>,
    /// Size in bytes.
    pub size: u64,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// How many containers use it.
    pub containers: u64,
    /// Is it without a name?
    pub dangling: bool,
}

/// What a removal took away.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct RemovedImage {
    /// References taken away.
    pub untagged: Vec<String>,
    /// Ids of images deleted; empty while another reference keeps the image.
    #[serde(deserialize_with = "lenient::one_or_many")]
    pub deleted: Vec<String>,
    /// What went wrong.
    pub(crate) errors: Vec<String>,
}

text_enum! {
    /// When a pull asks the registry.
    PullPolicy, default "always" {
        /// Always.
        Always = "always",
        /// Only when the image is not in the local storage.
        Missing = "missing",
        /// When the registry has a newer one.
        Newer = "newer",
        /// Never.
        Never = "never",
    }
}

/// How to pull.
#[derive(Debug, Clone, Default)]
pub struct PullOptions {
    /// Credentials for the registry; `None` uses what Podman itself knows.
    pub auth: Option<RegistryAuth>,
    /// Whether to insist on TLS; `None` follows Podman's `registries.conf`, and is the way to byte counts.
    pub tls_verify: Option<bool>,
    /// When to ask the registry. Only `Always` gives byte counts.
    pub policy: PullPolicy,
}

/// Credentials for a registry.
#[derive(Debug, Clone)]
pub struct RegistryAuth {
    /// User name.
    pub username: String,
    /// Password or token.
    pub password: SecretString,
}

/// One step of a pull.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PullEvent {
    /// Something moved.
    Progress {
        /// Short id of the layer, when it is about one.
        layer: Option<String>,
        /// What happens, for people: `Downloading`, `Copying blob sha256:…`.
        status: String,
        /// Bytes of the layer that are here.
        current: Option<u64>,
        /// Bytes of the whole layer.
        total: Option<u64>,
    },
    /// The image is in the local storage. Always the last event.
    Done {
        /// Full id of the image.
        image_id: String,
    },
}
