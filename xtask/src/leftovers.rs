//! Processes that a Podman of ours left running, found by the directory they work in and ended by their ids.

use crate::process;
use rustix::process::Signal;
use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const END_LIMIT: Duration = Duration::from_secs(10);

/// Programs that belong to a Podman. Others that merely mention its directory (an editor, a pager) are left alone.
const PROGRAMS: &[&str] =
    &["podman", "conmon", "netavark", "aardvark-dns", "runc", "crun", "docker-registry"];

/// Ends what belongs to the Podman of `directory`: programs that name it, and those that share their mount namespace
/// (the name server does not name it).
pub(crate) fn end_processes_of(directory: &Path) {
    let mut left = processes_of(directory);
    for signal in [Signal::TERM, Signal::KILL] {
        for id in &left {
            process::send(*id, signal);
        }
        let deadline = Instant::now() + END_LIMIT;
        while left.iter().any(|id| process::is_alive(*id)) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(30));
        }
        left.retain(|id| process::is_alive(*id));
    }
}

fn processes_of(directory: &Path) -> Vec<u32> {
    let running = running_programs();
    let own_namespace = mount_namespace(std::process::id());
    let wanted = directory.as_os_str().as_encoded_bytes();
    let naming: Vec<&Program> = running
        .iter()
        .filter(|program| program.command_line.windows(wanted.len()).any(|window| window == wanted))
        .collect();
    let namespaces: Vec<&PathBuf> = naming
        .iter()
        .filter_map(|program| program.namespace.as_ref())
        .filter(|namespace| Some(*namespace) != own_namespace.as_ref())
        .collect();
    let mut ids: Vec<u32> = naming.iter().map(|program| program.id).collect();
    let is_beside =
        |program: &&Program| program.namespace.as_ref().is_some_and(|own| namespaces.contains(&own));
    ids.extend(running.iter().filter(is_beside).map(|program| program.id));
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// A running program of those that belong to a Podman.
struct Program {
    id: u32,
    command_line: Vec<u8>,
    namespace: Option<PathBuf>,
}

/// The programs that see the file system as we do. In a root of its own (a chroot, a container, `cargo xtask fresh`) the
/// same path is another directory, and another Podman's.
fn running_programs() -> Vec<Program> {
    let own_root = root_of("self");
    let Ok(entries) = fs::read_dir("/proc") else { return Vec::new() };
    entries
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok())
        .filter(|id| own_root.is_some() && root_of(&id.to_string()) == own_root)
        .filter_map(|id| {
            let command_line = fs::read(format!("/proc/{id}/cmdline")).ok()?;
            let program = command_line.split(|byte| *byte == 0).next()?;
            let name = Path::new(std::str::from_utf8(program).ok()?).file_name()?.to_str()?;
            PROGRAMS.contains(&name).then(|| Program { id, namespace: mount_namespace(id), command_line })
        })
        .collect()
}

/// Device and inode of a process's root directory.
fn root_of(process: &str) -> Option<(u64, u64)> {
    fs::metadata(format!("/proc/{process}/root")).ok().map(|metadata| (metadata.dev(), metadata.ino()))
}

fn mount_namespace(id: u32) -> Option<PathBuf> {
    fs::read_link(format!("/proc/{id}/ns/mnt")).ok()
}
