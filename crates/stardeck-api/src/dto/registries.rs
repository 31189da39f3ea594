//! Logins for image registries.

use chrono::{DateTime, Utc};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{Password, Registry, RegistryHost, RegistryId, RegistryUser, ValidationErrors};
use stardeck_service::registries::REGISTRY_PASSWORD;
use utoipa::ToSchema;

use super::{
    fields::{Fields, absent, password},
    lists::list_view,
};

/// A login for an image registry, without its password.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Registry)]
pub(crate) struct RegistryView {
    /// Its id.
    id: RegistryId,
    /// The registry.
    #[schema(value_type = String, example = "registry.example.com:5000")]
    host: RegistryHost,
    /// The user name there.
    #[schema(value_type = String)]
    username: RegistryUser,
    /// When it was first saved.
    created_at: DateTime<Utc>,
    /// When it was last saved.
    updated_at: DateTime<Utc>,
}

impl RegistryView {
    pub(crate) fn of(registry: Registry) -> Self {
        Self {
            id: registry.id,
            host: registry.host,
            username: registry.username,
            created_at: registry.created_at,
            updated_at: registry.updated_at,
        }
    }
}

list_view! {
    /// Logins for image registries, oldest first.
    RegistryList of RegistryView;
}

/// A login to be saved.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SaveRegistryRequest {
    /// The registry as it stands at the front of an image's name: a host with an optional port, `docker.io` for
    /// Docker Hub.
    #[schema(value_type = String, required, example = "docker.io", min_length = 1, max_length = 259)]
    host: Option<String>,
    /// The user name there: 1-255 characters without colon and control characters.
    #[schema(value_type = String, required, min_length = 1, max_length = 255)]
    username: Option<String>,
    /// The password or token: 1-8192 characters without control characters.
    #[schema(value_type = String, required, format = Password, write_only, min_length = 1, max_length = 8192)]
    password: Option<SecretString>,
}

impl SaveRegistryRequest {
    pub(crate) fn check(self) -> Result<(RegistryHost, RegistryUser, Password), ValidationErrors> {
        let mut fields = Fields::default();
        let host = fields.required("host", self.host, |text| RegistryHost::parse(&text));
        let username = fields.required("username", self.username, |text| RegistryUser::parse(&text));
        let password = fields.required("password", self.password, password(REGISTRY_PASSWORD));
        fields.finish()?;
        let (Some(host), Some(username), Some(password)) = (host, username, password) else {
            return Err(absent("host"));
        };
        Ok((host, username, password))
    }
}
