//! Host ports: which are free, and who has the ones that are not.
//!
//! Four things can hold a port: our own reservations, containers of anybody (running or not), and processes of the
//! host. The reservation's unique index decides races; the rest is looked at before.

use std::{
    collections::BTreeSet,
    net::{IpAddr, TcpListener},
};

use stardeck_domain::{Port, PortRange};

use crate::{Error, runtime::ContainerSummary};

/// The host ports that may be reserved for one request, the preferred first; never empty.
pub(crate) struct Candidates {
    /// The ports, the preferred first.
    pub(crate) ports: Vec<Port>,
    /// Whether the person asked for exactly this one.
    pub(crate) is_fixed: bool,
}

/// The one port a person asked for, when nothing outside our own reservations holds it.
pub(crate) fn check_fixed(
    port: Port,
    address: IpAddr,
    containers: &[ContainerSummary],
) -> Result<Candidates, Error> {
    if let Some(container) = containers.iter().find(|container| container.host_ports.contains(&port.get())) {
        let name = container.names.first().map_or("another container", String::as_str);
        return Err(Error::PortTaken { port: port.get(), holder: format!("container {name} publishes it") });
    }
    if !can_listen(address, port) {
        return Err(Error::PortTaken {
            port: port.get(),
            holder: "a process of this host listens there".to_owned(),
        });
    }
    Ok(Candidates { ports: vec![port], is_fixed: true })
}

/// The free ports of an engine's range.
pub(crate) fn free_of_range(
    range: PortRange,
    address: IpAddr,
    containers: &[ContainerSummary],
) -> Result<Candidates, Error> {
    let published: BTreeSet<u16> =
        containers.iter().flat_map(|container| container.host_ports.iter().copied()).collect();
    let ports: Vec<Port> =
        range.iter().filter(|port| !published.contains(&port.get()) && can_listen(address, *port)).collect();
    if ports.is_empty() {
        return Err(Error::PortsExhausted { range });
    }
    Ok(Candidates { ports, is_fixed: false })
}

/// Whether the kernel would let us listen there now.
fn can_listen(address: IpAddr, port: Port) -> bool {
    TcpListener::bind((address, port.get())).is_ok()
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use stardeck_domain::ContainerId;

    use super::*;
    use crate::runtime::{ContainerState, Labels};

    const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    fn container(ports: Vec<u16>) -> ContainerSummary {
        ContainerSummary {
            id: ContainerId::new("c1"),
            names: vec!["blog-db".to_owned()],
            state: ContainerState::Exited,
            labels: Labels::new(),
            networks: Vec::new(),
            host_ports: ports,
            exit_code: Some(0),
        }
    }

    #[test]
    fn a_port_that_a_process_listens_on_is_taken() {
        let listener = TcpListener::bind((LOOPBACK, 0)).unwrap();
        let port = Port::parse(i64::from(listener.local_addr().unwrap().port())).unwrap();
        assert!(matches!(check_fixed(port, LOOPBACK, &[]), Err(Error::PortTaken { .. })));
    }

    #[test]
    fn a_port_that_somebody_listens_on_at_every_address_is_taken_on_loopback_too() {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = Port::parse(i64::from(listener.local_addr().unwrap().port())).unwrap();
        assert!(matches!(check_fixed(port, LOOPBACK, &[]), Err(Error::PortTaken { .. })));
    }

    #[test]
    fn a_port_of_a_stopped_container_is_taken_and_the_holder_named() {
        let Err(Error::PortTaken { holder, .. }) =
            check_fixed(Port::fixed(54_320), LOOPBACK, &[container(vec![54_320])])
        else {
            panic!("the port was not taken");
        };
        assert!(holder.contains("blog-db"));
    }

    #[test]
    fn a_range_whose_every_port_is_published_is_exhausted() {
        let range = PortRange { first: Port::fixed(54_321), last: Port::fixed(54_323) };
        let all = [container(vec![54_321, 54_322]), container(vec![54_323])];
        assert!(matches!(free_of_range(range, LOOPBACK, &all), Err(Error::PortsExhausted { .. })));
    }
}
