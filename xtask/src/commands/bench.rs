//! `cargo xtask bench`: measures, beside what a person would do by hand. One subcommand for each thing that is measured.

use super::scenario;
use crate::host::{self, Need};
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
    /// Detection among 10, 100 and 500 containers, beside one raw list of them.
    Detect(DetectArguments),
    /// The list of 1,000 databases, beside an answer that is ready in memory.
    List(ListArguments),
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

/// How to measure detection.
#[derive(Debug, Args)]
struct DetectArguments {
    /// How many pairs for each number of containers.
    #[arg(long, default_value_t = 21)]
    runs: u32,
}

/// How to measure the list.
#[derive(Debug, Args)]
struct ListArguments {
    /// How long each kind of request is made, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
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
        What::Detect(detect) => {
            let more = [detect.runs.to_string()];
            scenario::on_own_podman(|podman| scenario::run("bench-detect.sh", podman, &more))
        }
        What::List(list) => {
            host::prepare(&[Need::Measure])?;
            let more = [list.seconds.to_string()];
            scenario::on_own_podman(|podman| scenario::run("bench-list.sh", podman, &more))
        }
    }
}
