//! Ctrl-C, SIGTERM and SIGHUP become a flag, so that whoever made something on the host takes it away again.

use anyhow::{Context as _, bail};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

static REQUESTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// Starts listening; called once by `main`.
///
/// # Errors
/// When the system refuses a signal handler.
pub(crate) fn listen() -> anyhow::Result<()> {
    let flag = REQUESTED.get_or_init(Arc::default);
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
        signal_hook::flag::register(signal, Arc::clone(flag)).context("listening for Ctrl-C")?;
    }
    Ok(())
}

/// True once a person or the system asked us to end.
pub(crate) fn is_requested() -> bool {
    REQUESTED.get().is_some_and(|flag| flag.load(Ordering::Relaxed))
}

/// Ends the current piece of work when the end was asked for.
///
/// # Errors
/// When it was.
pub(crate) fn check() -> anyhow::Result<()> {
    if is_requested() {
        bail!("interrupted");
    }
    Ok(())
}
