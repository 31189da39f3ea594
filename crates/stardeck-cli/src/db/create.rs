//! `stardeck db create`.

use std::path::PathBuf;

use clap::Args;
use stardeck_client::{
    Client,
    types::{CreateDatabaseRequest, CreateLogicalDatabaseRequest, DatabaseId, Engine},
};

use super::{
    Patience,
    list::{external, internal, version},
};
use crate::{
    error::Error,
    output::{note, printable, say, say_json},
    progress,
    secret_file::first_line,
    values,
};

/// What to deploy.
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
pub(super) struct CreateArguments {
    /// The engine
    #[arg(long = "type", value_name = "ENGINE", value_parser = values::engine())]
    engine: Engine,
    /// The name, which becomes the host name for apps: 1-50 characters of a-z 0-9 -
    #[arg(long)]
    name: String,
    /// The version [default: the engine's usual one]
    #[arg(long)]
    version: Option<String>,
    /// An image of the engine's family to run instead of the official one
    #[arg(long)]
    image: Option<String>,
    /// Open a port of the host, for clients that are no apps
    #[arg(long)]
    expose_port: bool,
    /// Which port of the host [default: the first free one of the engine's range]
    #[arg(long, value_name = "PORT", requires = "expose_port", value_parser = clap::value_parser!(u16).range(1..))]
    external_port: Option<u16>,
    /// The address of the host to open it at [default: 127.0.0.1]
    #[arg(long, value_name = "ADDRESS", requires = "expose_port")]
    bind_address: Option<String>,
    /// Open it at an address that others can reach, although connections are not encrypted and a firewall does not see them
    #[arg(long, requires = "bind_address")]
    confirm_public: bool,
    /// For one app alone, instead of for all
    #[arg(long)]
    dedicated: bool,
    /// Make a database of this name inside it, once it runs
    #[arg(long, value_name = "NAME", conflicts_with = "no_wait")]
    initial_database: Option<String>,
    /// The administrator's name [default: the engine's usual one]
    #[arg(long, value_name = "NAME")]
    admin_user: Option<String>,
    /// The file whose first line is the administrator's password, or - for standard input [default: it is generated]
    #[arg(long, value_name = "PATH")]
    admin_password_file: Option<PathBuf>,
    /// The most memory it may use, such as 512M; its own settings follow it
    #[arg(long, value_name = "BYTES", value_parser = values::bytes)]
    memory: Option<i64>,
    /// The most processors it may use, such as 0.5 or 2
    #[arg(long, value_name = "NUMBER")]
    cpus: Option<f64>,
    /// A setting of the database server; may be given more than once
    #[arg(long = "setting", value_name = "NAME=VALUE", value_parser = values::setting)]
    settings: Vec<(String, String)>,
    /// A note
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Run it on the data of a database that was deleted with its data kept
    #[arg(long, value_name = "ID", conflicts_with_all = ["admin_user", "admin_password_file"])]
    kept_volume: Option<DatabaseId>,
    /// Print JSON, for programs: the database once it runs, or with --no-wait what was begun
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    patience: Patience,
}

impl CreateArguments {
    /// Checks what can be checked without the server.
    ///
    /// # Errors
    /// Two options want standard input.
    pub(super) fn check(&self, token_takes_stdin: bool) -> Result<(), Error> {
        let takes_stdin = self.admin_password_file.as_ref().is_some_and(|path| path.as_os_str() == "-");
        if takes_stdin && token_takes_stdin {
            return Err(Error::Usage(
                "--token-file - and --admin-password-file - both want standard input; give one of them a file"
                    .to_owned(),
            ));
        }
        Ok(())
    }

    fn request(self) -> Result<CreateDatabaseRequest, Error> {
        let password =
            self.admin_password_file.as_deref().map(|path| first_line("password", path)).transpose()?;
        let mut request = CreateDatabaseRequest::new(self.engine, self.name);
        request.admin_password = password;
        request.admin_user = self.admin_user;
        request.bind_address = self.bind_address;
        request.confirm_public = self.confirm_public.then_some(true);
        request.cpus = self.cpus;
        request.description = self.description;
        request.engine_settings = (!self.settings.is_empty()).then(|| self.settings.into_iter().collect());
        request.expose_port = self.expose_port.then_some(true);
        request.external_port = self.external_port;
        request.image = self.image;
        request.is_shared = self.dedicated.then_some(false);
        request.kept_volume_id = self.kept_volume;
        request.memory_bytes = self.memory;
        request.version = self.version;
        Ok(request)
    }
}

pub(super) async fn create(client: &Client, mut arguments: CreateArguments) -> Result<(), Error> {
    let (initial, is_json, no_wait) =
        (arguments.initial_database.take(), arguments.json, arguments.patience.no_wait);
    let accepted = client.create_database(&arguments.request()?).await?;
    let (id, operation) = (accepted.database.id, accepted.operation.id);
    if no_wait {
        return match serde_json::to_value(&accepted) {
            Ok(value) if is_json => say_json(&value),
            Ok(_) | Err(_) => say(&operation.to_string()),
        };
    }
    progress::follow(client, operation).await?;
    if let Some(name) = initial {
        client
            .create_logical_database(id, &CreateLogicalDatabaseRequest::new(name.clone()))
            .await
            .inspect_err(|_| {
                note(&format!("{} runs, but has no database {name:?} in it", accepted.database.name));
            })?;
    }
    if is_json {
        return say_json(&client.get_json(&["api", "databases", &id.to_string()], &[]).await?);
    }
    let database = client.get_database(id).await?;
    let outside =
        external(&database).map_or_else(String::new, |address| format!(", at {address} on the host"));
    let text = format!(
        "{} runs: {} {}, at {} for apps{outside}",
        database.name,
        database.r#type,
        version(&database),
        internal(&database)
    );
    say(&printable(&text))
}
