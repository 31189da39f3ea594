//! `cargo xtask host`: makes this host ready for Podman.

use crate::host::{self, Need};
use std::process::ExitCode;

/// Prepares the host and starts Podman's API service when none answers.
///
/// # Errors
/// When the host can not be made ready.
pub(crate) fn run() -> anyhow::Result<ExitCode> {
    let conditions = host::prepare(&[Need::RunContainers])?;
    let socket = host::ensure_api_service(conditions)?;
    println!("Podman answers on {}", socket.display());
    Ok(ExitCode::SUCCESS)
}
