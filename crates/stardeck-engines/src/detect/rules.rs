//! What an engine has to say so that its servers are found. One value of this in each engine's `detect.rs`.

use std::collections::BTreeMap;

use stardeck_domain::Port;

/// By what servers of one engine are known.
#[derive(Debug)]
pub struct DetectRules {
    /// Words of an image's name that mean the engine itself.
    pub(crate) words: &'static [&'static str],
    /// Products that are built on it, the most telling first.
    pub(crate) products: &'static [Product],
    /// Words that mean the engine only where no other is named.
    pub(crate) weak_words: &'static [&'static str],
    /// Variables in which images say its version, the most exact first.
    pub(crate) version_variables: &'static [&'static str],
    /// Variables that tell what kind of the engine an image holds.
    pub(crate) flavor_variables: &'static [(&'static str, &'static str)],
    /// Programs that are the server.
    pub(crate) servers: &'static [&'static str],
    /// Programs that come with it and are no server.
    pub(crate) clients: &'static [&'static str],
    /// Where images keep its data.
    pub(crate) data_paths: &'static [&'static str],
    /// The port it listens on.
    pub(crate) port: Port,
    /// What stands before its version in tags that name something else first.
    pub(crate) version_prefix: Option<&'static str>,
    /// Whether there has been such a version.
    pub(crate) is_version: fn(&[u32]) -> bool,
    /// A version that is written without dots in a name, such as `1011`.
    pub(crate) expand: fn(&str) -> String,
}

/// A product that is built on an engine.
#[derive(Debug)]
pub(crate) struct Product {
    /// The words of a name that mean it, all of them.
    pub(crate) words: &'static [&'static str],
    /// What it is called; empty where that is only the engine.
    pub(crate) flavor: &'static str,
    /// Whether its tags begin with a version of its own rather than the engine's.
    pub(crate) has_own_version: bool,
    /// The publisher, where the words are common ones.
    pub(crate) publisher: Option<&'static str>,
}

/// A product whose tags begin with the engine's version.
pub(crate) const fn product(words: &'static [&'static str], flavor: &'static str) -> Product {
    Product { words, flavor, has_own_version: false, publisher: None }
}

impl Product {
    /// Its tags begin with a version of its own.
    pub(crate) const fn with_own_version(self) -> Self {
        Self { has_own_version: true, ..self }
    }

    /// It is only meant in images of this publisher.
    pub(crate) const fn of_publisher(self, publisher: &'static str) -> Self {
        Self { publisher: Some(publisher), ..self }
    }
}

/// Bitnami's images say what they hold in these two variables.
const PACKAGE_NAME: &str = "BITNAMI_APP_NAME";
const PACKAGE_VERSION: &str = "APP_VERSION";

impl DetectRules {
    /// The variable and value in which a packager's image says this engine's version.
    pub(crate) fn packaged(&self, env: &BTreeMap<String, String>) -> Option<(String, String)> {
        let package = env.get(PACKAGE_NAME)?;
        let is_ours = package.split('-').any(|word| self.means(word));
        let version = env.get(PACKAGE_VERSION).filter(|_| is_ours)?;
        Some((PACKAGE_VERSION.to_owned(), version.clone()))
    }

    /// Whether a word of a name means this engine or a product built on it.
    pub(crate) fn means(&self, word: &str) -> bool {
        self.words.contains(&word) || self.products.iter().any(|product| product.words == [word])
    }
}
