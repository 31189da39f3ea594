//! What MariaDB and MySQL share. What differs between them is in their folders.

pub(crate) mod admin;
pub(crate) mod connection;
pub(crate) mod detect;
pub(crate) mod env;
pub(crate) mod exit;
pub(crate) mod settings;

use stardeck_domain::{Port, PortRange, VersionTag};

use crate::{ImageFacts, ImageUnsuitable, image::declared_version};

/// The port the server listens on.
pub(crate) const PORT: Port = Port::fixed(3306);

/// The host ports that are given out.
pub(crate) const PORT_RANGE: PortRange = PortRange { first: PORT, last: Port::fixed(3399) };

/// The line of versions the image holds as one number, since data files are bound to it: 1011 for 10.11.
///
/// # Errors
/// It is not this engine, is too old, or holds another version than was asked for.
pub(crate) fn declared_line(
    facts: &ImageFacts,
    asked: &VersionTag,
    variable: &str,
    oldest: (u32, u32),
) -> Result<u32, ImageUnsuitable> {
    let Some(version) = declared_version(facts, &[variable], asked)? else {
        let reason = format!(
            "it is not a server of this engine, or not one that is set up like the official image: it does not declare \
             {variable}"
        );
        return Err(ImageUnsuitable::because(reason));
    };
    let line = (version.first().copied().unwrap_or_default(), version.get(1).copied().unwrap_or_default());
    if line < oldest {
        let (major, minor) = oldest;
        let reason = format!(
            "version {}.{} is too old; {major}.{minor} is the oldest that can be managed",
            line.0, line.1
        );
        return Err(ImageUnsuitable::because(reason));
    }
    Ok(line.0.saturating_mul(100).saturating_add(line.1))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(value: &str, asked: &str) -> Result<u32, ImageUnsuitable> {
        let env = [("MARIADB_VERSION".to_owned(), value.to_owned())].into();
        let facts = ImageFacts { env, ..ImageFacts::default() };
        declared_line(&facts, &VersionTag::parse(asked).unwrap(), "MARIADB_VERSION", (10, 4))
    }

    #[test]
    fn line_is_read_from_the_image() {
        assert_eq!(line("1:10.11.6+maria~ubu2204", "10.11"), Ok(1011));
        assert_eq!(line("11.8.3", "11"), Ok(1108));
    }

    #[test]
    fn other_versions_and_other_images_are_refused() {
        assert!(line("1:10.6.1", "10.11").is_err());
        assert!(line("10.3.39", "10.3").unwrap_err().reason.contains("too old"));
        let nothing =
            declared_line(&ImageFacts::default(), &VersionTag::parse("9").unwrap(), "MYSQL_VERSION", (8, 0));
        assert!(nothing.is_err());
    }
}
