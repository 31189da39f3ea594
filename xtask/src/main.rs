//! Automation of this workspace: `cargo xtask COMMAND`.
//!
//! One file per command in `commands/`; what several commands share is in the modules beside it.
//! Nothing here is part of the product: the server never calls it and no crate depends on it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "automation speaks to the person at the terminal"
)]

mod commands;
#[path = "../properties/src/corpus.rs"]
#[expect(unreachable_pub, reason = "public in the library that the file belongs to")]
mod corpus;
mod crates;
mod demo;
mod environment;
mod fresh;
mod frontend;
mod fuzz;
mod host;
mod images;
mod interrupt;
mod leftovers;
mod matrix;
mod mounts;
mod pip;
mod podman;
mod process;
mod report;
mod rules;
mod stages;
mod workspace;

use clap::Parser as _;
use std::process::ExitCode;

fn main() -> ExitCode {
    let command = commands::Xtask::parse();
    match interrupt::listen().and_then(|()| command.run()) {
        Ok(code) => code,
        Err(error) => {
            report::failure(&error);
            ExitCode::FAILURE
        }
    }
}
