//! The configuration: read once, from the command line and the environment, checked, and passed on as typed parts.

mod environment;
mod file;
mod store;

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::bail;
use clap::{Args, Parser, Subcommand, ValueEnum};
use serde::Deserialize;
use stardeck_api::{AllowedHosts, CookiePolicy, TrustedProxies};
use stardeck_cli::RemoteCommand;

pub(crate) use environment::api_token;
pub(crate) use file::{Configured, UnitOptions, read};
pub(crate) use store::{
    BackupArguments, KeyArguments, RestoreArguments, RotateConfig, UserArguments, UserCommand,
};

use crate::{
    install::InstallArguments,
    reference::{CompletionsArguments, ManArguments},
    tls::TlsFiles,
};

/// Deploys, runs and watches database servers in Podman containers.
#[derive(Debug, Parser)]
#[command(name = "stardeck", version, propagate_version = true)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) log: LogArguments,
    /// The configuration file; options and the environment come before it [default: /etc/stardeck/stardeck.toml, where there
    /// is one]
    #[arg(long, global = true, env = "STARDECK_CONFIG", value_name = "PATH")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server until SIGTERM or Ctrl-C. Databases keep running when it ends
    Serve(Box<ServeArguments>),
    /// Look at this host and say in words what is wrong; the status is 1 when databases can not be run
    Doctor(DoctorArguments),
    /// Write the systemd units that run the server and stop databases cleanly with the host
    Install(InstallArguments),
    /// Write what Stardeck remembers, with its key wrapped by a passphrase, into a file; also while the server runs
    Backup(BackupArguments),
    /// Put a backup into a data directory that has no store
    Restore(RestoreArguments),
    /// Help somebody who can not sign in any more
    User(UserArguments),
    /// Replace the key that stored secrets are sealed with
    Key(KeyArguments),
    #[command(flatten)]
    Remote(RemoteCommand),
    /// Print the API's OpenAPI document
    Openapi(OpenapiArguments),
    /// Print the completions of this command line for a shell
    Completions(CompletionsArguments),
    /// Write the manual pages
    Man(ManArguments),
}

/// What is written to the log.
#[derive(Debug, Clone, Args)]
pub(crate) struct LogArguments {
    /// What to log: a level, or directives such as `info,stardeck_service=debug`
    #[arg(long, global = true, env = "STARDECK_LOG", default_value = "info", value_name = "FILTER")]
    pub(crate) log: String,
    /// How to write it
    #[arg(long, global = true, env = "STARDECK_LOG_FORMAT", default_value = "text", value_name = "FORMAT")]
    pub(crate) log_format: LogFormat,
}

/// How log lines are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct ServeArguments {
    /// The address and port to listen on; port 0 takes a free one
    #[arg(long, env = "STARDECK_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS:PORT")]
    listen: SocketAddr,
    /// Where everything that has to survive a restart is kept
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = "/var/lib/stardeck", value_name = "DIR")]
    data_dir: PathBuf,
    /// Podman's API socket [default: the one of root, or of the user who starts the server]
    #[arg(long, env = "STARDECK_PODMAN_SOCKET", value_name = "PATH")]
    podman_socket: Option<PathBuf>,
    /// The key that stored secrets are sealed with [default: master.key among systemd's credentials, else in the data
    /// directory, where it is made at the first start]
    #[arg(long, env = "STARDECK_MASTER_KEY_FILE", value_name = "PATH")]
    master_key_file: Option<PathBuf>,
    /// A host name the server answers under, besides localhost and addresses; may be given more than once
    #[arg(long, env = "STARDECK_ALLOWED_HOST", value_delimiter = ',', value_name = "NAME")]
    allowed_host: Vec<String>,
    /// The address of a proxy whose X-Forwarded-For is believed; may be given more than once
    #[arg(long, env = "STARDECK_TRUSTED_PROXY", value_delimiter = ',', value_name = "ADDRESS")]
    trusted_proxy: Vec<IpAddr>,
    /// The certificate to serve HTTPS with, as PEM, with those between it and one that clients know
    #[arg(long, env = "STARDECK_TLS_CERT", value_name = "PATH")]
    tls_cert: Option<PathBuf>,
    /// The private key of that certificate, as PEM
    #[arg(long, env = "STARDECK_TLS_KEY", value_name = "PATH")]
    tls_key: Option<PathBuf>,
    /// Listen on an address that others can reach, although passwords and tokens cross the network in clear
    #[arg(long, env = "STARDECK_INSECURE_HTTP")]
    insecure_http: bool,
    /// Print what would be used, as a configuration file that says where each value is from, and start nothing
    #[arg(long)]
    pub(crate) print_config: bool,
    /// Set by systemd for services with `LoadCredential=`.
    #[arg(long, env = "CREDENTIALS_DIRECTORY", hide = true)]
    credentials_directory: Option<PathBuf>,
    /// Set by the login of a user who has a Podman of their own.
    #[arg(long, env = "XDG_RUNTIME_DIR", hide = true)]
    runtime_directory: Option<PathBuf>,
}

/// What to look at.
#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// Where everything that has to survive a restart is kept
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = "/var/lib/stardeck", value_name = "DIR")]
    data_dir: PathBuf,
    /// Podman's API socket [default: the one of root, or of the user who asks]
    #[arg(long, env = "STARDECK_PODMAN_SOCKET", value_name = "PATH")]
    podman_socket: Option<PathBuf>,
    /// Print JSON, for programs
    #[arg(long)]
    pub(crate) json: bool,
    /// Set by the login of a user who has a Podman of their own.
    #[arg(long, env = "XDG_RUNTIME_DIR", hide = true)]
    runtime_directory: Option<PathBuf>,
}

/// Where to look.
#[derive(Debug)]
pub(crate) struct DoctorConfig {
    /// Where everything is kept.
    pub(crate) data_dir: PathBuf,
    /// Where Podman answers.
    pub(crate) podman_socket: PathBuf,
}

impl DoctorArguments {
    /// Where to look.
    pub(crate) fn check(self) -> DoctorConfig {
        let usual = || usual_socket(self.runtime_directory.as_deref());
        DoctorConfig { data_dir: self.data_dir, podman_socket: self.podman_socket.unwrap_or_else(usual) }
    }
}

/// Which document to print.
#[derive(Debug, Clone, Copy, Args)]
pub(crate) struct OpenapiArguments {
    /// In the words of OpenAPI 3.0, for generators that do not read 3.1
    #[arg(long)]
    pub(crate) v3_0: bool,
}

/// How to serve, checked.
#[derive(Debug)]
pub(crate) struct ServeConfig {
    /// Where to listen.
    pub(crate) listen: SocketAddr,
    /// Where to keep everything.
    pub(crate) data_dir: PathBuf,
    /// Where Podman answers.
    pub(crate) podman_socket: PathBuf,
    /// Where the master key is.
    pub(crate) master_key: MasterKeyFile,
    /// The host names to answer under.
    pub(crate) allowed_hosts: AllowedHosts,
    /// The proxies that say truly who is behind them.
    pub(crate) trusted_proxies: TrustedProxies,
    /// How the session cookie is set.
    pub(crate) cookies: CookiePolicy,
    /// What to speak TLS with; None for plain HTTP.
    pub(crate) tls: Option<TlsFiles>,
}

/// Where the master key is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum MasterKeyFile {
    /// Given to us; it has to be there.
    Given(PathBuf),
    /// Our own, made at the first start.
    Own(PathBuf),
}

impl MasterKeyFile {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Given(path) | Self::Own(path) => path,
        }
    }
}

impl ServeArguments {
    /// Checks what was given.
    ///
    /// # Errors
    /// Something does not fit together; the message says what to do.
    pub(crate) fn check(self) -> anyhow::Result<ServeConfig> {
        let tls = match (self.tls_cert, self.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            (Some(_), None) => bail!("a certificate is of no use without its key; give that with --tls-key"),
            (None, Some(_)) => bail!("a key is of no use without its certificate; give that with --tls-cert"),
        };
        let is_private = self.listen.ip().is_loopback() || tls.is_some();
        if !is_private && !self.insecure_http {
            bail!(
                "{} can be reached by others, and passwords and tokens would cross the network in clear; give a \
                 certificate with --tls-cert and --tls-key, or listen on 127.0.0.1 behind a proxy that speaks TLS, or \
                 accept it with --insecure-http",
                self.listen
            );
        }
        Ok(ServeConfig {
            listen: self.listen,
            podman_socket: self
                .podman_socket
                .unwrap_or_else(|| usual_socket(self.runtime_directory.as_deref())),
            master_key: master_key(self.master_key_file, self.credentials_directory, &self.data_dir),
            data_dir: self.data_dir,
            allowed_hosts: AllowedHosts::with(self.allowed_host),
            trusted_proxies: TrustedProxies::of(self.trusted_proxy),
            cookies: if is_private { CookiePolicy::HostPrefixed } else { CookiePolicy::Plain },
            tls,
        })
    }
}

fn master_key(given: Option<PathBuf>, credentials: Option<PathBuf>, data_dir: &Path) -> MasterKeyFile {
    let credential = credentials.map(|directory| directory.join("master.key")).filter(|path| path.exists());
    match given.or(credential) {
        Some(path) => MasterKeyFile::Given(path),
        None => MasterKeyFile::Own(data_dir.join("master.key")),
    }
}

/// Podman's own defaults: podman-system-service(1).
fn usual_socket(runtime_directory: Option<&Path>) -> PathBuf {
    let base = match runtime_directory {
        Some(directory) if !rustix::process::geteuid().is_root() => directory,
        Some(_) | None => Path::new("/run"),
    };
    base.join("podman/podman.sock")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(more: &[&str]) -> anyhow::Result<ServeConfig> {
        let arguments =
            ["stardeck", "serve", "--data-dir", "/nowhere"].into_iter().chain(more.iter().copied());
        match Arguments::try_parse_from(arguments).unwrap().command {
            Command::Serve(serve) => serve.check(),
            Command::Doctor(_)
            | Command::Install(_)
            | Command::Backup(_)
            | Command::Restore(_)
            | Command::User(_)
            | Command::Key(_)
            | Command::Openapi(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Remote(_) => unreachable!(),
        }
    }

    #[test]
    fn an_address_that_others_can_reach_needs_a_word() {
        for listen in ["0.0.0.0:8080", "192.0.2.1:80", "[::]:8080"] {
            let error = parse(&["--listen", listen]).unwrap_err().to_string();
            assert!(error.contains("--insecure-http"), "{error}");
            let config = parse(&["--listen", listen, "--insecure-http"]).unwrap();
            assert_eq!(config.cookies, CookiePolicy::Plain);
        }
        for listen in ["127.0.0.1:0", "[::1]:8080"] {
            assert_eq!(parse(&["--listen", listen]).unwrap().cookies, CookiePolicy::HostPrefixed);
        }
        let config =
            parse(&["--listen", "0.0.0.0:8443", "--tls-cert", "a.pem", "--tls-key", "b.pem"]).unwrap();
        assert_eq!(config.cookies, CookiePolicy::HostPrefixed);
        assert_eq!(config.tls.unwrap().key, PathBuf::from("b.pem"));
        for (half, other) in [("--tls-cert", "--tls-key"), ("--tls-key", "--tls-cert")] {
            let error = parse(&[half, "a.pem"]).unwrap_err().to_string();
            assert!(error.contains(other), "{error}");
        }
    }

    #[test]
    fn the_key_is_ours_unless_one_is_given() {
        let own = MasterKeyFile::Own(PathBuf::from("/nowhere/master.key"));
        assert_eq!(parse(&["--credentials-directory", "/does/not/exist"]).unwrap().master_key, own);
        let given = parse(&["--master-key-file", "/keys/a"]).unwrap().master_key;
        assert_eq!(given, MasterKeyFile::Given(PathBuf::from("/keys/a")));
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("master.key"), "").unwrap();
        let systemd =
            parse(&["--credentials-directory", directory.path().to_str().unwrap()]).unwrap().master_key;
        assert_eq!(systemd, MasterKeyFile::Given(directory.path().join("master.key")));
    }

    #[test]
    fn host_names_may_be_given_in_a_list() {
        let config =
            parse(&["--allowed-host", "a.example,b.example", "--allowed-host", "c.example"]).unwrap();
        for host in ["a.example", "b.example:8080", "c.example", "localhost"] {
            assert!(config.allowed_hosts.allows(host), "{host}");
        }
        assert!(!config.allowed_hosts.allows("d.example"));
    }
}
