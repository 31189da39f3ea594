//! Host ports: which are free, and who has the ones that are not.
//!
//! Four things can hold a port: our own reservations, containers of anybody (running or not), processes of the host,
//! and its packet filter, which may forward the port to a container this Podman does not know: of another Podman or
//! Docker, or of one that ended without taking its rule away. The reservation's unique index decides races; the rest is
//! looked at before.

mod addresses;

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind},
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    time::Duration,
};

use futures_util::future::join_all;
use stardeck_domain::{Port, PortRange, ValidationError};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Mutex,
    time::timeout,
    try_join,
};

pub use addresses::reachable_addresses;
pub(crate) use addresses::reachable_at;

use crate::{Error, runtime::ContainerSummary};

/// One look at a time, since a look listens on the port for a moment and would be taken for its holder by another.
static LOOKING: Mutex<()> = Mutex::const_new(());
/// How many ports are looked at together: one that is forwarded takes as long as a connection may.
const AT_ONCE: usize = 8;
/// How long a connection to our own listener may take to arrive; the kernel does it at once.
const ARRIVAL_LIMIT: Duration = Duration::from_millis(300);

/// The host ports that may be reserved for one request, the preferred first; never empty.
pub(crate) struct Candidates {
    /// The ports, the preferred first.
    pub(crate) ports: Vec<Port>,
    /// Whether the person asked for exactly this one.
    pub(crate) is_fixed: bool,
}

/// Refuses an address that this host has not, whatever the port: nothing can be published there.
pub(crate) fn require_local(address: IpAddr) -> Result<(), Error> {
    match std::net::TcpListener::bind((address, 0)) {
        Err(error) if error.kind() == ErrorKind::AddrNotAvailable => {
            let known: Vec<_> =
                reachable_addresses(Ipv4Addr::UNSPECIFIED.into()).iter().map(ToString::to_string).collect();
            let reason = format!(
                "{address} is no address of this host; it has {}, and 0.0.0.0 is all of them",
                known.join(", ")
            );
            Err(ValidationError { field: "bind_address", code: "not_local", reason }.into())
        }
        Ok(_) | Err(_) => Ok(()),
    }
}

/// The one port a person asked for, when nothing outside our own reservations holds it.
pub(crate) async fn check_fixed(
    port: Port,
    address: IpAddr,
    containers: &[ContainerSummary],
) -> Result<Candidates, Error> {
    require_local(address)?;
    if let Some(container) = containers.iter().find(|container| container.host_ports.contains(&port.get())) {
        let name = container.names.first().map_or("another container", String::as_str);
        return Err(Error::PortTaken { port: port.get(), holder: format!("container {name} publishes it") });
    }
    let _looking = LOOKING.lock().await;
    match holder(address, port).await {
        Some(holder) => Err(Error::PortTaken { port: port.get(), holder: holder.to_owned() }),
        None => Ok(Candidates { ports: vec![port], is_fixed: true }),
    }
}

/// The free ports of an engine's range. The first few are known to be reachable, the others are there for a lost race.
pub(crate) async fn free_of_range(
    range: PortRange,
    address: IpAddr,
    containers: &[ContainerSummary],
    reserved: &BTreeSet<Port>,
) -> Result<Candidates, Error> {
    require_local(address)?;
    let _looking = LOOKING.lock().await;
    let published: BTreeSet<u16> =
        containers.iter().flat_map(|container| container.host_ports.iter().copied()).collect();
    let is_unclaimed = |port: &Port| !published.contains(&port.get()) && !reserved.contains(port);
    let mut ports = range.iter().filter(is_unclaimed);
    loop {
        let some: Vec<Port> = ports.by_ref().take(AT_ONCE).collect();
        if some.is_empty() {
            return Err(Error::PortsExhausted { range });
        }
        let looks = some.iter().map(|port| async { holder(address, *port).await.is_none().then_some(*port) });
        let free: Vec<Port> = join_all(looks).await.into_iter().flatten().collect();
        if !free.is_empty() {
            let others = ports.filter(|port| std::net::TcpListener::bind((address, port.get())).is_ok());
            return Ok(Candidates { ports: free.into_iter().chain(others).collect(), is_fixed: false });
        }
    }
}

/// What keeps a port of the host from being published, as far as the host itself can tell.
async fn holder(address: IpAddr, port: Port) -> Option<&'static str> {
    let Ok(listener) = TcpListener::bind((address, port.get())).await else {
        return Some("a process of this host listens there");
    };
    // A rule of the packet filter comes before a listener, so only a connection that arrives shows that there is none.
    match timeout(ARRIVAL_LIMIT, connects_to(&listener, reachable(address, port))).await {
        Ok(Ok(true)) => None,
        _ => Some("a rule of this host's packet filter forwards it"),
    }
}

/// Whether a connection to `address` arrives at `listener`.
async fn connects_to(listener: &TcpListener, address: SocketAddr) -> io::Result<bool> {
    let (client, (_server, peer)) = try_join!(TcpStream::connect(address), listener.accept())?;
    // Closed by a reset, so that no connection lingers on the port.
    client.set_zero_linger()?;
    Ok(client.local_addr()? == peer)
}

/// Where a listener at `address` is reached from this host.
fn reachable(address: IpAddr, port: Port) -> SocketAddr {
    let address = match address {
        IpAddr::V4(any) if any.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(any) if any.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        other => other,
    };
    SocketAddr::new(address, port.get())
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use stardeck_domain::{ContainerId, ImageId};

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
            image: String::new(),
            image_id: ImageId::new("i1"),
            command: Vec::new(),
            host_ports: ports,
            published_ports: Vec::new(),
            is_infra: false,
            exit_code: Some(0),
            started_at: None,
        }
    }

    #[tokio::test]
    async fn a_port_that_a_process_listens_on_is_taken() {
        let listener = TcpListener::bind((LOOPBACK, 0)).unwrap();
        let port = Port::parse(i64::from(listener.local_addr().unwrap().port())).unwrap();
        assert!(matches!(check_fixed(port, LOOPBACK, &[]).await, Err(Error::PortTaken { .. })));
    }

    #[tokio::test]
    async fn a_port_that_somebody_listens_on_at_every_address_is_taken_on_loopback_too() {
        let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
        let port = Port::parse(i64::from(listener.local_addr().unwrap().port())).unwrap();
        assert!(matches!(check_fixed(port, LOOPBACK, &[]).await, Err(Error::PortTaken { .. })));
    }

    #[tokio::test]
    async fn a_port_of_a_stopped_container_is_taken_and_the_holder_named() {
        let Err(Error::PortTaken { holder, .. }) =
            check_fixed(Port::fixed(54_320), LOOPBACK, &[container(vec![54_320])]).await
        else {
            panic!("the port was not taken");
        };
        assert!(holder.contains("blog-db"));
    }

    #[tokio::test]
    async fn an_address_that_the_host_has_not_is_told_as_such_whatever_the_port() {
        // A range for documents (RFC 5737), which nobody has.
        let elsewhere = IpAddr::from([192, 0, 2, 1]);
        let range = PortRange { first: Port::fixed(54_321), last: Port::fixed(54_323) };
        let fixed = check_fixed(range.first, elsewhere, &[]).await;
        let automatic = free_of_range(range, elsewhere, &[], &BTreeSet::new()).await;
        for refused in [fixed, automatic] {
            let Err(Error::Validation(errors)) = refused else { panic!("it was not refused as a field") };
            let told: Vec<_> = errors.0.iter().map(|error| (error.field, error.code)).collect();
            assert_eq!(told, [("bind_address", "not_local")]);
            assert!(errors.0.iter().all(|error| error.reason.contains("127.0.0.1")), "{errors:?}");
        }
    }

    #[tokio::test]
    async fn a_range_whose_every_port_is_published_is_exhausted() {
        let range = PortRange { first: Port::fixed(54_321), last: Port::fixed(54_323) };
        let all = [container(vec![54_321, 54_322]), container(vec![54_323])];
        assert!(matches!(
            free_of_range(range, LOOPBACK, &all, &BTreeSet::new()).await,
            Err(Error::PortsExhausted { .. })
        ));
    }
}
