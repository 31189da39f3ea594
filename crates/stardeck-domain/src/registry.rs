//! Image registries and the logins for them.

use chrono::{DateTime, Utc};

use crate::{ImageReference, InvalidValue, RegistryId, SealedText, names::check_length};

/// Longest name of a registry: a DNS name (RFC 1035, 253 characters) and a port.
const HOST_MAX: usize = 259;
/// Longest user name at a registry.
const USERNAME_MAX: usize = 255;
/// The names under which Docker Hub is known to programs; all are one registry.
const DOCKER_HUB: &[&str] = &["index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"];

/// A registry's name as it stands at the front of an image reference: `docker.io`, `registry.example.com:5000`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RegistryHost(String);

impl RegistryHost {
    /// Checks a name. Its case does not matter, and the other names of Docker Hub become `docker.io`.
    ///
    /// # Errors
    /// It is no host with an optional port; a scheme or a path does not belong to it.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        check_length(text, HOST_MAX)?;
        let lower = text.to_ascii_lowercase();
        let (host, port) = lower.split_once(':').map_or((lower.as_str(), None), |(h, p)| (h, Some(p)));
        let is_port = |port: &str| {
            !port.starts_with('0') && port.parse::<u16>().is_ok() && port.chars().all(|c| c.is_ascii_digit())
        };
        if !host.split('.').all(is_label) || !port.is_none_or(is_port) {
            return Err(InvalidValue::new(
                "invalid_registry",
                "must be a registry's host with an optional port, such as ghcr.io or registry.example.com:5000",
            ));
        }
        Ok(Self(canonical(lower)))
    }

    /// The registry that an image comes from.
    pub fn of(image: &ImageReference) -> Self {
        Self(canonical(image.registry().to_ascii_lowercase()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for RegistryHost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for RegistryHost {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

fn canonical(host: String) -> String {
    if DOCKER_HUB.contains(&host.as_str()) { "docker.io".to_owned() } else { host }
}

/// A label of a host name, or a part of an IPv4 address.
fn is_label(label: &str) -> bool {
    let is_inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=63).contains(&label.len())
        && label.chars().all(is_inner)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

/// A user name at a registry. It has no colon, since HTTP's basic authentication ends the name there (RFC 7617).
#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(transparent))]
pub struct RegistryUser(String);

impl RegistryUser {
    /// Checks a name.
    ///
    /// # Errors
    /// It is empty or too long, or has a colon or a control character.
    pub fn parse(text: &str) -> Result<Self, InvalidValue> {
        check_length(text, USERNAME_MAX)?;
        crate::names::check_no_control(text)?;
        if text.contains(':') {
            return Err(InvalidValue::new("invalid_character", "must not contain a colon"));
        }
        Ok(Self(text.to_owned()))
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RegistryUser {
    type Error = InvalidValue;

    fn try_from(text: String) -> Result<Self, InvalidValue> {
        Self::parse(&text)
    }
}

/// A login for a registry.
#[derive(Debug, Clone)]
pub struct Registry {
    /// Its id.
    pub id: RegistryId,
    /// The registry. There is one login for each.
    pub host: RegistryHost,
    /// The user name there.
    pub username: RegistryUser,
    /// The password or token, sealed.
    pub sealed_password: SealedText,
    /// When it was first saved.
    pub created_at: DateTime<Utc>,
    /// When it was last saved.
    pub updated_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_known_by_one_name_each() {
        for (text, host) in [
            ("ghcr.io", "ghcr.io"),
            ("GHCR.io", "ghcr.io"),
            ("docker.io", "docker.io"),
            ("index.docker.io", "docker.io"),
            ("registry-1.docker.io", "docker.io"),
            ("localhost:5000", "localhost:5000"),
            ("10.0.0.7:5000", "10.0.0.7:5000"),
        ] {
            assert_eq!(RegistryHost::parse(text).unwrap().as_str(), host);
        }
        let image = ImageReference::parse("registry-1.docker.io/library/postgres:16").unwrap();
        assert_eq!(RegistryHost::of(&image), RegistryHost::parse("docker.io").unwrap());
    }

    #[test]
    fn what_is_no_host_is_refused() {
        for text in [
            "",
            "https://ghcr.io",
            "ghcr.io/stardeck",
            "ghcr.io:",
            "ghcr.io:0",
            "ghcr.io:65536",
            "ghcr.io:+80",
            "a b",
            "-a.io",
            "a..io",
            "a_b.io",
            "user@ghcr.io",
        ] {
            assert!(RegistryHost::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn user_names_have_no_colon() {
        assert!(RegistryUser::parse("$oauthtoken").is_ok());
        for text in ["", "a:b", "a\nb", &"x".repeat(256)] {
            assert!(RegistryUser::parse(text).is_err(), "{text:?}");
        }
    }
}
