//! The tests on a real Podman, on several versions of it: the host's own and those of newer Debian suites, each as root's
//! and as an ordinary user's.
//!
//! The tests are compiled once, into an archive. On the host's version it runs against the tests' own Podman as always;
//! on the others it runs inside that Podman's namespaces, since nothing of it can be reached from outside.

mod outcome;
mod privilege;
mod root;
mod selection;
mod suite_podman;

pub(crate) use outcome::{Outcome, conclude, print};
pub(crate) use privilege::Privilege;
pub(crate) use root::SuiteRoot;
pub(crate) use selection::{PACKAGES, Selection};
pub(crate) use suite_podman::SuitePodman;

use crate::images::{Catalogue, ImageStore};
use crate::podman::PrivatePodman;
use crate::{process, stages, workspace};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// How the names of images begin that the registry of the tests has.
const OFFICIAL: &str = "docker.io/";

/// What the tests' programs are told: nextest to give its outcome in a form for programs, and insta where the checkout is,
/// for which it would ask cargo.
fn variables() -> [(&'static str, String); 2] {
    [
        ("NEXTEST_EXPERIMENTAL_LIBTEST_JSON", "1".to_owned()),
        ("INSTA_WORKSPACE_ROOT", workspace::root().display().to_string()),
    ]
}

/// The compiled tests and the program that runs them.
#[derive(Debug)]
pub(crate) struct TestArchive {
    archive: PathBuf,
    nextest: PathBuf,
    selection: Selection,
}

/// Where a run of the tests takes place.
struct Place<'a> {
    archive: &'a Path,
    socket: &'a Path,
    from: String,
    privilege: Privilege,
}

impl TestArchive {
    /// Compiles the tests into `directory`.
    ///
    /// # Errors
    /// When they do not compile.
    pub(crate) fn build(directory: &Path, selection: Selection) -> anyhow::Result<Self> {
        let nextest = stages::ensure_nextest()?;
        let archive = directory.join("tests.tar.zst");
        let mut command = workspace::cargo();
        command
            .args(["nextest", "archive", "--locked"])
            .args(selection.to_compile())
            .arg("--archive-file")
            .arg(&archive);
        if !process::run_in_view(&mut command)?.success() {
            bail!("compiling the tests failed");
        }
        Ok(Self { archive, nextest, selection })
    }

    /// Runs the tests against the tests' own Podman.
    ///
    /// # Errors
    /// When they can not be run. Tests that fail are part of the outcome.
    pub(crate) fn run_on_host(&self, podman: &PrivatePodman) -> anyhow::Result<Outcome> {
        let mut command = Command::new(&self.nextest);
        command.current_dir(workspace::root()).envs(podman.environment()).envs(variables());
        let (socket, privilege) = (podman.socket(), Privilege::Rootful);
        self.run(
            command,
            &Place { archive: &self.archive, socket: &socket, from: "this host".to_owned(), privilege },
        )
    }

    /// Runs the tests inside the namespaces of another Podman.
    ///
    /// # Errors
    /// As [`TestArchive::run_on_host`].
    pub(crate) fn run_inside(&self, podman: &SuitePodman, suite: &str) -> anyhow::Result<Outcome> {
        let (nextest, archive) =
            (podman.directory().join("cargo-nextest"), podman.directory().join("tests.tar.zst"));
        fs::copy(&self.nextest, &nextest).context("copying nextest")?;
        fs::copy(&self.archive, &archive).context("copying the tests")?;
        let command = podman.command_inside(&nextest, &variables())?;
        let (socket, privilege) = (podman.socket(), podman.privilege());
        self.run(
            command,
            &Place { archive: &archive, socket: &socket, from: format!("Debian {suite}"), privilege },
        )
    }

    fn run(&self, mut command: Command, place: &Place<'_>) -> anyhow::Result<Outcome> {
        let version = suite_podman::version(place.socket)?;
        let scratch = tempfile::NamedTempFile::new().context("making a file for the tests' outcome")?;
        command
            .args(["nextest", "run", "--no-fail-fast", "--archive-file"])
            .arg(place.archive)
            .arg("--workspace-remap")
            .arg(workspace::root())
            .args(["--message-format", "libtest-json", "--filterset"])
            .arg(self.selection.filter(place.privilege))
            .args(&self.selection.nextest)
            .stdout(File::create(scratch.path())?);
        // Its exit code says no more than what it writes.
        process::run_in_view(&mut command)?;
        let written = fs::read_to_string(scratch.path())?;
        Outcome::read(version, place.from.clone(), place.privilege, &written)
    }
}

/// Gives an ordinary user's Podman images of its own: from the registry of the tests, and what only the storage has by the
/// API (`images/load`).
///
/// # Errors
/// When one can not be pulled, saved or loaded.
pub(crate) fn hand_over_images(
    catalogue: &Catalogue,
    store: &ImageStore,
    podman: &SuitePodman,
) -> anyhow::Result<()> {
    let (official, others): (Vec<_>, Vec<_>) =
        catalogue.images.iter().map(|image| &image.reference).partition(|name| name.starts_with(OFFICIAL));
    for image in official {
        let mut pull = suite_podman::client(&podman.socket());
        process::run_hidden(pull.args(["pull", "--quiet"]).arg(image))?;
    }
    let archive = podman.directory().join("images.tar");
    for image in others {
        process::run_hidden(store.podman().args(["save", "--quiet", "--output"]).arg(&archive).arg(image))?;
        let mut load = suite_podman::client(&podman.socket());
        process::run_hidden(load.args(["load", "--quiet", "--input"]).arg(&archive))?;
        fs::remove_file(&archive).context("removing an image's archive")?;
    }
    Ok(())
}
