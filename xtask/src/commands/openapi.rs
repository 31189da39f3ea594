//! `cargo xtask openapi`: the API's description and the clients, written from the code by a program of its own; the web
//! UI's client by a program for Node.

use crate::{frontend, workspace};
use clap::Args;
use std::process::ExitCode;

/// Whether to write or to compare.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Write nothing; fail when a file is not what would be written.
    #[arg(long)]
    check: bool,
}

/// Writes or compares the files.
///
/// # Errors
/// When the program can not be run.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut command = workspace::cargo();
    command.args(["run", "--quiet", "--package", "xtask-codegen", "--"]);
    if arguments.check {
        command.arg("--check");
    }
    let status = crate::process::run_in_view(&mut command)?;
    if !status.success() {
        return Ok(ExitCode::FAILURE);
    }
    if !arguments.check {
        frontend::generate_client()?;
    }
    Ok(ExitCode::SUCCESS)
}
