//! The configuration file, whose keys are the long options with `_` for `-`. What it says takes the place of an option's
//! built-in default, for every command that has the option; the environment and the command line come before it.

use std::{
    collections::BTreeMap,
    fs,
    io::{ErrorKind, Write as _},
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::{Context as _, bail};
use clap::{ArgMatches, Command, CommandFactory as _, FromArgMatches as _, parser::ValueSource};
use serde::Deserialize;
use toml::Value;

use super::{Arguments, LogFormat};

/// Where the file is looked for when nobody says where it is.
const USUAL_FILE: &str = "/etc/stardeck/stardeck.toml";

/// Every key, in the order in which they are printed.
const KEYS: [&str; 11] = [
    "listen",
    "data_dir",
    "podman_socket",
    "master_key_file",
    "allowed_host",
    "trusted_proxy",
    "tls_cert",
    "tls_key",
    "insecure_http",
    "log",
    "log_format",
];

/// What the file says, checked against what each key may be.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    dead_code,
    reason = "only what may stand in a file is told by it; the values are read by their keys"
)]
struct Checked {
    listen: Option<SocketAddr>,
    data_dir: Option<PathBuf>,
    podman_socket: Option<PathBuf>,
    master_key_file: Option<PathBuf>,
    allowed_host: Option<Vec<String>>,
    trusted_proxy: Option<Vec<IpAddr>>,
    tls_cert: Option<PathBuf>,
    tls_key: Option<PathBuf>,
    insecure_http: Option<bool>,
    log: Option<String>,
    log_format: Option<LogFormat>,
}

/// A file that was read.
#[derive(Debug, Default)]
struct File {
    path: Option<PathBuf>,
    /// By key, as they would be given as options.
    values: BTreeMap<String, Vec<String>>,
}

/// The command line, with where each value is from.
pub(crate) struct Configured {
    /// What was asked for.
    pub(crate) arguments: Arguments,
    matches: ArgMatches,
    file: File,
}

/// What the command line of a unit has to say.
#[derive(Debug, Default)]
pub(crate) struct UnitOptions {
    /// The configuration file, where it is not the usual one.
    pub(crate) config: Option<PathBuf>,
    /// Whether the data directory is one that no file says.
    pub(crate) gives_data_dir: bool,
}

/// Reads the command line, the environment and the configuration file. A command line that can not be understood, `--help`
/// and `--version` end the program.
///
/// # Errors
/// The file can not be read, or says what it can not say; the message names the line.
pub(crate) fn read() -> anyhow::Result<Configured> {
    // Only to find the file: what is wrong is told below, with the file's values in place.
    let first = Arguments::command().ignore_errors(true).get_matches();
    let given = first.try_get_one::<PathBuf>("config").ok().flatten().cloned();
    let file = File::find(given)?;
    let matches = fill(Arguments::command(), &file.values).get_matches();
    let arguments = Arguments::from_arg_matches(&matches).unwrap_or_else(|error| error.exit());
    Ok(Configured { arguments, matches, file })
}

impl Configured {
    /// The options that a server needs, which is started by somebody else, to find what this command found.
    pub(crate) fn options_of_unit(&self) -> UnitOptions {
        let matches = self.matches.subcommand().map_or(&self.matches, |(_, matches)| matches);
        let is_known = matches.try_contains_id("data_dir").unwrap_or_default();
        let source = is_known.then(|| matches.value_source("data_dir")).flatten();
        UnitOptions {
            config: self.file.path.clone().filter(|path| path != Path::new(USUAL_FILE)),
            gives_data_dir: matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable)),
        }
    }

    /// Prints the configuration of the server, as a file would say it, with where each value is from.
    ///
    /// # Errors
    /// It can not be served with, or not be written.
    pub(crate) fn print(self) -> anyhow::Result<ExitCode> {
        let matches = self.matches.subcommand().map_or(&self.matches, |(_, matches)| matches);
        let text = KEYS.map(|key| self.line(matches, key)).concat();
        if let super::Command::Serve(serve) = self.arguments.command {
            serve.check()?;
        }
        write!(std::io::stdout(), "{text}").context("write to standard output")?;
        Ok(ExitCode::SUCCESS)
    }

    fn line(&self, matches: &ArgMatches, key: &str) -> String {
        let raw = matches.get_raw(key).into_iter().flatten();
        let texts: Vec<String> = raw.map(|value| value.to_string_lossy().into_owned()).collect();
        let Some(first) = texts.first() else { return format!("# {key} is not set\n") };
        let from = match matches.value_source(key) {
            Some(ValueSource::CommandLine) => "an option".to_owned(),
            Some(ValueSource::EnvVariable) => "the environment".to_owned(),
            _ => match &self.file.path {
                Some(path) if self.file.values.contains_key(key) => path.display().to_string(),
                Some(_) | None => "the default".to_owned(),
            },
        };
        let value = match key {
            "allowed_host" | "trusted_proxy" => Value::from(texts),
            "insecure_http" => Value::from(first == "true"),
            _ => Value::from(first.as_str()),
        };
        format!("{key} = {value} # {from}\n")
    }
}

impl File {
    fn find(given: Option<PathBuf>) -> anyhow::Result<Self> {
        let (path, is_given) = given.map_or((PathBuf::from(USUAL_FILE), false), |path| (path, true));
        match fs::read_to_string(&path) {
            Ok(text) => {
                let values =
                    parse(&text).with_context(|| format!("read the configuration {}", path.display()))?;
                Ok(Self { path: Some(path), values })
            }
            // Nobody asked for it, and it may be for somebody else's eyes only.
            Err(error)
                if !is_given && matches!(error.kind(), ErrorKind::NotFound | ErrorKind::PermissionDenied) =>
            {
                Ok(Self::default())
            }
            Err(error) => Err(error).with_context(|| format!("read the configuration {}", path.display())),
        }
    }
}

/// The values of a file, as they would be given as options.
fn parse(text: &str) -> anyhow::Result<BTreeMap<String, Vec<String>>> {
    let _: Checked = toml::from_str(text)?;
    let table: toml::Table = toml::from_str(text)?;
    let mut values = BTreeMap::new();
    for (key, value) in table {
        let is_path =
            matches!(key.as_str(), "data_dir" | "podman_socket" | "master_key_file" | "tls_cert" | "tls_key");
        let texts = match value {
            Value::Array(items) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            Value::String(text) => vec![text],
            other => vec![other.to_string()],
        };
        if is_path && texts.iter().any(|path| !Path::new(path).is_absolute()) {
            bail!(
                "{key} must be an absolute path: what it is relative to would depend on who starts the program"
            );
        }
        // An option that may be given more than once has no value in an empty list.
        if !texts.is_empty() {
            values.insert(key, texts);
        }
    }
    Ok(values)
}

/// The command with these values in the place of its options' defaults.
fn fill(command: Command, values: &BTreeMap<String, Vec<String>>) -> Command {
    command
        .mut_args(|arg| match values.get(arg.get_id().as_str()) {
            Some(values) => arg.default_values(values.clone()),
            None => arg,
        })
        .mut_subcommands(|subcommand| fill(subcommand, values))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        format!("{:#}", parse(text).unwrap_err())
    }

    #[test]
    fn what_a_file_may_not_say_is_told_with_its_key_and_line() {
        for (text, part) in [
            ("lisen = \"127.0.0.1:1\"", "unknown field `lisen`"),
            ("\nlisten = \"here\"", "line 2"),
            ("listen = 8080", "listen"),
            ("log_format = \"xml\"", "unknown variant `xml`"),
            ("allowed_host = \"a\"", "sequence"),
            ("data_dir = \"data\"", "data_dir must be an absolute path"),
            ("[server]", "unknown field `server`"),
        ] {
            assert!(refused(text).contains(part), "{text}: {}", refused(text));
        }
    }

    #[test]
    fn example_of_the_package_has_every_key_and_says_nothing_wrong() {
        let example = include_str!("../../units/stardeck.toml");
        assert!(parse(example).unwrap().is_empty());
        let is_key = |line: &&str| line.split_once(" = ").is_some_and(|(key, _)| KEYS.contains(&key));
        let lines: Vec<_> =
            example.lines().filter_map(|line| line.strip_prefix("# ")).filter(is_key).collect();
        let keys: Vec<_> = parse(&lines.join("\n")).unwrap().into_keys().collect();
        let mut all = KEYS.map(str::to_owned);
        all.sort();
        assert_eq!(keys, all);
    }

    /// What a file says is for the server: that its own host takes passwords in clear must not let a client send them.
    #[test]
    fn no_key_is_an_option_of_the_commands_for_a_remote_server() {
        fn check(command: &Command) {
            for arg in command.get_arguments() {
                assert!(!KEYS.contains(&arg.get_id().as_str()), "{} of {}", arg.get_id(), command.get_name());
            }
            command.get_subcommands().for_each(check);
        }
        let command = Arguments::command();
        for name in ["db", "token", "login", "logout"] {
            check(command.find_subcommand(name).unwrap());
        }
    }

    #[test]
    fn every_key_is_an_option_of_the_server() {
        let command = Arguments::command();
        let serve = command.find_subcommand("serve").unwrap();
        for key in KEYS {
            let is_option = |command: &Command| command.get_arguments().any(|arg| arg.get_id() == key);
            assert!(is_option(serve) || is_option(&command), "{key}");
        }
    }
}
