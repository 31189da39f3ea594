//! What the larger calls do to the objects, and how these are shown.

use std::{collections::BTreeMap, net::IpAddr, time::Duration};

use chrono::Utc;
use ipnet::Ipv4Net;
use secrecy::ExposeSecret as _;
use stardeck_domain::{ContainerId, ImageId, NetworkName, VolumeName};
use stardeck_service::runtime::{
    ContainerDetails, ContainerSetup, ContainerSpec, ContainerState, ContainerSummary, ContainerUsage,
    ImageDetails, ImageProblem, Labels, Mount, MountSource, NamedObject, NetworkDetails, NetworkSpec,
    RuntimeError, RuntimeInfo, RuntimeResult,
};

use super::{
    Objects,
    objects::{Container, Volume},
};

pub(super) fn info(objects: &Objects) -> RuntimeInfo {
    let can_limit = !objects.lacks_limits;
    RuntimeInfo {
        version: "4.3.1".to_owned(),
        rootless: objects.lacks_limits,
        can_limit_memory: can_limit,
        can_limit_cpu: can_limit,
    }
}

pub(super) fn create_container(objects: &mut Objects, spec: &ContainerSpec) -> RuntimeResult<ContainerId> {
    if objects.containers.contains_key(spec.name.as_str()) {
        return Err(RuntimeError::Conflict { detail: format!("the name {} is already in use", spec.name) });
    }
    let image = objects.images.values().find(|image| image.id == spec.image).cloned().ok_or_else(|| {
        let detail = format!("{}: image not known", spec.image);
        RuntimeError::ImageUnavailable { reason: ImageProblem::NotFound, detail }
    })?;
    if !objects.networks.contains_key(spec.network.as_str()) {
        return Err(RuntimeError::NotFound { what: format!("network {}", spec.network) });
    }
    let (mut secrets, mut configs) = (Vec::new(), Vec::new());
    for file in &spec.secret_files {
        let secret = objects.secrets.get(file.secret.as_str());
        let secret =
            secret.ok_or_else(|| RuntimeError::NotFound { what: format!("secret {}", file.secret) })?;
        // A configuration is no password.
        if file.secret.as_str().contains("-conf-") {
            configs.push(secret.value.expose_secret().to_owned());
        } else {
            secrets.push(secret.value.clone());
        }
    }
    let number = objects.next_number();
    for (volume, _) in &spec.volumes {
        // Podman makes a missing volume silently, and without labels.
        objects.volumes.entry(volume.to_string()).or_default();
    }
    let uncovered = image.facts.volumes.iter().filter(|path| spec.volumes.iter().all(|(_, at)| at != *path));
    let anonymous_volumes: Vec<String> = uncovered.map(|path| format!("anonymous-{number}{path}")).collect();
    for volume in &anonymous_volumes {
        objects.volumes.insert(volume.clone(), Volume::default());
    }
    let id = ContainerId::new(format!("{number:032x}{number:032x}"));
    let container = Container {
        id: id.clone(),
        state: ContainerState::Created,
        exit_code: None,
        oom_killed: false,
        restart_count: 0,
        started_at: None,
        labels: spec.labels.clone(),
        image: spec.image.clone(),
        setup: setup(spec, &image),
        networks: BTreeMap::from([(spec.network.to_string(), spec.aliases.clone())]),
        ports: spec.published_ports.clone(),
        volumes: spec.volumes.iter().map(|(name, _)| name.to_string()).collect(),
        anonymous_volumes,
        secrets,
        configs,
        limits: (spec.memory_bytes, spec.cpu_millis),
        env: spec.env.clone(),
        address: None,
        files: BTreeMap::new(),
        log: Vec::new(),
        probes: 0,
        health: None,
        unkept: Vec::new(),
    };
    objects.containers.insert(spec.name.to_string(), container);
    Ok(id)
}

/// How Podman shows that a container of ours was set up.
fn setup(spec: &ContainerSpec, image: &ImageDetails) -> ContainerSetup {
    let own = (!spec.command.is_empty()).then(|| spec.command.clone());
    let mount = |(name, path): &(VolumeName, String)| Mount {
        source: MountSource::Volume(name.to_string()),
        path: path.clone(),
    };
    ContainerSetup {
        image: spec.image.to_string(),
        entrypoint: image.entrypoint.clone(),
        command: own.unwrap_or_else(|| image.command.clone()),
        env: image.facts.env.iter().chain(&spec.env).map(|(k, v)| (k.clone(), v.clone())).collect(),
        mounts: spec.volumes.iter().map(mount).collect(),
        secrets: spec.secret_files.iter().map(|file| file.secret.to_string()).collect(),
        published_ports: spec.published_ports.clone(),
        pod: None,
        network_mode: "bridge".to_owned(),
        ..ContainerSetup::default()
    }
}

/// What the registry knows becomes present.
pub(super) fn pull(objects: &mut Objects, reference: &str) -> RuntimeResult<ImageId> {
    let answer = objects.registry.get(reference).cloned();
    let image = answer.unwrap_or_else(|| {
        let detail = format!("reading manifest of {reference}: manifest unknown");
        Err(RuntimeError::ImageUnavailable { reason: ImageProblem::NotFound, detail })
    })?;
    let id = image.id.clone();
    objects.images.insert(reference.to_owned(), image);
    Ok(id)
}

pub(super) fn create_network(objects: &mut Objects, spec: &NetworkSpec) -> RuntimeResult<()> {
    if objects.networks.contains_key(spec.name.as_str()) {
        return Err(RuntimeError::Conflict { detail: format!("network {} already exists", spec.name) });
    }
    let overlaps =
        |other: &Ipv4Net| other.contains(&spec.subnet.network()) || spec.subnet.contains(&other.network());
    if objects.networks.values().any(|network| network.subnets.iter().any(overlaps)) {
        return Err(RuntimeError::SubnetTaken { detail: format!("subnet {} is already used", spec.subnet) });
    }
    let network = NetworkDetails {
        name: spec.name.to_string(),
        labels: spec.labels.clone(),
        dns_enabled: true,
        subnets: vec![spec.subnet],
    };
    objects.networks.insert(spec.name.to_string(), network);
    Ok(())
}

/// The addresses of the running containers that have a name on a network, as far as its name server knows them.
pub(super) fn addresses(objects: &Objects, network: &NetworkName, name: &str) -> Vec<IpAddr> {
    let known =
        objects.containers.iter().filter(|(container, _)| !objects.unknown_names.contains(*container));
    let named = known.filter(|(container, found)| {
        let aliases = found.networks.get(network.as_str());
        aliases.is_some_and(|aliases| *container == name || aliases.iter().any(|alias| alias == name))
    });
    named.filter_map(|(_, found)| found.address.map(|address| address.ip())).collect()
}

pub(super) fn summary(name: &str, container: &Container) -> ContainerSummary {
    ContainerSummary {
        id: container.id.clone(),
        names: vec![name.to_owned()],
        state: container.state,
        labels: container.labels.clone(),
        networks: container.networks.keys().cloned().collect(),
        image: container.setup.image.clone(),
        image_id: container.image.clone(),
        command: container.setup.command.clone(),
        host_ports: container.ports.iter().map(|port| port.host_port.get()).collect(),
        published_ports: container.ports.clone(),
        is_infra: false,
        exit_code: container.exit_code,
        started_at: container.started_at,
    }
}

pub(super) fn details(name: &str, container: &Container) -> ContainerDetails {
    let address: Option<IpAddr> = container.address.map(|address| address.ip());
    ContainerDetails {
        id: container.id.clone(),
        name: name.to_owned(),
        state: container.state,
        exit_code: container.exit_code,
        oom_killed: container.oom_killed,
        restart_count: container.restart_count,
        started_at: container.started_at,
        labels: container.labels.clone(),
        image_id: container.image.clone(),
        addresses: container.networks.keys().filter_map(|on| address.map(|at| (on.clone(), at))).collect(),
        aliases: container.networks.clone(),
        setup: container.setup.clone(),
    }
}

pub(super) fn named(name: &str, labels: &Labels) -> NamedObject {
    NamedObject { name: name.to_owned(), labels: labels.clone() }
}

/// What every container is said to use: half a core since its start, and 64 of 256 MB.
pub(super) fn usage(container: &Container) -> ContainerUsage {
    let at = Utc::now();
    let runs_for = container.started_at.and_then(|since| (at - since).to_std().ok()).unwrap_or_default();
    ContainerUsage {
        container_id: container.id.clone(),
        at,
        cpu: runs_for / 2 + Duration::from_secs(1),
        memory_bytes: 64_000_000,
        memory_limit_bytes: 256_000_000,
        network_received_bytes: 1_000,
        network_sent_bytes: 2_000,
        block_read_bytes: 3_000,
        block_written_bytes: 4_000,
        processes: 6,
    }
}
