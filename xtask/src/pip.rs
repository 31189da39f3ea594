//! Tools that come from the Python package index, each in a folder of its own.

use crate::{environment, process};
use anyhow::Context as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

/// The folder that a release of a tool and what it needs are in; installed there once.
///
/// # Errors
/// When it can not be installed.
pub(crate) fn tool(name: &str, release: &str) -> anyhow::Result<PathBuf> {
    let tools = environment::cache_directory()?.join("tools");
    let target = tools.join(format!("{name}-{release}"));
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(&tools).with_context(|| format!("making {}", tools.display()))?;
    let scratch = tempfile::Builder::new().prefix("partial-").tempdir_in(&tools)?;
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--root-user-action=ignore", "--only-binary", ":all:"]);
    pip.arg("--target").arg(scratch.path()).arg(format!("{name}=={release}"));
    process::run_as_step(&format!("installing {name} {release}"), &mut pip)?;
    fs::rename(scratch.path(), &target).with_context(|| format!("making {}", target.display()))?;
    Ok(target)
}
