//! Image references, and what images are taken for by them.

use std::collections::BTreeMap;

use stardeck_domain::ImageReference;
use stardeck_engines::{Evidence, classify, suggest};

use crate::text;

/// Longest reference, in characters.
const LONGEST: usize = 512;

/// The first line is a reference, the second the title that the image has by its label.
///
/// # Panics
/// The property does not hold.
pub fn check(input: &[u8]) {
    let lines = text::lines(input);
    let (given, title) = (text::line(&lines, 0), text::line(&lines, 1));
    match ImageReference::parse(given) {
        Ok(reference) => check_parts(given, title, &reference),
        Err(wrong) => assert!(!wrong.reason.is_empty() && !wrong.code.is_empty()),
    }
    check_detection(given, title);
}

fn check_parts(given: &str, title: &str, reference: &ImageReference) {
    let whole = reference.to_string();
    assert!(whole.chars().count() <= LONGEST, "it is kept and read again, so it has to fit: {whole}");
    assert!(whole.is_ascii() && !whole.contains(|c: char| c.is_ascii_control() || c == ' '), "{whole:?}");
    assert!(!whole.starts_with('-'), "a program would take it for an option: {whole}");
    assert_eq!(ImageReference::parse(&whole).as_ref(), Ok(reference), "its whole form means something else");
    assert_eq!(ImageReference::try_from(String::from(reference.clone())).as_ref(), Ok(reference));
    assert!(reference.tag().is_some() || reference.digest().is_some(), "{whole}");
    let parts =
        [Some(reference.registry()), Some(reference.repository()), reference.tag(), reference.digest()];
    for part in parts.into_iter().flatten() {
        assert!(!part.is_empty() && whole.contains(part), "{part:?} of {whole}");
    }
    assert!(given.ends_with(reference.digest().unwrap_or_default()), "{given} has another digest");
    for part in reference.repository().split('/') {
        assert!(!part.starts_with('.') && !part.is_empty(), "a path that leads elsewhere: {whole}");
    }
    if let Some(version) = reference.version_in_tag() {
        assert!(reference.tag().is_some_and(|tag| tag.contains(version.as_str())), "{version} of {whole}");
    }
    let (short, full) = (evidence(given, title), evidence(&whole, title));
    assert_eq!(classify(&short), classify(&full), "{given} is not taken for the same as {whole}");
    let labels = BTreeMap::from([("org.opencontainers.image.description".to_owned(), title.to_owned())]);
    let hints = suggest(reference, None, &labels);
    assert!(hints.iter().all(|hint| !hint.reasons.is_empty() && hint.variables.is_empty()), "{hints:?}");
}

fn check_detection(given: &str, title: &str) {
    let Some(found) = classify(&evidence(given, title)) else { return };
    assert!(!found.reasons.is_empty(), "nothing speaks for {found:?}");
    let engine = stardeck_engines::adapter(found.engine);
    assert_eq!(engine.engine(), found.engine);
    // What it is taken for does not hang on what the container is called by compose or systemd.
    let labels =
        ["com.docker.compose.service", "PODMAN_SYSTEMD_UNIT"].map(|name| (name.to_owned(), title.to_owned()));
    let labelled = classify(&Evidence { labels: labels.into(), ..evidence(given, title) });
    let labelled = labelled.map(|found| (found.engine, found.flavor, found.version, found.confidence));
    assert_eq!(labelled, Some((found.engine, found.flavor, found.version, found.confidence)));
}

fn evidence(image: &str, title: &str) -> Evidence {
    let labels = BTreeMap::from([("org.opencontainers.image.title".to_owned(), title.to_owned())]);
    Evidence { image: image.to_owned(), image_labels: labels, ..Evidence::default() }
}
