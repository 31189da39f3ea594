//! The data network: found, or made on a range of addresses that nothing on this host uses.

mod host;
pub(crate) mod names;

use ipnet::Ipv4Net;
use stardeck_domain::{FailureCode, InstanceId, NetworkName, next_free_subnet};

use crate::{
    labels,
    operations::step::StepError,
    runtime::{ContainerRuntime, NetworkDetails, NetworkSpec, RuntimeError},
};

/// How many ranges are tried when the runtime says that the one we thought free is not.
const TRIES: usize = 8;

/// Makes sure that a network of this name exists and resolves names. Returns its ranges.
///
/// A network that is there already is used whoever made it: another Stardeck on the same Podman shares it.
pub(crate) async fn ensure(
    runtime: &dyn ContainerRuntime,
    instance: InstanceId,
    name: &NetworkName,
) -> Result<Vec<Ipv4Net>, StepError> {
    let mut refused: Vec<Ipv4Net> = Vec::new();
    for _ in 0..TRIES {
        let existing = runtime.list_networks().await?;
        if let Some(network) = existing.iter().find(|network| network.name == name.as_str()) {
            return usable(network);
        }
        let mut in_use: Vec<Ipv4Net> = existing.iter().flat_map(|n| n.subnets.iter().copied()).collect();
        in_use.extend(host::ranges_in_use().await);
        in_use.extend(refused.iter().copied());
        let Some(subnet) = next_free_subnet(&in_use) else {
            let text = "no private address range is free for the data network";
            return Err(StepError::failed(FailureCode::SubnetsExhausted, text));
        };
        let mut labels = labels::of_instance(instance);
        labels.insert(labels::PURPOSE.to_owned(), "database-network".to_owned());
        // Of our own, since two Podmans on one host can come to the same name by themselves.
        let interface = format!("sd-{}", instance.short());
        let spec = NetworkSpec { name: name.clone(), interface, subnet, labels };
        match runtime.create_network(&spec).await {
            Ok(()) => return Ok(vec![subnet]),
            Err(RuntimeError::SubnetTaken { .. }) => refused.push(subnet),
            // Somebody made it at the same moment; the next round finds it.
            Err(RuntimeError::Conflict { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let text = "Podman refused every address range tried for the data network";
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
