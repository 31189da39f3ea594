//! Making the container of an app.

use std::collections::BTreeMap;

use stardeck_domain::ContainerId;
use stardeck_service::runtime::{
    AppContainerSpec, ContainerSetup, ContainerState, ImageProblem, Mount, MountSource, RuntimeError,
    RuntimeResult,
};

use super::objects::{Container, Objects};

/// As Podman does: the image, the networks and the mounted secrets must be there; missing volumes are made silently. The
/// secrets of variables are looked for at each start.
pub(super) fn create(objects: &mut Objects, spec: &AppContainerSpec) -> RuntimeResult<ContainerId> {
    if objects.containers.contains_key(spec.name.as_str()) {
        return Err(RuntimeError::Conflict { detail: format!("the name {} is already in use", spec.name) });
    }
    if !objects.images.values().any(|image| image.id == spec.image) {
        let detail = format!("{}: image not known", spec.image);
        return Err(RuntimeError::ImageUnavailable { reason: ImageProblem::NotFound, detail });
    }
    if let Some(network) = spec.networks.iter().find(|name| !objects.networks.contains_key(name.as_str())) {
        return Err(RuntimeError::NotFound { what: format!("network {network}") });
    }
    let mounted = spec.secret_files.iter().map(|file| &file.secret);
    let mut env = spec.env.clone();
    for secret in mounted.chain(spec.secret_env.values()) {
        if !objects.secrets.contains_key(secret.as_str()) {
            return Err(RuntimeError::NotFound { what: format!("secret {secret}") });
        }
    }
    env.extend(spec.secret_env.iter().map(|(name, secret)| (name.clone(), format!("secret {secret}"))));
    for (volume, _) in &spec.volumes {
        objects.volumes.entry(volume.to_string()).or_default();
    }
    let number = objects.next_number();
    let id = ContainerId::new(format!("{number:064x}"));
    let alias = || vec![spec.hostname.clone()];
    let container = Container {
        id: id.clone(),
        state: ContainerState::Created,
        exit_code: None,
        oom_killed: false,
        restart_count: 0,
        started_at: None,
        labels: spec.labels.clone(),
        image: spec.image.clone(),
        setup: setup(spec),
        networks: spec.networks.iter().map(|network| (network.to_string(), alias())).collect(),
        ports: spec.published_ports.clone(),
        volumes: spec.volumes.iter().map(|(name, _)| name.to_string()).collect(),
        anonymous_volumes: Vec::new(),
        secrets: Vec::new(),
        configs: Vec::new(),
        limits: (spec.memory_bytes, spec.cpu_millis),
        env,
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

/// How Podman shows that such a container was set up.
fn setup(spec: &AppContainerSpec) -> ContainerSetup {
    let mount = |(name, path): &(stardeck_domain::VolumeName, String)| Mount {
        source: MountSource::Volume(name.to_string()),
        path: path.clone(),
    };
    ContainerSetup {
        image: spec.image.to_string(),
        command: spec.command.clone(),
        env: spec.env.iter().map(|(name, value)| (name.clone(), value.clone())).collect(),
        mounts: spec.volumes.iter().map(mount).collect(),
        secrets: spec.secret_files.iter().map(|file| file.secret.to_string()).collect(),
        published_ports: spec.published_ports.clone(),
        network_mode: "bridge".to_owned(),
        ..ContainerSetup::default()
    }
}
