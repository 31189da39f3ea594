//! Which engine an app's image seems to want: from the names of its variables, its labels, and apps that are known.

use std::collections::BTreeMap;

use stardeck_domain::{Engine, ImageReference};

use crate::{EngineAdapter, ImageFacts};

/// The label in which images describe themselves
/// (<https://github.com/opencontainers/image-spec/blob/main/annotations.md>).
const DESCRIPTION: &str = "org.opencontainers.image.description";

/// An engine that an app seems to want.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineHint {
    /// The engine.
    pub engine: Engine,
    /// What speaks for it, in words, the strongest first.
    pub reasons: Vec<String>,
    /// The variables among the image's that apps of this engine read.
    pub variables: Vec<String>,
}

/// The engines an image seems to want, the likeliest first. Without facts, as of an image that is not here yet, its name is
/// all there is.
pub fn suggest(
    image: &ImageReference,
    facts: Option<&ImageFacts>,
    labels: &BTreeMap<String, String>,
) -> Vec<EngineHint> {
    let mut hints: Vec<(usize, EngineHint)> = Vec::new();
    for adapter in crate::offered() {
        let (weight, hint) = hint(*adapter, image, facts, labels);
        if weight > 0 {
            hints.push((weight, hint));
        }
    }
    // Engines that weigh the same stay in the order in which they are offered.
    hints.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
    hints.into_iter().map(|(_, hint)| hint).collect()
}

fn hint(
    adapter: &dyn EngineAdapter,
    image: &ImageReference,
    facts: Option<&ImageFacts>,
    labels: &BTreeMap<String, String>,
) -> (usize, EngineHint) {
    let display = adapter.info().display_name;
    let (mut weight, mut reasons) = (0, Vec::new());
    let variables: Vec<String> = facts
        .iter()
        .flat_map(|facts| facts.env.keys())
        .filter(|name| reads(adapter, name))
        .cloned()
        .collect();
    if !variables.is_empty() {
        weight += 4 + variables.len();
        reasons.push(format!("it has variables that apps for {display} read: {}", variables.join(", ")));
    }
    let scheme = facts.iter().flat_map(|facts| &facts.env).find(|(_, value)| {
        let rules = adapter.url_rules();
        let scheme = value.split_once("://").map(|(scheme, _)| scheme);
        scheme.is_some_and(|scheme| {
            rules.schemes.iter().chain(rules.encrypted_schemes).any(|own| *own == scheme)
        })
    });
    if let Some((name, _)) = scheme {
        weight += 6;
        reasons.push(format!("its variable {name} holds a URL of {display}"));
    }
    let repository = image.repository();
    let name = repository.rsplit('/').next().unwrap_or_default();
    if adapter.known_apps().contains(&name) {
        weight += 3;
        reasons.push(format!("{name} is known to use {display}"));
    }
    let description = labels.get(DESCRIPTION).map(|text| text.to_lowercase()).unwrap_or_default();
    let is_described = description
        .split(|c: char| !c.is_alphanumeric())
        .any(|word| adapter.detect_rules().words.contains(&word));
    if is_described {
        weight += 2;
        reasons.push(format!("its description names {display}"));
    }
    (weight, EngineHint { engine: adapter.engine(), reasons, variables })
}

/// Whether apps of this engine read a variable of this name, with or without words before it.
fn reads(adapter: &dyn EngineAdapter, name: &str) -> bool {
    let own = adapter.app_variables();
    [own.url, own.host, own.port, own.user, own.password, own.database, own.key_prefix]
        .iter()
        .flat_map(|names| names.iter())
        .any(|known| {
            let plain = name.strip_suffix("_FILE").unwrap_or(name);
            plain == *known || plain.strip_suffix(known).is_some_and(|before| before.ends_with('_'))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn suggested(image: &str, env: &[(&str, &str)], description: &str) -> Vec<&'static str> {
        let facts = ImageFacts {
            env: env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..ImageFacts::default()
        };
        let labels = BTreeMap::from([(DESCRIPTION.to_owned(), description.to_owned())]);
        let image = ImageReference::parse(image).unwrap();
        suggest(&image, Some(&facts), &labels).iter().map(|hint| hint.engine.as_str()).collect()
    }

    #[test]
    fn engines_are_told_by_variables_urls_names_and_descriptions() {
        for (image, env, description, engines) in [
            ("acme/web:1", vec![("PGHOST", ""), ("PATH", "/bin")], "", vec!["postgresql"]),
            ("acme/web:1", vec![("APP_REDIS_URL", "")], "", vec!["redis"]),
            ("acme/web:1", vec![("STORE", "mongodb://db/x")], "", vec!["mongodb"]),
            ("acme/web:1", vec![("MYSQL_PASSWORD_FILE", "")], "", vec!["mariadb", "mysql"]),
            ("acme/web:1", vec![], "A shop on PostgreSQL.", vec!["postgresql"]),
            ("ghcr.io/acme/rocket.chat:7", vec![], "", vec!["mongodb"]),
            ("acme/web:1", vec![("DATABASE_URL", ""), ("PATH", "/usr/lib/postgresql/bin")], "", vec![]),
            (
                "acme/web:1",
                vec![("REDIS_URL", ""), ("PGHOST", ""), ("PGUSER", "")],
                "",
                vec!["postgresql", "redis"],
            ),
        ] {
            let found = suggested(image, &env, description);
            let (mut sorted, mut wanted) = (found.clone(), engines.clone());
            if engines.first() == Some(&"mariadb") {
                sorted.sort_unstable();
                wanted.sort_unstable();
            }
            assert_eq!(sorted, wanted, "{image} {env:?} {description}");
        }
    }

    #[test]
    fn image_that_is_not_here_is_told_by_its_name() {
        let image = ImageReference::parse("docker.io/library/wordpress:6").unwrap();
        let hints = suggest(&image, None, &BTreeMap::new());
        assert_eq!(hints.len(), 2, "{hints:?}");
        assert!(hints.iter().all(|hint| hint.variables.is_empty() && hint.reasons.len() == 1));
    }
}
