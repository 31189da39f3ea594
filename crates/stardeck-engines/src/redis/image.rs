//! Which images there are, and what a pulled image really is.

use stardeck_domain::{ImageReference, VersionTag};

use super::PORT;
use crate::{
    ImageFacts, ImageUnsuitable,
    image::{ImageFamily, declared_version, numbers},
};

/// The flavor that images of Valkey have.
pub(super) const VALKEY: &str = "valkey";

/// Redis's images, and Valkey's, which keep the same contract.
pub(super) const FAMILY: ImageFamily = ImageFamily {
    official: "docker.io/library/redis",
    version_parts: 3,
    flavors: &[VALKEY],
    version_in_tag: ImageReference::version_in_tag,
};

/// Variables in which the images say their version.
const VERSION_VARIABLES: &[&str] = &["VALKEY_VERSION", "REDIS_VERSION"];

/// What an image has that was built like the official ones at a time when they did not say their version.
const BUILD_VARIABLE: &str = "REDIS_DOWNLOAD_URL";

/// The first version whose accounts say which channels they may use
/// (<https://redis.io/docs/latest/commands/acl-setuser/>).
const OLDEST: [u32; 2] = [6, 2];

/// The major version the image holds.
///
/// # Errors
/// It is not Redis or a relative, is too old, or holds another version than was asked for.
pub(super) fn declared_major(facts: &ImageFacts, asked: &VersionTag) -> Result<u32, ImageUnsuitable> {
    let version = match declared_version(facts, VERSION_VARIABLES, asked)? {
        Some(declared) => declared,
        None if facts.env.contains_key(BUILD_VARIABLE) && facts.exposed_ports.contains(&PORT.get()) => {
            numbers(asked.as_str())
        }
        None => {
            return Err(ImageUnsuitable::because(
                "it is not a Redis or Valkey server, or not one that is set up like the official images: it \
                 declares neither REDIS_VERSION nor VALKEY_VERSION",
            ));
        }
    };
    let is_too_old = version.iter().zip(&OLDEST).find(|(have, need)| have != need);
    match (version.first(), is_too_old) {
        (Some(_), Some((have, need))) if have < need => Err(ImageUnsuitable::because(format!(
            "version {} is too old; 6.2 is the oldest that can be managed",
            version.iter().map(u32::to_string).collect::<Vec<_>>().join("."),
        ))),
        (Some(major), _) => Ok(*major),
        (None, _) => Err(ImageUnsuitable::because("it declares no version")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{image::choose, redis::INFO};

    fn version(text: &str) -> VersionTag {
        VersionTag::parse(text).unwrap()
    }

    fn facts(env: &[(&str, &str)]) -> ImageFacts {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ImageFacts { volumes: Vec::new(), env, exposed_ports: vec![6379] }
    }

    #[test]
    fn valkey_is_a_flavour() {
        let image = ImageReference::parse("valkey/valkey:8.1").unwrap();
        let choice = choose(&INFO, &FAMILY, None, Some(&image)).unwrap();
        assert_eq!((choice.version, choice.flavor.as_deref()), (version("8.1"), Some("valkey")));
    }

    #[test]
    fn version_is_read_from_the_image() {
        for (env, asked, major) in [
            (("REDIS_VERSION", "7.4.2"), "7", 7),
            (("VALKEY_VERSION", "8.1.3"), "8.1", 8),
            (("REDIS_DOWNLOAD_URL", "https://example.org/8.0.2.tar.gz"), "8", 8),
            (("REDIS_VERSION", "6.2.14"), "6", 6),
        ] {
            assert_eq!(declared_major(&facts(&[env]), &version(asked)), Ok(major), "{env:?}");
        }
    }

    #[test]
    fn images_of_something_else_are_refused() {
        for (env, asked) in [
            (vec![], "7"),
            (vec![("REDIS_VERSION", "8.0.1")], "7"),
            (vec![("REDIS_VERSION", "6.0.9")], "6"),
            (vec![("REDIS_VERSION", "5.0.1")], "5"),
            (vec![("PG_MAJOR", "16")], "16"),
        ] {
            assert!(declared_major(&facts(&env), &version(asked)).is_err(), "{env:?}");
        }
    }
}
