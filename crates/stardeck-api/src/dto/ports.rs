//! The host port that a form suggests.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use stardeck_domain::{Engine, Port, ValidationErrors};
use utoipa::{IntoParams, ToSchema};

use super::fields::{Fields, absent, address, loopback, one_of};

/// For which database.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct NextPortQuery {
    /// The engine, whose range is searched.
    #[serde(rename = "type")]
    #[param(value_type = Engine, required)]
    engine: Option<String>,
    /// The address of the host that the port is to be bound to.
    #[param(value_type = Option<String>, default = "127.0.0.1", example = "127.0.0.1")]
    bind_address: Option<String>,
}

impl NextPortQuery {
    pub(crate) fn check(self) -> Result<(Engine, IpAddr), ValidationErrors> {
        let mut fields = Fields::default();
        let engine = fields.required("type", self.engine, |text| one_of(&text, Engine::ALL));
        let address = fields.optional("bind_address", self.bind_address, |text| address(&text));
        fields.finish()?;
        let Some(engine) = engine else { return Err(absent("type")) };
        Ok((engine, address.unwrap_or(loopback())))
    }
}

/// A port that is free now. It is not reserved: a form suggests it, the request for the database decides.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct NextPort {
    /// The port.
    pub(crate) port: Port,
}
