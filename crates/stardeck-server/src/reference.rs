//! What a package installs beside the program: completions of its command line for shells, and its manual pages.

use std::{fs, io::Write as _, path::PathBuf};

use anyhow::Context as _;
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::config::Arguments;

/// The program's name.
const NAME: &str = "stardeck";

/// For which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArguments {
    /// The shell
    shell: Shell,
}

/// Where to.
#[derive(Debug, Args)]
pub(crate) struct ManArguments {
    /// The directory to write the pages into
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Prints the completions.
///
/// # Errors
/// Standard output can not be written to.
pub(crate) fn completions(arguments: &CompletionsArguments) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), NAME, &mut script);
    std::io::stdout().write_all(&script).context("write to standard output")
}

/// Writes the pages, one for the program and one for each of its commands.
///
/// # Errors
/// They can not be written.
pub(crate) fn man(arguments: &ManArguments) -> anyhow::Result<()> {
    let directory = &arguments.directory;
    fs::create_dir_all(directory).with_context(|| format!("make {}", directory.display()))?;
    clap_mangen::generate_to(Arguments::command(), directory)
        .with_context(|| format!("write the pages into {}", directory.display()))
}
