//! Making a container anew on Podman, and looking whether it came out as it was.

use stardeck_domain::ContainerId;
use stardeck_podman::{Client, HealthStatus, InspectedContainer, Recreation, Unkept};

use super::{errors::runtime_error, translate::secret_mounts};
use crate::runtime::{Alteration, RuntimeError, RuntimeResult, UnkeptField};

/// Most bytes of a runtime's configuration that are read.
const CONFIG_BYTES: u64 = 4 * 1024 * 1024;

/// What would make a container anew, or what of it can not be kept.
type Planned = Result<Recreation, Vec<Unkept>>;

async fn plan(
    client: &Client,
    name: &str,
    alteration: &stardeck_podman::Alteration,
) -> RuntimeResult<(InspectedContainer, Planned)> {
    let container = client.containers().inspect_whole(name).await.map_err(runtime_error(name))?;
    let image = client.images().inspect(container.image_id()).await.map_err(runtime_error(name))?;
    let config = match container.runtime_config_path() {
        Some(path) => runtime_config(path).await,
        None => None,
    };
    let planned = Recreation::of(&container, &image, config.as_deref(), alteration);
    Ok((container, planned))
}

/// The configuration of the container's last start. It is there where Podman keeps it, when that is this host.
async fn runtime_config(path: &str) -> Option<Vec<u8>> {
    let about = tokio::fs::metadata(path).await.ok()?;
    if !about.is_file() || about.len() > CONFIG_BYTES {
        return None;
    }
    tokio::fs::read(path).await.ok()
}

pub(super) async fn list_unkept(
    client: &Client,
    name: &str,
    alteration: &Alteration,
) -> RuntimeResult<Vec<UnkeptField>> {
    let (_, planned) = plan(client, name, &translated(alteration)).await?;
    let field = |unkept: Unkept| UnkeptField { field: unkept.field, reason: unkept.reason };
    Ok(planned.err().unwrap_or_default().into_iter().map(field).collect())
}

/// What came out otherwise than it was is refused; whoever asked for it takes it back.
pub(super) async fn recreate(
    client: &Client,
    name: &str,
    alteration: &Alteration,
) -> RuntimeResult<ContainerId> {
    let altered = translated(alteration);
    let (before, planned) = plan(client, name, &altered).await?;
    let recreation = planned.map_err(|unkept| {
        let fields: Vec<_> = unkept.iter().map(|unkept| unkept.field.as_str()).collect();
        RuntimeError::Rejected { detail: format!("of {name} these can not be kept: {}", fields.join(", ")) }
    })?;
    let new = alteration.name.as_str();
    let created = client.containers().recreate(&recreation).await.map_err(runtime_error(new))?;
    let after = client.containers().inspect_whole(&created.id).await.map_err(runtime_error(new))?;
    let differences = before.differences(&after, &altered);
    if differences.is_empty() {
        return Ok(ContainerId::new(created.id));
    }
    let detail = format!(
        "the container made like {name} differs from it in {}, which was not asked for",
        differences.join(", ")
    );
    Err(RuntimeError::Rejected { detail })
}

pub(super) async fn check_health(client: &Client, name: &str) -> RuntimeResult<Option<bool>> {
    let found = client.containers().inspect(name).await.map_err(runtime_error(name))?;
    let check =
        found.config.healthcheck.filter(|check| check.test.first().is_some_and(|word| word != "NONE"));
    if check.is_none() {
        return Ok(None);
    }
    if !found.state.running {
        return Ok(Some(false));
    }
    let status = client.containers().healthcheck(name).await.map_err(runtime_error(name))?;
    Ok(Some(status == HealthStatus::Healthy))
}

fn translated(alteration: &Alteration) -> stardeck_podman::Alteration {
    let secret_env = alteration.secret_env.iter();
    stardeck_podman::Alteration {
        name: alteration.name.to_string(),
        env: alteration.env.clone(),
        without_env: alteration.without_env.clone(),
        secret_env: secret_env.map(|(name, secret)| (name.clone(), secret.to_string())).collect(),
        secrets: secret_mounts(&alteration.secret_files),
        without_secrets: alteration.without_secrets.clone(),
        labels: alteration.labels.clone(),
        without_labels: alteration.without_labels.clone(),
        networks: alteration.networks.iter().map(ToString::to_string).collect(),
        without_networks: alteration.without_networks.clone(),
    }
}
