//! The stages of `cargo xtask test`.

mod timetable;
mod tools;

pub(crate) use timetable::Timetable;
pub(crate) use tools::{ensure_cargo_fuzz, ensure_nextest};

use crate::rules::{self, layers, tidy};
use crate::{crates, frontend, process, report, workspace};
use anyhow::{Context as _, bail};
use clap::ValueEnum;
use std::process::Command;

/// The workspace beside this one.
const FUZZERS: &str = "xtask/fuzz/Cargo.toml";

/// One stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Stage {
    /// Formatting.
    Fmt,
    /// Who may depend on whom.
    Layers,
    /// How files look.
    Tidy,
    /// The web UI: its client is fresh, formatting, lints, types, unit tests, build, size.
    Frontend,
    /// Compiler and clippy, with warnings as errors.
    Clippy,
    /// Licences, bans and sources of the dependencies, and advisories where their database can be had.
    Deny,
    /// Whether the committed API description is the one that the code gives.
    Openapi,
    /// The documentation: no warnings, and its examples.
    Doc,
    /// Whether the crates can be packaged.
    Crates,
    /// Compiling the tests.
    Build,
    /// The web UI in a browser, with the real server and containers. Run when it is asked for by name.
    Ui,
    /// All tests, on a Podman of their own.
    Tests,
}

impl Stage {
    /// All of them, in the order they run: cheap ones first, the tests last.
    pub(crate) const ALL: &[Self] = &[
        Self::Fmt,
        Self::Layers,
        Self::Tidy,
        Self::Deny,
        Self::Frontend,
        Self::Clippy,
        Self::Openapi,
        Self::Doc,
        Self::Crates,
        Self::Build,
        Self::Ui,
        Self::Tests,
    ];

    /// What the timetable calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Fmt => "fmt",
            Self::Layers => "layers",
            Self::Tidy => "tidy",
            Self::Clippy => "clippy",
            Self::Deny => "deny",
            Self::Openapi => "openapi",
            Self::Doc => "documentation",
            Self::Crates => "crates",
            Self::Build => "build tests",
            Self::Frontend => "frontend",
            Self::Ui => "ui",
            Self::Tests => "tests",
        }
    }

    /// Whether it runs on a Podman of the tests' own.
    pub(crate) fn needs_podman(self) -> bool {
        matches!(self, Self::Ui | Self::Tests)
    }

    /// Runs it, unless it needs a Podman: see [`run_tests`] and [`crate::frontend::browse`].
    ///
    /// # Errors
    /// When it fails.
    pub(crate) fn run(self) -> anyhow::Result<()> {
        match self {
            Self::Fmt => {
                cargo(&["fmt", "--all", "--check"])?;
                cargo(&["fmt", "--manifest-path", FUZZERS, "--check"])
            }
            Self::Layers => rules::conclude("layers", &layers::findings(&layers::metadata()?)),
            Self::Tidy => rules::conclude("tidy", &tidy::check()?.findings),
            Self::Clippy => {
                cargo(&["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
            }
            Self::Deny => deny(),
            Self::Openapi => own_command(&["openapi", "--check"]),
            Self::Doc => documentation(),
            Self::Crates => crates::package(crates::Thoroughness::FilesOnly).map(|_| ()),
            Self::Build => {
                ensure_nextest()?;
                cargo(&["nextest", "run", "--workspace", "--locked", "--no-run"])
            }
            Self::Frontend => frontend::check(),
            Self::Ui | Self::Tests => {
                bail!("the tests need a Podman of their own; this is a mistake in the automation")
            }
        }
    }
}

/// Runs all tests; `environment` tells them how to reach their Podman.
///
/// # Errors
/// When one fails.
pub(crate) fn run_tests(filter: &[String], environment: &[(&str, String)]) -> anyhow::Result<()> {
    ensure_nextest()?;
    let mut command = workspace::cargo();
    command.args(["nextest", "run", "--workspace", "--locked"]).args(filter);
    command.envs(environment.iter().map(|(name, value)| (name, value)));
    in_view(&mut command, "cargo nextest run")
}

/// The pages without warnings, then the examples on them.
fn documentation() -> anyhow::Result<()> {
    let mut pages = workspace::cargo();
    pages.args(["doc", "--workspace", "--no-deps", "--locked", "--quiet"]).env("RUSTDOCFLAGS", "-D warnings");
    in_view(&mut pages, "cargo doc")?;
    cargo(&["test", "--workspace", "--doc", "--locked", "--quiet"])
}

/// Licences, bans and sources are settled by what is in the checkout. Advisories are news, and come from a database
/// elsewhere: where it can not be had, that is said and passed over.
fn deny() -> anyhow::Result<()> {
    let tool = tools::ensure_deny()?;
    let deny = || {
        let mut command = Command::new(&tool);
        command.current_dir(workspace::root());
        command
    };
    in_view(deny().args(["--workspace", "check", "licenses", "bans", "sources"]), "cargo deny")?;
    let fuzzers = ["--manifest-path", FUZZERS, "--config", "deny.toml", "check", "licenses", "sources"];
    in_view(deny().args(fuzzers), "cargo deny of the fuzzers")?;
    if process::run_hidden(deny().args(["fetch", "db"])).is_err() {
        crate::interrupt::check()?;
        report::line("advisories: not checked, since their database can not be fetched from here");
        return Ok(());
    }
    in_view(deny().args(["--workspace", "check", "--disable-fetch", "advisories"]), "cargo deny advisories")
}

fn cargo(arguments: &[&str]) -> anyhow::Result<()> {
    let name = format!("cargo {}", arguments.first().copied().unwrap_or_default());
    in_view(workspace::cargo().args(arguments), &name)
}

/// Another command of this program. It has a process of its own, as if it were typed.
fn own_command(arguments: &[&str]) -> anyhow::Result<()> {
    let program = std::env::current_exe().context("finding this program")?;
    in_view(Command::new(program).current_dir(workspace::root()).args(arguments), "cargo xtask")
}

fn in_view(command: &mut Command, name: &str) -> anyhow::Result<()> {
    let status = process::run_in_view(command)?;
    if !status.success() {
        bail!("{name} failed");
    }
    Ok(())
}
