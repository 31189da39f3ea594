//! What is sent to create an app's container.

use std::collections::BTreeMap;

use stardeck_domain::AppRestart;
use stardeck_podman::{
    CpuLimits, CreateContainer, LogConfig, LogDriver, MemoryLimits, NamedVolume, NetworkAttachment,
    PortMapping, Protocol, ResourceLimits, RestartPolicy, SecretMount,
};

use crate::runtime::AppContainerSpec;

/// Most bytes of log that Podman keeps for one app.
const LOG_BYTES: i64 = 20 * 1024 * 1024;
/// How often Podman restarts an app that failed.
const RESTART_TRIES: u32 = 5;
/// The length of a period of processor time, in microseconds; the kernel's own.
const CPU_PERIOD: u64 = 100_000;

/// Rights are Podman's own small set, and no program gains others; there is nothing in the spec by which it could be
/// otherwise: no devices, no host namespaces, no directories of the host.
pub(super) fn create(spec: &AppContainerSpec) -> CreateContainer {
    let attachment =
        || NetworkAttachment { aliases: vec![spec.hostname.clone()], ..NetworkAttachment::default() };
    let networks: BTreeMap<_, _> =
        spec.networks.iter().map(|network| (network.to_string(), attachment())).collect();
    let (restart_policy, restart_tries) = match spec.restart {
        AppRestart::No => (RestartPolicy::No, None),
        AppRestart::OnFailure => (RestartPolicy::OnFailure, Some(RESTART_TRIES)),
        AppRestart::Always => (RestartPolicy::Always, None),
    };
    CreateContainer {
        name: spec.name.to_string(),
        image: spec.image.to_string(),
        hostname: Some(spec.hostname.clone()),
        env: spec.env.clone(),
        secret_env: spec.secret_env.iter().map(|(name, secret)| (name.clone(), secret.to_string())).collect(),
        command: (!spec.command.is_empty()).then(|| spec.command.clone()),
        secrets: spec
            .secret_files
            .iter()
            .map(|file| SecretMount {
                source: file.secret.to_string(),
                target: file.target.clone(),
                uid: file.uid,
                gid: file.gid,
                mode: file.mode,
            })
            .collect(),
        labels: spec.labels.clone(),
        volumes: spec
            .volumes
            .iter()
            .map(|(name, path)| NamedVolume {
                name: name.to_string(),
                dest: path.clone(),
                ..NamedVolume::default()
            })
            .collect(),
        ports: spec
            .published_ports
            .iter()
            .map(|port| PortMapping {
                host_ip: Some(port.address),
                container_port: port.container_port.get(),
                host_port: Some(port.host_port.get()),
                protocol: Protocol::Tcp,
            })
            .collect(),
        networks,
        restart_policy: Some(restart_policy),
        restart_tries,
        resource_limits: limits(spec),
        stop_timeout: Some(spec.stop_grace.as_secs()),
        no_new_privileges: true,
        log: Some(LogConfig { driver: LogDriver::K8sFile, size: Some(LOG_BYTES) }),
        init: true,
        ..CreateContainer::default()
    }
}

fn limits(spec: &AppContainerSpec) -> Option<ResourceLimits> {
    let memory = spec.memory_bytes.and_then(|bytes| i64::try_from(bytes).ok());
    let memory = memory.map(|limit| MemoryLimits {
        limit: Some(limit),
        // Swap equal to memory means none on top; left out, Podman would allow as much again.
        swap: Some(limit),
        ..MemoryLimits::default()
    });
    let cpu = spec.cpu_millis.map(|millis| CpuLimits {
        quota: Some(i64::from(millis).saturating_mul(100)),
        period: Some(CPU_PERIOD),
        ..CpuLimits::default()
    });
    (memory.is_some() || cpu.is_some()).then(|| ResourceLimits { memory, cpu, ..ResourceLimits::default() })
}
