//! `cargo xtask bench`: measures, beside what a person would do by hand or beside what is the least there can be. All of
//! it in one go, written into `docs/PERFORMANCE.md`; or one subcommand for each thing that is measured.

use super::scenario;
use crate::demo::build_optimised_server;
use crate::host::{self, Need};
use crate::podman::PrivatePodman;
use crate::{frontend, report, workspace};
use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// What to measure.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Everything, when nothing is named; then the document is written anew.
    #[command(subcommand)]
    what: Option<What>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// A deployment of each engine, beside `podman run` and a loop that waits for the server.
    Deploy(DeployArguments),
    /// Detection among 10, 100 and 500 containers, beside one raw list of them.
    Detect(DetectArguments),
    /// The list of 1,000 databases, beside an answer that is ready in memory.
    List(ListArguments),
    /// What others do to a database: how long after Podman's own event a client is told.
    Events(EventsArguments),
    /// What the server itself takes: memory, the time of a start, the size of its program.
    Footprint(FootprintArguments),
}

/// How to measure deployments.
#[derive(Debug, Args)]
struct DeployArguments {
    /// How many pairs for each engine.
    #[arg(long, default_value_t = 10)]
    runs: u32,
    /// The engines; all of them when none is named.
    #[arg(value_name = "ENGINE")]
    engines: Vec<String>,
}

/// How to measure detection.
#[derive(Debug, Args)]
struct DetectArguments {
    /// How many pairs for each number of containers.
    #[arg(long, default_value_t = 21)]
    runs: u32,
}

/// How to measure the list.
#[derive(Debug, Args)]
struct ListArguments {
    /// How long each kind of request is made, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
}

/// How to measure events.
#[derive(Debug, Args)]
struct EventsArguments {
    /// How many more containers there are, made and not started.
    #[arg(long, default_value_t = 200)]
    others: u32,
}

/// How to measure the server.
#[derive(Debug, Args)]
struct FootprintArguments {
    /// How many starts.
    #[arg(long, default_value_t = 11)]
    runs: u32,
}

impl What {
    /// Everything there is, as it is measured without arguments.
    fn all() -> [Self; 5] {
        [
            Self::Deploy(DeployArguments { runs: 10, engines: Vec::new() }),
            Self::Detect(DetectArguments { runs: 21 }),
            Self::List(ListArguments { seconds: 10 }),
            Self::Events(EventsArguments { others: 200 }),
            Self::Footprint(FootprintArguments { runs: 11 }),
        ]
    }

    /// Its section in the document, the script that measures it, and what that is told.
    fn script(&self) -> (&'static str, &'static str, Vec<String>) {
        match self {
            Self::Deploy(deploy) => {
                let mut more = vec![deploy.runs.to_string()];
                more.extend(deploy.engines.iter().cloned());
                ("deploy", "bench-deploy.sh", more)
            }
            Self::Detect(detect) => ("detect", "bench-detect.sh", vec![detect.runs.to_string()]),
            Self::List(list) => ("list", "bench-list.sh", vec![list.seconds.to_string()]),
            Self::Events(events) => ("events", "interferences.sh", vec![events.others.to_string()]),
            Self::Footprint(footprint) => {
                ("footprint", "bench-footprint.sh", vec![footprint.runs.to_string()])
            }
        }
    }

    fn measure(&self, binary: &Path, podman: &PrivatePodman) -> anyhow::Result<(&'static str, String)> {
        let (section, script, more) = self.script();
        report::line(&format!("── bench {section}"));
        Ok((section, scenario::run_and_read(binary, script, podman, &more)?))
    }
}

/// Measures on a Podman of its own, with the server as it is shipped.
///
/// # Errors
/// When something that is measured fails, or the document has no place for it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    host::prepare(&[Need::Measure])?;
    if let Err(missing) = frontend::build_if_stale()? {
        report::line(&format!("without the web UI: {missing}"));
    }
    let binary = build_optimised_server()?;
    if let Some(what) = &arguments.what {
        return scenario::on_own_podman(|podman| what.measure(&binary, podman).map(drop));
    }
    scenario::on_own_podman(|podman| {
        for what in What::all() {
            let (section, printed) = what.measure(&binary, podman)?;
            record(section, &printed)?;
        }
        Ok(())
    })
}

/// Puts what was printed into its section of the document.
///
/// # Errors
/// When the document has no such section, or can not be written.
pub(super) fn record(section: &str, printed: &str) -> anyhow::Result<()> {
    let path = workspace::root().join("docs/PERFORMANCE.md");
    let document = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
    let Some(document) = replace(&document, section, printed) else {
        bail!("{} has no section {section}", path.display());
    };
    fs::write(&path, document).with_context(|| format!("writing {}", path.display()))
}

/// The document with another text between the marks of a section. Tables stay tables of their own; other lines become a block.
fn replace(document: &str, section: &str, printed: &str) -> Option<String> {
    let begin = format!("<!-- measured: {section} -->\n");
    let (before, rest) = document.split_once(&begin)?;
    let (_, after) = rest.split_once("<!-- end -->")?;
    let mut text = String::new();
    let mut is_table = None;
    let mut is_apart = false;
    for line in printed.lines() {
        if line.is_empty() {
            is_apart = true;
            continue;
        }
        let fence = match (is_table, line.starts_with('|')) {
            (Some(true) | None, false) => "\n```text\n",
            (Some(false), true) => "```\n\n",
            (None, true) => "\n",
            (Some(true), true) if is_apart => "\n",
            _ => "",
        };
        is_apart = false;
        is_table = Some(line.starts_with('|'));
        text.push_str(fence);
        text.push_str(line);
        text.push('\n');
    }
    text.push_str(if is_table == Some(false) { "```\n\n" } else { "\n" });
    Some(format!("{before}{begin}{text}<!-- end -->{after}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_stay_tables_and_other_lines_become_a_block() {
        let document = "# P\n<!-- measured: list -->\nold\n<!-- end -->\nrest <!-- end -->\n";
        let printed = "| a |\n|---|\n| 1 |\n\n| b |\n|---|\n| 2 |\n\nbench list: fine\n";
        assert_eq!(
            replace(document, "list", printed).unwrap(),
            "# P\n<!-- measured: list -->\n\n| a |\n|---|\n| 1 |\n\n| b |\n|---|\n| 2 |\n\n```text\nbench list: fine\n```\n\n\
             <!-- end -->\nrest <!-- end -->\n"
        );
        assert_eq!(replace(document, "deploy", printed), None);
    }
}
