//! The web UI in a browser: Playwright drives Debian's Chromium, which looks at the real server.

use super::{build_if_stale, install, npm};
use crate::demo::build_server;
use crate::host::{self, Need};
use crate::podman::PrivatePodman;
use crate::process;
use anyhow::bail;

/// The variable that tells the browser's tests which server to start.
const SERVER_VARIABLE: &str = "STARDECK_TEST_SERVER";

/// What to do in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Project {
    /// The tests.
    Tests,
    /// Pictures of every page.
    Screenshots,
}

/// Runs a project on a Podman that runs.
///
/// # Errors
/// When a test fails, the UI does not build, or the browser can not be installed.
pub(crate) fn browse(podman: &PrivatePodman, project: Project) -> anyhow::Result<()> {
    host::prepare(&[Need::Browse])?;
    install()?;
    if let Err(missing) = build_if_stale()? {
        bail!("the web UI can not be built: {missing}");
    }
    let binary = build_server()?;
    let script = match project {
        Project::Tests => "ui",
        Project::Screenshots => "screenshots",
    };
    let mut command = npm();
    command.args(["run", "--silent", script]).envs(podman.environment()).env(SERVER_VARIABLE, binary);
    if !process::run_in_view(&mut command)?.success() {
        bail!("npm run {script} failed");
    }
    Ok(())
}
