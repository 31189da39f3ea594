//! A stand-in in the host's own storage, for people whose host can not reach the official registry.
//! It is named and labelled as one, so that nobody takes it for the official image.

use super::{Catalogue, Image, ImageStore, Purpose};
use crate::host::{self, Conditions, Need};
use crate::process;
use crate::report::{self, Step};
use std::fs;
use std::process::Command;

/// What the demo deploys.
pub(crate) const POSTGRES: &str = "postgres:16";

/// The label that says so in the image itself.
const LABEL: &str = "stardeck.standin=true";

/// The name that the stand-in for `name`, such as `redis:7`, has on a person's host.
pub(crate) fn stand_in_reference(name: &str) -> String {
    format!("localhost/stardeck-standin/{name}")
}

/// Makes stand-ins available in the host's own storage, and gives their names. Only what is missing is built.
///
/// # Errors
/// When a name is unknown, or one can not be built or copied.
pub(crate) fn ensure_stand_ins(conditions: Conditions, names: &[String]) -> anyhow::Result<Vec<String>> {
    let catalogue = Catalogue::load()?;
    let wanted = catalogue.select(names)?;
    let missing: Vec<&Image> = wanted
        .iter()
        .copied()
        .filter(|image| {
            let reference = stand_in_reference(&image.name);
            !process::succeeds(Command::new("podman").args(["image", "exists", &reference]))
        })
        .collect();
    if !missing.is_empty() {
        host::prepare(&[Need::BuildImages])?;
        let (store, _in_use) = ImageStore::ensure(conditions, &catalogue, &missing, Purpose::Storage)?;
        for image in missing {
            copy(&store, image)?;
        }
    }
    Ok(wanted.iter().map(|image| stand_in_reference(&image.name)).collect())
}

fn copy(store: &ImageStore, image: &Image) -> anyhow::Result<()> {
    let reference = stand_in_reference(&image.name);
    report::change(&format!("adds the image {reference} to Podman's storage"));
    let step = Step::start(format!("copying {reference}"));
    match copy_to_host(store, &image.reference, &reference) {
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
fn copy_to_host(store: &ImageStore, official: &str, reference: &str) -> anyhow::Result<()> {
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
            .args(["--tag", reference, "--file"])
            .arg(&recipe)
            .arg(scratch.path()),
    )?;
    let archive = scratch.path().join("image.tar");
    process::run_hidden(store.podman().args(["save", "--quiet", "--output"]).arg(&archive).arg(reference))?;
    process::run_hidden(store.podman().args(["rmi", reference]))?;
    process::run_hidden(Command::new("podman").args(["load", "--quiet", "--input"]).arg(&archive))
}
