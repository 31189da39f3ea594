//! A range of addresses that neither the host nor another run uses.

use crate::process;
use anyhow::{Context as _, bail};
use std::os::linux::net::SocketAddrExt as _;
use std::os::unix::net::{SocketAddr, UnixListener};
use std::process::Command;

/// The ranges to choose from are 10.N.0.0/16.
const SECOND_OCTETS: std::ops::Range<u8> = 140..200;

/// A range that is ours until this value is dropped or the process ends.
///
/// The claim is a Unix socket in the abstract namespace, which belongs to the network namespace, as addresses do:
/// runs in different mount namespaces see each other's claims, and the kernel releases a dead run's.
#[derive(Debug)]
pub(crate) struct AddressClaim {
    octet: u8,
    _claim: UnixListener,
}

impl AddressClaim {
    /// Takes the first free range.
    ///
    /// # Errors
    /// When all are taken.
    pub(crate) fn take() -> anyhow::Result<Self> {
        let routes = process::read(Command::new("ip").args(["-4", "route", "show", "table", "all"]))?;
        for octet in SECOND_OCTETS.filter(|octet| !is_routed(&routes, *octet)) {
            let name = SocketAddr::from_abstract_name(format!("stardeck-xtask-addresses-{octet}"))
                .context("naming a claim of addresses")?;
            if let Ok(claim) = UnixListener::bind_addr(&name) {
                return Ok(Self { octet, _claim: claim });
            }
        }
        bail!(
            "all ranges from 10.{}.0.0/16 to 10.{}.0.0/16 are in use",
            SECOND_OCTETS.start,
            SECOND_OCTETS.end - 1
        )
    }

    /// The whole range.
    pub(crate) fn prefix(&self) -> String {
        format!("10.{}.0.0/16", self.octet)
    }

    /// The part for Podman's default network.
    pub(crate) fn default_network(&self) -> String {
        format!("10.{}.255.0/24", self.octet)
    }

    /// The host's address in Podman's default network.
    pub(crate) fn default_gateway(&self) -> String {
        format!("10.{}.255.1", self.octet)
    }

    /// The part from which Podman takes subnets for networks that ask for none. The lower half of the range is left
    /// to tests that choose subnets themselves.
    pub(crate) fn pool(&self) -> String {
        format!("10.{}.128.0/18", self.octet)
    }

    /// Name of the default network's bridge, at most 15 bytes as the kernel demands.
    pub(crate) fn bridge(&self) -> String {
        format!("sdtest{}", self.octet)
    }
}

/// True when a route leads to an address in 10.N.0.0/16. A wider one, such as a company's 10.0.0.0/8, is no hindrance:
/// a bridge's own route is more specific and wins.
fn is_routed(routes: &str, octet: u8) -> bool {
    let start = format!("10.{octet}.");
    routes.lines().flat_map(str::split_whitespace).any(|word| word.starts_with(&start))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routed_range_is_seen_and_its_neighbour_is_not() {
        let routes =
            "default via 192.0.2.1 dev eth0\n10.140.3.0/24 dev podman1 proto kernel src 10.140.3.1\n";
        assert!(is_routed(routes, 140));
        assert!(!is_routed(routes, 14));
        assert!(!is_routed(routes, 141));
    }

    #[test]
    fn two_claims_get_different_ranges() {
        let first = AddressClaim::take().unwrap();
        let second = AddressClaim::take().unwrap();
        assert_ne!(first.prefix(), second.prefix());
    }

    #[test]
    fn bridge_name_fits_the_kernels_limit() {
        assert!(AddressClaim::take().unwrap().bridge().len() <= 15);
    }
}
