//! Making a container anew from what an inspection tells of it, with a few things added or taken away.
//!
//! Podman has no call for this, and an inspection does not show everything. So a [`Recreation`] is made of fields that are
//! known to come out as they were, and any other field that says something is [`Unkept`]; and what was made is compared
//! with what was there ([`InspectedContainer::differences`]). What inspections of all versions leave out (kernel
//! parameters, the places of secrets, fixed addresses) is read from the command line that Podman keeps of containers that
//! were made by it, or from the container's own runtime configuration.
//!
//! Not told by either, and so not seen: fixed addresses, and variables from secrets before Podman 5.3, of a container that
//! was made through the API.

mod command_line;
mod compare;
mod host;
mod inside;
mod mounts;
mod networks;
mod options;
mod section;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::types::{ImageInspect, SecretMount, lenient};
use command_line::CommandLine;

/// A container as an inspection shows it, nothing left out. `Debug` shows its name only.
#[derive(Clone, PartialEq)]
pub struct InspectedContainer {
    whole: Value,
}

/// What can not be kept of a container that is made anew.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unkept {
    /// The field of the inspection, for example `HostConfig.Privileged`.
    pub field: String,
    /// Why, and what is known of it.
    pub reason: String,
}

/// How a container made anew differs from the one before.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Alteration {
    /// Its name.
    pub name: String,
    /// Variables it has besides.
    pub env: BTreeMap<String, String>,
    /// Variables it has not.
    pub without_env: BTreeSet<String>,
    /// Variables it has besides, with the names of the secrets that hold their values.
    pub secret_env: BTreeMap<String, String>,
    /// Secrets it has besides.
    pub secrets: Vec<SecretMount>,
    /// Secrets it has not.
    pub without_secrets: BTreeSet<String>,
    /// Labels it has besides.
    pub labels: BTreeMap<String, String>,
    /// Labels it has not.
    pub without_labels: BTreeSet<String>,
    /// Networks it is on besides.
    pub networks: BTreeSet<String>,
    /// Networks it is not on.
    pub without_networks: BTreeSet<String>,
}

/// The request that makes a container anew. `Debug` shows nothing of it, since variables can be passwords.
#[derive(Clone, PartialEq)]
pub struct Recreation {
    pub(crate) body: Map<String, Value>,
}

impl InspectedContainer {
    pub(crate) fn new(whole: Value) -> Self {
        Self { whole }
    }

    /// Reads an inspection from its JSON.
    ///
    /// # Errors
    /// It is no JSON.
    ///
    /// ```
    /// assert!(stardeck_podman::InspectedContainer::from_json(b"{}").is_ok());
    /// ```
    pub fn from_json(json: &[u8]) -> Result<Self, String> {
        lenient::from_slice(json).map(Self::new)
    }

    /// The file on the host that its runtime was configured with at its last start.
    ///
    /// ```
    /// let container = stardeck_podman::InspectedContainer::from_json(b"{}").unwrap();
    /// assert_eq!(container.runtime_config_path(), None);
    /// ```
    pub fn runtime_config_path(&self) -> Option<&str> {
        self.whole.get("OCIConfigPath").and_then(Value::as_str).filter(|path| !path.is_empty())
    }

    /// The id of its image.
    ///
    /// ```
    /// let container = stardeck_podman::InspectedContainer::from_json(br#"{"Image":"4ad1"}"#).unwrap();
    /// assert_eq!(container.image_id(), "4ad1");
    /// ```
    pub fn image_id(&self) -> &str {
        self.whole.get("Image").and_then(Value::as_str).unwrap_or_default()
    }

    /// The beginning of its id, which Podman gives it as a name.
    fn short_id(&self) -> &str {
        let id = self.whole.get("Id").and_then(Value::as_str).unwrap_or_default();
        id.get(..12).unwrap_or(id)
    }

    /// The same without what an alteration takes away.
    fn without(&self, taken: &Alteration) -> Self {
        let mut whole = self.whole.clone();
        if let Some(env) = whole.pointer_mut("/Config/Env").and_then(Value::as_array_mut) {
            let is_taken = |text: &str| {
                let is_its_secret = masked(text).is_some_and(|secret| taken.without_secrets.contains(secret));
                taken.without_env.contains(variable(text).0) || is_its_secret
            };
            env.retain(|text| text.as_str().is_none_or(|text| !is_taken(text)));
        }
        if let Some(labels) = whole.pointer_mut("/Config/Labels").and_then(Value::as_object_mut) {
            labels.retain(|name, _| !taken.without_labels.contains(name));
        }
        if let Some(secrets) = whole.pointer_mut("/Config/Secrets").and_then(Value::as_array_mut) {
            let name = |secret: &Value| secret.get("Name").and_then(Value::as_str).map(str::to_owned);
            secrets.retain(|secret| name(secret).is_none_or(|name| !taken.without_secrets.contains(&name)));
        }
        if let Some(networks) = whole.pointer_mut("/NetworkSettings/Networks").and_then(Value::as_object_mut)
        {
            networks.retain(|name, _| !taken.without_networks.contains(name));
        }
        Self { whole }
    }

    /// The fields in which a container made anew differs from this one, beyond what was to be altered. Values are not
    /// told, since some are secrets.
    ///
    /// ```
    /// use stardeck_podman::{Alteration, InspectedContainer};
    ///
    /// let before = InspectedContainer::from_json(br#"{"HostConfig":{"Memory":1}}"#).unwrap();
    /// let after = InspectedContainer::from_json(br#"{"HostConfig":{"Memory":2}}"#).unwrap();
    /// assert_eq!(before.differences(&after, &Alteration::default()), ["HostConfig.Memory"]);
    /// ```
    pub fn differences(&self, after: &Self, alteration: &Alteration) -> Vec<String> {
        let given = alteration.given();
        compare::differences(&self.without(alteration).without(&given), &after.without(&given))
    }
}

impl fmt::Debug for InspectedContainer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.whole.get("Name").and_then(Value::as_str).unwrap_or_default();
        f.debug_struct("InspectedContainer").field("name", &name).finish_non_exhaustive()
    }
}

impl Alteration {
    /// What it gives, as what is to be taken away.
    fn given(&self) -> Self {
        Self {
            without_env: self.env.keys().chain(self.secret_env.keys()).cloned().collect(),
            without_secrets: (self.secrets.iter().map(|secret| &secret.source))
                .chain(self.secret_env.values())
                .cloned()
                .collect(),
            without_labels: self.labels.keys().cloned().collect(),
            without_networks: self.networks.clone(),
            ..Self::default()
        }
    }
}

impl Recreation {
    /// What makes the container anew, given the facts of its image and, where it can be read, the configuration that its
    /// runtime had.
    ///
    /// # Errors
    /// What can not be kept.
    ///
    /// ```
    /// use stardeck_podman::{Alteration, ImageInspect, InspectedContainer, Recreation};
    ///
    /// let json = br#"{"Name":"web","HostConfig":{"Privileged":true,"NetworkMode":"bridge"}}"#;
    /// let container = InspectedContainer::from_json(json).unwrap();
    /// let refused = Recreation::of(&container, &ImageInspect::default(), None, &Alteration::default());
    /// assert!(refused.unwrap_err().iter().any(|unkept| unkept.field == "HostConfig.Privileged"));
    /// ```
    pub fn of(
        container: &InspectedContainer,
        image: &ImageInspect,
        runtime_config: Option<&[u8]>,
        alteration: &Alteration,
    ) -> Result<Self, Vec<Unkept>> {
        let container = container.without(alteration);
        let mut unkept = Vec::new();
        let line = CommandLine::of(&container.whole, &mut unkept);
        let config = runtime_config.and_then(|json| serde_json::from_slice::<Value>(json).ok());
        let mut body = Map::new();
        inside::read(&container, image, line.as_ref(), alteration, &mut body, &mut unkept);
        inside::read_hidden(&container, line.as_ref(), config.as_ref(), &mut body, &mut unkept);
        host::read(&container, line.as_ref(), &mut body, &mut unkept);
        mounts::read(&container, &mut body, &mut unkept);
        networks::read(&container, line.as_ref(), &mut body, &mut unkept);
        refuse_places(&container.whole, &mut unkept);
        if !unkept.is_empty() {
            return Err(unkept);
        }
        let mut made = Self { body };
        made.give(alteration);
        Ok(made)
    }

    /// Adds what an alteration gives.
    fn give(&mut self, alteration: &Alteration) {
        self.body.insert("name".to_owned(), json!(alteration.name));
        let texts = |pairs: &BTreeMap<String, String>| -> Map<String, Value> {
            pairs.iter().map(|(name, value)| (name.clone(), json!(value))).collect()
        };
        self.extend("env", texts(&alteration.env));
        self.extend("secret_env", texts(&alteration.secret_env));
        self.extend("labels", texts(&alteration.labels));
        self.extend("Networks", alteration.networks.iter().map(|name| (name.clone(), json!({}))).collect());
        let secrets = self.body.entry("secrets").or_insert_with(|| json!([]));
        if let Some(secrets) = secrets.as_array_mut() {
            secrets.extend(alteration.secrets.iter().map(|secret| json!(secret)));
        }
    }

    fn extend(&mut self, key: &str, more: Map<String, Value>) {
        let mut fields = match self.body.remove(key) {
            Some(Value::Object(fields)) => fields,
            _ => Map::new(),
        };
        fields.extend(more);
        self.body.insert(key.to_owned(), Value::Object(fields));
    }
}

impl fmt::Debug for Recreation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recreation").finish_non_exhaustive()
    }
}

/// What depends on other containers, or is no image's.
fn refuse_places(whole: &Value, unkept: &mut Vec<Unkept>) {
    for (field, reason) in [
        ("Pod", "it belongs to a pod, which makes its containers"),
        ("Dependencies", "other containers have to run before it"),
        ("Rootfs", "it has a root directory of its own in place of an image"),
        ("IsInfra", "it only holds the namespaces of a pod"),
        ("IsService", "it only holds what is played from a file of Kubernetes"),
    ] {
        if whole.get(field).is_some_and(|value| !section::is_empty(value)) {
            unkept.push(Unkept { field: field.to_owned(), reason: reason.to_owned() });
        }
    }
}

/// Puts a value that says something into the request.
fn put(body: &mut Map<String, Value>, key: &str, value: Value) {
    if !section::is_empty(&value) {
        body.insert(key.to_owned(), value);
    }
}

/// The text in place of a secret's value in a variable, from Podman 5.3 on.
const MASK: &str = "*******";

/// The secret that a variable comes from, which Podman from 5.3 on writes in place of the variable's name once the container
/// was started.
fn masked(text: &str) -> Option<&str> {
    let (name, value) = variable(text);
    (value == MASK).then_some(name)
}

/// The name and the value of a variable as Podman writes it.
fn variable(text: &str) -> (&str, &str) {
    text.split_once('=').unwrap_or((text, ""))
}

/// A secret as an inspection shows it.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ShownSecret {
    name: String,
    #[serde(rename = "UID", default)]
    uid: u32,
    #[serde(rename = "GID", default)]
    gid: u32,
    #[serde(default)]
    mode: u32,
}
