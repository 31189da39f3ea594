//! What a container is on the host's side: limits, rights, devices, its log and its names.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{InspectedContainer, Unkept, command_line::CommandLine, put, section::Section};

pub(super) fn read(
    container: &InspectedContainer,
    line: Option<&CommandLine>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let mut host = Section::of(&container.whole, "HostConfig");
    restart(&mut host, body);
    limits(&mut host, body, unkept);
    rights(container, &mut host, body, unkept);
    names(&mut host, body);
    log(container, line, &mut host, body, unkept);
    devices(line, &mut host, body);
    put(body, "init", json!(host.flag("Init")));
    let is_read_only = host.flag("ReadonlyRootfs");
    put(body, "read_only_filesystem", json!(is_read_only));
    put(body, "read_write_tmpfs", json!(is_read_only && line.is_some_and(|line| !line.has_no_tmpfs)));
    put(body, "publish_image_ports", json!(host.flag("PublishAllPorts")));
    put(body, "shm_size", json!(host.int("ShmSize")));
    put(body, "oom_score_adj", json!(host.int("OomScoreAdj")));
    put(body, "cgroup_parent", json!(host.text("CgroupParent")));
    namespaces(&mut host, body, unkept);
    if host.flag("AutoRemove") {
        let reason = "Podman removes it as soon as it stops, so that it could not come back";
        unkept.push(host.unkept("AutoRemove", reason));
    }
    host.skip(&[
        "Binds",
        "Tmpfs",
        "PortBindings",
        "Annotations",
        "ContainerIDFile",
        "CgroupManager",
        "ConsoleSize",
    ]);
    host.skip(&["Runtime", "NanoCpus", "CpuCount", "CpuPercent", "AutoRemoveImage"]);
    host.refuse_rest(unkept);
}

fn restart(host: &mut Section<'_>, body: &mut Map<String, Value>) {
    let Some(policy) = host.value("RestartPolicy") else { return };
    put(body, "restart_policy", json!(policy.get("Name")));
    put(body, "restart_tries", json!(policy.get("MaximumRetryCount")));
}

fn limits(host: &mut Section<'_>, body: &mut Map<String, Value>, unkept: &mut Vec<Unkept>) {
    let mut part = |fields: &[(&str, &'static str)]| {
        let mut limits = Map::new();
        for (name, key) in fields {
            put(&mut limits, name, json!(host.int(key)));
        }
        limits
    };
    let mut memory =
        part(&[("limit", "Memory"), ("swap", "MemorySwap"), ("reservation", "MemoryReservation")]);
    let mut cpu = part(&[("shares", "CpuShares"), ("quota", "CpuQuota"), ("period", "CpuPeriod")]);
    cpu.extend(part(&[("realtimePeriod", "CpuRealtimePeriod"), ("realtimeRuntime", "CpuRealtimeRuntime")]));
    let pids = part(&[("limit", "PidsLimit")]);
    let block = part(&[("weight", "BlkioWeight")]);
    put(&mut cpu, "cpus", json!(host.text("CpusetCpus")));
    put(&mut cpu, "mems", json!(host.text("CpusetMems")));
    match host.int("MemorySwappiness") {
        swappiness if swappiness > 0 => put(&mut memory, "swappiness", json!(swappiness)),
        _ => {}
    }
    if host.flag("OomKillDisable") {
        put(&mut memory, "disableOOMKiller", json!(true));
    }
    let mut all = Map::new();
    for (name, limits) in [("memory", memory), ("cpu", cpu), ("pids", pids), ("blockIO", block)] {
        put(&mut all, name, Value::Object(limits));
    }
    put(body, "resource_limits", Value::Object(all));
    let mut ulimits = Vec::new();
    for ulimit in host.list("Ulimits") {
        let kind = ulimit.get("Name").and_then(Value::as_str).unwrap_or_default();
        let number = |key: &str| ulimit.get(key).and_then(Value::as_i64);
        let (Some(soft), Some(hard)) = (number("Soft"), number("Hard")) else {
            unkept.push(host.unkept("Ulimits", format!("{kind} has no numbers")));
            continue;
        };
        // Less than nothing is without limit, which is the largest number.
        let limit = |number: i64| u64::try_from(number).unwrap_or(u64::MAX);
        let kind = kind.strip_prefix("RLIMIT_").unwrap_or(kind).to_ascii_lowercase();
        ulimits.push(json!({"type": kind, "soft": limit(soft), "hard": limit(hard)}));
    }
    put(body, "r_limits", json!(ulimits));
}

fn rights(
    container: &InspectedContainer,
    host: &mut Section<'_>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    if host.flag("Privileged") {
        unkept.push(host.unkept("Privileged", "no container with all rights is made"));
    }
    let mut added = host.texts("CapAdd");
    added
        .extend(own_rights(container).into_iter().filter(|right| !added.contains(right)).collect::<Vec<_>>());
    put(body, "cap_add", json!(added));
    put(body, "cap_drop", json!(host.texts("CapDrop")));
    put(body, "groups", json!(host.texts("GroupAdd")));
    let (mut labels, mut masks, mut unmasks) = (Vec::new(), Vec::new(), Vec::new());
    for option in host.texts("SecurityOpt") {
        let (name, value) = option.split_once(['=', ':']).unwrap_or((option.as_str(), ""));
        match name {
            "no-new-privileges" => put(body, "no_new_privileges", json!(value != "false")),
            "seccomp" => put(body, "seccomp_profile_path", json!(value)),
            "apparmor" => put(body, "apparmor_profile", json!(value)),
            "label" => labels.push(value.to_owned()),
            "mask" => masks.extend(value.split(':').map(str::to_owned)),
            "unmask" => unmasks.extend(value.split(':').map(str::to_owned)),
            _ => unkept.push(host.unkept("SecurityOpt", format!("{name} is not known"))),
        }
    }
    put(body, "selinux_opts", json!(labels));
    put(body, "mask", json!(masks));
    put(body, "unmask", json!(unmasks));
}

/// The rights of a user who is not root, who has none by himself. One that root has anyway is not shown as added.
fn own_rights(container: &InspectedContainer) -> Vec<String> {
    let user = container.whole.pointer("/Config/User").and_then(Value::as_str).unwrap_or_default();
    let name = user.split(':').next().unwrap_or_default();
    if ["", "0", "root"].contains(&name) {
        return Vec::new();
    }
    let effective = container.whole.get("EffectiveCaps").and_then(Value::as_array);
    effective.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

/// Its name servers and the lines of its hosts file.
fn names(host: &mut Section<'_>, body: &mut Map<String, Value>) {
    put(body, "dns_server", json!(host.texts("Dns")));
    put(body, "dns_option", json!(host.texts("DnsOptions")));
    put(body, "dns_search", json!(host.texts("DnsSearch")));
    put(body, "hostadd", json!(host.texts("ExtraHosts")));
}

fn log(
    container: &InspectedContainer,
    line: Option<&CommandLine>,
    host: &mut Section<'_>,
    body: &mut Map<String, Value>,
    unkept: &mut Vec<Unkept>,
) {
    let Some(log) = host.value("LogConfig") else { return };
    let text = |key: &str| log.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut configuration = Map::new();
    put(&mut configuration, "driver", json!(text("Type")));
    // A file of Podman's own is beside the container, and another one beside the next.
    let own = container.whole.get("StaticDir").and_then(Value::as_str).unwrap_or_default();
    put(&mut configuration, "path", json!(Some(text("Path")).filter(|path| !path.starts_with(own))));
    let tag = Some(text("Tag")).filter(|tag| !tag.is_empty());
    put(&mut configuration, "options", json!(tag.map(|tag| BTreeMap::from([("tag", tag)]))));
    let given = line.and_then(|line| line.log_size.as_deref());
    let shown = text("Size");
    // Without a limit, an ordinary user's Podman shows the -1 of its configuration (5.8).
    if given.is_some() || !["", "0B", "-1B"].contains(&shown) {
        match given.and_then(bytes_of).or_else(|| bytes_shown_as(shown)) {
            Some(bytes) => put(&mut configuration, "size", json!(bytes)),
            None => unkept.push(host.unkept("LogConfig", format!("{shown} is no size that can be read"))),
        }
    }
    put(body, "log_configuration", Value::Object(configuration));
}

/// Units of sizes, in powers of 1000, as Podman shows and reads them.
const UNITS: &[(&str, u64)] =
    &[("B", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000)];

/// A size as a person writes it for `--log-opt`: a number with a letter, in powers of 1000.
fn bytes_of(text: &str) -> Option<u64> {
    let text = text.to_ascii_lowercase();
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit = text.get(digits.len()..)?.trim_end_matches('b');
    let (_, factor) =
        UNITS.iter().find(|(known, _)| known.trim_end_matches('B').eq_ignore_ascii_case(unit))?;
    digits.trim().parse::<u64>().ok()?.checked_mul(*factor)
}

/// A size that Podman shows by this text. It shows four digits, so that many would do: a whole power of 1024 comes first.
fn bytes_shown_as(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let (_, factor) = UNITS.iter().find(|(unit, _)| text.get(digits.len()..) == Some(*unit))?;
    let scale = factor.checked_div(10_u64.checked_pow(u32::try_from(part.len()).ok()?)?)?;
    let decimal = format!("{whole}{part}").parse::<u64>().ok()?.checked_mul(scale)?;
    let units = [1_u64 << 40, 1 << 30, 1 << 20, 1 << 10].into_iter().filter(|unit| decimal / unit < 1024);
    let binary = units.flat_map(|unit| {
        let count = decimal / unit;
        [count, count.saturating_add(1)].map(|count| count.saturating_mul(unit))
    });
    binary.chain([decimal]).find(|bytes| shown(*bytes) == text)
}

/// A size as Podman shows it: four digits at most, in the largest unit that it fills.
fn shown(bytes: u64) -> String {
    let unit = UNITS.iter().rev().find(|(_, factor)| bytes >= *factor).copied();
    let (unit, factor) = unit.unwrap_or(("B", 1));
    let places = 4_usize.saturating_sub((bytes / factor).to_string().len());
    let scale = 10_u128.pow(u32::try_from(places).unwrap_or_default());
    let rounded = (u128::from(bytes) * scale * 2 / u128::from(factor)).div_ceil(2);
    let (whole, part) = (rounded / scale, rounded % scale);
    let text = format!("{whole}.{part:0places$}");
    format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// The command line tells which rights a device is given with; inspections do not.
fn devices(line: Option<&CommandLine>, host: &mut Section<'_>, body: &mut Map<String, Value>) {
    let shown: Vec<String> = host
        .list("Devices")
        .iter()
        .map(|device| {
            let text = |key: &str| device.get(key).and_then(Value::as_str).unwrap_or_default();
            let rights = text("CgroupPermissions");
            let rights = if rights.is_empty() { String::new() } else { format!(":{rights}") };
            format!("{}:{}{rights}", text("PathOnHost"), text("PathInContainer"))
        })
        .collect();
    let given = line.map(|line| line.devices.clone()).filter(|given| !given.is_empty());
    let devices: Vec<_> = given.unwrap_or(shown).into_iter().map(|path| json!({"path": path})).collect();
    put(body, "devices", json!(devices));
}

fn namespaces(host: &mut Section<'_>, body: &mut Map<String, Value>, unkept: &mut Vec<Unkept>) {
    host.only("NetworkMode", &["bridge"], unkept);
    host.only("PidMode", &["private"], unkept);
    host.only("UTSMode", &["private"], unkept);
    host.only("UsernsMode", &[], unkept);
    host.only("Cgroups", &["default"], unkept);
    host.only("Isolation", &["default"], unkept);
    host.only("IpcMode", &["shareable", "private", "none"], unkept);
    host.only("CgroupMode", &["host", "private"], unkept);
    let ipc = host.text("IpcMode");
    if !ipc.is_empty() {
        put(body, "ipcns", json!({"nsmode": ipc}));
    }
    let cgroup = host.text("CgroupMode");
    if !cgroup.is_empty() {
        put(body, "cgroupns", json!({"nsmode": cgroup}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_of_logs_are_read_as_they_are_shown() {
        for (bytes, text) in [
            (10 * 1024 * 1024, "10.49MB"),
            (10_000_000, "10MB"),
            (1024, "1.024kB"),
            (999, "999B"),
            (1_234_567, "1.235MB"),
            (20 * 1024 * 1024, "20.97MB"),
        ] {
            assert_eq!(shown(bytes), text);
            assert_eq!(bytes_shown_as(text).map(shown).as_deref(), Some(text));
        }
        assert_eq!(bytes_shown_as("10.49MB"), Some(10 * 1024 * 1024));
        assert_eq!(bytes_shown_as("10MB"), Some(10_000_000));
        assert_eq!(bytes_shown_as("much"), None);
        for (text, bytes) in
            [("10mb", Some(10_000_000)), ("5M", Some(5_000_000)), ("7", Some(7)), ("1x", None)]
        {
            assert_eq!(bytes_of(text), bytes, "{text}");
        }
    }
}
