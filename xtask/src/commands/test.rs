//! `cargo xtask test`: everything that has to pass, on a host that it makes ready itself.
//!
//! The stages run in order and the first failure ends the run. The tests come last, so that their summary is the last
//! thing on the screen.

use super::{podman as private_podman, scenario};
use crate::podman::PrivatePodman;
use crate::stages::{Stage, Timetable};
use crate::{frontend, report};
use clap::Args;
use std::process::ExitCode;
use std::time::Instant;

/// What to run.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Run this stage alone; may be given several times.
    #[arg(long, value_enum)]
    only: Vec<Stage>,
    /// Handed to `cargo nextest run` after its own arguments; then only the tests are run unless `--only` says more.
    #[arg(last = true)]
    nextest: Vec<String>,
}

impl Arguments {
    fn is_everything(&self) -> bool {
        self.only.is_empty() && self.nextest.is_empty()
    }

    fn stages(&self) -> Vec<Stage> {
        match (self.only.is_empty(), self.nextest.is_empty()) {
            (true, true) => Stage::ALL.iter().copied().filter(|stage| *stage != Stage::Ui).collect(),
            (true, false) => vec![Stage::Build, Stage::Tests],
            (false, _) => Stage::ALL.iter().copied().filter(|stage| self.only.contains(stage)).collect(),
        }
    }
}

/// Runs the stages.
///
/// # Errors
/// At the first stage that fails.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut table = Timetable::new();
    let stages = arguments.stages();
    for stage in stages.iter().copied().filter(|stage| !stage.needs_podman()) {
        table.time(stage.name(), || stage.run())?;
    }
    if !stages.iter().any(|stage| stage.needs_podman()) {
        table.print();
        return Ok(ExitCode::SUCCESS);
    }
    let podman = table.time("host, images, Podman", private_podman::start)?;
    let mut before = if arguments.is_everything() { run_scenarios(&mut table, &podman) } else { Ok(()) };
    if before.is_ok() && stages.contains(&Stage::Ui) {
        before = table.time(Stage::Ui.name(), || frontend::browse(&podman, frontend::Project::Tests));
    }
    table.print();
    let started = Instant::now();
    let outcome = match before {
        Ok(()) if stages.contains(&Stage::Tests) => {
            crate::stages::run_tests(&arguments.nextest, &podman.environment())
        }
        other => other,
    };
    // Taken down before the outcome is looked at, so that a failing test leaves nothing running.
    let taken_down = podman.stop();
    if outcome.is_err() {
        report::line(&format!("the tests failed after {}", report::seconds(started.elapsed())));
    }
    outcome.and(taken_down)?;
    Ok(ExitCode::SUCCESS)
}

/// The main path and a little chaos, with the real server on the tests' own Podman.
fn run_scenarios(table: &mut Timetable, podman: &PrivatePodman) -> anyhow::Result<()> {
    table.time("walkthrough", || scenario::walk_on(podman))?;
    table.time("chaos, a few rounds", || scenario::disturb_briefly_on(podman))
}
