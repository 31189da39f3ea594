//! `cargo xtask load` and `cargo xtask soak`: the server as it is shipped, on a Podman of its own, with many clients at once and for
//! a long time. What is looked at is whether anything fails, and whether anything grows.

use super::{bench, scenario};
use crate::demo::build_optimised_server;
use crate::host::{self, Need};
use clap::Args;
use std::process::ExitCode;

/// How much load, and for how long.
#[derive(Debug, Args)]
pub(crate) struct LoadArguments {
    /// How long the clients read.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=600))]
    minutes: u32,
    /// How many clients read at once.
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u32).range(20..=2000))]
    clients: u32,
    /// How many operations are under way at every moment.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=200))]
    operations: u32,
    /// Write what is printed into `docs/PERFORMANCE.md`.
    #[arg(long)]
    record: bool,
}

/// How long to go on.
#[derive(Debug, Args)]
pub(crate) struct SoakArguments {
    /// How long databases and apps are made, linked, unlinked and removed.
    #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=10_080))]
    minutes: u32,
    /// Write what is printed into `docs/PERFORMANCE.md`.
    #[arg(long)]
    record: bool,
}

/// Many clients read while operations are under way.
///
/// # Errors
/// When Podman can not be started, an answer is an error, an operation fails, or the server holds more and more.
pub(crate) fn load(arguments: &LoadArguments) -> anyhow::Result<ExitCode> {
    let LoadArguments { minutes, clients, operations, record } = *arguments;
    let more = [minutes, clients, operations].map(|number| number.to_string());
    measure("load", "load.sh", &more, record)
}

/// Databases and apps come and go for a long time.
///
/// # Errors
/// When Podman can not be started, an operation fails, something is left behind, or the server holds more and more.
pub(crate) fn soak(arguments: &SoakArguments) -> anyhow::Result<ExitCode> {
    measure("soak", "soak.sh", &[arguments.minutes.to_string()], arguments.record)
}

fn measure(section: &str, script: &str, more: &[String], record: bool) -> anyhow::Result<ExitCode> {
    host::prepare(&[Need::Measure])?;
    let binary = build_optimised_server()?;
    scenario::on_own_podman(|podman| {
        let printed = scenario::run_and_read(&binary, script, podman, more)?;
        if record { bench::record(section, &printed) } else { Ok(()) }
    })
}
