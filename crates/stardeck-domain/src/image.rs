//! Container image references.

use std::net::Ipv6Addr;

use crate::{InvalidValue, VersionTag};

/// A full image reference: registry, repository, and a tag or digest (or both), such as
/// `docker.io/library/postgres:16`.
///
/// Short names are completed the way Docker Hub does it (`postgres:16`, `pgvector/pgvector:pg16`), because Podman on
/// Debian refuses short names. A missing tag becomes `latest`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(try_from = "String", into = "String")
)]
pub struct ImageReference {
    registry: String,
    repository: String,
    tag: Option<String>,
    digest: Option<String>,
}

/// Longest reference we accept, in characters.
const REFERENCE_MAX: usize = 512;

impl ImageReference {
    /// Takes a reference apart.
    ///
    /// # Errors
    /// The text is not a reference by the grammar of the OCI distribution specification.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        crate::names::check_length(text, REFERENCE_MAX)?;
        let wrong = || {
            InvalidValue::new(
                "invalid_image",
                "must be an image reference such as docker.io/library/postgres:16",
            )
        };
        let (rest, digest) = match text.split_once('@') {
            Some((rest, digest)) if is_digest(digest) => (rest, Some(digest.to_owned())),
            Some(_) => return Err(wrong()),
            None => (text, None),
        };
        // A colon after the last slash begins the tag; one before it is a registry's port.
        let name_start = rest.rfind('/').map_or(0, |slash| slash + 1);
        let (path, tag) = match rest.get(name_start..).and_then(|name| name.split_once(':')) {
            Some((name, tag)) if is_tag(tag) => {
                (rest.get(..name_start + name.len()).ok_or_else(wrong)?, Some(tag.to_owned()))
            }
            Some(_) => return Err(wrong()),
            None => (rest, None),
        };
        let (registry, repository) = match path.split_once('/') {
            Some((first, more)) if is_registry(first) => (first.to_owned(), more.to_owned()),
            Some(_) => ("docker.io".to_owned(), path.to_owned()),
            None => ("docker.io".to_owned(), format!("library/{path}")),
        };
        if !repository.split('/').all(is_path_component) {
            return Err(wrong());
        }
        let tag = if tag.is_none() && digest.is_none() { Some("latest".to_owned()) } else { tag };
        let found = Self { registry, repository, tag, digest };
        // The whole form is what is kept and read again.
        crate::names::check_length(&found.to_string(), REFERENCE_MAX)?;
        Ok(found)
    }

    /// The registry's host, with its port where it has one.
    pub fn registry(&self) -> &str {
        &self.registry
    }

    /// The path inside the registry, such as `library/postgres`.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The tag, when there is one.
    pub fn tag(&self) -> Option<&str> {
        self.tag.as_deref()
    }

    /// The digest, when there is one, such as `sha256:…`.
    pub fn digest(&self) -> Option<&str> {
        self.digest.as_deref()
    }

    /// The version that the tag names: its leading version number after an optional word, so 16 for `pg16`.
    pub fn version_in_tag(&self) -> Option<VersionTag> {
        let tag = self.tag()?;
        let start = tag.find(|c: char| c.is_ascii_digit())?;
        let number: String =
            tag.get(start..)?.chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
        VersionTag::parse(number.trim_end_matches('.')).ok()
    }
}

impl std::fmt::Display for ImageReference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.registry, self.repository)?;
        if let Some(tag) = &self.tag {
            write!(f, ":{tag}")?;
        }
        if let Some(digest) = &self.digest {
            write!(f, "@{digest}")?;
        }
        Ok(())
    }
}

impl TryFrom<String> for ImageReference {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

impl From<ImageReference> for String {
    fn from(reference: ImageReference) -> String {
        reference.to_string()
    }
}

// The grammar is that of <https://github.com/distribution/reference/blob/main/reference.go>.

fn is_registry(text: &str) -> bool {
    let is_host_like = text == "localhost" || text.contains('.') || text.contains(':');
    let address = text.strip_prefix('[').and_then(|rest| rest.split_once(']'));
    let (is_host, port) = if let Some((address, rest)) = address {
        let port = (!rest.is_empty()).then(|| rest.strip_prefix(':').unwrap_or_default());
        (address.parse::<Ipv6Addr>().is_ok(), port)
    } else {
        let (host, port) = text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port)));
        (host.split('.').all(is_label), port)
    };
    let is_port = |port: &str| !port.is_empty() && port.chars().all(|c| c.is_ascii_digit());
    is_host_like && is_host && port.is_none_or(is_port)
}

/// A part of a host's name.
fn is_label(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_alphanumeric();
    text.starts_with(edge) && text.ends_with(edge) && text.chars().all(|c| edge(c) || c == '-')
}

fn is_path_component(text: &str) -> bool {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let is_separator = |text: &str| matches!(text, "" | "." | "_" | "__") || text.chars().all(|c| c == '-');
    text.starts_with(edge) && text.ends_with(edge) && text.split(edge).all(is_separator)
}

fn is_tag(text: &str) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty()
        && text.len() <= 128
        && text.starts_with(word)
        && text.chars().all(|c| word(c) || matches!(c, '.' | '-'))
}

fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        !algorithm.is_empty()
            && algorithm.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
            && hex.len() >= 32
            && hex.chars().all(|c| c.is_ascii_hexdigit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_accepted_is_accepted_again_in_its_whole_form() {
        let most = REFERENCE_MAX - "docker.io/library/:latest".len();
        let found = ImageReference::parse(&"a".repeat(most)).unwrap();
        assert_eq!(ImageReference::parse(&found.to_string()), Ok(found));
        assert!(ImageReference::parse(&"a".repeat(most + 1)).is_err());
    }

    #[test]
    fn short_names_are_completed() {
        for (text, full) in [
            ("postgres", "docker.io/library/postgres:latest"),
            ("postgres:16", "docker.io/library/postgres:16"),
            ("pgvector/pgvector:pg16", "docker.io/pgvector/pgvector:pg16"),
            ("localhost/app:1", "localhost/app:1"),
            ("localhost:5000/postgres:16", "localhost:5000/postgres:16"),
            ("registry.example:5000/infra/db", "registry.example:5000/infra/db:latest"),
            ("[fd00::1]:5000/infra/my__d-b.x", "[fd00::1]:5000/infra/my__d-b.x:latest"),
        ] {
            assert_eq!(ImageReference::parse(text).map(|r| r.to_string()), Ok(full.to_owned()));
        }
    }

    #[test]
    fn version_is_read_from_the_tag_and_never_from_a_port_or_digest() {
        let digest = "a".repeat(64);
        for (text, version) in [
            ("postgres:16.4-bookworm".to_owned(), Some("16.4")),
            ("pgvector/pgvector:pg17".to_owned(), Some("17")),
            ("localhost:5000/postgres".to_owned(), None),
            (format!("postgres@sha256:{digest}"), None),
        ] {
            let reference = ImageReference::parse(&text).unwrap();
            assert_eq!(reference.version_in_tag().as_ref().map(VersionTag::as_str), version, "{text}");
        }
    }

    #[test]
    fn text_that_is_no_reference_is_refused() {
        for bad in [
            "",
            "Postgres:16",
            "postgres:16:17",
            "a b",
            "postgres:",
            "/postgres",
            "x//y",
            "postgres@sha256:zz",
            // Programs would take these for options.
            "-a.example/db",
            "--tls-verify.example:1/db",
            "a.example:/db",
            "a.example:x/db",
            "[::1/db",
            "[x]/db",
            "a..b",
            "a_-b/c",
        ] {
            assert!(ImageReference::parse(bad).is_err(), "{bad}");
        }
    }
}
