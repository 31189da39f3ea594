//! `cargo xtask matrix`: the tests on a real Podman on the host's version and on those of newer Debian suites, as root's and
//! as an ordinary user's Podman.

use crate::host::{self, Need};
use crate::images::{Catalogue, Image, ImageStore, Purpose};
use crate::matrix::{self, Outcome, PACKAGES, Privilege, Selection, SuitePodman, SuiteRoot, TestArchive};
use crate::podman::PrivatePodman;
use crate::report;
use crate::stages::Timetable;
use anyhow::Context as _;
use clap::Args;
use clap::builder::PossibleValuesParser;
use std::process::ExitCode;

/// This host's Podman, beside the suites.
const HOST: &str = "host";

/// Which Podmans, and which tests.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Where to take Podman from: this host, or a Debian suite; may be given several times.
    #[arg(long = "suite", default_values = [HOST, "trixie", "sid"], value_parser = [HOST, "trixie", "sid"])]
    suites: Vec<String>,
    /// As whom the suites' Podmans run; may be given several times. This host's is root's.
    #[arg(long = "as", value_enum, default_values_t = [Privilege::Rootful, Privilege::Rootless])]
    privileges: Vec<Privilege>,
    /// A package whose tests to run; may be given several times.
    #[arg(long = "package", default_values = package_names(), value_parser = PossibleValuesParser::new(package_names()))]
    packages: Vec<String>,
    /// Run everything that needs Podman, not one test of a kind; that takes more than twice as long.
    #[arg(long)]
    everything: bool,
    /// Handed to `cargo nextest run` after its own arguments.
    #[arg(last = true)]
    nextest: Vec<String>,
}

fn package_names() -> impl Iterator<Item = &'static str> {
    PACKAGES.iter().map(|(name, _)| *name)
}

/// Runs the same tests everywhere and prints version × user × package.
///
/// # Errors
/// When a Podman can not be had, or a test fails or is skipped on one of them.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut table = Timetable::new();
    let needs = [Need::RunContainers, Need::BuildImages, Need::BootstrapRoot];
    let conditions = table.time("host", || host::prepare(&needs))?;
    let scratch = tempfile::tempdir().context("making a scratch directory")?;
    let selection = Selection {
        packages: arguments.packages.clone(),
        everything: arguments.everything,
        nextest: arguments.nextest.clone(),
    };
    let tests = table.time("compiling the tests", || TestArchive::build(scratch.path(), selection))?;
    let catalogue = Catalogue::load()?;
    let wanted: Vec<&Image> = catalogue.images.iter().collect();
    let images = || ImageStore::ensure(conditions, &catalogue, &wanted, Purpose::StorageAndRegistry);
    table.time("images", images)?;
    let mut outcomes: Vec<Outcome> = Vec::new();
    for suite in &arguments.suites {
        if suite == HOST {
            outcomes.push(table.time("this host", || {
                let podman = PrivatePodman::start(conditions, images()?.1)?;
                let outcome = tests.run_on_host(&podman);
                // Taken down before the outcome is looked at, so that a failure leaves nothing running.
                podman.stop()?;
                outcome
            })?);
            continue;
        }
        for privilege in &arguments.privileges {
            outcomes.push(table.time(&format!("{suite} {privilege}"), || {
                let (store, in_use) = images()?;
                let podman = SuitePodman::start(SuiteRoot::ensure(suite)?, *privilege, conditions, in_use)?;
                let handed_over = match privilege {
                    Privilege::Rootful => Ok(()),
                    Privilege::Rootless => matrix::hand_over_images(&catalogue, &store, &podman),
                };
                let outcome = handed_over.and_then(|()| tests.run_inside(&podman, suite));
                podman.stop()?;
                outcome
            })?);
        }
    }
    table.print();
    matrix::print(&outcomes);
    report::line(&matrix::conclude(&outcomes)?);
    Ok(ExitCode::SUCCESS)
}
