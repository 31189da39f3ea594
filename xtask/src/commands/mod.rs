//! The commands of the automation, one file each. This file is only the list.

mod bad_input;
mod bench;
mod clients;
mod demo;
mod fresh;
mod fuzz;
mod host;
mod images;
mod layers;
mod load;
mod matrix;
mod openapi;
mod package;
mod podman;
mod scenario;
mod test;
mod tidy;

use clap::{Parser, Subcommand};
use std::process::ExitCode;

/// Automation of this workspace.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
pub(crate) struct Xtask {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Deploy a real PostgreSQL named `demo` with a server of its own, and print how to reach it.
    Demo(demo::Arguments),
    /// The same server without the demo's database.
    Run,
    /// Make this host ready for Podman, and start its API service when none answers.
    Host,
    /// Build the stand-ins for official images into the tests' own storage.
    Images(images::Arguments),
    /// Run everything that has to pass: formatting, lints, rules, licences, documentation, all tests.
    Test(test::Arguments),
    /// Prove the README's commands on a freshly bootstrapped Debian.
    Fresh(fresh::Arguments),
    /// Write the API's description and the clients generated from it.
    Openapi(openapi::Arguments),
    /// Walk the main path with curl against a real Podman.
    Walkthrough,
    /// Freeze and kill Podman's API service in the middle of deployments.
    Outage,
    /// Two servers on one Podman: neither touches what is the other's.
    Neighbours,
    /// Follow deployments over a WebSocket: early, late and cut off: everybody is sent the same.
    Follow,
    /// Meddle with a database by the podman program: what is shown, and how soon.
    Interferences(scenario::InterferencesArguments),
    /// Cut the stream of Podman's events while a database is meddled with: nothing is missed.
    Cuts(scenario::CutsArguments),
    /// Adopt servers that somebody else made, of each engine, and give them back as they were.
    Adopt,
    /// Kill the server at random moments and count what is left behind.
    Chaos(scenario::ChaosArguments),
    /// Restart the host's containers as a power failure does: what is desired comes back.
    Reboot,
    /// Fill the disks of the store and of the volumes.
    FullDisk,
    /// Reach a database by name while a neighbour is started and stopped.
    Names(scenario::NamesArguments),
    /// Send the whole API what fits its document and what does not: no answer may be against it.
    BadInput(bad_input::Arguments),
    /// Look for inputs that the parsers do not stand.
    Fuzz(fuzz::Arguments),
    /// Generate clients in TypeScript, Python and Go from the API's documents, compile and use them.
    Clients,
    /// Measure, beside what a person would do by hand.
    Bench(bench::Arguments),
    /// Read with many clients at once while operations are under way: nothing fails, and nothing grows.
    Load(load::LoadArguments),
    /// Make, link, unlink and remove databases and apps for a long time: nothing is left, and nothing grows.
    Soak(load::SoakArguments),
    /// Make the packages for Debian and Rocky, or with `--crates` those of the crates.
    Package(package::Arguments),
    /// Make pictures of every page of the web UI, dark and light, narrow and wide, into `target/screenshots`.
    Screenshots,
    /// The Podman client's tests on several versions of Podman, as a table.
    Matrix(matrix::Arguments),
    /// Compare the crates' dependencies with the table of who may depend on whom.
    Layers,
    /// Look at every file: length, names, words that must not be there.
    Tidy,
    /// Start the tests' own Podman in the foreground and print how to reach it.
    Podman,
}

impl Xtask {
    /// Runs the chosen command.
    ///
    /// # Errors
    /// Whatever the command could not do.
    pub(crate) fn run(self) -> anyhow::Result<ExitCode> {
        match self.command {
            Command::Demo(arguments) => demo::run(&arguments),
            Command::Run => demo::run_without_database(),
            Command::Openapi(arguments) => openapi::run(&arguments),
            Command::Walkthrough => scenario::walkthrough(),
            Command::Outage => scenario::outage(),
            Command::Neighbours => scenario::neighbours(),
            Command::Follow => scenario::follow(),
            Command::Interferences(arguments) => scenario::interferences(&arguments),
            Command::Cuts(arguments) => scenario::cuts(&arguments),
            Command::Adopt => scenario::adopt(),
            Command::Reboot => scenario::reboot(),
            Command::FullDisk => scenario::full_disk(),
            Command::Names(arguments) => scenario::names(&arguments),
            Command::BadInput(arguments) => bad_input::run(&arguments),
            Command::Fuzz(arguments) => fuzz::run(&arguments),
            Command::Clients => clients::run(),
            Command::Bench(arguments) => bench::run(&arguments),
            Command::Load(arguments) => load::load(&arguments),
            Command::Soak(arguments) => load::soak(&arguments),
            Command::Package(arguments) => package::run(&arguments),
            Command::Chaos(arguments) => scenario::chaos(&arguments),
            Command::Screenshots => scenario::screenshots(),
            Command::Host => host::run(),
            Command::Images(arguments) => images::run(&arguments),
            Command::Test(arguments) => test::run(&arguments),
            Command::Fresh(arguments) => fresh::run(&arguments),
            Command::Matrix(arguments) => matrix::run(&arguments),
            Command::Layers => layers::run(),
            Command::Tidy => tidy::run(),
            Command::Podman => podman::run(),
        }
    }
}
