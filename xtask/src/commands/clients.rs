//! `cargo xtask clients`: clients in other languages, generated from the committed documents of the API, compiled, and used
//! against it.

use super::bad_input;
use crate::host::{self, Need};
use crate::{frontend, pip, process, workspace};
use anyhow::bail;
use std::process::{Command, ExitCode};

/// The generator for Python: MIT, released since 2019, the usual one for typed clients.
const OPENAPI_PYTHON_CLIENT: (&str, &str) = ("openapi-python-client", "0.29.1");
/// The generator for Go, as the Python index has it with its Java archive: Apache-2.0, the one with the most languages.
const OPENAPI_GENERATOR: (&str, &str) = ("openapi-generator-cli", "7.26.0");

/// Generates them, compiles them, and has each of them deploy a database. What is written stays in `target/clients`.
///
/// # Errors
/// When a tool is missing and can not be installed, or a client can not be had or does not work.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    host::prepare(&[Need::BuildImages, Need::PlayScenarios, Need::GenerateClients])?;
    frontend::ready()?;
    let [python, generator] =
        [OPENAPI_PYTHON_CLIENT, OPENAPI_GENERATOR].map(|(name, release)| pip::tool(name, release));
    let program = bad_input::build_on_a_fake()?;
    let root = workspace::root();
    let mut script = Command::new("bash");
    script
        .arg(root.join("xtask/scenarios/clients.sh"))
        .arg(program)
        .arg(root.join("target/clients"))
        .arg(python?)
        .arg(generator?);
    if !process::run_in_view(&mut script)?.success() {
        bail!("clients.sh failed");
    }
    Ok(ExitCode::SUCCESS)
}
