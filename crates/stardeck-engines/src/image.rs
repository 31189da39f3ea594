//! Which image is pulled: what all engines share. What a pulled image really holds is told in the engines' folders.

use stardeck_domain::{ImageReference, InvalidValue, ValidationError, VersionTag};

use crate::{EngineInfo, ImageChoice, ImageFacts, ImageUnsuitable};

/// The images of one engine.
pub(crate) struct ImageFamily {
    /// The official image, without a tag.
    pub(crate) official: &'static str,
    /// Most numbers in a version of the official tags: two for `16.4`, three for `10.11.6`.
    pub(crate) version_parts: usize,
    /// Words in an image's repository that say what kind of the engine it is.
    pub(crate) flavors: &'static [&'static str],
    /// The engine's version that a custom image's tag names.
    pub(crate) version_in_tag: fn(&ImageReference) -> Option<VersionTag>,
}

/// The image for a version, an image, or both; the default version's for neither.
///
/// # Errors
/// The field `version` when the version is not offered, when it contradicts the image's tag, or when it is needed
/// because the image's tag does not name one.
pub(crate) fn choose(
    info: &EngineInfo,
    family: &ImageFamily,
    version: Option<&VersionTag>,
    image: Option<&ImageReference>,
) -> Result<ImageChoice, ValidationError> {
    match (version, image) {
        (version, Some(image)) => choose_custom(info, family, version, image),
        (Some(version), None) => choose_official(info, family, version),
        (None, None) => choose_official(info, family, &info.default_version),
    }
}

/// The version an image declares in the first of these variables that it has, as numbers; None when it has none.
///
/// # Errors
/// It is another version than was asked for.
pub(crate) fn declared_version(
    facts: &ImageFacts,
    variables: &[&str],
    asked: &VersionTag,
) -> Result<Option<Vec<u32>>, ImageUnsuitable> {
    let Some(text) = variables.iter().find_map(|name| facts.env.get(*name)) else { return Ok(None) };
    // A version of a Debian package may begin with an epoch: 1:10.11.6+maria~ubu2204.
    let declared = numbers(text.split_once(':').map_or(text.as_str(), |(_, version)| version));
    if declared.is_empty() {
        return Ok(None);
    }
    if !is_same_as_far_as_said(&declared, &numbers(asked.as_str())) {
        let reason = format!("it holds version {text}, but version {asked} was asked for");
        return Err(ImageUnsuitable::because(reason));
    }
    Ok(Some(declared))
}

/// The numbers a version begins with: `10`, `11` for `10.11-noble`.
pub(crate) fn numbers(text: &str) -> Vec<u32> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let head = text.get(..end).unwrap_or_default();
    head.split('.').map_while(|part| part.parse().ok()).collect()
}

/// Whether a version is the other one or a part of its line: 10.11.6 of 10.11, and 16.4 of 16.
pub(crate) fn is_of_line(version: &str, line: &str) -> bool {
    numbers(version).starts_with(&numbers(line))
}

fn choose_official(
    info: &EngineInfo,
    family: &ImageFamily,
    version: &VersionTag,
) -> Result<ImageChoice, ValidationError> {
    let is_offered = has_tag_form(version, family.version_parts)
        && info.versions.iter().any(|offered| is_of_line(version.as_str(), offered.version.as_str()));
    if !is_offered {
        let offered: Vec<_> = info.versions.iter().map(|offered| offered.version.as_str()).collect();
        let reason = format!(
            "{} {version} is not offered; offered are {}, with or without a minor version; name another by its image",
            info.display_name,
            offered.join(", "),
        );
        return Err(InvalidValue::new("unsupported_version", reason).in_field("version"));
    }
    let reference = ImageReference::parse(&format!("{}:{version}", family.official))
        .map_err(|wrong| wrong.in_field("version"))?;
    Ok(ImageChoice { reference, version: version.clone(), flavor: None })
}

fn choose_custom(
    info: &EngineInfo,
    family: &ImageFamily,
    version: Option<&VersionTag>,
    image: &ImageReference,
) -> Result<ImageChoice, ValidationError> {
    let named = (family.version_in_tag)(image);
    let version = match (version, named) {
        (Some(asked), Some(named)) if !agree(asked, &named) => {
            let reason = format!("contradicts the image's tag, which names version {named}");
            return Err(InvalidValue::new("version_mismatch", reason).in_field("version"));
        }
        (Some(asked), _) => asked.clone(),
        (None, Some(named)) => named,
        (None, None) => {
            let reason =
                format!("is needed, because the image's tag does not name a {} version", info.display_name);
            return Err(InvalidValue::new("required", reason).in_field("version"));
        }
    };
    let flavor = family.flavors.iter().find(|word| image.repository().contains(**word));
    Ok(ImageChoice { reference: image.clone(), version, flavor: flavor.map(|word| (*word).to_owned()) })
}

/// Whether two versions say the same as far as both say anything: 16 and 16.4 do, 10.6 and 10.11 do not.
fn agree(one: &VersionTag, other: &VersionTag) -> bool {
    is_same_as_far_as_said(&numbers(one.as_str()), &numbers(other.as_str()))
}

fn is_same_as_far_as_said(one: &[u32], other: &[u32]) -> bool {
    one.iter().zip(other).all(|(one, other)| one == other)
}

/// Whether a version has the form of the official tags: `16`, `16.4`, `16-bookworm`, `10.11.6-noble`.
fn has_tag_form(version: &VersionTag, most_parts: usize) -> bool {
    let number = version.as_str().split('-').next().unwrap_or_default();
    let parts: Vec<_> = number.split('.').collect();
    let is_number = |text: &&str| {
        let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
        is_plain && (*text == "0" || !text.starts_with('0'))
    };
    parts.len() <= most_parts && parts.iter().all(is_number)
}

/// Whether two versions are of one release series, for engines whose series have two numbers, such as 10.11. A number
/// that is left out may be any.
pub(crate) fn is_same_series(a: &VersionTag, b: &VersionTag) -> bool {
    let numbers = |version: &VersionTag| -> Vec<u32> {
        version.as_str().split(['.', '-', '_']).take(2).map_while(|part| part.parse().ok()).collect()
    };
    let (a, b) = (numbers(a), numbers(b));
    !a.is_empty() && !b.is_empty() && a.iter().zip(&b).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn series_have_two_numbers_as_far_as_they_are_told() {
        let version = |text: &str| VersionTag::parse(text).unwrap();
        for (a, b, is_same) in [
            ("10.11", "10.11.6-jammy", true),
            ("10.11", "10.6", false),
            ("11", "11.8", true),
            ("11", "10.11", false),
            ("8.4", "8.4.3", true),
            ("9-debian", "9.7", true),
        ] {
            assert_eq!(is_same_series(&version(a), &version(b)), is_same, "{a} {b}");
        }
    }

    fn version(text: &str) -> VersionTag {
        VersionTag::parse(text).unwrap()
    }

    #[test]
    fn a_version_is_of_its_line_and_no_other() {
        for (text, line) in [("16", "16"), ("16.4-bookworm", "16"), ("10.11.6", "10.11"), ("8.4", "8.4")] {
            assert!(is_of_line(text, line), "{text} {line}");
        }
        for (text, line) in [("160", "16"), ("10.1", "10.11"), ("8", "8.4"), ("8.40", "8.4")] {
            assert!(!is_of_line(text, line), "{text} {line}");
        }
    }

    #[test]
    fn declared_version_is_read_without_its_packaging() {
        let declared = |text: &str, asked: &str| {
            let env = [("X_VERSION".to_owned(), text.to_owned())].into();
            let facts = ImageFacts { env, ..ImageFacts::default() };
            declared_version(&facts, &["Y_VERSION", "X_VERSION"], &version(asked))
        };
        assert_eq!(declared("1:10.11.6+maria~ubu2204", "10.11"), Ok(Some(vec![10, 11, 6])));
        assert_eq!(declared("8.4.6-1.el9", "8.4"), Ok(Some(vec![8, 4, 6])));
        assert_eq!(declared("new", "8"), Ok(None));
        assert!(declared("8.0.1", "8.4").unwrap_err().reason.contains("8.0.1"));
    }

    #[test]
    fn versions_agree_as_far_as_both_say_anything() {
        assert!(agree(&version("16"), &version("16.4")));
        assert!(agree(&version("10.11"), &version("10")));
        assert!(!agree(&version("10.6"), &version("10.11")));
    }

    #[test]
    fn tags_have_no_leading_zeros_and_not_too_many_parts() {
        for text in ["16", "16.4", "16-bookworm", "7.0"] {
            assert!(has_tag_form(&version(text), 2), "{text}");
        }
        for text in ["016", "16.04", "16.4.2", "16.", "16abc", "18beta1"] {
            assert!(!has_tag_form(&version(text), 2), "{text}");
        }
    }
}
