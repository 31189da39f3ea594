//! The web UI: checked by a stage of `cargo xtask test`, and built before the server that embeds it, where Node is.

mod browser;

pub(crate) use browser::{Project, browse};

use crate::{environment, process, report, workspace};
use anyhow::{Context as _, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

/// The oldest Node that the packages run on.
const NODE_AT_LEAST: (u32, u32) = (20, 19);
/// What decides how the pages look; the rest of the folder is made from it.
const SOURCES: &[&str] =
    &["src", "public", "scripts", "package-lock.json", "next.config.ts", "postcss.config.mjs"];
/// What the stage runs after the packages are there, in order: cheap ones first.
const CHECKS: &[&str] = &["client", "format", "lint", "types", "unit", "build", "size"];

/// Checks the UI and builds it.
///
/// # Errors
/// Without Node, or at the first check that fails.
pub(crate) fn check() -> anyhow::Result<()> {
    ready()?;
    for script in CHECKS {
        report::line(&format!("npm run {script}"));
        let status = process::run_in_view(npm().args(["run", "--silent", script]))?;
        if !status.success() {
            bail!("npm run {script} failed");
        }
    }
    Ok(())
}

/// Sees that Node and the UI's packages are there.
///
/// # Errors
/// Without Node, or when the packages can not be installed.
pub(crate) fn ready() -> anyhow::Result<()> {
    if let Err(reason) = node() {
        bail!(reason);
    }
    install()
}

/// Writes the UI's client anew from the API's description.
///
/// # Errors
/// When it can not be written. Without Node it is no error: that is told, and the stage `frontend` finds it later.
pub(crate) fn generate_client() -> anyhow::Result<()> {
    if let Err(reason) = node() {
        report::line(&format!("the web UI's client is not written: {reason}"));
        return Ok(());
    }
    install()?;
    process::run_hidden(npm().args(["run", "--silent", "generate"])).context("writing the web UI's client")
}

/// What there is to say about a UI that was not built.
pub(crate) type Missing = String;

/// Builds the UI where its sources are newer than what is built. True when something was built.
///
/// # Errors
/// When it does not build. Without Node it is no error: then there is a reason to be told.
pub(crate) fn build_if_stale() -> anyhow::Result<Result<bool, Missing>> {
    let built = modified(&folder().join("dist/policy"));
    let newest = SOURCES.iter().filter_map(|source| newest_below(&folder().join(source))).max();
    if built.is_some() && newest <= built {
        return Ok(Ok(false));
    }
    if let Err(reason) = node() {
        return Ok(Err(reason));
    }
    install()?;
    process::run_hidden(npm().args(["run", "--silent", "build"])).context("building the web UI")?;
    Ok(Ok(true))
}

/// Installs the packages of the lock file, unless they are there.
///
/// # Errors
/// When npm fails.
pub(crate) fn install() -> anyhow::Result<()> {
    // npm writes this file last.
    let installed = modified(&folder().join("node_modules/.package-lock.json"));
    if installed.is_some() && modified(&folder().join("package-lock.json")) <= installed {
        return Ok(());
    }
    process::run_hidden(npm().args(["ci", "--ignore-scripts"])).context("installing the web UI's packages")
}

/// `npm` in the UI's folder.
pub(crate) fn npm() -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder()).env("NEXT_TELEMETRY_DISABLED", "1");
    command
}

/// Whether Node is there and new enough; else the reason, for a person.
fn node() -> Result<(), Missing> {
    let (major, minor) = NODE_AT_LEAST;
    let needed = format!("Node {major}.{minor} or newer with npm is needed");
    if environment::find_program("node").is_none() || environment::find_program("npm").is_none() {
        return Err(format!("{needed}, and there is none"));
    }
    let version = process::read(Command::new("node").arg("--version")).unwrap_or_default();
    if parse_version(&version).is_some_and(|found| found >= NODE_AT_LEAST) {
        return Ok(());
    }
    Err(format!("{needed}, and this is {version}"))
}

/// Major and minor of `v20.19.0`.
fn parse_version(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.trim().strip_prefix('v')?.split('.');
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

fn folder() -> PathBuf {
    workspace::root().join("frontend")
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).and_then(|metadata| metadata.modified()).ok()
}

/// When the newest file at or below a path was changed.
fn newest_below(path: &Path) -> Option<SystemTime> {
    if !path.is_dir() {
        return modified(path);
    }
    fs::read_dir(path).ok()?.filter_map(|entry| newest_below(&entry.ok()?.path())).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_of_node_are_compared_by_number() {
        assert_eq!(parse_version("v20.19.0\n"), Some((20, 19)));
        assert!(
            parse_version("v20.9.1") < Some(NODE_AT_LEAST) && parse_version("v100.0.0") > Some(NODE_AT_LEAST)
        );
        assert_eq!(parse_version("20"), None);
    }
}
