//! The packages of the crates, as cargo makes them for a registry. Nothing is uploaded.

use crate::{process, workspace};
use anyhow::{Context as _, bail, ensure};
use serde::Deserialize;

/// How much of a package is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thoroughness {
    /// Its files and its manifest.
    FilesOnly,
    /// It is compiled too, with the packages of the other crates in place of their folders.
    Compile,
}

/// What `cargo metadata --no-deps` says, as far as it matters here.
#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    /// The registries it may go to: `null` for any, none for a crate that stays here.
    publish: Option<Vec<String>>,
    readme: Option<String>,
    description: Option<String>,
    keywords: Vec<String>,
}

/// Packages every crate that can be published, and gives their names.
///
/// # Errors
/// When one can not be packaged or compiled, or does not say what it is.
pub(crate) fn package(thoroughness: Thoroughness) -> anyhow::Result<Vec<String>> {
    let published = published()?;
    let mut command = workspace::cargo();
    // What is not committed yet is packaged as well: this is a look, and nothing leaves the checkout.
    command.args(["package", "--locked", "--allow-dirty", "--quiet"]);
    if thoroughness == Thoroughness::FilesOnly {
        command.arg("--no-verify");
    }
    for name in &published {
        command.args(["--package", name]);
    }
    if !process::run_in_view(&mut command)?.success() {
        bail!("cargo package failed");
    }
    Ok(published)
}

/// The names of the crates that can be published, each with what a registry shows of it.
fn published() -> anyhow::Result<Vec<String>> {
    let mut command = workspace::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let metadata: Metadata =
        serde_json::from_str(&process::read(&mut command)?).context("understanding cargo metadata")?;
    let is_published =
        |package: &Package| package.publish.as_ref().is_none_or(|registries| !registries.is_empty());
    let published: Vec<Package> = metadata.packages.into_iter().filter(is_published).collect();
    for package in &published {
        let is_described =
            package.readme.is_some() && package.description.is_some() && !package.keywords.is_empty();
        ensure!(is_described, "{} needs a readme, a description and keywords", package.name);
    }
    ensure!(!published.is_empty(), "there is no crate to package");
    Ok(published.into_iter().map(|package| package.name).collect())
}
