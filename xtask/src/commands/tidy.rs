//! `cargo xtask tidy`: how the files look.

use crate::rules::{self, tidy};
use std::process::ExitCode;

/// Looks at every file of the checkout.
///
/// # Errors
/// When a file breaks a rule or can not be read.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let checked = tidy::check()?;
    rules::conclude("tidy", &checked.findings)?;
    println!("tidy: {} files are as they should be", checked.files);
    Ok(ExitCode::SUCCESS)
}
