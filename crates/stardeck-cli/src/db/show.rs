//! `stardeck db show`.

use clap::Args;
use stardeck_client::{Client, types::Database};

use super::list::{external, internal, version};
use crate::{
    error::Error,
    output::{pairs, say, say_json, time},
};

/// Which database, and how to show it.
#[derive(Debug, Args)]
pub(super) struct ShowArguments {
    /// The database's name or id
    #[arg(value_name = "DATABASE")]
    database: String,
    /// Print JSON, for programs: what the API answers
    #[arg(long)]
    json: bool,
}

pub(super) async fn show(client: &Client, arguments: &ShowArguments) -> Result<(), Error> {
    let database = super::find(client, &arguments.database).await?;
    if arguments.json {
        let id = database.id.to_string();
        return say_json(&client.get_json(&["api", "databases", &id], &[]).await?);
    }
    say(&pairs(&facts(&database)))
}

fn facts(database: &Database) -> Vec<(&'static str, String)> {
    let none = || "-".to_owned();
    let reason = database.status_reason.as_ref().map_or_else(String::new, |reason| format!(" ({reason})"));
    let flavor = database.flavor.as_ref().map_or_else(String::new, |flavor| format!(", {flavor}"));
    let memory = database.settings.memory_bytes.map_or_else(none, |bytes| format!("{bytes} bytes at most"));
    let settings: Vec<_> =
        database.settings.engine_settings.iter().map(|(name, value)| format!("{name}={value}")).collect();
    vec![
        ("name", database.name.to_string()),
        ("id", database.id.to_string()),
        ("type", format!("{} {}{flavor}", database.r#type, version(database))),
        ("image", database.image.clone()),
        ("status", format!("{}{reason}", database.status)),
        ("health", database.health.to_string()),
        ("last answer", database.last_answer_at.map_or_else(none, time)),
        ("for apps", internal(database)),
        ("on the host", external(database).unwrap_or_else(none)),
        ("apps", database.connection_count.to_string()),
        ("shared", if database.is_shared { "yes" } else { "no" }.to_owned()),
        ("origin", database.origin.to_string()),
        ("administrator", database.admin_user.to_string()),
        ("memory", memory),
        ("processors", database.settings.cpus.map_or_else(none, |cpus| format!("{cpus} at most"))),
        ("settings", if settings.is_empty() { none() } else { settings.join(" ") }),
        ("created", time(database.created_at)),
        ("note", database.description.clone().unwrap_or_else(none)),
    ]
}
