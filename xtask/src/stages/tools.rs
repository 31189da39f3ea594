//! The cargo tools that the commands need, in pinned versions where we have to install them.

use crate::{environment, process, report, workspace};
use anyhow::Context as _;
use std::path::PathBuf;

/// A cargo tool.
struct Tool {
    name: &'static str,
    version: &'static str,
}

const NEXTEST: Tool = Tool { name: "cargo-nextest", version: "0.9.143" };
const FUZZ: Tool = Tool { name: "cargo-fuzz", version: "0.13.2" };
const DENY: Tool = Tool { name: "cargo-deny", version: "0.20.2" };

/// Makes `cargo nextest` work. One that is there already is used, whatever its version.
///
/// # Errors
/// When it can not be installed.
pub(crate) fn ensure_nextest() -> anyhow::Result<PathBuf> {
    ensure(&NEXTEST)
}

/// Gives the path of cargo-deny.
///
/// # Errors
/// When it can not be installed.
pub(crate) fn ensure_deny() -> anyhow::Result<PathBuf> {
    ensure(&DENY)
}

/// Makes `cargo fuzz` work, as [`ensure_nextest`].
///
/// # Errors
/// When it can not be installed.
pub(crate) fn ensure_cargo_fuzz() -> anyhow::Result<PathBuf> {
    ensure(&FUZZ)
}

/// Finds a tool on `PATH` or among cargo's own programs, else compiles it into the folder that cargo looks into.
fn ensure(tool: &Tool) -> anyhow::Result<PathBuf> {
    let installed = environment::cargo_home().join("bin").join(tool.name);
    if let Some(path) = environment::find_program(tool.name) {
        return Ok(path);
    }
    if installed.is_file() {
        return Ok(installed);
    }
    report::change(&format!(
        "installs {} {} into {}",
        tool.name,
        tool.version,
        environment::cargo_home().display()
    ));
    let mut command = workspace::cargo();
    // Without optimisation they compile in half the time, and their own work is a matter of seconds.
    command.args(["install", "--locked", "--quiet", "--debug", tool.name, "--version", tool.version]);
    process::run_as_step(&format!("compiling {}", tool.name), &mut command)
        .with_context(|| format!("installing {}", tool.name))?;
    Ok(installed)
}
