//! Which IPv4 ranges this host routes already, read from the kernel's routing table.

use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

/// The kernel's IPv4 routing table (proc(5)): addresses are hexadecimal in host byte order.
const ROUTES: &str = "/proc/net/route";

/// All ranges with a route of their own. Where the table can not be read the answer is empty: Podman checks again.
pub(super) async fn ranges_in_use() -> Vec<Ipv4Net> {
    match tokio::fs::read_to_string(ROUTES).await {
        Ok(table) => parse(&table),
        Err(error) => {
            tracing::debug!(%error, "the routing table can not be read");
            Vec::new()
        }
    }
}

fn parse(table: &str) -> Vec<Ipv4Net> {
    table
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let destination = address(fields.nth(1)?)?;
            let mask = address(fields.nth(5)?)?;
            let network = Ipv4Net::with_netmask(destination, mask).ok()?;
            // The default route covers everything and says nothing.
            (network.prefix_len() > 0).then_some(network)
        })
        .collect()
}

fn address(hex: &str) -> Option<Ipv4Addr> {
    u32::from_str_radix(hex, 16).ok().map(|number| Ipv4Addr::from(number.to_ne_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_and_the_default_route_is_left_out() {
        let table = "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n\
                     eth0\t00000000\t0100000A\t0003\t0\t0\t0\t00000000\t0\t0\t0\n\
                     podman1\t00001EAC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n";
        assert_eq!(parse(table), ["172.30.0.0/16".parse().unwrap()]);
    }
}
