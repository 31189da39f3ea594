//! `cargo xtask layers`: who may depend on whom.

use crate::rules::{self, layers};
use std::process::ExitCode;

/// Compares the workspace with the dependency table.
///
/// # Errors
/// When a crate depends on what it must not, or cargo can not be asked.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    rules::conclude("layers", &layers::findings(&layers::metadata()?))?;
    println!("layers: every arrow is in the table");
    Ok(ExitCode::SUCCESS)
}
