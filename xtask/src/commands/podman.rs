//! `cargo xtask podman`: the tests' own Podman in the foreground, for running single tests by hand.

use crate::host::{self, Need};
use crate::images::{Catalogue, ImageStore, Purpose};
use crate::podman::PrivatePodman;
use crate::{interrupt, report};
use anyhow::bail;
use std::process::ExitCode;
use std::time::Duration;

/// Starts it, prints the lines that point a shell at it, and takes it down on Ctrl-C.
///
/// # Errors
/// When it can not be started, or ends by itself.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let mut podman = start()?;
    for (name, value) in podman.environment() {
        println!("export {name}={value}");
    }
    report::line("Ctrl-C takes it down, with everything in it.");
    while !interrupt::is_requested() {
        if !podman.is_running()? {
            bail!("the tests' own Podman ended by itself");
        }
        std::thread::sleep(Duration::from_millis(200));
    }
    podman.stop()?;
    Ok(ExitCode::SUCCESS)
}

/// Prepares the host, builds the images and starts the tests' own Podman.
///
/// # Errors
/// When any of it fails.
pub(crate) fn start() -> anyhow::Result<PrivatePodman> {
    let conditions = host::prepare(&[Need::RunContainers, Need::BuildImages, Need::PlayScenarios])?;
    let catalogue = Catalogue::load()?;
    let all: Vec<_> = catalogue.images.iter().collect();
    let (_store, in_use) = ImageStore::ensure(conditions, &catalogue, &all, Purpose::StorageAndRegistry)?;
    PrivatePodman::start(conditions, in_use)
}
