//! `stardeck db`: one file for each command that has something to it.

mod create;
mod credentials;
mod delete;
mod list;
mod logs;
mod show;

use clap::{Args, Subcommand};
use secrecy::SecretString;
use serde_json::Value;
use stardeck_client::{
    Client,
    types::{Database, DatabaseAccepted, DatabaseId, ListDatabasesQuery, OperationId, ProblemCode},
};

use crate::{
    access::AccessArguments,
    error::Error,
    output::{note, say},
    progress,
};

/// Most entries of one answer.
const PAGE: u32 = 1000;

/// What to do with databases.
#[derive(Debug, Args)]
pub struct DbArguments {
    #[command(flatten)]
    access: AccessArguments,
    #[command(subcommand)]
    command: DbCommand,
}

/// What can be done with databases.
#[derive(Debug, Subcommand)]
enum DbCommand {
    /// List the databases
    List(list::ListArguments),
    /// Deploy a database, and wait until it answers
    // It has a `--version` that says another thing.
    #[command(disable_version_flag = true)]
    Create(Box<create::CreateArguments>),
    /// Show a database
    Show(show::ShowArguments),
    /// Start a database
    Start(ChangeArguments),
    /// Stop a database; apps that use it lose their connections
    Stop(ChangeArguments),
    /// Stop a database and start it again
    Restart(ChangeArguments),
    /// Remove a database, and say what becomes of its data
    Delete(delete::DeleteArguments),
    /// Print what a database server logged
    Logs(logs::LogsArguments),
    /// Print how to sign in to a database as its administrator. Each time is written to the audit log
    Credentials(credentials::CredentialsArguments),
    /// Wait for an operation that was begun before
    Wait(WaitArguments),
}

/// Which database, and whether to wait.
#[derive(Debug, Args)]
struct ChangeArguments {
    /// The database's name or id
    #[arg(value_name = "DATABASE")]
    database: String,
    #[command(flatten)]
    patience: Patience,
}

/// Whether to wait.
#[derive(Debug, Args)]
struct Patience {
    /// Print the operation's id on standard output, and do not wait for its end
    #[arg(long)]
    no_wait: bool,
}

/// Which operation.
#[derive(Debug, Args)]
struct WaitArguments {
    /// The operation's id
    #[arg(value_name = "OPERATION")]
    operation: OperationId,
}

/// Does it.
///
/// # Errors
/// The server is not reached or refuses, or what was begun does not end well.
pub(crate) async fn db(arguments: DbArguments, from_environment: Option<SecretString>) -> Result<(), Error> {
    if let DbCommand::Create(create) = &arguments.command {
        create.check(arguments.access.takes_stdin())?;
    }
    let client = arguments.access.client(from_environment)?;
    match arguments.command {
        DbCommand::List(list) => list::list(&client, &list).await,
        DbCommand::Create(create) => create::create(&client, *create).await,
        DbCommand::Show(show) => show::show(&client, &show).await,
        DbCommand::Start(change) => {
            let database = find(&client, &change.database).await?;
            let accepted = client.start_database(database.id).await?;
            carry_through(&client, accepted, &change.patience, "runs").await
        }
        DbCommand::Stop(change) => {
            let database = find(&client, &change.database).await?;
            let accepted = client.stop_database(database.id).await?;
            carry_through(&client, accepted, &change.patience, "is stopped").await
        }
        DbCommand::Restart(change) => {
            let database = find(&client, &change.database).await?;
            let accepted = client.restart_database(database.id).await?;
            carry_through(&client, accepted, &change.patience, "runs again").await
        }
        DbCommand::Delete(delete) => delete::delete(&client, &delete).await,
        DbCommand::Logs(logs) => logs::logs(&client, &logs).await,
        DbCommand::Credentials(credentials) => credentials::credentials(&client, &credentials).await,
        DbCommand::Wait(wait) => {
            let operation = progress::follow(&client, wait.operation).await?;
            note(&format!("the {} {}", operation.kind, operation.state));
            Ok(())
        }
    }
}

async fn carry_through(
    client: &Client,
    accepted: DatabaseAccepted,
    patience: &Patience,
    ending: &str,
) -> Result<(), Error> {
    let id = accepted.operation.id;
    if patience.no_wait {
        return say(&id.to_string());
    }
    progress::follow(client, id).await?;
    note(&format!("{} {ending}", accepted.database.name));
    Ok(())
}

/// The database of this id or name.
///
/// # Errors
/// There is none, or the server can not be asked.
async fn find(client: &Client, name_or_id: &str) -> Result<Database, Error> {
    if let Ok(id) = name_or_id.parse::<DatabaseId>() {
        match client.get_database(id).await {
            // An id can be a name, too.
            Err(error) if error.code() == Some(ProblemCode::NotFound) => {}
            other => return Ok(other?),
        }
    }
    let found = all(client).await?.into_iter().find(|database| database.name.as_str() == name_or_id);
    found.ok_or_else(|| Error::Missing { what: "database", name: name_or_id.to_owned() })
}

/// All databases, from however many parts.
async fn all(client: &Client) -> Result<Vec<Database>, Error> {
    let mut query = ListDatabasesQuery { limit: Some(PAGE), cursor: None };
    let mut databases = Vec::new();
    loop {
        let part = client.list_databases(&query).await?;
        databases.extend(part.items);
        query.cursor = part.next_cursor;
        if query.cursor.is_none() {
            return Ok(databases);
        }
    }
}

/// All entries of a list, as the server tells them.
pub(crate) async fn all_pages_as_json(client: &Client, path: &[&str]) -> Result<Vec<Value>, Error> {
    let mut items = Vec::new();
    let mut query = vec![("limit", PAGE.to_string())];
    loop {
        let mut part = client.get_json(path, &query).await?;
        if let Some(Value::Array(more)) = part.get_mut("items").map(Value::take) {
            items.extend(more);
        }
        query.truncate(1);
        match part.get("next_cursor").and_then(Value::as_str) {
            Some(cursor) => query.push(("cursor", cursor.to_owned())),
            None => return Ok(items),
        }
    }
}
