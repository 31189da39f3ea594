//! `stardeck db list`.

use clap::Args;
use serde_json::json;
use stardeck_client::{Client, types::Database};

use crate::{
    error::Error,
    output::{note, say, say_json, table},
};

/// How to list.
#[derive(Debug, Args)]
pub(super) struct ListArguments {
    /// Print JSON, for programs: what the API answers, all parts in one
    #[arg(long)]
    json: bool,
}

pub(super) async fn list(client: &Client, arguments: &ListArguments) -> Result<(), Error> {
    if arguments.json {
        let items = super::all_pages_as_json(client, &["api", "databases"]).await?;
        return say_json(&json!({"items": items, "next_cursor": null}));
    }
    let databases = super::all(client).await?;
    if databases.is_empty() {
        note("there are no databases");
        return Ok(());
    }
    let rows: Vec<_> = databases.iter().map(row).collect();
    let head = ["NAME", "TYPE", "VERSION", "STATUS", "HEALTH", "INTERNAL", "EXTERNAL", "APPS"];
    say(&table(head, &rows))
}

fn row(database: &Database) -> [String; 8] {
    [
        database.name.as_str().to_owned(),
        database.r#type.to_string(),
        version(database).to_owned(),
        database.status.to_string(),
        database.health.to_string(),
        internal(database),
        external(database).unwrap_or_else(|| "-".to_owned()),
        database.connection_count.to_string(),
    ]
}

/// What the server itself says, or what was asked for as long as it said nothing.
pub(super) fn version(database: &Database) -> &str {
    database.server_version.as_deref().unwrap_or(database.version.as_str())
}

/// Where apps reach it.
pub(super) fn internal(database: &Database) -> String {
    format!("{}:{}", database.internal_host, database.internal_port)
}

/// Where clients outside the data network reach it.
pub(super) fn external(database: &Database) -> Option<String> {
    let port = database.external_port.as_ref()?;
    let host = database.external_host.as_deref().unwrap_or(&database.bind_address);
    Some(format!("{host}:{port}"))
}
