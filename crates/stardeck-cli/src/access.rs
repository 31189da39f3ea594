//! Which server, and what to sign in with.

use std::{fs, path::PathBuf};

use clap::Args;
use secrecy::{ExposeSecret as _, SecretString};
use stardeck_client::Client;

use crate::{error::Error, kept::Kept, secret_file::first_line};

/// Which server.
#[derive(Debug, Args)]
pub(crate) struct ServerArguments {
    /// The server
    #[arg(
        long,
        global = true,
        help_heading = "Server",
        env = "STARDECK_SERVER",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    server: String,
    /// The certificate of a private authority that the server's may come from, as PEM, besides those that this host trusts
    #[arg(long, global = true, help_heading = "Server", env = "STARDECK_CA_CERT", value_name = "FILE")]
    ca_cert: Option<PathBuf>,
    /// Speak to another host without encryption, although the token or password crosses the network in clear
    // Named otherwise than the server's option, which a configuration file may set.
    #[arg(long = "insecure-http", id = "clear_http", global = true, help_heading = "Server")]
    insecure_http: bool,
    /// Set where a person keeps settings elsewhere.
    #[arg(long, global = true, env = "XDG_CONFIG_HOME", hide = true)]
    config_home: Option<PathBuf>,
    /// Set by every login.
    #[arg(long, global = true, env = "HOME", hide = true)]
    home: Option<PathBuf>,
}

/// Which server, and what to sign in with.
#[derive(Debug, Args)]
pub(crate) struct AccessArguments {
    #[command(flatten)]
    server: ServerArguments,
    /// The file whose first line is the API token, or - for standard input; comes before `STARDECK_TOKEN`, and that before
    /// what `stardeck login` kept
    #[arg(long, global = true, help_heading = "Server", value_name = "PATH")]
    token_file: Option<PathBuf>,
}

impl ServerArguments {
    /// A client of the server, as nobody.
    ///
    /// # Errors
    /// The URL or the certificates are wrong, or the connection would be open to others.
    pub(crate) fn client(&self) -> Result<Client, Error> {
        let authorities = match &self.ca_cert {
            Some(path) => fs::read(path).map_err(|source| {
                let doing = format!("read the certificates of --ca-cert {}", path.display());
                Error::File { doing, source }
            })?,
            None => Vec::new(),
        };
        if self.ca_cert.is_some() && authorities.is_empty() {
            return Err(Error::Usage("the file of --ca-cert is empty; it has to be PEM".to_owned()));
        }
        let client = Client::trusting(&self.server, &authorities)?;
        if !client.is_confidential() && !self.insecure_http {
            return Err(Error::Usage(format!(
                "token or password would cross the network in clear on the way to {}; use https://, or a tunnel to this \
                 host, or accept it with --insecure-http",
                client.base_url()
            )));
        }
        Ok(client)
    }

    /// What `stardeck login` keeps.
    ///
    /// # Errors
    /// There is no home directory, or the file can not be read.
    pub(crate) fn kept(&self) -> Result<Kept, Error> {
        let below_home = || self.home.as_ref().map(|home| home.join(".config"));
        // Both have to be absolute: a relative one is to be ignored (XDG Base Directory Specification).
        let folder = self.config_home.clone().filter(|path| path.is_absolute()).or_else(below_home);
        match folder.filter(|folder| folder.is_absolute()) {
            Some(folder) => Kept::open(folder.join("stardeck")),
            None => Err(Error::Usage(
                "HOME is not set, so there is no place for what `stardeck login` keeps".to_owned(),
            )),
        }
    }
}

impl AccessArguments {
    /// A client of the server that is signed in, as far as can be told before it is asked.
    ///
    /// # Errors
    /// As for [`ServerArguments::client`], or there is no token.
    pub(crate) fn client(&self, from_environment: Option<SecretString>) -> Result<Client, Error> {
        let client = self.server.client()?;
        let (token, from) = match (&self.token_file, from_environment) {
            (Some(path), _) => (first_line("token", path)?, "--token-file"),
            (None, Some(token)) => (token, "STARDECK_TOKEN"),
            (None, None) => (self.kept_token(&client)?, "what `stardeck login` kept"),
        };
        let is_token = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_token(token.expose_secret()) {
            return Err(Error::Usage(format!("{from} has no API token; one looks like stardeck_…")));
        }
        Ok(client.with_bearer(token))
    }

    fn kept_token(&self, client: &Client) -> Result<SecretString, Error> {
        let missing = || Error::NotSignedIn { server: client.base_url().to_string() };
        // Who has no home directory has kept nothing.
        if self.server.home.is_none() && self.server.config_home.is_none() {
            return Err(missing());
        }
        let kept = self.server.kept()?;
        kept.token(client.base_url()).map(|kept| kept.token.clone()).ok_or_else(missing)
    }

    /// Whether standard input is taken for the token.
    pub(crate) fn takes_stdin(&self) -> bool {
        self.token_file.as_ref().is_some_and(|path| path.as_os_str() == "-")
    }
}
