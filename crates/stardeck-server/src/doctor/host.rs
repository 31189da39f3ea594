//! The host: what starts at boot, room on disks, the clock, and neighbours on a bridge.

use std::{
    fs,
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::Command,
    time::{Duration, SystemTime},
};

use super::Finding;
use crate::install::{DATABASES_UNIT, SERVER_UNIT};

/// Less free space than this is soon used up by a database.
const ROOM_SMALL: u64 = 2 * 1024 * 1024 * 1024;
/// With less free space than this not even a deployment succeeds.
const ROOM_NONE: u64 = 256 * 1024 * 1024;
/// A clock before this (2026-01-01) was never set.
const EARLIEST: Duration = Duration::from_hours(490_896);

/// What there is to say of the host.
pub(crate) fn findings(data_dir: &Path) -> Vec<Finding> {
    let is_set = |path: &str| fs::read_to_string(path).is_ok_and(|text| text.trim() == "1");
    vec![
        neighbours(Path::new("/run/udev/control").exists(), is_set("/proc/sys/net/ipv4/conf/all/arp_notify")),
        boot(Path::new("/run/systemd/system").exists(), is_enabled),
        disk("disk", existing(data_dir)),
        clock(SystemTime::now(), &data_dir.join("stardeck.db")),
    ]
}

/// Without udev nobody pins the address of a bridge. It then changes with the containers on it, and the others find
/// neither the name server nor the way out until their caches notice, which takes up to 40 seconds (measured).
fn neighbours(has_udev: bool, notifies: bool) -> Finding {
    match (has_udev, notifies) {
        (true, _) => Finding::ok("bridge", "udev pins the addresses of bridges"),
        (false, true) => Finding::ok("bridge", "changes of a bridge's address are announced (arp_notify)"),
        (false, false) => Finding::warning(
            "bridge",
            "udev does not run and arp_notify is off: starting or stopping a container can cut the others on its \
             network off from names for up to 40 seconds",
            "sysctl -w net.ipv4.conf.all.arp_notify=1, and the same in a file in /etc/sysctl.d",
        ),
    }
}

fn boot(has_systemd: bool, is_enabled: impl Fn(&str) -> bool) -> Finding {
    if !has_systemd {
        return Finding::warning(
            "boot",
            "this host does not run systemd, so nothing is known to start the server after a restart of the host",
            "have the host's service manager start `stardeck serve` and Podman's API service",
        );
    }
    let missing: Vec<_> =
        [SERVER_UNIT, DATABASES_UNIT, "podman.socket"].into_iter().filter(|unit| !is_enabled(unit)).collect();
    if missing.is_empty() {
        return Finding::ok(
            "boot",
            "the server starts with the host, and databases are stopped cleanly with it",
        );
    }
    Finding::warning(
        "boot",
        format!("not enabled: {}; databases would stay down after a restart of the host", missing.join(", ")),
        format!(
            "stardeck install && systemctl daemon-reload && systemctl enable --now {}",
            missing.join(" ")
        ),
    )
}

fn is_enabled(unit: &str) -> bool {
    Command::new("systemctl")
        .args(["--quiet", "is-enabled", unit])
        .status()
        .is_ok_and(|status| status.success())
}

/// How much room there is where this path is.
pub(crate) fn disk(check: &'static str, path: &Path) -> Finding {
    match rustix::fs::statvfs(path) {
        Ok(found) => room(
            check,
            path,
            found.f_bavail.saturating_mul(found.f_frsize),
            found.f_favail == 0 && found.f_files > 0,
        ),
        Err(error) => Finding::warning(
            check,
            format!("the space at {} is not known: {error}", path.display()),
            "look at it with df",
        ),
    }
}

fn room(check: &'static str, path: &Path, free: u64, no_inodes: bool) -> Finding {
    let says = format!("{} MB are free at {}", free / 1_000_000, path.display());
    let advice = "make room, or move the directory to a larger disk";
    if no_inodes {
        return Finding::failure(
            check,
            format!("no file can be made any more at {}", path.display()),
            advice,
        );
    }
    match free {
        ..ROOM_NONE => Finding::failure(check, says, advice),
        ROOM_NONE..ROOM_SMALL => Finding::warning(check, says, advice),
        ROOM_SMALL.. => Finding::ok(check, says),
    }
}

/// Whether two paths are on one file system, so that one word about it is enough.
pub(crate) fn is_same_disk(one: &Path, other: &Path) -> bool {
    let device = |path| fs::metadata(existing(path)).map(|metadata| metadata.dev()).ok();
    device(one).is_some() && device(one) == device(other)
}

/// The path, or what there is of it.
fn existing(path: &Path) -> &Path {
    path.ancestors().find(|path| path.exists()).unwrap_or(path)
}

/// Sessions, operations and certificates go by the clock.
fn clock(now: SystemTime, store: &Path) -> Finding {
    let advice = "set the clock, and let a time service (chrony, systemd-timesyncd) keep it";
    if now < SystemTime::UNIX_EPOCH + EARLIEST {
        return Finding::failure("clock", "the clock was never set", advice);
    }
    let written = fs::metadata(store).and_then(|metadata| metadata.modified());
    if let Some(ahead) = written.ok().and_then(|written| written.duration_since(now).ok())
        && ahead > Duration::from_mins(1)
    {
        let says =
            format!("the store was written {} seconds in the future: the clock went back", ahead.as_secs());
        return Finding::failure("clock", says, advice);
    }
    Finding::ok("clock", "the clock is set, and not behind what is stored")
}

#[cfg(test)]
mod tests {
    use super::super::Verdict;
    use super::*;

    #[test]
    fn only_a_bridge_that_nobody_pins_and_nobody_announces_is_told() {
        assert_eq!(neighbours(true, false).verdict, Verdict::Ok);
        assert_eq!(neighbours(false, true).verdict, Verdict::Ok);
        let told = neighbours(false, false);
        assert_eq!(told.verdict, Verdict::Warning);
        assert!(told.advice.unwrap().contains("arp_notify=1"));
    }

    #[test]
    fn units_that_are_not_enabled_are_named() {
        assert_eq!(boot(true, |_| true).verdict, Verdict::Ok);
        let told = boot(true, |unit| unit == "podman.socket");
        assert_eq!(told.verdict, Verdict::Warning);
        assert!(told.says.contains("stardeck.service, stardeck-databases.service"), "{}", told.says);
        assert!(!told.says.contains("podman.socket"));
        assert!(boot(false, |_| true).says.contains("systemd"));
    }

    #[test]
    fn little_room_is_a_warning_and_none_a_failure() {
        let path = Path::new("/srv");
        assert_eq!(room("disk", path, 5_000_000_000, false).verdict, Verdict::Ok);
        assert_eq!(room("disk", path, 1_000_000_000, false).verdict, Verdict::Warning);
        assert_eq!(room("disk", path, 1_000_000, false).verdict, Verdict::Failure);
        assert_eq!(room("disk", path, 5_000_000_000, true).verdict, Verdict::Failure);
    }

    #[test]
    fn a_clock_that_went_back_is_a_failure() {
        let directory = tempfile::tempdir().unwrap();
        let store = directory.path().join("stardeck.db");
        assert_eq!(clock(SystemTime::now(), &store).verdict, Verdict::Ok);
        fs::write(&store, "").unwrap();
        assert_eq!(clock(SystemTime::now(), &store).verdict, Verdict::Ok);
        let back = clock(SystemTime::now() - Duration::from_hours(2), &store);
        assert_eq!(back.verdict, Verdict::Failure, "{}", back.says);
        assert_eq!(clock(SystemTime::UNIX_EPOCH, &store).verdict, Verdict::Failure);
    }
}
