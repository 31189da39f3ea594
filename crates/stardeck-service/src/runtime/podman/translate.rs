//! The service's words for containers, images, networks and the rest, to and from libpod's.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use chrono::{DateTime, Utc};
use ipnet::IpNet;
use stardeck_domain::{AppRestart, ContainerId, ImageId, Port, VolumeName};
use stardeck_engines::ImageFacts;
use stardeck_podman::{
    ContainerInspect, ContainerStatus, CpuLimits, CreateContainer, CreateNetwork, ImageInspect, LogConfig,
    LogDriver, LogOptions, MemoryLimits, MountKind, NamedVolume, Network, NetworkAttachment, OutputSource,
    PortMapping, Protocol, ResourceLimits, RestartPolicy, Secret, SecretMount, Subnet, Volume,
};

use super::rootless;
use crate::runtime::{
    ContainerDetails, ContainerSetup, ContainerSpec, ContainerState, ContainerSummary, ContainerUsage,
    ImageDetails, LogLine, LogQuery, LogStream, Mount, MountSource, NamedObject, NetworkDetails, NetworkSpec,
    PublishedPort, SecretFileSpec,
};

/// Most bytes of log that Podman keeps for one container; its own default is no limit.
const LOG_BYTES: i64 = 20 * 1024 * 1024;
/// In a period of so many microseconds, the kernel's own default …
const CPU_PERIOD_MICROS: u64 = 100_000;
/// … a thousandth of a processor is so many.
const CPU_PERIOD_MICROS_PER_MILLI: i64 = 100;
/// How often Podman restarts a container that failed, before we look at it.
pub(super) const RESTART_TRIES: u32 = 5;

/// What holds for every container of ours, set on purpose and in one place: an init process (a stop right after a start is
/// lost without one, measured), a log of bounded size in a file (other drivers lose it where no journal runs), no new
/// privileges.
pub(super) fn ours() -> CreateContainer {
    CreateContainer {
        no_new_privileges: true,
        log: Some(LogConfig { driver: LogDriver::K8sFile, size: Some(LOG_BYTES) }),
        init: true,
        ..CreateContainer::default()
    }
}

/// What is sent to create a database's container. It is restarted on failure only.
pub(super) fn create(spec: &ContainerSpec) -> CreateContainer {
    let attachment = NetworkAttachment { aliases: spec.aliases.clone(), ..NetworkAttachment::default() };
    CreateContainer {
        name: spec.name.to_string(),
        image: spec.image.to_string(),
        hostname: Some(spec.hostname.clone()),
        env: spec.env.clone(),
        command: (!spec.command.is_empty()).then(|| spec.command.clone()),
        secrets: secret_mounts(&spec.secret_files),
        labels: spec.labels.clone(),
        volumes: named_volumes(&spec.volumes),
        ports: port_mappings(&spec.published_ports),
        networks: BTreeMap::from([(spec.network.to_string(), attachment)]),
        restart_policy: Some(RestartPolicy::OnFailure),
        restart_tries: Some(RESTART_TRIES),
        resource_limits: resource_limits(spec.memory_bytes, spec.cpu_millis),
        shm_size: Some(spec.shm_bytes),
        stop_timeout: Some(spec.stop_grace.as_secs()),
        ..ours()
    }
}

pub(super) fn secret_mounts(files: &[SecretFileSpec]) -> Vec<SecretMount> {
    files
        .iter()
        .map(|file| SecretMount {
            source: file.secret.to_string(),
            target: file.target.clone(),
            uid: file.uid,
            gid: file.gid,
            mode: file.mode,
        })
        .collect()
}

pub(super) fn named_volumes(volumes: &[(VolumeName, String)]) -> Vec<NamedVolume> {
    volumes
        .iter()
        .map(|(name, path)| NamedVolume {
            name: name.to_string(),
            dest: path.clone(),
            ..NamedVolume::default()
        })
        .collect()
}

pub(super) fn port_mappings(ports: &[PublishedPort]) -> Vec<PortMapping> {
    ports
        .iter()
        .map(|port| PortMapping {
            // Podman's network program takes an explicit 0.0.0.0 for a destination, which no packet has (4.3); all
            // addresses are said by saying none.
            host_ip: Some(port.address).filter(|address| !address.is_unspecified()),
            container_port: port.container_port.get(),
            host_port: Some(port.host_port.get()),
            protocol: Protocol::Tcp,
        })
        .collect()
}

/// None without any limit.
pub(super) fn resource_limits(memory_bytes: Option<u64>, cpu_millis: Option<u32>) -> Option<ResourceLimits> {
    // Swap equal to memory means none on top; left out, Podman would allow as much again.
    let memory = memory_bytes.map(|bytes| {
        let limit = i64::try_from(bytes).ok();
        MemoryLimits { limit, swap: limit, ..MemoryLimits::default() }
    });
    let cpu = cpu_millis.map(|millis| CpuLimits {
        quota: Some(i64::from(millis) * CPU_PERIOD_MICROS_PER_MILLI),
        period: Some(CPU_PERIOD_MICROS),
        ..CpuLimits::default()
    });
    let has_limits = memory.is_some() || cpu.is_some();
    has_limits.then(|| ResourceLimits { memory, cpu, ..ResourceLimits::default() })
}

pub(super) fn create_network(spec: &NetworkSpec) -> CreateNetwork {
    CreateNetwork {
        name: spec.name.to_string(),
        driver: "bridge".to_owned(),
        network_interface: Some(spec.interface.clone()),
        dns_enabled: true,
        labels: spec.labels.clone(),
        // Bridges with this option are cut off from each other (netavark, `isolate`); names are apart anyway.
        options: [("isolate".to_owned(), "true".to_owned())].into(),
        subnets: vec![Subnet { subnet: IpNet::V4(spec.subnet), gateway: None }],
        ..CreateNetwork::default()
    }
}

pub(super) fn summary(container: stardeck_podman::ContainerSummary) -> ContainerSummary {
    let state = state(&container.state);
    let host_ports = container
        .ports
        .iter()
        .filter_map(|port| port.host_port.map(|first| (first, port.range.max(1))))
        .flat_map(|(first, count)| first..=first.saturating_add(count - 1))
        .collect();
    let shown = |port: &PublishedPort| !rootless::is_management(&container.labels, port);
    let published_ports = container.ports.iter().flat_map(published).filter(shown).collect();
    ContainerSummary {
        id: ContainerId::new(container.id),
        names: container.names,
        state,
        labels: container.labels,
        networks: container.networks,
        image: container.image,
        image_id: ImageId::new(container.image_id),
        command: container.command,
        host_ports,
        published_ports,
        is_infra: container.is_infra,
        exit_code: (state == ContainerState::Exited).then_some(container.exit_code),
        started_at: container.started_at,
    }
}

/// A range of ports as single ones. "Every address" is told as nothing by some versions.
fn published(port: &stardeck_podman::PublishedPort) -> Vec<PublishedPort> {
    if port.protocol != Protocol::Tcp {
        return Vec::new();
    }
    let address = port.host_ip.unwrap_or(Ipv4Addr::UNSPECIFIED.into());
    let ports = (0..port.range.max(1)).filter_map(|offset| {
        let host_port = port.host_port?.checked_add(offset)?;
        let container_port = port.container_port.checked_add(offset)?;
        Some(PublishedPort {
            address,
            host_port: Port::parse(i64::from(host_port)).ok()?,
            container_port: Port::parse(i64::from(container_port)).ok()?,
        })
    });
    ports.collect()
}

pub(super) fn details(mut container: ContainerInspect) -> ContainerDetails {
    let state = state(&container.state.status);
    let setup = setup(&mut container);
    let networks = container.network_settings.networks;
    ContainerDetails {
        id: ContainerId::new(container.id),
        name: container.name,
        state,
        exit_code: (state == ContainerState::Exited).then_some(container.state.exit_code),
        oom_killed: container.state.oom_killed,
        restart_count: u32::try_from(container.restart_count).unwrap_or(u32::MAX),
        started_at: container.state.started_at,
        labels: container.config.labels,
        image_id: ImageId::new(container.image),
        addresses: networks
            .iter()
            .filter_map(|(name, endpoint)| endpoint.ip_address.map(|address| (name.clone(), address)))
            .collect(),
        aliases: networks.into_iter().map(|(name, endpoint)| (name, endpoint.aliases)).collect(),
        setup,
    }
}

fn setup(container: &mut ContainerInspect) -> ContainerSetup {
    let config = std::mem::take(&mut container.config);
    container.config.labels = config.labels;
    let mounts = std::mem::take(&mut container.mounts).into_iter().map(|mount| {
        let source = match mount.kind {
            MountKind::Volume => MountSource::Volume(mount.name),
            MountKind::Bind => MountSource::Bind(mount.source),
            MountKind::Tmpfs | MountKind::Other(_) => MountSource::Other,
        };
        Mount { source, path: mount.destination }
    });
    let shown = |port: &PublishedPort| !rootless::is_management(&container.config.labels, port);
    let ports = container.host_config.port_bindings.iter().filter_map(|(port, bindings)| {
        let container_port: u16 = port.strip_suffix("/tcp")?.parse().ok()?;
        Some(bindings.iter().filter_map(move |binding| {
            Some(PublishedPort {
                address: binding.host_ip.unwrap_or(Ipv4Addr::UNSPECIFIED.into()),
                host_port: Port::parse(i64::from(binding.host_port?)).ok()?,
                container_port: Port::parse(i64::from(container_port)).ok()?,
            })
        }))
    });
    ContainerSetup {
        image: std::mem::take(&mut container.image_name),
        entrypoint: config.entrypoint,
        command: config.cmd,
        env: config.env.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        mounts: mounts.collect(),
        secrets: config.secrets.into_iter().map(|secret| secret.name).collect(),
        published_ports: ports.flatten().filter(shown).collect(),
        pod: Some(std::mem::take(&mut container.pod)).filter(|pod| !pod.is_empty()),
        network_mode: std::mem::take(&mut container.host_config.network_mode),
        restart: match container.host_config.restart_policy.name {
            RestartPolicy::Always | RestartPolicy::UnlessStopped => Some(AppRestart::Always),
            RestartPolicy::OnFailure => Some(AppRestart::OnFailure),
            RestartPolicy::No | RestartPolicy::Other(_) => None,
        },
        stop_grace: Duration::from_secs(config.stop_timeout),
    }
}

fn state(status: &ContainerStatus) -> ContainerState {
    match status {
        ContainerStatus::Created | ContainerStatus::Initialized => ContainerState::Created,
        ContainerStatus::Running => ContainerState::Running,
        ContainerStatus::Stopped | ContainerStatus::Exited => ContainerState::Exited,
        ContainerStatus::Paused => ContainerState::Paused,
        ContainerStatus::Removing => ContainerState::Removing,
        ContainerStatus::Stopping => ContainerState::Stopping,
        ContainerStatus::Unknown | ContainerStatus::Other(_) => ContainerState::Unknown,
    }
}

pub(super) fn image(image: ImageInspect) -> ImageDetails {
    let facts = ImageFacts {
        volumes: image.config.volumes.iter().cloned().collect(),
        env: image.config.env.iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect(),
        exposed_ports: image.config.tcp_ports(),
    };
    ImageDetails {
        id: ImageId::new(image.id),
        digest: (!image.digest.is_empty()).then_some(image.digest),
        labels: image.config.labels,
        facts,
        entrypoint: image.config.entrypoint,
        command: image.config.cmd,
    }
}

pub(super) fn network(network: Network) -> NetworkDetails {
    NetworkDetails {
        name: network.name,
        labels: network.labels,
        dns_enabled: network.dns_enabled,
        subnets: network
            .subnets
            .into_iter()
            .filter_map(|subnet| match subnet.subnet {
                IpNet::V4(net) => Some(net),
                IpNet::V6(_) => None,
            })
            .collect(),
    }
}

pub(super) fn volume(volume: Volume) -> NamedObject {
    NamedObject { name: volume.name, labels: volume.labels }
}

pub(super) fn secret(secret: Secret) -> NamedObject {
    NamedObject { name: secret.name, labels: secret.labels }
}

pub(super) fn log_line(line: stardeck_podman::LogLine) -> LogLine {
    let stream = match line.source {
        OutputSource::Stdout => LogStream::Stdout,
        OutputSource::Stderr => LogStream::Stderr,
    };
    LogLine { at: line.time, stream, line: line.text }
}

/// Both streams, with the time of each line.
pub(super) fn log_options(query: &LogQuery, follow: bool) -> LogOptions {
    LogOptions {
        follow,
        stdout: true,
        stderr: true,
        tail: Some(u64::from(query.tail)),
        since: query.since,
        timestamps: true,
        ..LogOptions::default()
    }
}

pub(super) fn usage(stats: stardeck_podman::ContainerStats) -> ContainerUsage {
    ContainerUsage {
        container_id: ContainerId::new(stats.container_id),
        at: i64::try_from(stats.at_nanos).map_or_else(|_| Utc::now(), DateTime::from_timestamp_nanos),
        cpu: Duration::from_nanos(stats.cpu_nanos),
        memory_bytes: stats.memory_usage,
        memory_limit_bytes: stats.memory_limit,
        network_received_bytes: stats.network_received,
        network_sent_bytes: stats.network_sent,
        block_read_bytes: stats.block_read,
        block_written_bytes: stats.block_written,
        processes: stats.pids,
    }
}
