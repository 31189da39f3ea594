//! A database that somebody asks for.

use std::collections::BTreeMap;

use secrecy::SecretString;
use serde::Deserialize;
use stardeck_domain::{
    DatabaseId, DatabaseName, DatabaseSettings, Engine, ImageReference, InvalidValue, LoginName,
    PasswordRules, Port, ValidationErrors, VersionTag,
};
use stardeck_service::databases::CreateDatabase;
use utoipa::ToSchema;

use super::settings::{SettingValue, texts};
use crate::dto::fields::{Fields, absent, address, bytes, loopback, note, one_of, password, thousandths};

/// A database to be deployed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateDatabaseRequest {
    /// The engine. `GET /api/engines` lists the ones on offer.
    #[serde(rename = "type")]
    #[schema(value_type = Engine, required)]
    engine: Option<String>,
    /// The name, which becomes the host name on the data network: 1-50 characters of `a-z 0-9 -`, beginning and ending
    /// with a letter or digit.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 50)]
    name: Option<String>,
    /// The version; left out for the engine's default.
    #[schema(example = "16", max_length = 64)]
    version: Option<String>,
    /// An image of the engine's family to run instead of the official one.
    #[schema(example = "docker.io/library/postgres:16", max_length = 512)]
    image: Option<String>,
    /// Whether clients outside the data network may connect, through a port of the host.
    #[schema(value_type = Option<bool>, default = false)]
    expose_port: Option<bool>,
    /// The port of the host; left out or 0 for the first free one of the engine's range. Needs `expose_port`.
    #[schema(value_type = Option<u16>, example = 5432, minimum = 0, maximum = 65535)]
    external_port: Option<i64>,
    /// The address of the host that the port is bound to. Anything but loopback needs `confirm_public`.
    #[schema(value_type = Option<String>, default = "127.0.0.1", example = "127.0.0.1")]
    bind_address: Option<String>,
    /// Whether it is known that others can reach an address that is not loopback: connections are not encrypted yet,
    /// and published ports bypass the host's firewall.
    #[schema(value_type = Option<bool>, default = false)]
    confirm_public: Option<bool>,
    /// Whether other apps may use the database.
    #[schema(value_type = Option<bool>, default = true)]
    is_shared: Option<bool>,
    /// The administrator inside the database server; left out for the engine's usual one.
    #[schema(example = "postgres", min_length = 1, max_length = 128)]
    admin_user: Option<String>,
    /// The administrator's password, 1-128 characters without control characters; left out for a generated one.
    #[schema(value_type = Option<String>, format = Password, write_only, min_length = 1, max_length = 128)]
    admin_password: Option<SecretString>,
    /// A note, at most 500 characters.
    #[schema(max_length = 500)]
    description: Option<String>,
    /// The most memory it may use, in bytes, from 16 MiB (16777216) to 16 TiB; left out for no limit. The server's own memory
    /// settings follow it.
    #[schema(value_type = Option<i64>, example = 536_870_912, minimum = 16_777_216, maximum = 17_592_186_044_416_i64)]
    memory_bytes: Option<i64>,
    /// The most processors it may use, from 0.01 to 1000, such as 0.5 or 2; left out for no limit.
    #[schema(example = 1.5, minimum = 0.01, maximum = 1000)]
    cpus: Option<f64>,
    /// Settings of the database server, by name (`GET /api/engines` lists them); numbers and truth values may be written
    /// as such.
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    engine_settings: Option<BTreeMap<String, SettingValue>>,
    /// The id of a kept volume to run on (`GET /api/volumes/kept`); left out for a new volume. Engine and major version
    /// must be those of its data. Its administrator and password stay, so both are left out; version and image are the
    /// ones it ran on unless others are named.
    #[schema(value_type = Option<DatabaseId>)]
    kept_volume_id: Option<String>,
}

impl CreateDatabaseRequest {
    pub(crate) fn check(self) -> Result<CreateDatabase, ValidationErrors> {
        let mut fields = Fields::default();
        let engine = fields.required("type", self.engine, |text| one_of(&text, Engine::ALL));
        let name = fields.required("name", self.name, |text| DatabaseName::parse(&text));
        let version = fields.optional("version", self.version, |text| VersionTag::parse(&text));
        let image = fields.optional("image", self.image, |text| ImageReference::parse(&text));
        // The plan's request has 0 for "choose one"; a form that leaves it there means the same as leaving it out.
        let external_port = self.external_port.filter(|port| *port != 0);
        let external_port = fields.optional("external_port", external_port, Port::parse);
        let bind_address = fields.optional("bind_address", self.bind_address, |text| address(&text));
        let admin_user = fields.optional("admin_user", self.admin_user, |text| LoginName::parse(&text));
        let admin_password =
            fields.optional("admin_password", self.admin_password, password(PasswordRules::ENGINE));
        let description = fields.optional("description", self.description, note);
        let kept_volume = fields.optional("kept_volume_id", self.kept_volume_id, |text| kept_volume(&text));
        let memory_bytes = fields.optional("memory_bytes", self.memory_bytes, bytes);
        let cpu_millis = fields.optional("cpus", self.cpus, thousandths);
        fields.finish()?;
        let (Some(engine), Some(name)) = (engine, name) else { return Err(absent("name")) };
        Ok(CreateDatabase {
            engine,
            name,
            version,
            image,
            expose_port: self.expose_port.unwrap_or(false),
            external_port,
            bind_address: bind_address.unwrap_or(loopback()),
            confirm_public: self.confirm_public.unwrap_or(false),
            is_shared: self.is_shared.unwrap_or(true),
            admin_user,
            admin_password,
            description,
            settings: DatabaseSettings {
                memory_bytes,
                cpu_millis,
                engine: self.engine_settings.map(texts).unwrap_or_default(),
            },
            kept_volume,
        })
    }
}

fn kept_volume(text: &str) -> Result<DatabaseId, InvalidValue> {
    text.parse()
        .map_err(|_| InvalidValue::new("invalid_id", "must be the id of a kept volume, which is a UUID"))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, Ipv4Addr};

    use super::*;

    fn check(json: &serde_json::Value) -> Result<CreateDatabase, ValidationErrors> {
        serde_json::from_value::<CreateDatabaseRequest>(json.clone()).unwrap().check()
    }

    #[test]
    fn what_is_left_out_has_safe_defaults() {
        let request = check(&serde_json::json!({"type": "postgresql", "name": "shop"})).unwrap();
        assert!(!request.expose_port);
        assert!(request.is_shared);
        assert_eq!(request.external_port, None);
        assert_eq!(request.bind_address, IpAddr::V4(Ipv4Addr::LOCALHOST));
        assert!(request.version.is_none() && request.admin_password.is_none());
    }

    #[test]
    fn port_0_means_choose_one() {
        let json = serde_json::json!({"type": "redis", "name": "a", "expose_port": true, "external_port": 0});
        assert_eq!(check(&json).unwrap().external_port, None);
    }

    #[test]
    fn every_wrong_field_is_told() {
        let errors = check(&serde_json::json!({
            "type": "oracle",
            "name": "my shop",
            "version": "abc",
            "image": "A B",
            "external_port": 65536,
            "bind_address": "localhost",
            "admin_user": "",
            "admin_password": "a\nb",
            "description": "x".repeat(501),
            "kept_volume_id": "shop",
        }))
        .unwrap_err();
        let told: Vec<_> = errors.0.iter().map(|e| e.field).collect();
        assert_eq!(
            told,
            [
                "type",
                "name",
                "version",
                "image",
                "external_port",
                "bind_address",
                "admin_user",
                "admin_password",
                "description",
                "kept_volume_id",
            ]
        );
        assert!(!errors.to_string().contains("a\nb"));
    }

    #[test]
    fn nothing_of_the_password_is_shown_by_debug() {
        let json = serde_json::json!({"type": "redis", "name": "a", "admin_password": "hush-hush"});
        let request: CreateDatabaseRequest = serde_json::from_value(json).unwrap();
        assert!(!format!("{request:?}").contains("hush"));
        assert!(!format!("{:?}", request.check().unwrap()).contains("hush"));
    }
}
