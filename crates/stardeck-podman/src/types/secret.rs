//! Podman secrets, as far as they can be seen: never their value.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;

use super::lenient;

/// Answer to a create.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct CreatedSecret {
    /// Id of the new secret.
    #[serde(rename = "ID")]
    pub id: String,
}

/// A Podman secret.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(from = "Wire")]
pub struct Secret {
    /// Id.
    pub id: String,
    /// Name.
    pub name: String,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Driver that keeps the value.
    pub driver: String,
    /// When it was made.
    pub created_at: Option<DateTime<Utc>>,
    /// When its value was last set.
    pub updated_at: Option<DateTime<Utc>>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Wire {
    #[serde(rename = "ID")]
    id: String,
    #[serde(deserialize_with = "lenient::time")]
    created_at: Option<DateTime<Utc>>,
    #[serde(deserialize_with = "lenient::time")]
    updated_at: Option<DateTime<Utc>>,
    spec: Spec,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Spec {
    name: String,
    labels: BTreeMap<String, String>,
    driver: Driver,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Driver {
    name: String,
}

impl From<Wire> for Secret {
    fn from(wire: Wire) -> Self {
        Self {
            id: wire.id,
            name: wire.spec.name,
            labels: wire.spec.labels,
            driver: wire.spec.driver.name,
            created_at: wire.created_at,
            updated_at: wire.updated_at,
        }
    }
}
