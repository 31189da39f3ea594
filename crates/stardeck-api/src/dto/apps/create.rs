//! An app that somebody asks for.

use std::collections::BTreeMap;

use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use stardeck_domain::{
    AppRestart, DatabaseId, DatabaseName, Delivery, Engine, ImageReference, InvalidValue, LinkNetwork, Port,
    Preset, ValidationError, ValidationErrors, VersionTag,
};
use stardeck_service::apps::{AppVolume, CreateApp, DatabaseChoice, NewAppPort};
use utoipa::ToSchema;

use super::connections::{LinkParts, options};
use crate::dto::fields::{Fields, absent, address, loopback, one_of};

/// Most variables, arguments, ports, volumes or labels of one app.
const MANY: usize = 100;
/// Where nothing is mounted, since a container has its own there.
const OWN_PATHS: [&str; 4] = ["/dev", "/proc", "/run/secrets", "/sys"];
/// Longest name and longest value of a label, in bytes.
const LABEL_MAX: (usize, usize) = (128, 4096);
/// Longest value of a variable, in bytes.
const VALUE_MAX: usize = 32 * 1024;

/// An app to be deployed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateAppRequest {
    /// The image.
    #[schema(value_type = String, required, example = "docker.io/library/nginx:1", max_length = 512)]
    image: Option<String>,
    /// The name, which becomes the host name: 1-50 characters of `a-z 0-9 -`, beginning and ending with a letter or digit.
    #[schema(value_type = String, required, example = "shop", min_length = 1, max_length = 50)]
    name: Option<String>,
    /// Arguments; left out for the image's own.
    #[schema(value_type = Option<Vec<String>>, max_items = 100)]
    command: Option<Vec<String>>,
    /// Variables. Their values are kept sealed and never returned.
    #[schema(value_type = Option<BTreeMap<String, String>>, write_only)]
    env: Option<BTreeMap<String, SecretString>>,
    /// Ports to be published on the host.
    #[schema(max_items = 100)]
    ports: Option<Vec<AppPortRequest>>,
    /// Volumes. Directories of the host can not be mounted.
    #[schema(max_items = 100)]
    volumes: Option<Vec<AppVolumeRequest>>,
    /// When it is started again.
    #[schema(value_type = Option<AppRestart>, default = "on-failure")]
    restart_policy: Option<String>,
    /// Limits.
    limits: Option<AppLimitsRequest>,
    /// Labels; those that begin with `stardeck.` are Stardeck's own.
    labels: Option<BTreeMap<String, String>>,
    /// The database it is to use; left out for none.
    database: Option<DatabaseChoiceRequest>,
    /// What the names of the variables of the link begin with.
    #[schema(example = "ANALYTICS", max_length = 32)]
    env_prefix: Option<String>,
    /// How the app gets its password.
    #[schema(value_type = Option<Delivery>, default = "env")]
    delivery: Option<String>,
    /// Whether it is known that Podman before 5.3 shows variables to everybody who may inspect the container.
    #[schema(value_type = Option<bool>, default = false)]
    accept_visible_env: Option<bool>,
}

/// A port of an app to be published.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppPortRequest {
    /// The port inside.
    #[schema(value_type = u16, minimum = 1, maximum = 65535, example = 80)]
    container_port: i64,
    /// The port on the host; left out or 0 for the first free one of 8100-8999.
    #[schema(value_type = Option<u16>, minimum = 0, maximum = 65535)]
    host_port: Option<i64>,
    /// The address of the host.
    #[schema(value_type = Option<String>, default = "127.0.0.1")]
    bind_address: Option<String>,
}

/// A volume of an app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppVolumeRequest {
    /// A name for it, unique within the app: 1-40 characters of `a-z 0-9 -`. It is no directory of the host.
    #[schema(example = "uploads", max_length = 40)]
    name: String,
    /// Where it is mounted, absolute.
    #[schema(example = "/srv/uploads", max_length = 255)]
    path: String,
}

/// Limits of an app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AppLimitsRequest {
    /// Most memory in bytes, at least 6 MiB.
    #[schema(value_type = Option<u64>, minimum = 6_291_456)]
    memory_bytes: Option<i64>,
    /// Most processor time, in thousandths of one processor, at least 10.
    #[schema(value_type = Option<u32>, minimum = 10, maximum = 1_024_000)]
    cpu_millis: Option<i64>,
}

/// The database that an app is to use.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DatabaseChoiceRequest {
    /// `existing` for one that is there, `new` for a dedicated one that is deployed first, `external` for one that somebody
    /// else runs.
    #[schema(value_type = DatabaseMode, required)]
    mode: Option<String>,
    /// The one that is there.
    #[schema(value_type = Option<DatabaseId>)]
    database_id: Option<String>,
    /// The logical database; left out for one with the app's name.
    database_name: Option<String>,
    /// The user; left out for one with the app's name.
    username: Option<String>,
    /// What that user may do.
    #[schema(value_type = Option<Preset>, default = "owner")]
    preset: Option<String>,
    /// Where the app meets one that is there. On a network of their own the app reaches this database and no other; a
    /// dedicated database has one already.
    #[schema(value_type = Option<LinkNetwork>, default = "database")]
    network: Option<String>,
    /// The engine of a new one.
    #[serde(rename = "type")]
    #[schema(value_type = Option<Engine>)]
    engine: Option<String>,
    /// The version of a new one; left out for the engine's default.
    version: Option<String>,
    /// The image of a new one; left out for the official one.
    image: Option<String>,
    /// The name of a new one; left out for the app's with `-db` behind.
    name: Option<String>,
    /// The URL of an external one. It is kept sealed and never returned.
    #[schema(value_type = Option<String>, write_only, example = "postgresql://app:secret@db.example:5432/shop", max_length = 4096)]
    connection_string: Option<SecretString>,
    /// Whether it is known that the login of an external one is not tried, where that can not be: it asks for an encrypted
    /// connection, or has no password.
    #[schema(value_type = Option<bool>, default = false)]
    accept_untested: Option<bool>,
}

/// Which database an app is to use.
#[derive(ToSchema)]
#[schema(rename_all = "snake_case")]
#[expect(dead_code, reason = "only its schema is used")]
pub(crate) enum DatabaseMode {
    /// One that is there.
    Existing,
    /// A dedicated one, which is deployed first.
    New,
    /// One that somebody else runs.
    External,
}

/// Names the fields of a link as they are where it is part of an app's `database`.
pub(crate) fn within_choice(errors: ValidationErrors) -> ValidationErrors {
    let within = |field| match field {
        "database_name" => "database.database_name",
        "username" => "database.username",
        "preset" => "database.preset",
        "network" => "database.network",
        "version" => "database.version",
        "accept_untested" => "database.accept_untested",
        other => other,
    };
    let moved = errors.0.into_iter().map(|error| ValidationError { field: within(error.field), ..error });
    ValidationErrors(moved.collect())
}

impl CreateAppRequest {
    pub(crate) fn check(self) -> Result<CreateApp, ValidationErrors> {
        self.checked().map_err(within_choice)
    }

    fn checked(self) -> Result<CreateApp, ValidationErrors> {
        let mut fields = Fields::default();
        let image = fields.required("image", self.image, |text| ImageReference::parse(&text));
        let name = fields.required("name", self.name, |text| DatabaseName::parse(&text));
        let command = fields.optional("command", self.command, arguments);
        let env = fields.optional("env", self.env, variables);
        let ports = fields.optional("ports", self.ports, |ports| {
            many(ports)?.into_iter().map(AppPortRequest::check).collect::<Result<Vec<_>, _>>()
        });
        let volumes = fields.optional("volumes", self.volumes, |volumes| {
            many(volumes)?.into_iter().map(AppVolumeRequest::check).collect::<Result<Vec<_>, _>>()
        });
        let restart =
            fields.optional("restart_policy", self.restart_policy, |text| one_of(&text, AppRestart::ALL));
        let limits = fields.optional("limits", self.limits, AppLimitsRequest::check);
        let labels = fields.optional("labels", self.labels, |labels| {
            if labels.len() > MANY { Err(too_many()) } else { check_labels(&labels).map(|()| labels) }
        });
        let (database, mut about_link) = match self.database {
            Some(choice) => choice.check(&mut fields),
            None => (None, LinkParts::default()),
        };
        about_link.env_prefix = self.env_prefix;
        about_link.delivery = self.delivery;
        about_link.accept_visible_env = self.accept_visible_env;
        let link = options(&mut fields, about_link);
        fields.finish()?;
        let (Some(image), Some(name)) = (image, name) else { return Err(absent("name")) };
        let (memory_bytes, cpu_millis) = limits.unwrap_or_default();
        Ok(CreateApp {
            image,
            name,
            command: command.unwrap_or_default(),
            env: env.unwrap_or_default(),
            ports: ports.unwrap_or_default(),
            volumes: volumes.unwrap_or_default(),
            restart: restart.unwrap_or(AppRestart::OnFailure),
            memory_bytes,
            cpu_millis,
            labels: labels.unwrap_or_default(),
            database,
            link,
        })
    }
}

impl DatabaseChoiceRequest {
    pub(super) fn check(self, fields: &mut Fields) -> (Option<DatabaseChoice>, LinkParts) {
        let mode = fields
            .required("database.mode", self.mode, |text| one_of(&text, &["existing", "new", "external"]));
        let parts = LinkParts {
            database_name: self.database_name,
            username: self.username,
            preset: self.preset,
            network: self.network,
            ..LinkParts::default()
        };
        let choice = match mode {
            Some("existing") => fields
                .required("database.database_id", self.database_id, |text| database_id(&text))
                .map(|database| DatabaseChoice::Existing { database }),
            Some("external") => {
                let accept_untested = self.accept_untested.unwrap_or(false);
                let field = "database.connection_string";
                let external =
                    |connection_string| DatabaseChoice::External { connection_string, accept_untested };
                fields.required(field, self.connection_string, Ok).map(external)
            }
            Some(_) => {
                let engine = fields.required("database.type", self.engine, |text| one_of(&text, Engine::ALL));
                let version =
                    fields.optional("database.version", self.version, |text| VersionTag::parse(&text));
                let image =
                    fields.optional("database.image", self.image, |text| ImageReference::parse(&text));
                let name = fields.optional("database.name", self.name, |text| DatabaseName::parse(&text));
                engine.map(|engine| DatabaseChoice::New { engine, version, image, name })
            }
            None => None,
        };
        (choice, parts)
    }
}

impl AppPortRequest {
    fn check(self) -> Result<NewAppPort, InvalidValue> {
        Ok(NewAppPort {
            container_port: Port::parse(self.container_port)?,
            host_port: self.host_port.filter(|port| *port != 0).map(Port::parse).transpose()?,
            address: self.bind_address.map_or(Ok(loopback()), |text| address(&text))?,
        })
    }
}

impl AppVolumeRequest {
    fn check(self) -> Result<AppVolume, InvalidValue> {
        if self.name.contains('/') {
            let reason = "directories of the host can not be mounted; name a volume instead";
            return Err(InvalidValue::new("bind_mount_refused", reason));
        }
        let is_allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.chars().all(is_allowed) {
            let reason = "names of volumes have 1 to 40 characters of a-z 0-9 -";
            return Err(InvalidValue::new("invalid_name", reason));
        }
        let is_plain = self.path.split('/').skip(1).all(|part| !matches!(part, "" | "." | ".."));
        let is_control = self.path.chars().any(char::is_control);
        if !self.path.starts_with('/') || self.path.len() > 255 || !is_plain || is_control {
            let reason = "paths are absolute, other than /, and have no . or .. in them";
            return Err(InvalidValue::new("invalid_path", reason));
        }
        let is_within = |own: &&&str| {
            self.path.strip_prefix(**own).is_some_and(|rest| matches!(rest.chars().next(), None | Some('/')))
        };
        if let Some(own) = OWN_PATHS.iter().find(is_within) {
            let reason = format!("what is below {own} is the container's own; choose another path");
            return Err(InvalidValue::new("invalid_path", reason));
        }
        Ok(AppVolume { name: self.name, path: self.path })
    }
}

impl AppLimitsRequest {
    fn check(self) -> Result<(Option<u64>, Option<u32>), InvalidValue> {
        let wrong = || {
            let reason = "memory_bytes must be at least 6 MiB, and cpu_millis from 10 to 1024000";
            InvalidValue::new("out_of_range", reason)
        };
        let memory =
            self.memory_bytes.map(|bytes| u64::try_from(bytes).ok().filter(|bytes| *bytes >= 6_291_456));
        let cpu = self
            .cpu_millis
            .map(|millis| u32::try_from(millis).ok().filter(|millis| (10..=1_024_000).contains(millis)));
        if memory == Some(None) || cpu == Some(None) {
            return Err(wrong());
        }
        Ok((memory.flatten(), cpu.flatten()))
    }
}

fn many<T>(all: Vec<T>) -> Result<Vec<T>, InvalidValue> {
    if all.len() > MANY { Err(too_many()) } else { Ok(all) }
}

fn arguments(all: Vec<String>) -> Result<Vec<String>, InvalidValue> {
    if all.iter().any(|argument| argument.contains('\0')) {
        return Err(InvalidValue::new("invalid_value", "arguments may not hold the character 0"));
    }
    many(all)
}

fn too_many() -> InvalidValue {
    InvalidValue::new("too_many", format!("must be at most {MANY}"))
}

fn variables(all: BTreeMap<String, SecretString>) -> Result<Vec<(String, SecretString)>, InvalidValue> {
    if all.len() > MANY {
        return Err(too_many());
    }
    for (name, value) in &all {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || c == '_';
        let begins_right = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        if !begins_right || name.len() > 128 || !name.chars().all(is_allowed) {
            let reason = "names of variables have letters, digits and _, and do not begin with a digit";
            return Err(InvalidValue::new("invalid_name", reason));
        }
        let value = value.expose_secret();
        if value.len() > VALUE_MAX || value.contains('\0') {
            return Err(InvalidValue::new(
                "too_long",
                format!("{name} may have {VALUE_MAX} bytes, none of them 0"),
            ));
        }
    }
    Ok(all.into_iter().collect())
}

fn check_labels(all: &BTreeMap<String, String>) -> Result<(), InvalidValue> {
    let (name_max, value_max) = LABEL_MAX;
    let is_control = |text: &str| text.chars().any(char::is_control);
    for (name, value) in all {
        if name.is_empty() || name.len() > name_max || is_control(name) || name.contains('=') {
            let reason =
                format!("names of labels have 1 to {name_max} bytes, without = and control characters");
            return Err(InvalidValue::new("invalid_name", reason));
        }
        if value.len() > value_max || value.contains('\0') {
            let reason = format!("the label {name} may have {value_max} bytes, none of them 0");
            return Err(InvalidValue::new("too_long", reason));
        }
    }
    Ok(())
}

fn database_id(text: &str) -> Result<DatabaseId, InvalidValue> {
    text.parse().map_err(|_| InvalidValue::new("invalid_id", "must be the id of a database, which is a UUID"))
}
