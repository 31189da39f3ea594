//! A container that is made anew like another one, in the service's words.

use std::collections::{BTreeMap, BTreeSet};

use stardeck_domain::{ContainerName, NetworkName, SecretName};

use super::{Labels, SecretFileSpec};

/// How a container that is made anew differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alteration {
    /// Its name.
    pub name: ContainerName,
    /// Labels it has besides.
    pub labels: Labels,
    /// Labels it has not.
    pub without_labels: BTreeSet<String>,
    /// Variables it has besides, none of them a secret.
    pub env: BTreeMap<String, String>,
    /// Variables it has not.
    pub without_env: BTreeSet<String>,
    /// Variables it has besides, whose values are secrets in the runtime's store.
    pub secret_env: BTreeMap<String, SecretName>,
    /// Secrets it has besides, mounted as files.
    pub secret_files: Vec<SecretFileSpec>,
    /// Secrets it has not.
    pub without_secrets: BTreeSet<String>,
    /// Networks it is on besides.
    pub networks: BTreeSet<NetworkName>,
    /// Networks it is not on.
    pub without_networks: BTreeSet<String>,
}

/// What can not be kept of a container that is made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnkeptField {
    /// The field, in the runtime's words.
    pub field: String,
    /// Why.
    pub reason: String,
}
