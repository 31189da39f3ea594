//! `cargo xtask fuzz`: looks for inputs that the parsers do not stand.

use crate::fuzz::{self, Plan};
use crate::host::{self, Need};
use clap::Args;
use std::process::ExitCode;

/// What to look at, and for how long.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// The parsers; all when none is named.
    targets: Vec<String>,
    /// Executions of all targets together; one that is named alone gets the same share as among all. 0, with `--keep`, keeps
    /// what the last run found.
    #[arg(long, default_value_t = 10_000_000)]
    executions: u64,
    /// Put what reaches new code into the checkout, the smallest inputs that do.
    #[arg(long)]
    keep: bool,
}

/// Looks for them.
///
/// # Errors
/// A tool is missing and can not be installed, or a program can not be built or run.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    host::install(&[Need::Fuzz])?;
    let plan =
        Plan { names: arguments.targets.clone(), executions: arguments.executions, keeps: arguments.keep };
    Ok(if fuzz::run(&plan)? { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
