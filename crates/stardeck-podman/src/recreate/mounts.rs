//! What is mounted: volumes, directories of the host, and memory.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{InspectedContainer, Unkept, put, section::Section};
use crate::types::lenient;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Mounted {
    #[serde(rename = "Type")]
    kind: String,
    name: String,
    source: String,
    destination: String,
    driver: String,
    mode: String,
    options: Vec<String>,
    #[serde(rename = "RW")]
    rw: bool,
    propagation: String,
    sub_path: String,
}

pub(super) fn read(container: &InspectedContainer, body: &mut Map<String, Value>, unkept: &mut Vec<Unkept>) {
    let given = container.whole.get("Mounts").cloned().unwrap_or_default();
    let mounted: Vec<Mounted> = lenient::from_value(given).unwrap_or_default();
    let (mut volumes, mut mounts) = (Vec::new(), Vec::new());
    let mut paths = BTreeSet::new();
    let mut host = Section::of(&container.whole, "HostConfig");
    let binds = host.texts("Binds");
    for mount in mounted {
        let options = || options(&mount, &binds);
        paths.insert(mount.destination.clone());
        let refused = |reason: String| Unkept { field: format!("Mounts[{}]", mount.destination), reason };
        if !mount.sub_path.is_empty() {
            unkept.push(refused("only a part of a volume is mounted".to_owned()));
        }
        match mount.kind.as_str() {
            // An anonymous volume has a name as well, so that the new container gets the same.
            "volume" if !mount.name.is_empty() && ["", "local"].contains(&mount.driver.as_str()) => {
                volumes.push(json!({"Name": mount.name, "Dest": mount.destination, "Options": options()}));
            }
            "bind" => mounts.push(json!({
                "destination": mount.destination, "type": "bind", "source": mount.source, "options": options(),
            })),
            "tmpfs" => {}
            other => unkept.push(refused(format!("a mount of the type {other} {} can not be kept", mount.driver))),
        }
    }
    for (path, options) in host.pairs("Tmpfs") {
        let options: Vec<_> = options.as_str().unwrap_or_default().split(',').collect();
        mounts.push(json!({"destination": path, "type": "tmpfs", "source": "tmpfs", "options": options}));
        paths.insert(path.clone());
    }
    // What `Binds` tells besides is not among the mounts of any version seen.
    for bind in &binds {
        let path = bind.split(':').nth(1).unwrap_or_default();
        if !paths.contains(path) {
            unkept.push(Unkept {
                field: "HostConfig.Binds".to_owned(),
                reason: format!("{path} is not among the mounts"),
            });
        }
    }
    put(body, "volumes", json!(volumes));
    put(body, "mounts", json!(mounts));
}

/// The options as Podman takes them; those it added itself it takes as well. That a mount can be written to is said only where
/// it was said: of an anonymous volume, 5.8 shows what was asked for.
fn options(mount: &Mounted, binds: &[String]) -> Vec<String> {
    let shown = binds.iter().map(|bind| bind.split(':').skip(1)).find_map(|mut parts| {
        let is_its = parts.next() == Some(mount.destination.as_str());
        is_its.then(|| parts.next().unwrap_or_default())
    });
    let is_said = shown.is_none_or(|shown| shown.split(',').any(|option| option == "rw"));
    let mut options: Vec<String> = match (mount.rw, is_said) {
        (true, true) => vec!["rw".to_owned()],
        (true, false) => Vec::new(),
        (false, _) => vec!["ro".to_owned()],
    };
    options.extend(mount.options.iter().cloned());
    for more in [&mount.propagation, &mount.mode].into_iter().flat_map(|text| text.split(',')) {
        if !more.is_empty() && !options.iter().any(|known| known == more) {
            options.push(more.to_owned());
        }
    }
    options
}
