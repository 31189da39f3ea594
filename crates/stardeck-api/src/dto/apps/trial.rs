//! Trying a database server that somebody else runs.

use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use stardeck_domain::{Engine, ValidationErrors};
use stardeck_service::apps::ExternalTrial;
use utoipa::ToSchema;

use crate::dto::fields::{Fields, absent, any};

/// A database server that somebody else runs, to be tried.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct TestConnectionRequest {
    /// The URL of any engine. It is kept nowhere.
    #[schema(value_type = String, required, format = Password, example = "postgresql://shop:secret@db.example:5432/shop")]
    connection_string: Option<SecretString>,
}

impl TestConnectionRequest {
    pub(crate) fn check(self) -> Result<SecretString, ValidationErrors> {
        let mut fields = Fields::default();
        let given = fields.required("connection_string", self.connection_string, any);
        fields.finish()?;
        given.ok_or_else(|| absent("connection_string"))
    }
}

/// A database server that answered.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConnectionTest)]
pub(crate) struct ConnectionTestView {
    /// The engine.
    #[serde(rename = "type")]
    engine: Engine,
    /// The host.
    host: String,
    /// The port.
    port: u16,
    /// Where it was tried from: `network`, the network of apps; or `host`, where nothing runs on that network, or Stardeck can
    /// not go into it.
    tried_from: &'static str,
    /// Whether the login opened it. Otherwise only the port was tried.
    is_login_tried: bool,
    /// Why the login was not tried; null when it was.
    untried_because: Option<&'static str>,
    /// The server's version; null when the login was not tried.
    server_version: Option<String>,
}

impl ConnectionTestView {
    pub(crate) fn of(trial: ExternalTrial) -> Self {
        Self {
            engine: trial.engine,
            host: trial.host,
            port: trial.port,
            tried_from: trial.from.as_str(),
            is_login_tried: trial.untried_because.is_none(),
            untried_because: trial.untried_because,
            server_version: trial.server_version,
        }
    }
}
