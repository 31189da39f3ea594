//! `cargo xtask bad-input`: Schemathesis sends the whole API what fits its document and what does not, on a fake runtime.

use crate::host::{self, Need};
use crate::{environment, process, workspace};
use anyhow::{Context as _, bail};
use clap::Args;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

/// The release of Schemathesis: MIT, released since 2019, the usual tool for the purpose.
const SCHEMATHESIS: &str = "4.32.5";
/// The example that serves the API.
const PROGRAM: &str = "on_a_fake";

/// How much to send.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// How many requests to make up for each operation and each of the three who ask.
    #[arg(long, default_value_t = 100)]
    examples: u32,
    /// Where the made-up requests begin; by chance when it is not said.
    #[arg(long)]
    seed: Option<u64>,
}

/// Sends it.
///
/// # Errors
/// When a tool is missing and can not be installed, or an answer is not as the document says.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    host::prepare(&[Need::BuildImages, Need::PlayScenarios])?;
    let tools = schemathesis()?;
    let mut build = workspace::cargo();
    build.args(["build", "--quiet", "--package", "stardeck-api", "--example", PROGRAM]);
    process::run_as_step("building the API on a fake runtime", &mut build)?;
    let root = workspace::root();
    let mut script = Command::new("bash");
    script
        .arg(root.join("xtask/scenarios/bad-input.sh"))
        .arg(root.join("target/debug/examples").join(PROGRAM))
        .arg(tools)
        .arg(arguments.examples.to_string())
        .args(arguments.seed.map(|seed| seed.to_string()));
    if !process::run_in_view(&mut script)?.success() {
        bail!("bad-input.sh failed");
    }
    Ok(ExitCode::SUCCESS)
}

/// The folder that Schemathesis and what it needs are in; installed there once.
fn schemathesis() -> anyhow::Result<PathBuf> {
    let tools = environment::cache_directory()?.join("tools");
    let target = tools.join(format!("schemathesis-{SCHEMATHESIS}"));
    if target.is_dir() {
        return Ok(target);
    }
    fs::create_dir_all(&tools).with_context(|| format!("making {}", tools.display()))?;
    let scratch = tempfile::Builder::new().prefix("partial-").tempdir_in(&tools)?;
    install(scratch.path())?;
    fs::rename(scratch.path(), &target).with_context(|| format!("making {}", target.display()))?;
    Ok(target)
}

fn install(folder: &Path) -> anyhow::Result<()> {
    let mut pip = Command::new("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--root-user-action=ignore", "--only-binary", ":all:"]);
    pip.arg("--target").arg(folder).arg(format!("schemathesis=={SCHEMATHESIS}"));
    process::run_as_step(&format!("installing Schemathesis {SCHEMATHESIS}"), &mut pip)
}
