//! How a database runs: how that is shown, and how it is changed.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use stardeck_domain::{InvalidValue, ManagedDatabase, Port, ValidationErrors};
use stardeck_service::databases::{Change, ChangeDatabase, SettingChange, SettingsOutcome, run_settings};
use utoipa::{IntoParams, ToSchema};

use super::DatabaseView;
use crate::dto::{
    fields::{Fields, address, bytes, change, is_dry_run, note, thousandths},
    operations::OperationView,
};

/// How a database runs.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DatabaseSettings)]
pub(crate) struct SettingsView {
    /// The most memory it may use, in bytes; null for no limit.
    #[schema(value_type = Option<i64>)]
    memory_bytes: Option<u64>,
    /// The most processors it may use; null for no limit.
    cpus: Option<f64>,
    /// Settings of the database server that a person chose.
    engine_settings: BTreeMap<String, String>,
    /// All settings that the server gets beside its own defaults.
    applied_settings: Vec<AppliedSettingView>,
}

/// A setting as a database server gets it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AppliedSetting)]
pub(crate) struct AppliedSettingView {
    /// Its name.
    name: String,
    /// Its value.
    value: String,
    /// Whether Stardeck chose it, because of the limit of memory.
    is_tuned: bool,
}

impl SettingsView {
    pub(super) fn of(database: &ManagedDatabase) -> Self {
        let settings = run_settings(database);
        let applied = settings.applied.into_iter().map(|setting| AppliedSettingView {
            name: setting.name,
            value: setting.value,
            is_tuned: setting.is_tuned,
        });
        Self {
            memory_bytes: settings.chosen.memory_bytes,
            cpus: settings.chosen.cpu_millis.map(|millis| f64::from(millis) / 1000.0),
            applied_settings: applied.collect(),
            engine_settings: settings.chosen.engine,
        }
    }
}

/// A value of a setting: a text, or what JSON has besides.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum SettingValue {
    Text(String),
    Truth(bool),
    Number(serde_json::Number),
}

impl From<SettingValue> for String {
    fn from(value: SettingValue) -> Self {
        match value {
            SettingValue::Text(text) => text,
            SettingValue::Truth(truth) => truth.to_string(),
            SettingValue::Number(number) => number.to_string(),
        }
    }
}

/// Settings with their values as texts.
pub(super) fn texts(settings: BTreeMap<String, SettingValue>) -> BTreeMap<String, String> {
    settings.into_iter().map(|(name, value)| (name, value.into())).collect()
}

/// Settings to be changed. What is left out stays; null takes a value away.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeDatabaseRequest {
    /// Whether other apps may use the database.
    is_shared: Option<bool>,
    /// Whether clients outside the data network may connect, through a port of the host.
    expose_port: Option<bool>,
    /// The port of the host; left out or 0 for the one it has, or the first free one of the engine's range.
    #[schema(value_type = Option<u16>, example = 5432, minimum = 0, maximum = 65535)]
    external_port: Option<i64>,
    /// The address of the host that the port is bound to. Anything but loopback needs `confirm_public`.
    #[schema(example = "127.0.0.1")]
    bind_address: Option<String>,
    /// Whether it is known that others can reach an address that is not loopback: connections are not encrypted yet,
    /// and published ports bypass the host's firewall.
    confirm_public: Option<bool>,
    /// The most memory it may use, in bytes, from 16 MiB (16777216) to 16 TiB; null for no limit.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<i64>, example = 536_870_912, minimum = 16_777_216, maximum = 17_592_186_044_416_i64)]
    memory_bytes: Change<i64>,
    /// The most processors it may use, from 0.01 to 1000, such as 0.5 or 2; null for no limit.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<f64>, example = 1.5, minimum = 0.01, maximum = 1000)]
    cpus: Change<f64>,
    /// Settings of the database server, by name (`GET /api/engines` lists them). Those that are not named stay, null takes
    /// one back; null in place of all takes back all.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<BTreeMap<String, Option<String>>>)]
    engine_settings: Change<BTreeMap<String, Option<SettingValue>>>,
    /// A note, at most 500 characters.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, max_length = 500)]
    description: Change<String>,
    /// A colour for the card, such as `#3366cc`.
    #[serde(default, deserialize_with = "change")]
    #[schema(value_type = Option<String>, example = "#3366cc")]
    color: Change<String>,
}

impl ChangeDatabaseRequest {
    pub(crate) fn check(self) -> Result<ChangeDatabase, ValidationErrors> {
        let mut fields = Fields::default();
        let external_port = self.external_port.filter(|port| *port != 0);
        let external_port = fields.optional("external_port", external_port, Port::parse);
        let bind_address = fields.optional("bind_address", self.bind_address, |text| address(&text));
        let memory_bytes = fields.changed("memory_bytes", self.memory_bytes, bytes);
        let cpu_millis = fields.changed("cpus", self.cpus, thousandths);
        let engine_settings = fields.changed("engine_settings", self.engine_settings, |settings| {
            let texts = settings.into_iter().map(|(name, value)| (name, value.map(String::from)));
            Ok(texts.collect())
        });
        let description = fields.changed("description", self.description, note);
        let color = fields.changed("color", self.color, color);
        fields.finish()?;
        Ok(ChangeDatabase {
            is_shared: self.is_shared,
            expose_port: self.expose_port,
            external_port,
            bind_address,
            confirm_public: self.confirm_public.unwrap_or(false),
            memory_bytes,
            cpu_millis,
            engine_settings,
            description,
            color,
        })
    }
}

fn color(text: String) -> Result<String, InvalidValue> {
    let is_color = text
        .strip_prefix('#')
        .is_some_and(|digits| digits.len() == 6 && digits.chars().all(|c| c.is_ascii_hexdigit()));
    if !is_color {
        return Err(InvalidValue::new("invalid_color", "must be a colour such as #3366cc"));
    }
    Ok(text)
}

/// Whether a change is only to be looked at.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct ChangeDatabaseQuery {
    /// Whether to change nothing and only say what would change.
    #[param(value_type = Option<bool>, default = false)]
    dry_run: Option<String>,
}

impl ChangeDatabaseQuery {
    pub(crate) fn into_dry(self) -> Result<bool, ValidationErrors> {
        is_dry_run(self.dry_run)
    }
}

/// What a change of settings comes to.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SettingsChanged {
    /// The database as it is now.
    database: DatabaseView,
    /// The values that change.
    changes: Vec<SettingChangeView>,
    /// Whether the container is made anew for it, so that clients lose their connections for a moment.
    requires_restart: bool,
    /// The work, where the container is made anew; null when all is done, or nothing was to be.
    pub(crate) operation: Option<OperationView>,
}

/// A value that changes.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SettingChange)]
pub(crate) struct SettingChangeView {
    /// Its name in requests; settings of the server have `engine_settings.` before theirs, also those that follow the
    /// limit of memory.
    #[schema(example = "memory_bytes")]
    field: String,
    /// What it is, as text; null for nothing.
    from: Option<String>,
    /// What it becomes, as text; null for nothing, or for a port that is chosen later.
    to: Option<String>,
    /// Whether the container is made anew for it.
    requires_restart: bool,
}

impl SettingsChanged {
    pub(crate) fn of(outcome: SettingsOutcome) -> Self {
        let changes: Vec<_> = outcome.changes.into_iter().map(SettingChangeView::of).collect();
        Self {
            database: DatabaseView::of(outcome.database),
            requires_restart: changes.iter().any(|change| change.requires_restart),
            changes,
            operation: outcome.operation.map(OperationView::of),
        }
    }
}

impl SettingChangeView {
    fn of(change: SettingChange) -> Self {
        Self {
            field: change.field,
            from: change.from,
            to: change.to,
            requires_restart: change.requires_restart,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(json: serde_json::Value) -> Result<ChangeDatabase, ValidationErrors> {
        serde_json::from_value::<ChangeDatabaseRequest>(json).unwrap().check()
    }

    #[test]
    fn what_is_left_out_is_kept_and_null_takes_away() {
        let nothing = check(serde_json::json!({})).unwrap();
        assert_eq!((nothing.memory_bytes, nothing.color), (Change::Keep, Change::Keep));
        let json = serde_json::json!({"memory_bytes": null, "cpus": 1.5, "color": "#3366cc"});
        let some = check(json).unwrap();
        assert_eq!((some.memory_bytes, some.cpu_millis), (Change::Clear, Change::To(1500)));
    }

    #[test]
    fn values_of_settings_are_texts_numbers_or_truths() {
        let json = serde_json::json!({"engine_settings": {"a": "8MB", "b": 100, "c": true, "d": null}});
        let Change::To(settings) = check(json).unwrap().engine_settings else { panic!() };
        let values: Vec<_> = settings.values().map(Option::as_deref).collect();
        assert_eq!(values, [Some("8MB"), Some("100"), Some("true"), None]);
    }

    #[test]
    fn every_wrong_field_is_told() {
        let errors = check(serde_json::json!({
            "external_port": 65536, "bind_address": "here", "memory_bytes": -1, "cpus": -1,
            "description": "x".repeat(501), "color": "red",
        }))
        .unwrap_err();
        let told: Vec<_> = errors.0.iter().map(|e| e.field).collect();
        assert_eq!(told, ["external_port", "bind_address", "memory_bytes", "cpus", "description", "color"]);
    }
}
