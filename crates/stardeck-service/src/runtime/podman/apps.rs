//! What is sent to create an app's container.

use std::collections::BTreeMap;

use stardeck_domain::AppRestart;
use stardeck_podman::{CreateContainer, NetworkAttachment, RestartPolicy};

use super::translate::{RESTART_TRIES, named_volumes, ours, port_mappings, resource_limits, secret_mounts};
use crate::runtime::AppContainerSpec;

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
        secrets: secret_mounts(&spec.secret_files),
        labels: spec.labels.clone(),
        volumes: named_volumes(&spec.volumes),
        ports: port_mappings(&spec.published_ports),
        networks,
        restart_policy: Some(restart_policy),
        restart_tries,
        resource_limits: resource_limits(spec.memory_bytes, spec.cpu_millis),
        stop_timeout: Some(spec.stop_grace.as_secs()),
        ..ours()
    }
}
