//! The commands that work on a server somewhere else, through its API: `stardeck db`, `token`, `login` and `logout`.
//!
//! They see the generated client and nothing of the server's inside, so that whatever they do, any program with a token can
//! do. What is *not* here: the commands that work on the host's own data directory (`stardeck-server`).

mod access;
mod db;
mod error;
mod kept;
mod login;
mod output;
mod progress;
mod prompt;
mod secret_file;
mod token;
mod values;

use std::process::ExitCode;

use clap::Subcommand;
use secrecy::SecretString;

pub use db::DbArguments;
pub use login::{LoginArguments, LogoutArguments};
pub use token::TokenArguments;

/// What can be done on a server somewhere else.
#[derive(Debug, Subcommand)]
pub enum RemoteCommand {
    /// Deploy, look at, and remove databases of a server, also of one elsewhere
    Db(Box<DbArguments>),
    /// Make, list and revoke API tokens
    Token(Box<TokenArguments>),
    /// Sign in with a password once, and keep an API token for the commands that follow
    Login(Box<LoginArguments>),
    /// Revoke the API token that `stardeck login` kept, and forget it
    Logout(Box<LogoutArguments>),
}

/// Does it. What comes out goes to standard output, everything else to standard error, and the exit status says how it went:
/// 0 done, 1 refused or failed, 2 the command line is wrong, 3 the server is not reached or lets nobody in, 130 Ctrl-C.
///
/// `token` is what the environment says to sign in with; it never stands on the command line.
pub async fn run(command: RemoteCommand, token: Option<SecretString>) -> ExitCode {
    let outcome = match command {
        RemoteCommand::Db(arguments) => db::db(*arguments, token).await,
        RemoteCommand::Token(arguments) => token::token(*arguments, token).await,
        RemoteCommand::Login(arguments) => login::login(*arguments).await,
        RemoteCommand::Logout(arguments) => login::logout(*arguments).await,
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.is_reader_gone() => ExitCode::SUCCESS,
        Err(error) => {
            output::note(&format!("stardeck: {}", error.told()));
            ExitCode::from(error.status())
        }
    }
}
