//! `cargo xtask bench`: measures, beside what a person would do by hand. One subcommand for each thing that is measured.

use super::scenario;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A deployment of each engine, beside `podman run` and a loop that waits for the server.
    Deploy(DeployArguments),
}

/// How to measure deployments.
#[derive(Debug, Args)]
struct DeployArguments {
    /// How many pairs for each engine.
    #[arg(long, default_value_t = 10)]
    runs: u32,
    /// The engines; all of them when none is named.
    #[arg(value_name = "ENGINE")]
    engines: Vec<String>,
}

/// Measures on a Podman of its own.
///
/// # Errors
/// When something that is measured fails.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    match &arguments.what {
        What::Deploy(deploy) => {
            let mut more = vec![deploy.runs.to_string()];
            more.extend(deploy.engines.iter().cloned());
            scenario::on_own_podman(|podman| scenario::run("bench-deploy.sh", podman, &more))
        }
    }
}
