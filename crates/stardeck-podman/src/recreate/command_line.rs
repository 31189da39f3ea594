//! The command line that Podman keeps of a container that its own program made. It tells what inspections leave out.

use std::collections::BTreeMap;
use std::net::IpAddr;

use serde_json::Value;

use super::Unkept;
use super::options::{Kind, kind, long};

/// What a command line tells besides what an inspection shows.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct CommandLine {
    /// The words, to be given to the new container.
    pub(super) words: Vec<String>,
    /// Kernel parameters of the container.
    pub(super) sysctls: BTreeMap<String, String>,
    /// Where secrets are mounted, by their names.
    pub(super) secret_mounts: BTreeMap<String, String>,
    /// The secrets of variables, by the variables' names.
    pub(super) secret_env: BTreeMap<String, String>,
    /// Devices, in the words of `--device`.
    pub(super) devices: Vec<String>,
    /// Fixed addresses by network; the empty name is the only network.
    pub(super) addresses: BTreeMap<String, Vec<IpAddr>>,
    /// Fixed hardware addresses, in the same way.
    pub(super) hardware: BTreeMap<String, String>,
    /// Largest size of the log, in the words of `--log-opt`.
    pub(super) log_size: Option<String>,
    /// When the container is told to be one of systemd.
    pub(super) systemd: Option<String>,
    /// Whether the image's healthcheck is switched off.
    pub(super) has_no_healthcheck: bool,
    /// Whether the image's own `/etc/hosts` is left as it is.
    pub(super) has_no_hosts: bool,
    /// Whether a read-only container has no directories for temporary files.
    pub(super) has_no_tmpfs: bool,
}

impl CommandLine {
    /// The container's command line. `None` when it was made through the API.
    pub(super) fn of(whole: &Value, unkept: &mut Vec<Unkept>) -> Option<Self> {
        let words = whole.pointer("/Config/CreateCommand")?.as_array()?;
        let words: Vec<String> = words.iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let verb = words.iter().position(|word| word == "run" || word == "create")?;
        let mut line = Self { words: words.clone(), ..Self::default() };
        let mut rest = words.into_iter().skip(verb + 1);
        while let Some(word) = rest.next() {
            let read = if let Some(option) = word.strip_prefix("--") {
                if option.is_empty() {
                    break;
                }
                line.long(option, &mut rest)
            } else if let Some(letters) = word.strip_prefix('-').filter(|letters| !letters.is_empty()) {
                line.short(letters, &mut rest)
            } else {
                // The image; what follows is the container's own.
                break;
            };
            if let Err(reason) = read {
                unkept.push(Unkept { field: "Config.CreateCommand".to_owned(), reason });
                break;
            }
        }
        Some(line)
    }

    fn long(&mut self, option: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), String> {
        let (name, given) = match option.split_once('=') {
            Some((name, value)) => (name, Some(value.to_owned())),
            None => (option, None),
        };
        self.take(name, given, rest)
    }

    /// Short options, several in one word; the last may have its value behind it.
    fn short(&mut self, letters: &str, rest: &mut impl Iterator<Item = String>) -> Result<(), String> {
        for (at, letter) in letters.char_indices() {
            let name = long(letter).ok_or_else(|| unknown(&format!("-{letter}")))?;
            if kind(name) == Some(Kind::Switch) {
                self.take(name, None, rest)?;
                continue;
            }
            let behind = letters.get(at + letter.len_utf8()..).unwrap_or_default();
            let behind = behind.strip_prefix('=').unwrap_or(behind);
            let given = (!behind.is_empty()).then(|| behind.to_owned());
            return self.take(name, given, rest);
        }
        Ok(())
    }

    fn take(
        &mut self,
        name: &str,
        given: Option<String>,
        rest: &mut impl Iterator<Item = String>,
    ) -> Result<(), String> {
        let kind = kind(name).ok_or_else(|| unknown(&format!("--{name}")))?;
        if kind == Kind::Switch {
            let is_on = given.as_deref() != Some("false");
            match name {
                "no-healthcheck" => self.has_no_healthcheck = is_on,
                "no-hosts" => self.has_no_hosts = is_on,
                "read-only-tmpfs" => self.has_no_tmpfs = !is_on,
                _ => {}
            }
            return Ok(());
        }
        if kind == Kind::Refused {
            return Err(format!("what --{name} did can not be done again"));
        }
        let value = given.or_else(|| rest.next()).unwrap_or_default();
        if kind == Kind::Hidden { self.hidden(name, &value) } else { Ok(()) }
    }

    fn hidden(&mut self, name: &str, value: &str) -> Result<(), String> {
        let refused = || Err(format!("what --{name} {value} did can not be done again"));
        match name {
            "sysctl" => {
                let (key, value) = value.split_once('=').unwrap_or((value, ""));
                self.sysctls.insert(key.to_owned(), value.to_owned());
            }
            "device" => self.devices.push(value.to_owned()),
            "secret" => self.secret(value),
            "ip" | "ip6" => self.address("", value)?,
            "mac-address" => {
                self.hardware.insert(String::new(), value.to_owned());
            }
            "net" | "network" => return self.network(value),
            "log-opt" => match value.split_once('=') {
                Some(("max-size", size)) => self.log_size = Some(size.to_owned()),
                Some(("tag" | "path", _)) => {}
                _ => return refused(),
            },
            "systemd" => self.systemd = Some(value.to_owned()),
            "sdnotify" if value == "container" => {}
            "image-volume" if value == "anonymous" || value == "bind" => {}
            "volume" => {
                let options = value.split(':').nth(2).unwrap_or_default();
                if options.split(',').any(|option| option == "O" || option.starts_with("upperdir")) {
                    return refused();
                }
            }
            "mount" => {
                let parts: Vec<_> =
                    value.split(',').map(|part| part.split_once('=').unwrap_or((part, ""))).collect();
                let is_usual = |(key, value): &(&str, &str)| match *key {
                    "type" => ["bind", "volume", "tmpfs"].contains(value),
                    "subpath" | "volume-subpath" => false,
                    _ => true,
                };
                if !parts.iter().all(is_usual) {
                    return refused();
                }
            }
            _ => return refused(),
        }
        Ok(())
    }

    /// `NAME[,type=mount|env][,target=TARGET]…`.
    fn secret(&mut self, value: &str) {
        let mut parts = value.split(',');
        let name = parts.next().unwrap_or_default();
        let (mut is_env, mut target) = (false, None);
        for (key, value) in parts.filter_map(|part| part.split_once('=')) {
            match key {
                "type" => is_env = value == "env",
                "target" => target = Some(value),
                _ => {}
            }
        }
        if is_env {
            self.secret_env.insert(target.unwrap_or(name).to_owned(), name.to_owned());
        } else {
            self.secret_mounts.insert(name.to_owned(), target.unwrap_or(name).to_owned());
        }
    }

    /// `NAME[:OPTION=VALUE,…]` or `NAME,NAME`.
    fn network(&mut self, value: &str) -> Result<(), String> {
        let Some((name, options)) = value.split_once(':') else { return Ok(()) };
        for (key, value) in options.split(',').map(|part| part.split_once('=').unwrap_or((part, ""))) {
            match key {
                "ip" | "ip6" => self.address(name, value)?,
                "mac" => {
                    self.hardware.insert(name.to_owned(), value.to_owned());
                }
                "alias" => {}
                _ => return Err(format!("what --network {name}:{key} did can not be done again")),
            }
        }
        Ok(())
    }

    fn address(&mut self, network: &str, value: &str) -> Result<(), String> {
        let address = value.parse().map_err(|_| format!("{value} is no address"))?;
        self.addresses.entry(network.to_owned()).or_default().push(address);
        Ok(())
    }
}

fn unknown(option: &str) -> String {
    format!("the option {option} is not known")
}
