//! Takes down the tests' own Podman, its own run's or one that a killed run left behind: everything by process id.

use super::files;
use crate::{leftovers, mounts, process, report};
use serde::Deserialize;
use std::fs;
use std::path::Path;
use std::process::Command;

const REMOVAL_LIMIT_SECONDS: &str = "60";

/// Takes down what dead runs left below `all`. Problems are told and passed over: they must not stop a new run.
pub(crate) fn sweep_abandoned(all: &Path) {
    let Ok(entries) = fs::read_dir(all) else { return };
    for directory in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        if !files::is_abandoned(&directory) {
            continue;
        }
        report::line(&format!("taking down what an earlier run left in {}", directory.display()));
        remove_containers(&directory);
        if let Err(error) = remove_rest(&directory) {
            report::line(&format!("could not take down {}: {error:#}", directory.display()));
        }
    }
}

/// Removes all containers through the API service, which is the one that sees their mounts.
pub(crate) fn remove_containers(directory: &Path) {
    let url = format!("unix://{}", files::socket(directory).display());
    for what in [["pod", "rm"].as_slice(), &["rm"]] {
        process::succeeds(
            Command::new("timeout")
                .args([REMOVAL_LIMIT_SECONDS, "podman", "--url", &url])
                .args(what)
                .args(["--all", "--force", "--time", "0"]),
        );
    }
}

/// Ends the processes that are left, removes their bridges and the directory.
///
/// # Errors
/// When the directory can not be removed.
pub(crate) fn remove_rest(directory: &Path) -> anyhow::Result<()> {
    leftovers::end_processes_of(directory);
    remove_bridges(directory);
    mounts::remove_tree(directory)
}

#[derive(Deserialize)]
struct Network {
    network_interface: Option<String>,
}

/// Podman removes a bridge with its last container; one is left only where that went wrong.
fn remove_bridges(directory: &Path) {
    let Ok(entries) = fs::read_dir(files::network_configurations(directory)) else { return };
    for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let network = fs::read(&path).ok().and_then(|text| serde_json::from_slice::<Network>(&text).ok());
        let Some(bridge) = network.and_then(|network| network.network_interface) else { continue };
        let is_there = Path::new("/sys/class/net").join(&bridge).exists();
        if is_there
            && !is_shared(&bridge)
            && !process::succeeds(Command::new("ip").args(["link", "delete", &bridge]))
        {
            report::line(&format!("could not remove the bridge {bridge}"));
        }
    }
}

/// True when something is still attached to a bridge, which then is another Podman's of the same name.
fn is_shared(bridge: &str) -> bool {
    fs::read_dir(format!("/sys/class/net/{bridge}/brif")).is_ok_and(|mut ports| ports.next().is_some())
}
