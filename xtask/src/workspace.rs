//! Where the checkout is, and how cargo is called in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the checkout that this program was compiled in.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// A cargo that works on this checkout.
///
/// `cargo xtask` is itself started by cargo; the variables that describe that outer run are removed, or else build
/// scripts see other values than in a plain `cargo build` and everything is compiled twice.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(root());
    for name in crate::environment::names_starting_with("CARGO_") {
        let is_about_outer_run = name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
        if is_about_outer_run || name == "CARGO_BIN_NAME" || name == "CARGO_CRATE_NAME" {
            command.env_remove(name);
        }
    }
    command
}
