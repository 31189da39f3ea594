//! `stardeck token`: what programs sign in with.

use clap::{Args, Subcommand};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use stardeck_client::{
    Client,
    types::{ApiToken, CreateApiTokenRequest, ListTokensQuery, TokenId},
};

use crate::{
    access::AccessArguments,
    error::Error,
    output::{note, printable, say, say_json, table, time},
    values::{self, Scope},
};

/// What to do about API tokens.
#[derive(Debug, Args)]
pub struct TokenArguments {
    #[command(flatten)]
    access: AccessArguments,
    #[command(subcommand)]
    command: TokenCommand,
}

/// What can be done about API tokens.
#[derive(Debug, Subcommand)]
enum TokenCommand {
    /// Make a token and print it, alone on standard output. It is shown this once
    Create(CreateArguments),
    /// List your tokens, without the tokens themselves
    List(ListArguments),
    /// Revoke a token; whatever is followed with it ends at once
    Revoke(RevokeArguments),
}

/// What to make.
#[derive(Debug, Args)]
struct CreateArguments {
    /// What to call it
    #[arg(long)]
    name: String,
    /// What it lets do, as far as you may
    #[arg(long)]
    scope: Scope,
    /// When it ends by itself, such as 30d, 4w or 1y [default: 90d]
    #[arg(long, value_name = "TIME", value_parser = values::days)]
    expires: Option<u32>,
}

/// How to list.
#[derive(Debug, Args)]
struct ListArguments {
    /// Print JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Which one.
#[derive(Debug, Args)]
struct RevokeArguments {
    /// Its id, as `stardeck token list` shows it
    id: TokenId,
}

/// Does it.
///
/// # Errors
/// The server is not reached or refuses.
pub(crate) async fn token(
    arguments: TokenArguments,
    from_environment: Option<SecretString>,
) -> Result<(), Error> {
    let client = arguments.access.client(from_environment)?;
    match arguments.command {
        TokenCommand::Create(create) => make(&client, create).await,
        TokenCommand::List(list) => show(&client, &list).await,
        TokenCommand::Revoke(revoke) => {
            client.revoke_token(revoke.id).await?;
            note(&format!("revoked {}", revoke.id));
            Ok(())
        }
    }
}

async fn make(client: &Client, create: CreateArguments) -> Result<(), Error> {
    let mut request = CreateApiTokenRequest::new(create.name, create.scope.into());
    request.expires_in_days = create.expires;
    let made = client.create_token(&request).await?;
    note(&format!(
        "made {} (scope {}), which ends at {}; `stardeck token revoke {}` ends it before",
        printable(made.api_token.name.as_str()),
        made.api_token.scope,
        time(made.api_token.expires_at),
        made.api_token.id,
    ));
    say(made.token.expose_secret())
}

async fn show(client: &Client, list: &ListArguments) -> Result<(), Error> {
    if list.json {
        let items = crate::db::all_pages_as_json(client, &["api", "tokens"]).await?;
        return say_json(&json!({"items": items, "next_cursor": null}));
    }
    let mut query = ListTokensQuery { limit: Some(1000), ..ListTokensQuery::default() };
    let mut rows = Vec::new();
    loop {
        let part = client.list_tokens(&query).await?;
        rows.extend(part.items.iter().map(row));
        query.cursor = part.next_cursor;
        if query.cursor.is_none() {
            break;
        }
    }
    say(&table(["ID", "NAME", "SCOPE", "CREATED", "LAST USED", "EXPIRES"], &rows))
}

fn row(token: &ApiToken) -> [String; 6] {
    [
        token.id.to_string(),
        token.name.as_str().to_owned(),
        token.scope.to_string(),
        time(token.created_at),
        token.last_used_at.map_or_else(|| "never".to_owned(), time),
        time(token.expires_at),
    ]
}
