//! `stardeck db credentials`.

use clap::{Args, ValueEnum};
use secrecy::ExposeSecret as _;
use serde_json::json;
use stardeck_client::Client;

use crate::{
    error::Error,
    output::{note, pairs, say, say_json},
};

/// Of which database, and what of them.
#[derive(Debug, Args)]
pub(super) struct CredentialsArguments {
    /// The database's name or id
    #[arg(value_name = "DATABASE")]
    database: String,
    /// Print this URL alone
    #[arg(long, value_name = "WHICH", conflicts_with = "json")]
    url: Option<Which>,
    /// Print JSON, for programs: what the API answers
    #[arg(long)]
    json: bool,
}

/// Which URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// For apps on the data network
    Internal,
    /// For clients on the host, when a port is exposed
    External,
}

pub(super) async fn credentials(client: &Client, arguments: &CredentialsArguments) -> Result<(), Error> {
    let database = super::find(client, &arguments.database).await?;
    let found = client.get_credentials(database.id).await?;
    note("the server wrote into its audit log that this was shown");
    let external = found.external_url.as_ref().map(|url| url.expose_secret().to_owned());
    match arguments.url {
        Some(Which::Internal) => return say(found.internal_url.expose_secret()),
        Some(Which::External) => {
            let url = external.ok_or_else(|| {
                Error::Unavailable(format!(
                    "{} has no port on the host, so it has no such URL",
                    database.name
                ))
            })?;
            return say(&url);
        }
        None => {}
    }
    let (password, internal) = (found.password.expose_secret(), found.internal_url.expose_secret());
    if arguments.json {
        return say_json(&json!({
            "username": found.username,
            "password": password,
            "internal_url": internal,
            "external_url": external,
        }));
    }
    say(&pairs(&[
        ("user", found.username.to_string()),
        ("password", password.to_owned()),
        ("for apps", internal.to_owned()),
        ("on the host", external.unwrap_or_else(|| "-".to_owned())),
    ]))
}
