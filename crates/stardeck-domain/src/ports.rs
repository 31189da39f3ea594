//! TCP ports and their reservations.

use std::{net::IpAddr, num::NonZeroU16};

use crate::{DatabaseId, HostId, InvalidValue, text_enum::text_enum};

/// A TCP port, 1-65535.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "utoipa", derive(utoipa::ToSchema), schema(value_type = u16, minimum = 1, maximum = 65535))]
pub struct Port(NonZeroU16);

impl Port {
    /// A port from a number.
    ///
    /// # Errors
    /// The number is not within 1-65535.
    pub fn parse(number: i64) -> Result<Self, InvalidValue> {
        u16::try_from(number)
            .ok()
            .and_then(NonZeroU16::new)
            .map(Self)
            .ok_or_else(|| InvalidValue::new("out_of_range", "must be a port number from 1 to 65535"))
    }

    /// A port known when the program is compiled.
    ///
    /// # Panics
    /// At compile time, for 0.
    pub const fn fixed(number: u16) -> Self {
        match NonZeroU16::new(number) {
            Some(port) => Self(port),
            #[expect(clippy::panic, reason = "evaluated by the compiler for constants, never at run time")]
            None => panic!("a port is not 0"),
        }
    }

    /// The port as a number.
    pub const fn get(self) -> u16 {
        self.0.get()
    }
}

impl std::fmt::Display for Port {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.fmt(f)
    }
}

/// A range of ports, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PortRange {
    /// First port.
    pub first: Port,
    /// Last port.
    pub last: Port,
}

impl PortRange {
    /// All ports of the range in ascending order.
    pub fn iter(self) -> impl Iterator<Item = Port> {
        (self.first.get()..=self.last.get()).filter_map(|n| NonZeroU16::new(n).map(Port))
    }
}

impl std::fmt::Display for PortRange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.first, self.last)
    }
}

text_enum! {
    /// What a reserved host port is for.
    pub enum PortPurpose ("port purpose") {
        /// Clients outside reach the database by it.
        Data = "data",
        /// Stardeck itself reaches the engine by it, on loopback, where the container's address is out of reach.
        Management = "management",
        /// An app's port.
        App = "app",
    }
}

/// A host port that is ours, decided by a unique index on host and port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortReservation {
    /// The host.
    pub host_id: HostId,
    /// The address it is bound to on that host.
    pub address: IpAddr,
    /// The port.
    pub port: Port,
    /// What it is for.
    pub purpose: PortPurpose,
    /// The database that holds it.
    pub database_id: Option<DatabaseId>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_outside_the_range_are_refused() {
        for bad in [-1, 0, 65_536, i64::MAX] {
            assert_eq!(Port::parse(bad).map_err(|e| e.code), Err("out_of_range"));
        }
        assert_eq!(Port::parse(5432), Ok(Port::fixed(5432)));
    }

    #[test]
    fn range_includes_both_ends() {
        let range = PortRange { first: Port::fixed(5432), last: Port::fixed(5434) };
        assert_eq!(range.iter().map(Port::get).collect::<Vec<_>>(), [5432, 5433, 5434]);
    }
}
