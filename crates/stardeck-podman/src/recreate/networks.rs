//! The networks it is on, and the ports it publishes.

use serde_json::{Map, Value, json};

use super::{InspectedContainer, Unkept, command_line::CommandLine, put, section::Section};

pub(super) fn read(
    container: &InspectedContainer,
    line: Option<&CommandLine>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let mut settings = Section::of(&container.whole, "NetworkSettings");
    let shown: Vec<_> = settings.pairs("Networks").collect();
    let is_only = shown.len() == 1;
    let mut networks = Map::new();
    for (name, endpoint) in shown {
        let aliases = endpoint.get("Aliases").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
        let aliases = given(container, aliases.iter().filter_map(Value::as_str).collect());
        let mut attachment = Map::new();
        put(&mut attachment, "aliases", json!(aliases));
        if let Some(line) = line {
            let at = |known: &&str| known.is_empty() && is_only || *known == name;
            let addresses = line.addresses.iter().filter(|(key, _)| at(&key.as_str()));
            let addresses: Vec<_> = addresses.flat_map(|(_, addresses)| addresses).collect();
            put(&mut attachment, "static_ips", json!(addresses));
            if let Some((_, hardware)) = line.hardware.iter().find(|(key, _)| at(&key.as_str())) {
                put(&mut attachment, "static_mac", json!(hardware));
            }
        }
        networks.insert(name.clone(), Value::Object(attachment));
    }
    if networks.is_empty() {
        unkept.push(Unkept {
            field: "NetworkSettings.Networks".to_owned(),
            reason: "it is on no network of Podman's, so that it can not be on a database's".to_owned(),
        });
    }
    body.insert("Networks".to_owned(), Value::Object(networks));
    ports(container, body, unkept);
}

/// The aliases that somebody gave. Podman adds the beginning of the id by itself, and from 4.9 on the host's name after it;
/// given again, that would be there twice.
fn given<'a>(container: &InspectedContainer, aliases: Vec<&'a str>) -> Vec<&'a str> {
    let hostname = container.whole.pointer("/Config/Hostname").and_then(Value::as_str);
    let mut is_after_the_id = false;
    let mut is_given = |alias: &&str| {
        let is_id = *alias == container.short_id();
        is_after_the_id |= is_id;
        !(is_id || is_after_the_id && Some(*alias) == hostname)
    };
    aliases.into_iter().filter(|alias| is_given(alias)).collect()
}

fn ports(container: &InspectedContainer, body: &mut Map<String, Value>, unkept: &mut Vec<Unkept>) {
    let mut host = Section::of(&container.whole, "HostConfig");
    let mut mappings = Vec::new();
    for (inside, bindings) in host.pairs("PortBindings") {
        let (port, protocol) = inside.split_once('/').unwrap_or((inside.as_str(), "tcp"));
        for binding in bindings.as_array().into_iter().flatten() {
            let text = |key: &str| binding.get(key).and_then(Value::as_str).unwrap_or_default();
            let numbers = (port.parse::<u16>(), text("HostPort").parse::<u16>());
            let (Ok(inside), Ok(outside)) = numbers else {
                unkept.push(host.unkept("PortBindings", format!("{inside} is no port that can be read")));
                continue;
            };
            let mut mapping = Map::new();
            put(&mut mapping, "container_port", json!(inside));
            put(&mut mapping, "host_port", json!(outside));
            put(&mut mapping, "protocol", json!(protocol));
            // Podman takes an explicit 0.0.0.0 for a destination (4.3); all addresses are said by saying none.
            put(&mut mapping, "host_ip", json!(Some(text("HostIp")).filter(|ip| *ip != "0.0.0.0")));
            mappings.push(Value::Object(mapping));
        }
    }
    put(body, "portmappings", json!(mappings));
}
