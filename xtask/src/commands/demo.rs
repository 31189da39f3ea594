//! `cargo xtask demo` and `cargo xtask run`: the README's first command, and the same without a database.

use crate::demo::Demo;
use crate::report;
use clap::Args;
use std::io::IsTerminal as _;
use std::process::ExitCode;

/// How the demo ends.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Log in to the database, print its answer, and end, also on a terminal.
    #[arg(long)]
    once: bool,
}

/// Deploys the demo's database, or finds it again, and prints how to reach it.
///
/// # Errors
/// Whatever could not be done, with what to do about it.
pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let is_terminal = std::io::stdout().is_terminal();
    let demo = Demo::start()?;
    let deployed = demo.ensure_database()?;
    println!("\n{}\n", deployed.title());
    println!("  connection string   {}", deployed.connection_string(is_terminal));
    println!("  shell               {}", deployed.shell_line());
    print_server(&demo);
    if arguments.once || !is_terminal {
        println!("\nthe database answers: {}", deployed.ask()?);
        demo.stop()?;
        return Ok(ExitCode::SUCCESS);
    }
    stay(demo)
}

/// Starts the server alone.
///
/// # Errors
/// As [`run`].
pub(crate) fn run_without_database() -> anyhow::Result<ExitCode> {
    let demo = Demo::start()?;
    println!();
    print_server(&demo);
    stay(demo)
}

fn print_server(demo: &Demo) {
    let account = demo.account();
    println!("  web UI              {}/", demo.url());
    println!("  API                 {0}/api, described at {0}/docs/", demo.url());
    println!("  administrator       {}, password in {}", account.username, account.file.display());
}

fn stay(mut demo: Demo) -> anyhow::Result<ExitCode> {
    report::line("\nCtrl-C stops the server; databases keep running.");
    demo.stay()?;
    demo.stop()?;
    Ok(ExitCode::SUCCESS)
}
