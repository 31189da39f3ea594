//! `cargo xtask bad-input`: Schemathesis sends the whole API what fits its document and what does not, on a fake runtime.

use crate::host::{self, Need};
use crate::{pip, process, workspace};
use anyhow::bail;
use clap::Args;
use std::path::PathBuf;
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
    let tools = pip::tool("schemathesis", SCHEMATHESIS)?;
    let program = build_on_a_fake()?;
    let mut script = Command::new("bash");
    script
        .arg(workspace::root().join("xtask/scenarios/bad-input.sh"))
        .arg(program)
        .arg(tools)
        .arg(arguments.examples.to_string())
        .args(arguments.seed.map(|seed| seed.to_string()));
    if !process::run_in_view(&mut script)?.success() {
        bail!("bad-input.sh failed");
    }
    Ok(ExitCode::SUCCESS)
}

/// Builds the API on a fake runtime and says where the program is.
///
/// # Errors
/// When it does not compile.
pub(super) fn build_on_a_fake() -> anyhow::Result<PathBuf> {
    let mut build = workspace::cargo();
    build.args(["build", "--quiet", "--package", "stardeck-api", "--example", PROGRAM]);
    process::run_as_step("building the API on a fake runtime", &mut build)?;
    Ok(workspace::root().join("target/debug/examples").join(PROGRAM))
}
