//! How a container was set up: what does not change as long as it exists.

use std::{collections::BTreeMap, time::Duration};

use stardeck_domain::AppRestart;

use super::PublishedPort;

/// How a container was set up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ContainerSetup {
    /// The image as it names it.
    pub image: String,
    /// What it starts with.
    pub entrypoint: Vec<String>,
    /// What it starts that with.
    pub command: Vec<String>,
    /// Its variables.
    pub env: Environment,
    /// What is mounted in it.
    pub mounts: Vec<Mount>,
    /// The names of the secrets it is given.
    pub secrets: Vec<String>,
    /// The TCP ports it publishes.
    pub published_ports: Vec<PublishedPort>,
    /// The pod it belongs to.
    pub pod: Option<String>,
    /// How it is connected, in the runtime's words, such as `bridge`, `host` or `container:ID`.
    pub network_mode: String,
    /// When the runtime starts it again; None for never.
    pub restart: Option<AppRestart>,
    /// How long it gets for a clean end.
    pub stop_grace: Duration,
}

/// Variables of a container. Passwords may be among them, so that `Debug` shows names only.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment(BTreeMap<String, String>);

impl Environment {
    /// The value of a variable.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// All variables.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

impl FromIterator<(String, String)> for Environment {
    fn from_iter<T: IntoIterator<Item = (String, String)>>(variables: T) -> Self {
        Self(variables.into_iter().collect())
    }
}

impl std::fmt::Debug for Environment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Something mounted in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mount {
    /// What it is.
    pub source: MountSource,
    /// Where it is mounted in the container.
    pub path: String,
}

/// What is mounted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MountSource {
    /// A volume of the runtime, by its name.
    Volume(String),
    /// A directory or file of the host, by its path.
    Bind(String),
    /// Something that does not outlive the container.
    Other,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_names_of_variables_only() {
        let env: Environment = [("DB_PASSWORD".to_owned(), "hush-hush".to_owned())].into_iter().collect();
        let shown = format!("{env:?}");
        assert!(shown.contains("DB_PASSWORD") && !shown.contains("hush"), "{shown}");
        assert_eq!(env.get("DB_PASSWORD"), Some("hush-hush"));
    }
}
