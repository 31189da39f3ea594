//! The data network and its address range.

use std::net::{IpAddr, Ipv4Addr};

use ipnet::Ipv4Net;

/// The network on which shared databases and apps meet.
pub const DATA_NETWORK: &str = "stardeck-data";

/// The range the data network gets when nothing on the host uses it: 172.30.0.0/16.
pub const DATA_SUBNET: Ipv4Net = Ipv4Net::new_assert(Ipv4Addr::new(172, 30, 0, 0), 16);

/// Whether only this host can reach what is bound to the address.
pub fn is_loopback_bind(address: IpAddr) -> bool {
    address.is_loopback()
}

/// The first of [`DATA_SUBNET`], 172.31.0.0/16, 172.29.0.0/16 … 172.16.0.0/16 and 10.201.0.0/16 … 10.250.0.0/16 that
/// overlaps none of the ranges in use. None when all are taken.
pub fn next_free_subnet(in_use: &[Ipv4Net]) -> Option<Ipv4Net> {
    let private_172 = std::iter::once(31).chain((16..=29).rev()).map(|n| Ipv4Addr::new(172, n, 0, 0));
    let private_10 = (201..=250).map(|n| Ipv4Addr::new(10, n, 0, 0));
    let rest = private_172.chain(private_10).map(|address| Ipv4Net::new_assert(address, 16));
    std::iter::once(DATA_SUBNET)
        .chain(rest)
        .find(|candidate| !in_use.iter().any(|used| overlap(*candidate, *used)))
}

/// The first /24 of 10.251.0.0/16 to 10.254.0.0/16 that overlaps none of the ranges in use: room for a database and its app.
/// None when all are taken.
pub fn next_free_own_subnet(in_use: &[Ipv4Net]) -> Option<Ipv4Net> {
    (251..=254)
        .flat_map(|second| (0..=255).map(move |third| Ipv4Addr::new(10, second, third, 0)))
        .map(|address| Ipv4Net::new_assert(address, 24))
        .find(|candidate| !in_use.iter().any(|used| overlap(*candidate, *used)))
}

fn overlap(a: Ipv4Net, b: Ipv4Net) -> bool {
    a.contains(&b.network()) || b.contains(&a.network())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_range_is_taken_when_it_is_free() {
        assert_eq!(next_free_subnet(&[]), Some(DATA_SUBNET));
    }

    #[test]
    fn a_range_that_overlaps_one_in_use_is_passed_over() {
        let used: Vec<Ipv4Net> = vec!["172.30.5.0/24".parse().unwrap(), "172.31.0.0/17".parse().unwrap()];
        assert_eq!(next_free_subnet(&used), Some("172.29.0.0/16".parse().unwrap()));
    }

    #[test]
    fn own_networks_are_small_and_do_not_overlap() {
        let first = next_free_own_subnet(&[]).unwrap();
        assert_eq!(first, "10.251.0.0/24".parse().unwrap());
        assert_eq!(next_free_own_subnet(&[first]), Some("10.251.1.0/24".parse().unwrap()));
        let used: Vec<Ipv4Net> = vec!["10.0.0.0/8".parse().unwrap()];
        assert_eq!(next_free_own_subnet(&used), None);
    }

    #[test]
    fn no_range_is_given_when_all_are_taken() {
        let used: Vec<Ipv4Net> = vec!["172.16.0.0/12".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        assert_eq!(next_free_subnet(&used), None);
    }
}
