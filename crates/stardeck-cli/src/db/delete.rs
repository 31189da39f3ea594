//! `stardeck db delete`.

use clap::{Args, ValueEnum};
use stardeck_client::{
    Client,
    types::{DataFate, Database, DeleteDatabaseQuery},
};

use super::Patience;
use crate::{
    error::Error,
    output::{note, printable, say},
    progress, prompt,
};

/// Which database, and what becomes of its data.
#[derive(Debug, Args)]
pub(super) struct DeleteArguments {
    /// The database's name or id
    #[arg(value_name = "DATABASE")]
    database: String,
    /// What becomes of its data
    #[arg(long)]
    data: Data,
    /// The database's name, again [default: it is asked for at a terminal]
    #[arg(long, value_name = "NAME")]
    confirm: Option<String>,
    /// Also when apps are linked to it, or it does not answer
    #[arg(long)]
    force: bool,
    /// Delete the container and the volumes of a database that Stardeck only looked after
    #[arg(long)]
    take_ownership: bool,
    #[command(flatten)]
    patience: Patience,
}

/// What becomes of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Data {
    /// It stays, with its passwords, and can be deployed on again
    Keep,
    /// It is gone for good
    Delete,
}

pub(super) async fn delete(client: &Client, arguments: &DeleteArguments) -> Result<(), Error> {
    if arguments.confirm.is_none() && !prompt::is_possible() {
        return Err(Error::Usage(
            "there is no terminal to ask at; give the database's name again with --confirm NAME".to_owned(),
        ));
    }
    let database = super::find(client, &arguments.database).await?;
    let confirm = match &arguments.confirm {
        Some(name) => name.clone(),
        None => ask(&database, arguments.data).await?,
    };
    let fate = match arguments.data {
        Data::Keep => DataFate::Keep,
        Data::Delete => DataFate::Delete,
    };
    let mut query = DeleteDatabaseQuery::new(fate, confirm);
    query.force = arguments.force.then_some(true);
    query.take_ownership = arguments.take_ownership.then_some(true);
    let accepted = client.delete_database(database.id, &query).await?;
    if arguments.patience.no_wait {
        return say(&accepted.operation.id.to_string());
    }
    progress::follow(client, accepted.operation.id).await?;
    let data = match arguments.data {
        Data::Keep => {
            format!("its data is kept; `stardeck db create --kept-volume {}` runs on it again", database.id)
        }
        Data::Delete => "its data is gone".to_owned(),
    };
    note(&format!("{} is removed, and {data}", database.name));
    Ok(())
}

async fn ask(database: &Database, data: Data) -> Result<String, Error> {
    let what = match data {
        Data::Keep => "its data will be kept",
        Data::Delete => "its data will be DELETED FOR GOOD",
    };
    let count = database.connection_count;
    let apps = if count == 0 { String::new() } else { format!(", and {count} app(s) use it") };
    let question =
        printable(&format!("{} will be removed, {what}{apps}. Type its name to go on", database.name));
    prompt::ask(&question).await
}
