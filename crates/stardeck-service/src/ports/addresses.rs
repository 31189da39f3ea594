//! The addresses of this host, read from the kernel's own table.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use stardeck_domain::Port;

/// The kernel's IPv4 forwarding table (proc(5)): a leaf is an address, and the line after it says what is there.
const TABLE: &str = "/proc/net/fib_trie";

/// Where a port that is bound to `address` is reached: at the address itself, or at every one of this host. Empty without
/// a port.
pub(crate) fn reachable_at(address: IpAddr, port: Option<Port>) -> Vec<SocketAddr> {
    let Some(port) = port else { return Vec::new() };
    reachable_addresses(address).into_iter().map(|address| SocketAddr::new(address, port.get())).collect()
}

/// The addresses at which a port is reached that is bound to `address`.
pub fn reachable_addresses(address: IpAddr) -> Vec<IpAddr> {
    if !address.is_unspecified() {
        return vec![address];
    }
    let table = std::fs::read_to_string(TABLE).unwrap_or_else(|error| {
        tracing::debug!(%error, "the addresses of this host can not be read");
        String::new()
    });
    let found = parse(&table);
    if found.is_empty() { vec![Ipv4Addr::LOCALHOST.into()] } else { found }
}

/// The addresses in the table, each once, loopback first.
fn parse(table: &str) -> Vec<IpAddr> {
    let mut found: Vec<Ipv4Addr> = Vec::new();
    let mut leaf: Option<Ipv4Addr> = None;
    for line in table.lines().map(str::trim) {
        if let Some(address) = line.strip_prefix("|-- ") {
            leaf = address.parse().ok();
        } else if line.starts_with("/32 host LOCAL") {
            found.extend(leaf);
        }
    }
    found.sort_by_key(|address| (!address.is_loopback(), *address));
    found.dedup();
    found.into_iter().map(IpAddr::V4).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn local_addresses_are_found_once_and_loopback_first() {
        let table = "Main:\n  +-- 0.0.0.0/0 3 0 5\n     |-- 0.0.0.0\n        /0 universe UNICAST\n     \
                     +-- 10.1.0.0/16 2 0 2\n        |-- 10.1.0.0\n           /16 link UNICAST\n        \
                     |-- 10.1.2.3\n           /32 host LOCAL\n        |-- 10.1.255.255\n           \
                     /32 link BROADCAST\n     |-- 127.0.0.0\n        /8 host LOCAL\n     |-- 127.0.0.1\n        \
                     /32 host LOCAL\nLocal:\n     |-- 10.1.2.3\n        /32 host LOCAL\n";
        assert_eq!(parse(table), [IpAddr::from([127, 0, 0, 1]), IpAddr::from([10, 1, 2, 3])]);
    }

    #[test]
    fn an_address_is_reached_at_itself_and_every_address_at_all() {
        let one = IpAddr::from([127, 0, 0, 2]);
        assert_eq!(reachable_addresses(one), [one]);
        assert!(reachable_addresses(Ipv4Addr::UNSPECIFIED.into()).contains(&IpAddr::from([127, 0, 0, 1])));
        assert!(reachable_at(one, None).is_empty());
    }
}
