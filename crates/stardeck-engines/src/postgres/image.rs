//! Which image is pulled, and what a pulled image really is.

use stardeck_domain::{ImageReference, VersionTag};

use super::PORT;
use crate::{ImageFacts, ImageUnsuitable, image::ImageFamily};

/// The official image.
const OFFICIAL: &str = "docker.io/library/postgres";

/// The first major version that knows SCRAM, which is how we send passwords
/// (<https://www.postgresql.org/docs/10/release-10.html>).
const OLDEST_MAJOR: u32 = 10;

/// Words in an image's repository that say what kind of PostgreSQL it is.
const FLAVORS: &[&str] = &["pgvector", "postgis", "timescaledb", "citus", "paradedb", "supabase", "vchord"];

/// PostgreSQL's images.
pub(super) const FAMILY: ImageFamily =
    ImageFamily { official: OFFICIAL, version_parts: 2, flavors: FLAVORS, version_in_tag };

/// The major version the image holds, by its own evidence.
///
/// # Errors
/// It is not PostgreSQL, it is too old, or we could not tell where it keeps its data.
pub(super) fn declared_major(facts: &ImageFacts, asked: &VersionTag) -> Result<u32, ImageUnsuitable> {
    let declared = facts.env.get("PG_MAJOR").map(|text| leading_number(text).and_then(|n| n.parse().ok()));
    let asked = asked.major();
    let major = match (declared, asked) {
        (Some(Some(declared)), Some(asked)) if declared != asked => {
            let reason = format!("it holds PostgreSQL {declared}, but version {asked} was asked for");
            return Err(ImageUnsuitable::because(reason));
        }
        (Some(Some(declared)), _) => declared,
        // Without PG_MAJOR only an image that says where its data is and that it listens where PostgreSQL does can be
        // trusted with data: a connection pooler listens there, too.
        (Some(None) | None, Some(asked)) if is_postgres_without_major(facts) => asked,
        (Some(None) | None, _) => {
            return Err(ImageUnsuitable::because(
                "it is not a PostgreSQL server, or not one that is set up like the official image: it declares \
                 neither PG_MAJOR nor PGDATA",
            ));
        }
    };
    if major < OLDEST_MAJOR {
        let reason =
            format!("PostgreSQL {major} is too old; {OLDEST_MAJOR} is the oldest that can be managed");
        return Err(ImageUnsuitable::because(reason));
    }
    Ok(major)
}

/// The PostgreSQL version a tag names: the number after `pg`, else the one it begins with. Images of extensions often
/// name the extension's version first (`2.17.2-pg16`) or last (`16-3.4`).
fn version_in_tag(image: &ImageReference) -> Option<VersionTag> {
    let tag = image.tag()?;
    let after_pg = tag
        .match_indices("pg")
        .filter_map(|(at, word)| tag.get(at + word.len()..))
        .find(|rest| rest.starts_with(|c: char| c.is_ascii_digit()));
    let number: String =
        after_pg.unwrap_or(tag).chars().take_while(|c| c.is_ascii_digit() || *c == '.').collect();
    let version = VersionTag::parse(number.trim_end_matches('.')).ok()?;
    // A tag such as 2.17.2 is an extension's own version; PostgreSQL has had two-digit majors since 2017.
    version.major().filter(|major| (OLDEST_MAJOR..100).contains(major)).map(|_| version)
}

fn is_postgres_without_major(facts: &ImageFacts) -> bool {
    facts.env.contains_key("PGDATA") && facts.exposed_ports.contains(&PORT.get())
}

fn leading_number(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end).filter(|digits| !digits.is_empty())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{image::choose, postgres::INFO};

    fn version(text: &str) -> VersionTag {
        VersionTag::parse(text).unwrap()
    }

    fn image(text: &str) -> ImageReference {
        ImageReference::parse(text).unwrap()
    }

    fn facts(env: &[(&str, &str)], ports: &[u16]) -> ImageFacts {
        let env: BTreeMap<_, _> = env.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        ImageFacts { volumes: Vec::new(), env, exposed_ports: ports.to_vec() }
    }

    #[test]
    fn nothing_asked_for_is_the_default_version() {
        let choice = choose(&INFO, &FAMILY, None, None).unwrap();
        assert_eq!(choice.reference.to_string(), "docker.io/library/postgres:16");
        assert_eq!((choice.version, choice.flavor), (version("16"), None));
    }

    #[test]
    fn every_tag_of_an_offered_major_is_taken() {
        for text in ["15", "16.4", "16-bookworm", "17.2-alpine3.20", "18"] {
            let choice = choose(&INFO, &FAMILY, Some(&version(text)), None).unwrap();
            assert_eq!(choice.reference.to_string(), format!("docker.io/library/postgres:{text}"));
        }
    }

    #[test]
    fn other_versions_are_refused_with_the_offered_ones_named() {
        for text in ["9.6", "14", "160", "016", "16abc", "16.4.2", "16.", "18beta1", "1", "20260101"] {
            let error = choose(&INFO, &FAMILY, Some(&version(text)), None).unwrap_err();
            assert_eq!((error.field, error.code), ("version", "unsupported_version"), "{text}");
            assert!(error.reason.contains("18, 17, 16, 15"), "{}", error.reason);
        }
    }

    #[test]
    fn version_of_a_custom_image_is_read_from_its_tag() {
        for (reference, expected, flavor) in [
            ("pgvector/pgvector:pg16", "16", Some("pgvector")),
            ("pgvector/pgvector:0.8.0-pg17", "17", Some("pgvector")),
            ("timescale/timescaledb:2.17.2-pg16", "16", Some("timescaledb")),
            ("postgis/postgis:16-3.4", "16", Some("postgis")),
            ("ghcr.io/tensorchord/vchord-postgres:pg17-v0.4.2", "17", Some("vchord")),
            ("postgres:14.11-bookworm", "14.11", None),
            ("localhost:5000/team/postgres:16.3", "16.3", None),
        ] {
            let choice = choose(&INFO, &FAMILY, None, Some(&image(reference))).unwrap();
            assert_eq!(choice.version.as_str(), expected, "{reference}");
            assert_eq!(choice.flavor.as_deref(), flavor, "{reference}");
        }
    }

    #[test]
    fn version_is_required_when_the_tag_names_none() {
        for reference in
            ["paradedb/paradedb:latest", "citusdata/citus:12.1-rc", "timescale/timescaledb:2.17.2"]
        {
            let choice = choose(&INFO, &FAMILY, None, Some(&image(reference)));
            if reference.contains("citus") {
                // 12.1 could be either; the image itself tells after the pull.
                assert_eq!(choice.unwrap().version, version("12.1"));
            } else {
                let error = choice.unwrap_err();
                assert_eq!((error.field, error.code), ("version", "required"), "{reference}");
            }
        }
        let given =
            choose(&INFO, &FAMILY, Some(&version("16")), Some(&image("paradedb/paradedb:latest"))).unwrap();
        assert_eq!(given.version, version("16"));
    }

    #[test]
    fn version_that_contradicts_the_tag_is_refused() {
        let error = choose(&INFO, &FAMILY, Some(&version("16")), Some(&image("postgres:17"))).unwrap_err();
        assert_eq!((error.field, error.code), ("version", "version_mismatch"));
    }

    #[test]
    fn declared_major_is_believed() {
        let facts = facts(&[("PG_MAJOR", "16")], &[5432]);
        assert_eq!(declared_major(&facts, &version("16.4")), Ok(16));
    }

    #[test]
    fn another_major_than_asked_for_is_refused_with_both_named() {
        let facts = facts(&[("PG_MAJOR", "17")], &[5432]);
        let error = declared_major(&facts, &version("16")).unwrap_err();
        assert_eq!(error.reason, "it holds PostgreSQL 17, but version 16 was asked for");
    }

    #[test]
    fn image_that_says_where_its_data_is_passes_without_a_declared_major() {
        let facts = facts(&[("PGDATA", "/srv/db")], &[5432]);
        assert_eq!(declared_major(&facts, &version("16")), Ok(16));
    }

    #[test]
    fn images_that_are_not_postgresql_are_refused() {
        for (what, facts) in [
            ("empty", facts(&[], &[])),
            ("pooler", facts(&[("PATH", "/bin")], &[5432])),
            ("other engine", facts(&[("MARIADB_VERSION", "11")], &[3306])),
            ("exporter", facts(&[("PGDATA", "/x")], &[9187])),
            ("nonsense major", facts(&[("PG_MAJOR", "new")], &[5432])),
        ] {
            assert!(declared_major(&facts, &version("16")).is_err(), "{what}");
        }
    }

    #[test]
    fn too_old_a_server_is_refused() {
        let facts = facts(&[("PG_MAJOR", "9.6")], &[5432]);
        assert!(declared_major(&facts, &version("9.6")).unwrap_err().reason.contains("too old"));
    }
}
