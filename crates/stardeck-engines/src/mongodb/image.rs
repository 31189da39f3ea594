//! Which images there are, and what a pulled image really is.

use stardeck_domain::{ImageReference, VersionTag};

use crate::{
    ImageFacts, ImageUnsuitable,
    image::{ImageFamily, declared_version},
};

/// MongoDB's images.
pub(super) const FAMILY: ImageFamily = ImageFamily {
    official: "docker.io/library/mongo",
    version_parts: 3,
    flavors: &[],
    version_in_tag: ImageReference::version_in_tag,
};

/// In which the image says its version.
const VERSION_VARIABLE: &str = "MONGO_VERSION";

/// The first line that answers `hello`, and has SCRAM-SHA-256 for its accounts from birth.
const OLDEST: (u32, u32) = (5, 0);

/// The line of versions the image holds as one number, since data files are bound to it: 700 for 7.0.
///
/// # Errors
/// It is not MongoDB, is too old, or holds another version than was asked for.
pub(super) fn declared_line(facts: &ImageFacts, asked: &VersionTag) -> Result<u32, ImageUnsuitable> {
    let Some(version) = declared_version(facts, &[VERSION_VARIABLE], asked)? else {
        return Err(ImageUnsuitable::because(
            "it is not a MongoDB server, or not one that is set up like the official image: it does not declare \
             MONGO_VERSION",
        ));
    };
    let line = (version.first().copied().unwrap_or_default(), version.get(1).copied().unwrap_or_default());
    if line < OLDEST {
        let reason =
            format!("MongoDB {}.{} is too old; 5.0 is the oldest that can be managed", line.0, line.1);
        return Err(ImageUnsuitable::because(reason));
    }
    Ok(line.0.saturating_mul(100).saturating_add(line.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_is_read_from_the_image_and_old_ones_are_refused() {
        let line = |value: &str, asked: &str| {
            let env = [("MONGO_VERSION".to_owned(), value.to_owned())].into();
            let facts = ImageFacts { env, ..ImageFacts::default() };
            declared_line(&facts, &VersionTag::parse(asked).unwrap())
        };
        assert_eq!(line("7.0.14", "7"), Ok(700));
        assert_eq!(line("8.2.1", "8"), Ok(802));
        assert!(line("8.2.1", "8.0").is_err());
        assert!(line("4.4.29", "4.4").unwrap_err().reason.contains("too old"));
        assert!(declared_line(&ImageFacts::default(), &VersionTag::parse("7").unwrap()).is_err());
    }
}
