//! The `stardeck` binary: reads the configuration, puts the crates together, serves, and ends cleanly.
//!
//! What is *not* here: anything a use case decides (`stardeck-service`) and anything a request meets (`stardeck-api`).

mod backup;
mod bootstrap;
mod config;
mod data_dir;
mod doctor;
mod document;
mod install;
mod key;
mod reference;
mod serve;
mod shutdown;
mod telemetry;
mod tls;
mod ui;
mod user;

use std::{io::Write as _, process::ExitCode};

use config::{Command, Configured};

/// glibc's keeps what was freed: 19 MiB for each thread that ever checked a password, and the API's whole description.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    let outcome = match config::read() {
        Ok(configured) => run(configured).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            // There may be no log yet, and a person who starts the server by hand looks here. When not even that can be
            // written, the exit status is all there is left to say.
            writeln!(std::io::stderr(), "stardeck: {error:#}").ok();
            ExitCode::FAILURE
        }
    }
}

async fn run(configured: Configured) -> anyhow::Result<ExitCode> {
    if matches!(&configured.arguments.command, Command::Serve(serve) if serve.print_config) {
        return configured.print();
    }
    let of_unit = configured.options_of_unit();
    let arguments = configured.arguments;
    match arguments.command {
        Command::Serve(serve) => serve::serve(*serve, &arguments.log).await.map(|()| ExitCode::SUCCESS),
        Command::Doctor(doctor) => doctor::examine(doctor).await,
        Command::Install(install) => install::install(install, &of_unit).map(|()| ExitCode::SUCCESS),
        Command::Backup(backup) => backup::backup(backup).await.map(|()| ExitCode::SUCCESS),
        Command::Restore(restore) => backup::restore(restore).await.map(|()| ExitCode::SUCCESS),
        Command::User(user) => user::user(user).await.map(|()| ExitCode::SUCCESS),
        Command::Key(key) => key::rotate(key).await.map(|()| ExitCode::SUCCESS),
        Command::Openapi(openapi) => document::print(openapi).map(|()| ExitCode::SUCCESS),
        Command::Completions(shell) => reference::completions(&shell).map(|()| ExitCode::SUCCESS),
        Command::Man(man) => reference::man(&man).map(|()| ExitCode::SUCCESS),
        Command::Remote(remote) => Ok(stardeck_cli::run(remote, config::api_token()).await),
    }
}
