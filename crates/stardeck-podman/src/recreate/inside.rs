//! What a container is inside: its process, its variables, its labels and secrets.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Alteration, InspectedContainer, MASK, ShownSecret, Unkept, command_line::CommandLine, masked, put,
    section::Section, variable,
};
use crate::types::{ImageConfig, ImageInspect, Signal, lenient};

/// Annotations that Podman and the programs below it write themselves.
const OWN_ANNOTATIONS: &[&str] = &[
    "io.container.manager",
    "io.podman.annotations.",
    "io.kubernetes.cri-o.",
    "org.opencontainers.",
    "org.systemd.",
    "run.oci.",
];
/// Where secrets are mounted whose place is not absolute.
const SECRETS: &str = "/run/secrets/";

pub(super) fn read(
    container: &InspectedContainer,
    inspected: &ImageInspect,
    line: Option<&CommandLine>,
    alteration: &Alteration,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let mut config = Section::of(&container.whole, "Config");
    let image = &inspected.config;
    // By its name as long as that leads to it; a name can have been given to another image since.
    let name = container.whole.get("ImageName").and_then(Value::as_str).unwrap_or_default();
    let has_name = inspected.repo_tags.iter().chain(&inspected.repo_digests).any(|known| known == name);
    put(body, "image", json!(if has_name { name } else { container.image_id() }));
    process(container, image, &mut config, body, unkept);
    // Without one of its own, a container is named by its id.
    let hostname = config.text("Hostname");
    put(body, "hostname", json!(Some(&hostname).filter(|name| name.as_str() != container.short_id())));
    variables(&hostname, image, (line, alteration), &mut config, body, unkept);
    put(body, "user", json!(config.text("User")));
    put(body, "work_dir", json!(config.text("WorkingDir")));
    put(body, "terminal", json!(config.flag("Tty")));
    put(body, "stdin", json!(config.flag("OpenStdin")));
    put(body, "labels", json!(config.value("Labels")));
    put(body, "annotations", json!(annotations(config.pairs("Annotations"))));
    if let Some(signal) = config.value("StopSignal") {
        let number = Signal::deserialize(signal).ok().and_then(|signal| signal.number());
        match number {
            Some(number) => put(body, "stop_signal", json!(number)),
            None => unkept.push(config.unkept("StopSignal", "the signal has no number")),
        }
    }
    // A grace of nothing is a grace as well.
    body.insert("stop_timeout".to_owned(), json!(config.int("StopTimeout")));
    put(body, "timeout", json!(config.int("Timeout")));
    health(image, line, &mut config, body, unkept);
    put(body, "timezone", json!(config.text("Timezone")));
    put(body, "umask", json!(config.text("Umask")));
    if config.value("Passwd").is_none() && container.whole.pointer("/Config/Passwd").is_some() {
        body.insert("manage_password".to_owned(), json!(false));
    }
    let exposed: BTreeMap<_, _> = config
        .pairs("ExposedPorts")
        .filter_map(|(text, _)| text.split_once('/'))
        .filter_map(|(port, protocol)| Some((port.parse::<u16>().ok()?.to_string(), protocol)))
        .collect();
    put(body, "expose", json!(exposed));
    if let Some(line) = line {
        put(body, "containerCreateCommand", json!(line.words));
        put(body, "systemd", json!(line.systemd.as_deref().unwrap_or("true")));
        put(body, "use_image_hosts", json!(line.has_no_hosts));
    }
    config.skip(&[
        "AttachStdin",
        "AttachStdout",
        "AttachStderr",
        "StdinOnce",
        "Image",
        "OnBuild",
        "CreateCommand",
    ]);
    config.skip(&["Secrets", "SystemdMode", "Cmd", "Entrypoint"]);
    put(body, "sdnotifyMode", json!(config.text("sdNotifyMode")));
    config.refuse_rest(unkept);
}

/// The words of the process are told whole, so that they are divided by what its command is: the shown entrypoint is of no
/// use, since Podman 4 joins its words.
fn process(
    container: &InspectedContainer,
    image: &ImageConfig,
    config: &mut Section<'_>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let own = container.whole.get("Path").and_then(Value::as_str).map(str::to_owned);
    let arguments = container.whole.get("Args").and_then(Value::as_array).into_iter().flatten();
    let mut words: Vec<String> =
        own.into_iter().chain(arguments.filter_map(Value::as_str).map(str::to_owned)).collect();
    let has_init = container.whole.pointer("/HostConfig/Init").and_then(Value::as_bool) == Some(true);
    if has_init && words.get(1).is_some_and(|word| word == "--") {
        words.drain(..2);
    }
    let command = config.texts("Cmd");
    let Some(entrypoint) = words.strip_suffix(command.as_slice()) else {
        unkept.push(config.unkept("Entrypoint", "its words can not be told from those of the command"));
        return;
    };
    let has_own_entrypoint =
        entrypoint != image.entrypoint.as_slice() && entrypoint.join(" ") != image.entrypoint.join(" ");
    let is_bare = command.is_empty() && !image.cmd.is_empty();
    if has_own_entrypoint || is_bare {
        body.insert("entrypoint".to_owned(), json!(entrypoint));
        put(body, "command", json!(command));
    } else if command != image.cmd {
        put(body, "command", json!(command));
    }
}

fn variables(
    hostname: &str,
    image: &ImageConfig,
    (line, alteration): (Option<&CommandLine>, &Alteration),
    config: &mut Section<'_>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let texts = config.texts("Env");
    let secrets = line.map(|line| line.secret_env.clone()).unwrap_or_default();
    let is_known =
        |text: &str| masked(text).is_some_and(|name| secrets.values().any(|secret| secret == name));
    let shown = texts.iter().filter(|text| !is_known(text));
    let mut variables: BTreeMap<&str, &str> = shown.map(|text| variable(text)).collect();
    // Podman sets these itself, at each start.
    if variables.get("HOSTNAME") == Some(&hostname) {
        variables.remove("HOSTNAME");
    }
    if variables.get("container").is_some_and(|value| ["podman", "oci"].contains(value)) {
        variables.remove("container");
    }
    variables.retain(|name, _| !secrets.contains_key(*name));
    if let Some((name, _)) = variables.iter().find(|(_, value)| **value == MASK) {
        let reason = format!("{name} comes from a secret, and nothing tells from which");
        unkept.push(config.unkept("Env", reason));
    }
    // What was taken away here gives way to the image's own again.
    let is_meant = |name: &&str| !alteration.without_env.contains(*name) && !secrets.contains_key(*name);
    let missing = image.env.iter().map(|(name, _)| name).filter(|name| !variables.contains_key(name));
    let missing: Vec<_> = missing.filter(is_meant).collect();
    put(body, "unsetenv", json!(missing));
    variables.retain(|name, value| image.env.get(name) != Some(*value));
    put(body, "env", json!(variables));
    put(body, "secret_env", json!(secrets));
}

fn annotations<'a>(given: impl Iterator<Item = (&'a String, &'a Value)>) -> BTreeMap<&'a String, &'a Value> {
    given.filter(|(name, _)| !is_own_annotation(name)).collect()
}

/// Whether Podman, or a program below it, writes the annotation itself.
pub(super) fn is_own_annotation(name: &str) -> bool {
    OWN_ANNOTATIONS.iter().any(|own| name.starts_with(own))
}

fn health(
    image: &ImageConfig,
    line: Option<&CommandLine>,
    config: &mut Section<'_>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let is_off = line.is_some_and(|line| line.has_no_healthcheck);
    match config.value("Healthcheck") {
        Some(check) => put(body, "healthconfig", check.clone()),
        None if is_off || image.healthcheck.is_some() => put(body, "healthconfig", json!({"Test": ["NONE"]})),
        None => {}
    }
    let action = match config.text("HealthcheckOnFailureAction").as_str() {
        "" | "none" => 0,
        "kill" => 2,
        "restart" => 3,
        "stop" => 4,
        other => {
            unkept.push(config.unkept("HealthcheckOnFailureAction", format!("{other} is not known")));
            0
        }
    };
    put(body, "health_check_on_failure_action", json!(action));
    put(body, "healthLogDestination", json!(config.text("HealthLogDestination")));
    put(body, "healthMaxLogCount", json!(config.int("HealthcheckMaxLogCount")));
    put(body, "healthMaxLogSize", json!(config.int("HealthcheckMaxLogSize")));
}

/// What inspections leave out: kernel parameters and the places of secrets. The configuration of the last start knows the
/// first; a container that was made through the API and never ran can not be known.
pub(super) fn read_hidden(
    container: &InspectedContainer,
    line: Option<&CommandLine>,
    config: Option<&Value>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let shown = config.map(|config| config.pointer("/linux/sysctl").cloned().unwrap_or_default());
    match (shown, line) {
        (Some(sysctls), _) => put(body, "sysctl", sysctls),
        (None, Some(line)) => put(body, "sysctl", json!(line.sysctls)),
        (None, None) => unkept.push(Unkept {
            field: "Config.CreateCommand".to_owned(),
            reason: "it was made through the API, and its runtime's configuration can not be read: nothing tells its \
                     kernel parameters; start it once, where Stardeck runs on the same host and may read that file"
                .to_owned(),
        }),
    }
    let shown = container.whole.pointer("/Config/Secrets").cloned().unwrap_or_default();
    let shown: Vec<ShownSecret> = lenient::from_value(shown).unwrap_or_default();
    let mut secrets = Vec::new();
    for secret in shown {
        let place = match line {
            Some(line) => line.secret_mounts.get(&secret.name).cloned(),
            None => config.and_then(|config| mounted_at(config, &secret.name)),
        };
        match place {
            Some(place) => secrets.push(json!({
                "Source": secret.name, "Target": place, "UID": secret.uid, "GID": secret.gid, "Mode": secret.mode,
            })),
            None => unkept.push(Unkept {
                field: "Config.Secrets".to_owned(),
                reason: format!("nothing tells where the secret {} is mounted", secret.name),
            }),
        }
    }
    put(body, "secrets", json!(secrets));
}

/// Where the runtime mounts a secret: at a place of its own, or among the others.
fn mounted_at(config: &Value, name: &str) -> Option<String> {
    let mounts = config.get("mounts")?.as_array()?;
    let text = |mount: &Value, key: &str| mount.get(key).and_then(Value::as_str).map(str::to_owned);
    let is_its = |mount: &&Value| {
        text(mount, "source").is_some_and(|from| from.ends_with(&format!("/secrets/{name}")))
    };
    let own = mounts.iter().find(is_its).and_then(|mount| text(mount, "destination"))?;
    Some(own.strip_prefix(SECRETS).map_or_else(|| own.clone(), str::to_owned))
}
