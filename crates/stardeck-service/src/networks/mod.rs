//! The data network, and the own networks of databases that are one app's and of links: found, or made on a range of
//! addresses that nothing on this host uses.

mod host;
pub(crate) mod links;
pub(crate) mod names;

use ipnet::Ipv4Net;
use stardeck_domain::{
    DatabaseId, FailureCode, InstanceId, ManagedDatabase, NetworkName, next_free_own_subnet, next_free_subnet,
};

use crate::{
    labels,
    operations::step::StepError,
    runtime::{ContainerRuntime, Labels, NetworkDetails, NetworkSpec, RuntimeError},
};

/// How many ranges are tried when the runtime says that the one we thought free is not.
const TRIES: usize = 8;

/// Makes sure that the shared network exists and resolves names. Returns its ranges.
///
/// A network that is there already is used whoever made it: another Stardeck on the same Podman shares it.
pub(crate) async fn ensure_data(
    runtime: &dyn ContainerRuntime,
    instance: InstanceId,
) -> Result<Vec<Ipv4Net>, StepError> {
    // Of our own, since two Podmans on one host can come to the same name by themselves.
    let interface = format!("sd-{}", instance.short());
    ensure(runtime, &NetworkName::data(), interface, labels::of_instance(instance), next_free_subnet).await
}

/// Makes sure that the network of a database exists: the shared one, or its own.
pub(crate) async fn ensure_of(
    runtime: &dyn ContainerRuntime,
    instance: InstanceId,
    database: &ManagedDatabase,
) -> Result<Vec<Ipv4Net>, StepError> {
    if database.network == NetworkName::data() {
        return ensure_data(runtime, instance).await;
    }
    let interface = format!("so-{}", database.id.short());
    let mut labels = labels::of_instance(instance);
    labels.insert(labels::DATABASE.to_owned(), database.id.to_string());
    ensure(runtime, &database.network, interface, labels, next_free_own_subnet).await
}

/// Removes the own network of a database. One that containers are still on stays, and goes with the last of them.
pub(crate) async fn remove_of(
    runtime: &dyn ContainerRuntime,
    instance: InstanceId,
    database: DatabaseId,
) -> Result<(), RuntimeError> {
    for network in runtime.list_networks().await? {
        if labels::is_of_database(&network.labels, instance, database) {
            match runtime.remove_network(&network.name).await {
                Ok(()) => {}
                Err(RuntimeError::Conflict { detail } | RuntimeError::Rejected { detail }) => {
                    tracing::info!(network = %network.name, %detail, "an app is still on the network");
                }
                Err(error) => return Err(error),
            }
        }
    }
    Ok(())
}

async fn ensure(
    runtime: &dyn ContainerRuntime,
    name: &NetworkName,
    interface: String,
    mut labels: Labels,
    next_free: fn(&[Ipv4Net]) -> Option<Ipv4Net>,
) -> Result<Vec<Ipv4Net>, StepError> {
    labels.insert(labels::PURPOSE.to_owned(), "database-network".to_owned());
    let spec = |subnet| NetworkSpec {
        name: name.clone(),
        interface: interface.clone(),
        subnet,
        labels: labels.clone(),
    };
    let mut refused: Vec<Ipv4Net> = Vec::new();
    for _ in 0..TRIES {
        let existing = runtime.list_networks().await?;
        if let Some(network) = existing.iter().find(|network| network.name == name.as_str()) {
            return usable(network);
        }
        let mut in_use: Vec<Ipv4Net> = existing.iter().flat_map(|n| n.subnets.iter().copied()).collect();
        in_use.extend(host::ranges_in_use().await);
        in_use.extend(refused.iter().copied());
        let Some(subnet) = next_free(&in_use) else {
            let text = format!("no private address range is free for the network {name}");
            return Err(StepError::failed(FailureCode::SubnetsExhausted, text));
        };
        match runtime.create_network(&spec(subnet)).await {
            Ok(()) => return Ok(vec![subnet]),
            Err(RuntimeError::SubnetTaken { .. }) => refused.push(subnet),
            // Somebody made it at the same moment; the next round finds it.
            Err(RuntimeError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let text = format!("Podman refused every address range tried for the network {name}");
    Err(StepError::failed(FailureCode::SubnetsExhausted, text))
}

fn usable(network: &NetworkDetails) -> Result<Vec<Ipv4Net>, StepError> {
    if network.dns_enabled {
        return Ok(network.subnets.clone());
    }
    let text = format!(
        "the network {} exists without name resolution, so apps could not find databases by name; remove it \
         (podman network rm {}) or give it DNS",
        network.name, network.name
    );
    Err(StepError::failed(FailureCode::RuntimeRejected, text))
}
