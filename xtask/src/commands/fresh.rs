//! `cargo xtask fresh`: proves both commands of the README on a Debian that has Rust and Node and nothing else.

use crate::fresh::FreshRoot;
use crate::host::{self, Need};
use crate::stages::Timetable;
use clap::Args;
use std::process::ExitCode;

/// What to prove.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Take along what is not committed yet.
    #[arg(long)]
    with_uncommitted: bool,
    /// Run this in the fresh root instead of the README's commands.
    #[arg(last = true)]
    command: Vec<String>,
}

/// Bootstraps, clones, runs both commands, prints the times and removes everything.
///
/// # Errors
/// When one of the commands fails.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let mut table = Timetable::new();
    let fresh = table.time("fresh root", || {
        host::prepare(&[Need::BootstrapRoot])?;
        let fresh = FreshRoot::bootstrap()?;
        // A bootstrap can leave /dev/null of the host without its mode.
        host::repair_dev_null()?;
        fresh.clone_checkout(arguments.with_uncommitted)?;
        Ok(fresh)
    })?;
    if arguments.command.is_empty() {
        // The second start is to take seconds and to find the database of the first. All run in one life of the
        // namespaces, as on one host.
        table.time("both README commands", || fresh.run(&["bash", "-c", README_COMMANDS]))?;
    } else {
        let command: Vec<&str> = arguments.command.iter().map(String::as_str).collect();
        table.time("command", || fresh.run(&command))?;
    }
    table.print();
    Ok(ExitCode::SUCCESS)
}

/// Each command with its time. `SECONDS` is bash's own clock.
const README_COMMANDS: &str = r#"
set -eu
timed() {
    SECONDS=0
    echo "fresh: $*"
    "$@"
    times+=("$(printf '%5d s  %s' "$SECONDS" "$*")")
}
times=()
timed cargo xtask demo --once
timed cargo xtask demo --once
timed cargo xtask test
echo "fresh: times"
printf '%s\n' "${times[@]}"
"#;
