//! Removing a directory tree that may still have things mounted in it.

use crate::process;
use anyhow::Context as _;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Unmounts everything below `directory` and removes it. A directory that is not there is what we wanted.
///
/// # Errors
/// When something can not be unmounted or removed.
pub(crate) fn remove_tree(directory: &Path) -> anyhow::Result<()> {
    unmount_below(directory)?;
    match fs::remove_dir_all(directory) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("removing {}", directory.display()))
        }
        _ => Ok(()),
    }
}

/// Unmounts everything at or below `directory`, the deepest first.
///
/// # Errors
/// When something stays mounted.
pub(crate) fn unmount_below(directory: &Path) -> anyhow::Result<()> {
    let table = fs::read_to_string("/proc/self/mountinfo").context("reading the mount table")?;
    for target in targets_below(&table, directory) {
        process::read(Command::new("umount").arg("--lazy").arg(&target))
            .with_context(|| format!("unmounting {}", target.display()))?;
    }
    Ok(())
}

/// The mount points at or below `directory`, latest first, which is deepest first.
fn targets_below(table: &str, directory: &Path) -> Vec<PathBuf> {
    let mut targets: Vec<PathBuf> = table
        .lines()
        .filter_map(|line| line.split(' ').nth(4))
        .map(|field| PathBuf::from(unescape(field)))
        .filter(|target| target.starts_with(directory))
        .collect();
    targets.reverse();
    targets
}

/// The kernel writes blanks, tabs, line ends and backslashes of a path as three octal digits (proc(5)).
fn unescape(field: &str) -> String {
    field.replace("\\040", " ").replace("\\011", "\t").replace("\\012", "\n").replace("\\134", "\\")
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &str = "22 1 254:0 / / rw - ext4 /dev/vda rw\n\
        30 22 0:40 / /var/tmp/a rw - tmpfs tmpfs rw\n\
        31 30 0:41 / /var/tmp/a/deep\\040er rw - tmpfs tmpfs rw\n\
        32 22 0:42 / /var/tmp/ab rw - tmpfs tmpfs rw\n";

    #[test]
    fn mounts_below_are_found_deepest_first_and_neighbours_are_not() {
        assert_eq!(
            targets_below(TABLE, Path::new("/var/tmp/a")),
            [PathBuf::from("/var/tmp/a/deep er"), PathBuf::from("/var/tmp/a")]
        );
    }

    #[test]
    fn removing_what_is_not_there_is_fine() {
        remove_tree(Path::new("/nonexistent/stardeck")).unwrap();
    }
}
