//! Making a container anew like another one.

use stardeck_domain::ContainerId;
use stardeck_service::runtime::{Alteration, ContainerState, RuntimeError, RuntimeResult, UnkeptField};

use super::objects::{Container, Objects};

/// What was said of it when it was added.
pub(super) fn unkept(objects: &mut Objects, name: &str) -> RuntimeResult<Vec<UnkeptField>> {
    let unkept = objects.container(name)?.unkept.iter();
    let field = |field: &String| UnkeptField { field: field.clone(), reason: "it is not kept".to_owned() };
    Ok(unkept.map(field).collect())
}

/// As Podman does: names are free, networks and secrets must be there.
pub(super) fn recreate(
    objects: &mut Objects,
    name: &str,
    alteration: &Alteration,
) -> RuntimeResult<ContainerId> {
    let new = alteration.name.as_str();
    if objects.containers.contains_key(new) {
        return Err(RuntimeError::Conflict { detail: format!("the name {new} is already in use") });
    }
    let before = objects.container(name)?.clone();
    if let Some(network) = alteration.networks.iter().find(|on| !objects.networks.contains_key(on.as_str())) {
        return Err(RuntimeError::NotFound { what: format!("network {network}") });
    }
    let mounted = alteration.secret_files.iter().map(|file| &file.secret);
    let missing = mounted.chain(alteration.secret_env.values());
    let missing = missing.into_iter().find(|secret| !objects.secrets.contains_key(secret.as_str()));
    if let Some(secret) = missing {
        return Err(RuntimeError::NotFound { what: format!("secret {secret}") });
    }
    let number = objects.next_number();
    let id = ContainerId::new(format!("{number:064x}"));
    let health = before.health.map(|well| well && !objects.recreates_unhealthy);
    let container = altered(Container { id: id.clone(), health, ..before }, alteration);
    objects.containers.insert(new.to_owned(), container);
    Ok(id)
}

fn altered(mut container: Container, alteration: &Alteration) -> Container {
    container.state = ContainerState::Created;
    (container.exit_code, container.started_at, container.address) = (None, None, None);
    container.labels.retain(|name, _| !alteration.without_labels.contains(name));
    container.labels.extend(alteration.labels.clone());
    container.env.retain(|name, _| !alteration.without_env.contains(name));
    container.env.extend(alteration.env.clone());
    let secrets = alteration.secret_env.iter();
    container.env.extend(secrets.map(|(name, secret)| (name.clone(), format!("secret {secret}"))));
    container.setup.env = container.env.clone().into_iter().collect();
    container.setup.secrets.retain(|name| !alteration.without_secrets.contains(name));
    container.setup.secrets.extend(alteration.secret_files.iter().map(|file| file.secret.to_string()));
    container.networks.retain(|name, _| !alteration.without_networks.contains(name));
    let networks = alteration.networks.iter();
    container.networks.extend(networks.map(|network| (network.to_string(), Vec::new())));
    container
}
