//! `stardeck install`: the systemd units that run the server and stop the databases cleanly with the host.
//!
//! The units are written and nothing is started: what is enabled on a host is for its administrator to say.

use std::{
    fs,
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::config::UnitOptions;

/// The server's unit.
pub(crate) const SERVER_UNIT: &str = "stardeck.service";
/// The unit that stops the databases.
pub(crate) const DATABASES_UNIT: &str = "stardeck-databases.service";
/// The directory that `StateDirectory=stardeck` makes.
const STATE_DIRECTORY: &str = "/var/lib/stardeck";

/// The units with gaps for what differs from host to host.
const UNITS: [(&str, &str); 2] = [
    (SERVER_UNIT, include_str!("../units/stardeck.service")),
    (DATABASES_UNIT, include_str!("../units/stardeck-databases.service")),
];

/// What to write where.
#[derive(Debug, Args)]
pub(crate) struct InstallArguments {
    /// Print the units instead of writing them
    #[arg(long)]
    print: bool,
    /// Where systemd looks for units
    #[arg(long, default_value = "/etc/systemd/system", value_name = "DIR")]
    unit_dir: PathBuf,
    /// The program that the units run [default: this one]
    #[arg(long, value_name = "PATH")]
    binary: Option<PathBuf>,
    /// Podman's own program
    #[arg(long, default_value = "/usr/bin/podman", value_name = "PATH")]
    podman: PathBuf,
    /// Where everything that has to survive a restart is kept
    #[arg(long, env = "STARDECK_DATA_DIR", default_value = STATE_DIRECTORY, value_name = "DIR")]
    data_dir: PathBuf,
}

/// Writes the units, or prints them. The server reads the same configuration file as this command did, and what that says is
/// not said again on its command line.
///
/// # Errors
/// A path can not stand in a unit, or a unit can not be written.
pub(crate) fn install(arguments: InstallArguments, given: &UnitOptions) -> anyhow::Result<()> {
    let binary = match arguments.binary {
        Some(binary) => binary,
        None => std::env::current_exe().context("find this program")?,
    };
    let data_dir = in_unit(&arguments.data_dir)?;
    let mut options = String::new();
    if let Some(config) = &given.config {
        let config = std::path::absolute(config).context("find the configuration file")?;
        options.extend([" --config ", &in_unit(&config)?]);
    }
    if given.gives_data_dir {
        options.extend([" --data-dir ", &data_dir]);
    }
    let (binary, podman) = (in_unit(&binary)?, in_unit(&arguments.podman)?);
    let fill = Fill { binary, podman, data_dir, options };
    let mut out = std::io::stdout();
    for (name, unit) in UNITS {
        let text = fill.fill(unit);
        if arguments.print {
            writeln!(out, "# {name}\n{text}")?;
            continue;
        }
        let path = arguments.unit_dir.join(name);
        fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
        writeln!(out, "wrote {}", path.display())?;
    }
    if !arguments.print {
        writeln!(
            out,
            "now: systemctl daemon-reload && systemctl enable --now podman.socket {DATABASES_UNIT} {SERVER_UNIT}"
        )?;
    }
    Ok(())
}

/// What the gaps are filled with.
struct Fill {
    binary: String,
    podman: String,
    data_dir: String,
    /// The server's options, each with a space before it.
    options: String,
}

impl Fill {
    fn fill(&self, unit: &str) -> String {
        // Elsewhere than where systemd keeps state, the directory has to be there, and writable for the service.
        let state = if self.data_dir == STATE_DIRECTORY {
            "StateDirectory=stardeck\nStateDirectoryMode=0700".to_owned()
        } else {
            format!("ReadWritePaths={}", self.data_dir)
        };
        unit.replace("@BINARY@", &self.binary)
            .replace("@PODMAN@", &self.podman)
            .replace("@OPTIONS@", &self.options)
            .replace("@STATE@", &state)
    }
}

/// A path as it may stand in a unit: absolute, and without anything that systemd would read as something else.
fn in_unit(path: &Path) -> anyhow::Result<String> {
    let text = path.to_str().unwrap_or_default();
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._@+:-".contains(c);
    if !text.starts_with('/') || !text.chars().all(is_plain) {
        bail!(
            "{} can not stand in a unit: use an absolute path of letters, digits and /._@+:-",
            path.display()
        );
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_systemd_would_read_otherwise_is_refused() {
        assert_eq!(in_unit(Path::new("/usr/bin/stardeck")).unwrap(), "/usr/bin/stardeck");
        for bad in ["stardeck", "/a b/stardeck", "/a%h/stardeck", "/a\"b", "/a$b", ""] {
            assert!(in_unit(Path::new(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn no_gap_stays_open() {
        for data_dir in ["/var/lib/stardeck", "/srv/data"] {
            let [binary, podman] = ["/b", "/p"].map(str::to_owned);
            let options = format!(" --data-dir {data_dir}");
            let fill = Fill { binary, podman, data_dir: data_dir.to_owned(), options };
            for (name, unit) in UNITS {
                let text = fill.fill(unit).replace("@system-service", "");
                assert!(!text.contains('@'), "{name}: {text}");
            }
        }
    }
}
