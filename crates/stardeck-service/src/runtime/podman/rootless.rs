//! What is otherwise where Podman runs without root: containers live in a network that the host is not on, so that their
//! addresses lead nowhere from here, or to somebody else. The server reaches an engine by a port of the host's loopback
//! that is published with its container, the management port; people are never shown it.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener},
    ops::RangeInclusive,
};

use stardeck_domain::Port;
use stardeck_podman::{
    Client, ContainerInspect, ContainerSummary, CreateContainer, ListContainers, PortMapping, Protocol,
};
use tokio::sync::{Mutex, MutexGuard};

use super::errors::list_error;
use crate::runtime::{Labels, PublishedPort, RuntimeError, RuntimeInfo, RuntimeResult};

/// The host ports to take management ports from: above those that engines' ranges give to people.
const MANAGEMENT_PORTS: RangeInclusive<u16> = 39_000..=39_999;
/// Tells which host port of a container is its management port.
const LABEL: &str = "stardeck.management-port";

/// Leaves out limits that can not be had. A new one is refused before this; an old one is of a time when they could, and is
/// no reason not to run.
pub(super) fn leave_out_limits(body: &mut CreateContainer, info: &RuntimeInfo) {
    let Some(limits) = &mut body.resource_limits else { return };
    let memory = limits.memory.take_if(|_| !info.can_limit_memory).is_some();
    let cpu = limits.cpu.take_if(|_| !info.can_limit_cpu).is_some();
    if memory || cpu {
        tracing::warn!(container = %body.name, memory, cpu, "its limits are left out, since Podman can not keep them");
    }
}

/// Publishes a port of a container that is to be made for the server alone, unless it is published anyway. What is given back
/// is held until the container has it.
pub(super) async fn open<'a>(
    client: &Client,
    choosing: &'a Mutex<()>,
    body: &mut CreateContainer,
    port: Port,
) -> RuntimeResult<MutexGuard<'a, ()>> {
    let chosen = choosing.lock().await;
    let all = ListContainers { all: true, ..ListContainers::default() };
    let others = client.containers().list(&all).await.map_err(list_error("containers"))?;
    open_for_us(body, port, &others).map_err(|detail| RuntimeError::Rejected { detail })?;
    Ok(chosen)
}

/// Publishes a port of a container for the server alone, unless it is published anyway.
///
/// # Errors
/// No management port is free, in words.
fn open_for_us(body: &mut CreateContainer, port: Port, others: &[ContainerSummary]) -> Result<(), String> {
    if body.ports.iter().any(|mapping| mapping.container_port == port.get()) {
        return Ok(());
    }
    let (first, last) = (MANAGEMENT_PORTS.start(), MANAGEMENT_PORTS.end());
    let host_port = free_port(others, rand::random()).ok_or_else(|| {
        format!("Podman runs without root, so that {} needs a port of {first}-{last} by which it is managed; all are in use", body.name)
    })?;
    body.labels.insert(LABEL.to_owned(), host_port.to_string());
    body.ports.push(PortMapping {
        host_ip: Some(Ipv4Addr::LOCALHOST.into()),
        container_port: port.get(),
        host_port: Some(host_port),
        protocol: Protocol::Tcp,
    });
    Ok(())
}

/// The first port from `start` on, around the range, that no container publishes, running or not, and nobody listens on.
/// Two servers on one host begin at different places, so that they do not race for one port.
fn free_port(containers: &[ContainerSummary], start: u16) -> Option<u16> {
    let count = MANAGEMENT_PORTS.end() - MANAGEMENT_PORTS.start() + 1;
    let is_published = |candidate: u16| {
        containers.iter().flat_map(|container| &container.ports).any(|port| {
            port.host_port.is_some_and(|first| {
                (first..=first.saturating_add(port.range.max(1) - 1)).contains(&candidate)
            })
        })
    };
    (0..count)
        .map(|step| MANAGEMENT_PORTS.start() + (start % count + step) % count)
        .find(|port| !is_published(*port) && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok())
}

/// Where the host reaches a port of a running container: where it is published, on loopback where that can be chosen.
///
/// # Errors
/// It is not running, or does not publish the port; in words.
pub(super) fn way_in(container: &ContainerInspect, port: Port) -> Result<SocketAddr, String> {
    let name = &container.name;
    if !container.state.running {
        return Err(format!("container {name} is not running"));
    }
    let published = container.host_config.port_bindings.get(&format!("{port}/tcp")).into_iter().flatten();
    let ways = published.filter_map(|binding| {
        let address = match binding.host_ip.unwrap_or(Ipv4Addr::UNSPECIFIED.into()) {
            IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            other => other,
        };
        binding.host_port.map(|host_port| SocketAddr::new(address, host_port))
    });
    ways.min_by_key(|way| !way.ip().is_loopback()).ok_or_else(|| {
        format!(
            "Podman runs without root, so that this host reaches only what a container publishes, and {name} does not \
             publish its port {port}"
        )
    })
}

/// Whether a published port is there for the server alone.
pub(super) fn is_management(labels: &Labels, port: &PublishedPort) -> bool {
    port.address.is_loopback() && labels.get(LABEL).is_some_and(|told| *told == port.host_port.to_string())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use stardeck_podman::{CpuLimits, MemoryLimits, PortBinding, PublishedPort as Listed, ResourceLimits};

    use super::*;

    fn container(bindings: &[(&str, Option<IpAddr>, u16)]) -> ContainerInspect {
        let mut found = ContainerInspect { name: "db".to_owned(), ..ContainerInspect::default() };
        found.state.running = true;
        for (port, host_ip, host_port) in bindings {
            let binding = PortBinding { host_ip: *host_ip, host_port: Some(*host_port) };
            found.host_config.port_bindings.entry((*port).to_owned()).or_default().push(binding);
        }
        found
    }

    #[test]
    fn engine_without_a_port_of_its_own_gets_one_on_loopback_that_is_not_shown() {
        let mut body = CreateContainer { name: "db".to_owned(), ..CreateContainer::default() };
        open_for_us(&mut body, Port::fixed(5432), &[]).unwrap();
        let [mapping] = body.ports.as_slice() else { panic!("{:?}", body.ports) };
        let host_port = mapping.host_port.unwrap();
        assert!(MANAGEMENT_PORTS.contains(&host_port));
        assert_eq!((mapping.host_ip, mapping.container_port), (Some(Ipv4Addr::LOCALHOST.into()), 5432));
        let published = |host_port| PublishedPort {
            address: Ipv4Addr::LOCALHOST.into(),
            host_port: Port::fixed(host_port),
            container_port: Port::fixed(5432),
        };
        assert!(is_management(&body.labels, &published(host_port)));
        assert!(!is_management(&body.labels, &published(5432)));
        assert!(!is_management(&BTreeMap::new(), &published(host_port)));
    }

    #[test]
    fn limits_that_can_not_be_kept_are_left_out_and_others_stay() {
        let info = RuntimeInfo {
            version: "5.4.2".to_owned(),
            rootless: true,
            can_limit_memory: true,
            can_limit_cpu: false,
        };
        let resource_limits = ResourceLimits {
            memory: Some(MemoryLimits::default()),
            cpu: Some(CpuLimits::default()),
            ..ResourceLimits::default()
        };
        let mut body =
            CreateContainer { resource_limits: Some(resource_limits), ..CreateContainer::default() };
        leave_out_limits(&mut body, &info);
        let left = body.resource_limits.unwrap();
        assert_eq!((left.memory.is_some(), left.cpu.is_some()), (true, false));
    }

    #[test]
    fn engine_with_a_published_port_gets_no_other() {
        let mapping = PortMapping { container_port: 5432, host_port: Some(15432), ..PortMapping::default() };
        let mut body = CreateContainer { ports: vec![mapping], ..CreateContainer::default() };
        open_for_us(&mut body, Port::fixed(5432), &[]).unwrap();
        assert_eq!((body.ports.len(), body.labels.len()), (1, 0));
    }

    #[test]
    fn ports_that_containers_publish_are_left_to_them_and_the_range_ends() {
        let ports = |first: u16, range: u16| {
            let port = Listed { host_port: Some(first), range, ..Listed::default() };
            ContainerSummary { ports: vec![port], ..ContainerSummary::default() }
        };
        let most = [ports(39_000, 500), ports(39_501, 499)];
        // Somebody else may listen on the one port that is left, so it is not asked whether it is given.
        assert!(free_port(&most, 7).is_none_or(|port| port == 39_500));
        assert_eq!(free_port(&[ports(39_000, 1000)], 0), None);
    }

    #[test]
    fn published_port_is_the_way_in_and_loopback_the_first_choice() {
        let outside = IpAddr::from([192, 0, 2, 1]);
        let port = Port::fixed(5432);
        let only =
            |address, host_port| way_in(&container(&[("5432/tcp", address, host_port)]), port).unwrap();
        assert_eq!(only(None, 39_001), SocketAddr::from((Ipv4Addr::LOCALHOST, 39_001)));
        assert_eq!(only(Some(outside), 15_432), SocketAddr::from((outside, 15_432)));
        let both =
            [("5432/tcp", Some(outside), 15_432), ("5432/tcp", Some(Ipv4Addr::LOCALHOST.into()), 39_001)];
        assert_eq!(way_in(&container(&both), port), Ok((Ipv4Addr::LOCALHOST, 39_001).into()));
    }

    #[test]
    fn container_that_is_down_or_publishes_nothing_is_not_reached_and_says_why() {
        let port = Port::fixed(5432);
        let closed = container(&[("80/tcp", None, 8080)]);
        assert!(way_in(&closed, port).unwrap_err().contains("does not publish its port 5432"));
        let mut down = container(&[("5432/tcp", None, 39_001)]);
        down.state.running = false;
        assert!(way_in(&down, port).unwrap_err().contains("is not running"));
    }
}
