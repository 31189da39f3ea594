//! `stardeck login` and `logout`: a password is asked for once, and an API token kept in its place.

use std::path::PathBuf;

use clap::Args;
use stardeck_client::{
    Client,
    types::{CreateApiTokenRequest, CreatedApiToken, ProblemCode, TokenId},
};

use crate::{
    access::ServerArguments,
    error::Error,
    kept::KeptToken,
    output::{note, printable, time},
    prompt,
    secret_file::first_line,
    values::{self, Scope},
};

/// Longest name of a token, in characters.
const NAME_MOST: usize = 64;

/// Who signs in, and what for.
#[derive(Debug, Args)]
pub struct LoginArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// The name to sign in with [default: it is asked for]
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    /// The file whose first line is the password, or - for standard input [default: it is asked for]
    #[arg(long, value_name = "PATH")]
    password_file: Option<PathBuf>,
    /// What the token lets do, as far as you may
    #[arg(long, default_value = "operate")]
    scope: Scope,
    /// When the token ends by itself, such as 30d, 4w or 1y
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = values::days)]
    expires: u32,
    /// What to call the token [default: after this host]
    #[arg(long)]
    name: Option<String>,
}

/// Where to sign out.
#[derive(Debug, Args)]
pub struct LogoutArguments {
    #[command(flatten)]
    server: ServerArguments,
}

/// Signs in, makes a token, keeps it, and ends the session that it was made in.
///
/// # Errors
/// The server is not reached or refuses, or the token can not be kept; it is revoked then.
pub(crate) async fn login(arguments: LoginArguments) -> Result<(), Error> {
    let mut session = arguments.server.client()?;
    // What is wrong with the file is told before there is a token that would have to go there.
    let mut kept = arguments.server.kept()?;
    let needs_person = arguments.username.is_none() || arguments.password_file.is_none();
    if needs_person && !prompt::is_possible() {
        return Err(Error::Usage(
            "there is no terminal to ask at; give --username and --password-file".to_owned(),
        ));
    }
    let username = match arguments.username {
        Some(username) => username,
        None => prompt::ask(&format!("User name at {}", session.base_url())).await?,
    };
    let password = match &arguments.password_file {
        Some(path) => first_line("password", path)?,
        None => prompt::ask_hidden("Password").await?,
    };
    session.sign_in(&username, password).await?;
    let mut request =
        CreateApiTokenRequest::new(arguments.name.unwrap_or_else(usual_name), arguments.scope.into());
    request.expires_in_days = Some(arguments.expires);
    let made = session.create_token(&request).await;
    let outcome = match made {
        Ok(made) => keep(&session, &mut kept, made).await,
        Err(error) => Err(error.into()),
    };
    // The session is not needed any more, whatever came of it; it would end by itself.
    session.logout().await.ok();
    outcome
}

async fn keep(session: &Client, kept: &mut crate::kept::Kept, made: CreatedApiToken) -> Result<(), Error> {
    let known = made.api_token;
    let token = KeptToken { id: known.id, token: made.token };
    match kept.keep(session.base_url(), token) {
        Ok(before) => {
            if let Some(before) = before {
                revoke(session, before.id).await?;
            }
        }
        Err(error) => {
            revoke(session, known.id).await?;
            return Err(error);
        }
    }
    note(&format!(
        "signed in to {} with the token {} (scope {}), which ends at {}",
        session.base_url(),
        printable(known.name.as_str()),
        known.scope,
        time(known.expires_at),
    ));
    Ok(())
}

/// Revokes a token of ours. One that ended, or was another account's, is none to revoke.
async fn revoke(session: &Client, id: TokenId) -> Result<(), Error> {
    match session.revoke_token(id).await {
        Err(error) if error.code() == Some(ProblemCode::NotFound) => Ok(()),
        other => Ok(other?),
    }
}

/// Revokes what was kept for the server, and forgets it.
///
/// # Errors
/// The server is not reached; nothing is forgotten then, since the token would stay good.
pub(crate) async fn logout(arguments: LogoutArguments) -> Result<(), Error> {
    let client = arguments.server.client()?;
    let mut kept = arguments.server.kept()?;
    let Some(token) = kept.token(client.base_url()) else {
        note(&format!("nothing is kept for {}", client.base_url()));
        return Ok(());
    };
    let signed_in = client.clone().with_bearer(token.token.clone());
    match signed_in.logout().await {
        Ok(()) => {}
        // It ended, or somebody revoked it.
        Err(error) if error.code() == Some(ProblemCode::Unauthenticated) => {}
        Err(error) => return Err(error.into()),
    }
    kept.forget(client.base_url())?;
    note(&format!("signed out of {}", client.base_url()));
    Ok(())
}

/// A name by which a person tells the tokens of their hosts apart.
fn usual_name() -> String {
    let host = rustix::system::uname();
    let host = host.nodename().to_string_lossy();
    let name = format!("stardeck login on {host}");
    name.chars().filter(|character| !character.is_control()).take(NAME_MOST).collect()
}
