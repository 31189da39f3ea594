//! The Podman client's tests on several versions of Podman: the host's own and those of newer Debian suites.
//!
//! The tests are compiled once, into an archive. On the host's version it runs against the tests' own Podman as always;
//! on the others it runs inside that Podman's namespaces, since nothing of it can be reached from outside.

mod outcome;
mod root;
mod suite_podman;

pub(crate) use outcome::{Outcome, conclude, print};
pub(crate) use root::SuiteRoot;
pub(crate) use suite_podman::SuitePodman;

use crate::images::ImageStore;
use crate::podman::PrivatePodman;
use crate::{process, stages, workspace};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What is tested.
const PACKAGE: &str = "stardeck-podman";
/// The image that the tests make containers of.
const IMAGE: &str = "localhost/app-probe:1";
/// That one and the one that they pull from the registry; all others they make themselves.
pub(crate) const IMAGES: &[&str] = &[IMAGE, "docker.io/library/postgres:16"];

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
    filter: Vec<String>,
}

impl TestArchive {
    /// Compiles the tests into `directory`.
    ///
    /// # Errors
    /// When they do not compile.
    pub(crate) fn build(directory: &Path, filter: &[String]) -> anyhow::Result<Self> {
        let nextest = stages::ensure_nextest()?;
        let archive = directory.join("tests.tar.zst");
        let mut command = workspace::cargo();
        command
            .args(["nextest", "archive", "--locked", "--package", PACKAGE, "--archive-file"])
            .arg(&archive);
        if !process::run_in_view(&mut command)?.success() {
            bail!("compiling the tests failed");
        }
        Ok(Self { archive, nextest, filter: filter.to_vec() })
    }

    /// Runs the tests against the tests' own Podman.
    ///
    /// # Errors
    /// When they can not be run. Tests that fail are part of the outcome.
    pub(crate) fn run_on_host(&self, podman: &PrivatePodman) -> anyhow::Result<Outcome> {
        let mut command = Command::new(&self.nextest);
        command.current_dir(workspace::root()).envs(podman.environment()).envs(variables());
        self.run(command, &self.archive, &podman.socket(), "this host")
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
        let from = format!("Debian {suite}");
        self.run(command, &archive, &podman.socket(), &from)
    }

    fn run(
        &self,
        mut command: Command,
        archive: &Path,
        socket: &Path,
        from: &str,
    ) -> anyhow::Result<Outcome> {
        let version = suite_podman::version(socket)?;
        let scratch = tempfile::NamedTempFile::new().context("making a file for the tests' outcome")?;
        command
            .args(["nextest", "run", "--no-fail-fast", "--archive-file"])
            .arg(archive)
            .arg("--workspace-remap")
            .arg(workspace::root())
            .args(["--message-format", "libtest-json"])
            .args(&self.filter)
            .stdout(File::create(scratch.path())?);
        // Its exit code says no more than what it writes.
        process::run_in_view(&mut command)?;
        Outcome::read(version, from.to_owned(), &fs::read_to_string(scratch.path())?)
    }
}

/// Hands the image of the tests to a Podman that shares no storage with us.
///
/// # Errors
/// When it can not be saved or loaded.
pub(crate) fn load_image(store: &ImageStore, podman: &SuitePodman) -> anyhow::Result<()> {
    let archive = podman.directory().join("image.tar");
    process::run_hidden(store.podman().args(["save", "--quiet", "--output"]).arg(&archive).arg(IMAGE))?;
    process::run_hidden(
        suite_podman::client(&podman.socket()).args(["load", "--quiet", "--input"]).arg(&archive),
    )?;
    fs::remove_file(&archive).context("removing an image's archive")
}
