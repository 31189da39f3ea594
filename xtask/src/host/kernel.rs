//! Two small repairs of a host: the mode of `/dev/null`, and what keeps bridges reachable where no udev runs.

use super::Conditions;
use crate::report;
use anyhow::Context as _;
use std::fs::{self, Permissions};
use std::os::unix::fs::{FileTypeExt as _, PermissionsExt as _};

const ARP_NOTIFY: &str = "/proc/sys/net/ipv4/conf/all/arp_notify";

/// Gives `/dev/null` its mode back. A debootstrap run can leave it unreadable for others, after which apt's own user
/// fails with the misleading message that gpgv is required.
///
/// # Errors
/// When the mode can not be changed.
pub(crate) fn repair_dev_null() -> anyhow::Result<()> {
    let metadata = fs::metadata("/dev/null").context("looking at /dev/null")?;
    let mode = metadata.permissions().mode() & 0o777;
    if mode == 0o666 || !metadata.file_type().is_char_device() {
        return Ok(());
    }
    report::change(&format!("sets the mode of /dev/null from {mode:o} to 666 (apt needs it)"));
    fs::set_permissions("/dev/null", Permissions::from_mode(0o666)).context("setting the mode of /dev/null")
}

/// Lets the kernel announce changed hardware addresses. Without udev a bridge's address changes whenever a container
/// joins or leaves it, and the other containers lose name resolution for up to 40 seconds (measured).
///
/// # Errors
/// When the setting can not be written.
pub(crate) fn announce_bridge_addresses(conditions: Conditions) -> anyhow::Result<()> {
    let current = fs::read_to_string(ARP_NOTIFY).unwrap_or_else(|_| "1".to_owned());
    if conditions.has_udev || current.trim() != "0" {
        return Ok(());
    }
    report::change(
        "sets net.ipv4.conf.all.arp_notify=1 until the next boot (no udev pins the bridges' addresses here)",
    );
    fs::write(ARP_NOTIFY, "1\n").with_context(|| format!("writing {ARP_NOTIFY}"))
}
