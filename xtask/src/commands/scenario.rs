//! `cargo xtask walkthrough`, `chaos`, `outage`, `neighbours`, `follow`, `interferences`, `cuts`, `adopt`, `reboot`,
//! `full-disk` and `names`: shell scripts with curl against the real server on the tests' own Podman, so that nothing
//! between a person and the API is a program of ours.

use super::podman;
use crate::demo::build_server;
use crate::podman::PrivatePodman;
use crate::{frontend, process, workspace};
use anyhow::{Context as _, bail};
use clap::Args;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

/// How long to go on.
#[derive(Debug, Args)]
pub(crate) struct ChaosArguments {
    /// How many deployments to disturb.
    #[arg(long, default_value_t = 20)]
    pub(crate) rounds: u32,
}

/// How long to go on.
#[derive(Debug, Args)]
pub(crate) struct NamesArguments {
    /// How often the neighbour is stopped and started.
    #[arg(long, default_value_t = 50)]
    rounds: u32,
}

/// How much there is to cut.
#[derive(Debug, Args)]
pub(crate) struct CutsArguments {
    /// How often the stream of events is cut.
    #[arg(long, default_value_t = 20)]
    rounds: u32,
}

/// How busy the host is.
#[derive(Debug, Args)]
pub(crate) struct InterferencesArguments {
    /// How many more containers there are, made and not started.
    #[arg(long, default_value_t = 0)]
    others: u32,
}

/// Rounds of chaos in `cargo xtask test`; a long run is a command of its own.
const FEW_ROUNDS: u32 = 4;

/// Walks the main path on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn walkthrough() -> anyhow::Result<ExitCode> {
    on_own_podman(walk_on)
}

/// Takes Podman's API away in the middle of deployments, on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn outage() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("outage.sh", podman, &[]))
}

/// Runs two servers on one Podman of their own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn neighbours() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("neighbours.sh", podman, &[]))
}

/// Follows deployments over a WebSocket, on a Podman of their own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn follow() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("follow.sh", podman, &[]))
}

/// Restarts the host's containers as a power failure does, on a Podman of their own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn reboot() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("reboot.sh", podman, &[]))
}

/// Fills the disks of the store and of the volumes, on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn full_disk() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("full-disk.sh", podman, &[]))
}

/// Reaches a database by name while a neighbour is started and stopped, on a Podman of their own.
///
/// # Errors
/// When Podman can not be started or a name is not reached in time.
pub(crate) fn names(arguments: &NamesArguments) -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("names.sh", podman, &[arguments.rounds.to_string()]))
}

/// Meddles with a database by Podman's own program, on a Podman of its own, and prints how soon that is shown.
///
/// # Errors
/// When Podman can not be started or something is not shown as it should be.
pub(crate) fn interferences(arguments: &InterferencesArguments) -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("interferences.sh", podman, &[arguments.others.to_string()]))
}

/// Cuts the stream of Podman's events while a database is meddled with, on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or something is missed.
pub(crate) fn cuts(arguments: &CutsArguments) -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("cuts.sh", podman, &[arguments.rounds.to_string()]))
}

/// Adopts servers that somebody else made and gives them back, on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or a check fails.
pub(crate) fn adopt() -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| run("adopt.sh", podman, &[]))
}

/// Kills the server at random moments, on a Podman of its own.
///
/// # Errors
/// When Podman can not be started or something is left behind.
pub(crate) fn chaos(arguments: &ChaosArguments) -> anyhow::Result<ExitCode> {
    on_own_podman(|podman| disturb_on(podman, arguments.rounds))
}

/// Walks the main path on a Podman that runs.
///
/// # Errors
/// When a check fails.
pub(crate) fn walk_on(podman: &PrivatePodman) -> anyhow::Result<()> {
    run("walkthrough.sh", podman, &[])
}

/// A few rounds of chaos on a Podman that runs.
///
/// # Errors
/// When something is left behind.
pub(crate) fn disturb_briefly_on(podman: &PrivatePodman) -> anyhow::Result<()> {
    disturb_on(podman, FEW_ROUNDS)
}

fn disturb_on(podman: &PrivatePodman, rounds: u32) -> anyhow::Result<()> {
    run("chaos.sh", podman, &[rounds.to_string()])
}

/// Makes pictures of every page of the web UI.
///
/// # Errors
/// When Podman can not be started or a page can not be reached.
pub(crate) fn screenshots() -> anyhow::Result<ExitCode> {
    frontend::build_if_stale()?.map_err(anyhow::Error::msg)?;
    on_own_podman(|podman| frontend::browse(podman, frontend::Project::Screenshots))
}

/// Starts a Podman, and takes it down again whatever comes of the scenario.
///
/// # Errors
/// When Podman can not be started or the scenario fails.
pub(super) fn on_own_podman(
    scenario: impl FnOnce(&PrivatePodman) -> anyhow::Result<()>,
) -> anyhow::Result<ExitCode> {
    let podman = podman::start()?;
    let outcome = scenario(&podman);
    // Taken down before the outcome is looked at, so that a failure leaves nothing running.
    podman.stop()?;
    outcome.map(|()| ExitCode::SUCCESS)
}

/// Runs a script with the server's program, Podman's socket, and what else it takes.
///
/// # Errors
/// When the script fails.
pub(super) fn run(script: &str, podman: &PrivatePodman, more: &[String]) -> anyhow::Result<()> {
    finish(script, &mut command(&build_server()?, script, podman, more))
}

/// Runs a script in full view with this program of the server, and gives what it printed.
///
/// # Errors
/// When the script fails.
pub(super) fn run_and_read(
    binary: &Path,
    script: &str,
    podman: &PrivatePodman,
    more: &[String],
) -> anyhow::Result<String> {
    let printed = tempfile::NamedTempFile::new().context("making a file for what is measured")?;
    let scenario = command(binary, script, podman, more);
    let mut both = Command::new("bash");
    both.args(["-o", "pipefail", "-c", r#"bash "$@" | tee "$0""#])
        .arg(printed.path())
        .args(scenario.get_args());
    finish(script, &mut both)?;
    fs::read_to_string(printed.path()).context("reading what was measured")
}

fn command(binary: &Path, script: &str, podman: &PrivatePodman, more: &[String]) -> Command {
    let mut command = Command::new("bash");
    command
        .arg(workspace::root().join("xtask/scenarios").join(script))
        .arg(binary)
        .arg(podman.socket())
        .args(more);
    command
}

fn finish(script: &str, command: &mut Command) -> anyhow::Result<()> {
    if !process::run_in_view(command)?.success() {
        bail!("{script} failed");
    }
    Ok(())
}
