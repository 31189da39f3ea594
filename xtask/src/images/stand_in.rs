//! A stand-in in the host's own storage, for people whose host can not reach the official registry.
//! It is named and labelled as one, so that nobody takes it for the official image.

use super::{Catalogue, ImageStore, Purpose};
use crate::host::{self, Conditions, Need};
use crate::process;
use crate::report::{self, Step};
use anyhow::Context as _;
use std::fs;
use std::process::Command;

/// The name a stand-in for `postgres:16` has on a person's host.
pub(crate) const STAND_IN_POSTGRES: &str = "localhost/stardeck-standin/postgres:16";

/// The label that says so in the image itself.
const LABEL: &str = "stardeck.standin=true";

/// Makes the stand-in for `postgres:16` available in the host's own storage.
///
/// # Errors
/// When it can not be built or copied.
pub(crate) fn ensure_stand_in(conditions: Conditions) -> anyhow::Result<()> {
    if process::succeeds(Command::new("podman").args(["image", "exists", STAND_IN_POSTGRES])) {
        return Ok(());
    }
    host::prepare(&[Need::BuildImages])?;
    let catalogue = Catalogue::load()?;
    let wanted = catalogue.select(&["postgres:16".to_owned()])?;
    let official = wanted.first().context("the catalogue has no postgres:16")?.reference.clone();
    let (store, _in_use) = ImageStore::ensure(conditions, &catalogue, &wanted, Purpose::Storage)?;
    report::change(&format!("adds the image {STAND_IN_POSTGRES} to Podman's storage"));
    let step = Step::start(format!("copying {STAND_IN_POSTGRES}"));
    match copy_to_host(&store, &official) {
        Ok(()) => {
            step.done();
            Ok(())
        }
        Err(error) => {
            step.failed();
            Err(error)
        }
    }
}

/// Adds the label as a layer without files, and carries the image over as an archive.
fn copy_to_host(store: &ImageStore, official: &str) -> anyhow::Result<()> {
    let scratch = tempfile::Builder::new().prefix("stardeck-stand-in-").tempdir_in("/var/tmp")?;
    let recipe = scratch.path().join("Containerfile");
    fs::write(&recipe, format!("FROM {official}\n"))?;
    process::run_hidden(
        store
            .podman()
            .args([
                "build",
                "--quiet",
                "--layers=false",
                "--format",
                "docker",
                "--pull=never",
                "--label",
                LABEL,
            ])
            .args(["--tag", STAND_IN_POSTGRES, "--file"])
            .arg(&recipe)
            .arg(scratch.path()),
    )?;
    let archive = scratch.path().join("image.tar");
    process::run_hidden(
        store.podman().args(["save", "--quiet", "--output"]).arg(&archive).arg(STAND_IN_POSTGRES),
    )?;
    process::run_hidden(store.podman().args(["rmi", STAND_IN_POSTGRES]))?;
    process::run_hidden(Command::new("podman").args(["load", "--quiet", "--input"]).arg(&archive))
}
