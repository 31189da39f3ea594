//! Which version an image holds: by its name, its variables, its labels; never by a digest or a registry's port.

use stardeck_domain::{ImageReference, VersionTag};

use super::{DetectRules, Evidence, name::Named};
use crate::image::numbers;

/// Words of a tag that have a number of their own: `debian-12`, `ubuntu-22.04`, `x86_64`.
const NUMBERED: &[&str] = &[
    "debian", "ubuntu", "alpine", "ubi", "el", "rhel", "centos", "fedora", "x86", "photon", "r", "p", "ls",
    "rc", "beta",
];

/// The version: what the name says unless the image itself says otherwise.
pub(super) fn find<'a>(
    rules: &DetectRules,
    named: Option<&Named>,
    evidence: &'a Evidence,
    label: impl FnOnce() -> Option<&'a String>,
) -> Option<VersionTag> {
    let said = named.and_then(|named| in_name(rules, named, &evidence.image));
    let declared = declared(rules, evidence);
    match (said, declared) {
        (Some(said), Some(declared)) if !agree(&said, &declared) => Some(declared),
        (Some(said), _) => Some(said),
        (None, Some(declared)) => Some(declared),
        (None, None) => label().and_then(|text| parse(rules, text)),
    }
}

/// Whether a text begins with a version.
pub(super) fn has_number(text: &str) -> bool {
    !numbers(without_epoch(text)).is_empty()
}

fn in_name(rules: &DetectRules, named: &Named, image: &str) -> Option<VersionTag> {
    let by_name = named.digits.as_deref().and_then(|digits| parse(rules, &(rules.expand)(digits)));
    by_name.or_else(|| in_tag(rules, named.has_own_version, ImageReference::parse(image).ok()?.tag()?))
}

/// The first number of the tag that can be a version of the engine; the one behind the engine's prefix before all.
fn in_tag(rules: &DetectRules, has_own_version: bool, tag: &str) -> Option<VersionTag> {
    let tag = tag.to_lowercase();
    let words: Vec<&str> = tag.split(['-', '_', '+']).collect();
    let prefixed = rules.version_prefix.and_then(|prefix| {
        words.iter().filter_map(|word| word.strip_prefix(prefix)).find_map(|rest| parse(rules, rest))
    });
    if prefixed.is_some() || has_own_version {
        return prefixed;
    }
    let mut before = "";
    for word in words {
        let number = word.strip_prefix('v').unwrap_or(word);
        if number.starts_with(|c: char| c.is_ascii_digit()) && !NUMBERED.contains(&before) {
            // Only the first number counts: what follows is a package's, a platform's or an extension's.
            return parse(rules, number);
        }
        before = word;
    }
    None
}

fn declared(rules: &DetectRules, evidence: &Evidence) -> Option<VersionTag> {
    let by_variable = rules.version_variables.iter().find_map(|name| evidence.env.get(*name));
    let packaged = || rules.packaged(&evidence.env).map(|(_, value)| value);
    let text = by_variable.cloned().or_else(packaged)?;
    parse(rules, without_epoch(&text))
}

/// A version of a Debian package may begin with an epoch.
fn without_epoch(text: &str) -> &str {
    text.split_once(':').map_or(text, |(_, version)| version)
}

/// The leading numbers of a text when there has been such a version, with their dots.
fn parse(rules: &DetectRules, text: &str) -> Option<VersionTag> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let head = text.get(..end)?.trim_end_matches('.');
    let known = (rules.is_version)(&numbers(head));
    VersionTag::parse(head).ok().filter(|_| known)
}

fn agree(one: &VersionTag, other: &VersionTag) -> bool {
    numbers(one.as_str()).iter().zip(&numbers(other.as_str())).all(|(one, other)| one == other)
}
