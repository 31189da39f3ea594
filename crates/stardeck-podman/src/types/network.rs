//! Networks (`libnetwork/types/network.go` of containers/common).

use std::collections::BTreeMap;
use std::net::IpAddr;

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::lenient;

/// A network to be made. By default a bridge with DNS, whose subnet Podman chooses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CreateNetwork {
    /// Name, in lower case.
    pub name: String,
    /// Driver.
    pub driver: String,
    /// Name of the bridge on the host, at most 15 bytes. Podman's own choice is `podmanN`, by what is up at the moment,
    /// so that two Podmans on one host can come to the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_interface: Option<String>,
    /// Do its containers find each other by name? Podman's own default is no.
    pub dns_enabled: bool,
    /// Is it cut off from the outside?
    pub internal: bool,
    /// Does it have IPv6?
    pub ipv6_enabled: bool,
    /// Labels.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Subnets. Podman checks them against the host's at this moment only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub subnets: Vec<Subnet>,
    /// Options of the driver.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub options: BTreeMap<String, String>,
}

impl Default for CreateNetwork {
    fn default() -> Self {
        Self {
            name: String::new(),
            driver: "bridge".to_owned(),
            network_interface: None,
            dns_enabled: true,
            internal: false,
            ipv6_enabled: false,
            labels: BTreeMap::new(),
            subnets: Vec::new(),
            options: BTreeMap::new(),
        }
    }
}

/// A network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct Network {
    /// Name.
    pub name: String,
    /// Id.
    pub id: String,
    /// Driver.
    pub driver: String,
    /// Bridge on the host.
    pub network_interface: String,
    /// When it was made.
    #[serde(deserialize_with = "lenient::time")]
    pub created: Option<DateTime<Utc>>,
    /// Subnets; those this crate can not read are left out.
    #[serde(deserialize_with = "readable_subnets")]
    pub subnets: Vec<Subnet>,
    /// Does it have IPv6?
    pub ipv6_enabled: bool,
    /// Is it cut off from the outside?
    pub internal: bool,
    /// Do its containers find each other by name?
    pub dns_enabled: bool,
    /// Labels.
    pub labels: BTreeMap<String, String>,
    /// Options of the driver.
    pub options: BTreeMap<String, String>,
}

/// A subnet of a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subnet {
    /// The addresses.
    pub subnet: IpNet,
    /// The bridge's address; by default the first.
    pub gateway: Option<IpAddr>,
}

impl From<IpNet> for Subnet {
    fn from(subnet: IpNet) -> Self {
        Self { subnet, gateway: None }
    }
}

impl Serialize for Subnet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Subnet", 2)?;
        fields.serialize_field("subnet", &self.subnet.to_string())?;
        match self.gateway {
            Some(gateway) => fields.serialize_field("gateway", &gateway)?,
            None => fields.skip_field("gateway")?,
        }
        fields.end()
    }
}

fn readable_subnets<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Subnet>, D::Error> {
    let values = Vec::<Value>::deserialize(deserializer)?;
    let read = |value: &Value| {
        let text = |key: &str| value.get(key).and_then(Value::as_str);
        let subnet = text("subnet")?.parse().ok()?;
        Some(Subnet { subnet, gateway: text("gateway").and_then(|text| text.parse().ok()) })
    };
    Ok(values.iter().filter_map(read).collect())
}

/// How a container takes part in a network.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct NetworkAttachment {
    /// Names it answers to besides its own. Two containers with one alias both answer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// Fixed addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub static_ips: Vec<IpAddr>,
    /// Fixed hardware address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub static_mac: Option<String>,
}
