//! Comparing two containers by everything but what each has for itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    InspectedContainer, command_line::CommandLine, inside::is_own_annotation, masked, section::is_empty,
    variable,
};

/// Parts of an inspection whose fields are compared one by one.
const SECTIONS: &[&str] = &["Config", "HostConfig"];
/// Fields beside them that are compared.
const FIELDS: &[&str] =
    &["Image", "OCIRuntime", "Driver", "AppArmorProfile", "Pod", "IsInfra", "BoundingCaps", "EffectiveCaps"];
/// Fields that each container has for itself, or that say again what others say.
const SKIPPED: &[&str] = &[
    "Config.Annotations",
    "Config.Entrypoint",
    "Config.Hostname",
    "Config.Image",
    "HostConfig.Annotations",
    "HostConfig.ContainerIDFile",
    "HostConfig.LogConfig",
    "Config.AttachStdin",
    "Config.AttachStdout",
    "Config.AttachStderr",
    "Config.StdinOnce",
];
/// Variables that Podman sets by itself at a start, so that a container that never ran lacks them.
const AT_START: &[&str] = &["HOME", "HOSTNAME", "container"];

/// The fields that differ, by their names.
pub(super) fn differences(before: &InspectedContainer, after: &InspectedContainer) -> Vec<String> {
    // The values of variables from secrets are there only after a start.
    let secret = CommandLine::of(&before.whole, &mut Vec::new()).unwrap_or_default().secret_env;
    let (before, after) = (facts(before, &secret), facts(after, &secret));
    let names: BTreeSet<_> = before.keys().chain(after.keys()).collect();
    names.into_iter().filter(|name| before.get(*name) != after.get(*name)).cloned().collect()
}

/// What a container is, by field, in a form in which two alike are equal.
fn facts(container: &InspectedContainer, secret: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    let whole = &container.whole;
    let mut facts = BTreeMap::new();
    let mut add = |name: String, value: Value| {
        if !is_empty(&value) {
            facts.insert(name, value);
        }
    };
    for section in SECTIONS {
        let fields = whole.get(*section).and_then(Value::as_object);
        for (key, value) in fields.into_iter().flatten() {
            let name = format!("{section}.{key}");
            if !SKIPPED.contains(&name.as_str()) {
                add(name, sorted(key, value, secret));
            }
        }
    }
    for field in FIELDS {
        let value = whole.get(*field).cloned().unwrap_or_default();
        add((*field).to_owned(), sorted(field, &value, secret));
    }
    let process: Vec<_> = [whole.get("Path"), whole.get("Args")].into_iter().flatten().cloned().collect();
    add("Path".to_owned(), Value::Array(process));
    let hostname = whole.pointer("/Config/Hostname").and_then(Value::as_str).unwrap_or_default();
    if hostname != container.short_id() {
        add("Config.Hostname".to_owned(), hostname.into());
    }
    for key in ["Type", "Size", "Tag"] {
        let value = whole.pointer(&format!("/HostConfig/LogConfig/{key}")).cloned().unwrap_or_default();
        add(format!("HostConfig.LogConfig.{key}"), value);
    }
    add("Config.Annotations".to_owned(), annotations(whole));
    let mounts = whole.get("Mounts").and_then(Value::as_array).cloned().unwrap_or_default();
    for mount in mounts {
        let path = mount.get("Destination").and_then(Value::as_str).unwrap_or_default();
        add(format!("Mounts[{path}]"), mount_facts(&mount));
    }
    let networks = whole.pointer("/NetworkSettings/Networks").and_then(Value::as_object);
    for (name, endpoint) in networks.into_iter().flatten() {
        let aliases = endpoint.get("Aliases").and_then(Value::as_array).into_iter().flatten();
        let aliases = aliases.filter_map(Value::as_str).filter(|alias| *alias != container.short_id());
        let aliases: BTreeSet<_> = aliases.collect();
        // A network without other names is a fact as well.
        let told = std::iter::once("on it").chain(aliases).map(Value::from).collect();
        add(format!("NetworkSettings.Networks.{name}"), Value::Array(told));
    }
    facts
}

/// Only the order of what means the same in any order is changed, and what is never the same is left out.
fn sorted(key: &str, value: &Value, secret: &BTreeMap<String, String>) -> Value {
    let Value::Array(items) = value else { return value.clone() };
    let mut items = items.clone();
    match key {
        "Env" => {
            let is_at_start = |text: &str| {
                let name = variable(text).0;
                let is_masked =
                    || masked(text).is_some_and(|name| secret.values().any(|known| known == name));
                AT_START.contains(&name) || secret.contains_key(name) || is_masked()
            };
            items.retain(|text| text.as_str().is_none_or(|text| !is_at_start(text)));
            items.sort_by_key(ToString::to_string);
        }
        "Secrets" => {
            for secret in &mut items {
                if let Some(fields) = secret.as_object_mut() {
                    fields.remove("ID");
                }
            }
            items.sort_by_key(ToString::to_string);
        }
        "Binds" => {
            for bind in &mut items {
                *bind = Value::Array(bind_facts(bind.as_str().unwrap_or_default()));
            }
            items.sort_by_key(ToString::to_string);
        }
        "Cmd" | "CreateCommand" | "Dns" | "DnsSearch" | "Args" => {}
        _ => items.sort_by_key(ToString::to_string),
    }
    Value::Array(items)
}

/// The order of the options means nothing.
fn bind_facts(bind: &str) -> Vec<Value> {
    let mut parts = bind.splitn(3, ':');
    let mut facts: Vec<Value> = parts.by_ref().take(2).map(Value::from).collect();
    let mut options: Vec<&str> = parts.next().unwrap_or_default().split(',').collect();
    options.sort_unstable();
    facts.extend(options.into_iter().map(Value::from));
    facts
}

fn annotations(whole: &Value) -> Value {
    let given = whole.pointer("/Config/Annotations").and_then(Value::as_object).cloned().unwrap_or_default();
    let kept = given.into_iter().filter(|(name, _)| !is_own_annotation(name));
    Value::Object(kept.collect())
}

/// The order of mount options means nothing.
fn mount_facts(mount: &Value) -> Value {
    let mut facts = mount.clone();
    if let Some(options) = facts.get_mut("Options").and_then(Value::as_array_mut) {
        options.sort_by_key(ToString::to_string);
    }
    facts
}
