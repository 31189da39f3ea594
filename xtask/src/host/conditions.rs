//! What kind of host this is, as far as Podman cares. Only looks, changes nothing.

use std::fs;
use std::path::Path;

/// Bit of `CAP_SYS_RESOURCE` in the capability masks of `/proc/self/status` (linux/capability.h).
const CAP_SYS_RESOURCE: u32 = 24;

/// The conditions that decide how Podman has to be configured here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "four independent facts about a host, not one state")]
pub(crate) struct Conditions {
    /// Controllers of cgroup v1 beside a v2 tree: crun refuses such a host, runc works.
    pub(crate) has_hybrid_cgroups: bool,
    /// Whether resource limits may be raised. Without it every container start fails on Podman's default limits.
    pub(crate) can_raise_limits: bool,
    /// Whether systemd is the first process, so that units, timers and socket activation exist.
    pub(crate) has_systemd: bool,
    /// Whether udev runs. Without it nobody pins the hardware address of a bridge.
    pub(crate) has_udev: bool,
}

impl Conditions {
    /// Looks at this host.
    pub(crate) fn detect() -> Self {
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let cgroups = Path::new("/sys/fs/cgroup");
        Self {
            has_hybrid_cgroups: !cgroups.join("cgroup.controllers").exists()
                && cgroups.join("unified/cgroup.controllers").exists(),
            can_raise_limits: has_capability(&status, CAP_SYS_RESOURCE),
            has_systemd: Path::new("/run/systemd/system").is_dir(),
            has_udev: Path::new("/run/udev/control").exists(),
        }
    }

    /// True where Podman works as the distribution ships it.
    pub(crate) fn suit_default_podman(self) -> bool {
        self.can_raise_limits && !self.has_hybrid_cgroups
    }
}

fn has_capability(status: &str, bit: u32) -> bool {
    status
        .lines()
        .find_map(|line| line.strip_prefix("CapEff:"))
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & (1 << bit) != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capability_mask_with_the_bit_cleared_has_it_not() {
        assert!(!has_capability("Name:\tx\nCapEff:\t000001fffeffffff\n", CAP_SYS_RESOURCE));
        assert!(has_capability("Name:\tx\nCapEff:\t000001ffffffffff\n", CAP_SYS_RESOURCE));
    }

    #[test]
    fn status_without_a_mask_has_no_capability() {
        assert!(!has_capability("Name:\tx\n", CAP_SYS_RESOURCE));
    }
}
