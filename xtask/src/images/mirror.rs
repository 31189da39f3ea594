//! Which Debian mirror this host uses: images are assembled from the same place, and no mirror is written down here.

use anyhow::bail;
use std::fs;
use std::path::{Path, PathBuf};

/// The two archives that a suite is put together from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mirror {
    /// Address of the main archive.
    main: String,
    /// Address of the security archive.
    security: String,
}

/// One source, of either file format.
struct Source {
    address: String,
    suites: Vec<String>,
    components: Vec<String>,
}

impl Mirror {
    /// Finds the mirror in the host's apt sources.
    ///
    /// # Errors
    /// When they name no Debian archive.
    pub(crate) fn of_this_host() -> anyhow::Result<Self> {
        let mut sources = Vec::new();
        for path in source_files() {
            let text = fs::read_to_string(&path).unwrap_or_default();
            if path.extension().is_some_and(|extension| extension == "sources") {
                sources.extend(parse_stanzas(&text));
            } else {
                sources.extend(parse_lines(&text));
            }
        }
        match Self::choose(&sources) {
            Some(mirror) => Ok(mirror),
            None => bail!("the apt sources of this host name no Debian archive"),
        }
    }

    /// The lines of a `sources.list` for a suite.
    pub(crate) fn lines_for(&self, suite: &str) -> String {
        let main = &self.main;
        if suite == "sid" {
            return format!("deb {main} sid main\n");
        }
        let security = &self.security;
        format!(
            "deb {main} {suite} main\ndeb {main} {suite}-updates main\ndeb {security} {suite}-security main\n"
        )
    }

    fn choose(sources: &[Source]) -> Option<Self> {
        let has_main = |source: &&Source| source.components.iter().any(|component| component == "main");
        let is_security = |source: &Source| source.suites.iter().any(|suite| suite.ends_with("-security"));
        let main = sources
            .iter()
            .filter(has_main)
            .find(|source| !is_security(source) && source.address.ends_with("debian"))?
            .address
            .clone();
        let security = sources
            .iter()
            .filter(has_main)
            .find(|source| is_security(source))
            .map_or_else(|| format!("{main}-security"), |source| source.address.clone());
        Some(Self { main, security })
    }
}

fn source_files() -> Vec<PathBuf> {
    let mut files = vec![PathBuf::from("/etc/apt/sources.list")];
    if let Ok(entries) = fs::read_dir(Path::new("/etc/apt/sources.list.d")) {
        let mut found: Vec<PathBuf> = entries
            .filter_map(|entry| entry.ok().map(|entry| entry.path()))
            .filter(|path| {
                path.extension().is_some_and(|extension| extension == "list" || extension == "sources")
            })
            .collect();
        found.sort();
        files.extend(found);
    }
    files
}

/// The one-line format: `deb [options] address suite component…`.
fn parse_lines(text: &str) -> Vec<Source> {
    text.lines().filter_map(parse_line).collect()
}

fn parse_line(line: &str) -> Option<Source> {
    let rest = line.trim().strip_prefix("deb ")?.trim_start();
    let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
    let mut words = rest.split_whitespace();
    let address = words.next()?.trim_end_matches('/').to_owned();
    let suites = vec![words.next()?.to_owned()];
    Some(Source { address, suites, components: words.map(str::to_owned).collect() })
}

/// The stanza format of `*.sources` files (deb822).
fn parse_stanzas(text: &str) -> Vec<Source> {
    text.split("\n\n").filter_map(parse_stanza).collect()
}

fn parse_stanza(stanza: &str) -> Option<Source> {
    let field = |name: &str| -> Vec<String> {
        stanza
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(|value| value.split_whitespace().map(str::to_owned).collect())
            .unwrap_or_default()
    };
    let is_off = field("Enabled").first().is_some_and(|value| value == "no");
    if is_off || !field("Types").iter().any(|kind| kind == "deb") {
        return None;
    }
    let address = field("URIs").first()?.trim_end_matches('/').to_owned();
    Some(Source { address, suites: field("Suites"), components: field("Components") })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STANZAS: &str = "Types: deb\n# a comment\nURIs: http://mirror.example/debian/\nSuites: bookworm bookworm-updates\n\
        Components: main\n\nTypes: deb\nURIs: http://mirror.example/debian-security\nSuites: bookworm-security\n\
        Components: main\n";

    #[test]
    fn stanza_format_gives_both_archives() {
        let mirror = Mirror::choose(&parse_stanzas(STANZAS)).unwrap();
        assert_eq!(mirror.main, "http://mirror.example/debian");
        assert_eq!(mirror.security, "http://mirror.example/debian-security");
    }

    #[test]
    fn line_format_with_options_gives_the_archive_and_derives_security() {
        let lines = "# deb http://off.example/debian bookworm main\n\
            deb [arch=amd64 signed-by=/x.gpg] http://other.example/tool bookworm main\n\
            deb http://mirror.example/debian bookworm main contrib\n";
        let mirror = Mirror::choose(&parse_lines(lines)).unwrap();
        assert_eq!(mirror.main, "http://mirror.example/debian");
        assert_eq!(mirror.security, "http://mirror.example/debian-security");
    }

    #[test]
    fn stable_suites_have_updates_and_security_and_sid_has_not() {
        let mirror = Mirror::choose(&parse_stanzas(STANZAS)).unwrap();
        assert_eq!(mirror.lines_for("trixie").lines().count(), 3);
        assert_eq!(mirror.lines_for("sid"), "deb http://mirror.example/debian sid main\n");
    }
}
