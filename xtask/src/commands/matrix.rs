//! `cargo xtask matrix`: the Podman client's tests on the host's Podman and on those of newer Debian suites.

use crate::host::{self, Need};
use crate::images::{Catalogue, ImageStore, Purpose};
use crate::matrix::{self, Outcome, SuitePodman, SuiteRoot, TestArchive};
use crate::podman::PrivatePodman;
use crate::stages::Timetable;
use anyhow::Context as _;
use clap::Args;
use std::process::ExitCode;

/// Which Podmans, and which tests.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// A Debian suite whose Podman to test beside the host's; may be given several times.
    #[arg(long = "suite", default_values = ["trixie", "sid"], value_parser = ["trixie", "sid"])]
    suites: Vec<String>,
    /// Handed to `cargo nextest run` after its own arguments.
    #[arg(last = true)]
    nextest: Vec<String>,
}

/// Runs the same tests everywhere and prints version × passed/failed.
///
/// # Errors
/// When a Podman can not be had, or a test fails or is skipped on one of them.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut table = Timetable::new();
    let needs = [Need::RunContainers, Need::BuildImages, Need::BootstrapRoot];
    let conditions = table.time("host", || host::prepare(&needs))?;
    let scratch = tempfile::tempdir().context("making a scratch directory")?;
    let tests =
        table.time("compiling the tests", || TestArchive::build(scratch.path(), &arguments.nextest))?;
    let catalogue = Catalogue::load()?;
    let wanted: Vec<_> =
        catalogue.images.iter().filter(|image| matrix::IMAGES.contains(&image.reference.as_str())).collect();
    let images = || ImageStore::ensure(conditions, &catalogue, &wanted, Purpose::StorageAndRegistry);
    let mut outcomes: Vec<Outcome> = Vec::new();
    outcomes.push(table.time("this host", || {
        let podman = PrivatePodman::start(conditions, images()?.1)?;
        let outcome = tests.run_on_host(&podman);
        // Taken down before the outcome is looked at, so that a failure leaves nothing running.
        podman.stop()?;
        outcome
    })?);
    for suite in &arguments.suites {
        let name = if suite == "sid" { "Debian sid" } else { "Debian trixie" };
        outcomes.push(table.time(name, || {
            let (store, in_use) = images()?;
            let podman = SuitePodman::start(SuiteRoot::ensure(suite)?, conditions, in_use)?;
            let outcome = matrix::load_image(&store, &podman).and_then(|()| tests.run_inside(&podman, suite));
            podman.stop()?;
            outcome
        })?);
    }
    table.print();
    matrix::print(&outcomes);
    matrix::conclude(&outcomes)?;
    Ok(ExitCode::SUCCESS)
}
