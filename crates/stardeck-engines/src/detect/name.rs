//! What an image's name says: the words of its last part, the words around them, and who publishes it.

use std::collections::BTreeMap;

use stardeck_domain::{Engine, ImageReference};

use super::words::{APPS, EMPTY_WORDS, ENDINGS, OTHER_ENDINGS, OTHER_PUBLISHERS, OTHER_THINGS, VENDORS};
use crate::offered;

/// What a name says about an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Naming {
    /// It holds this.
    Engine(Named),
    /// It holds something that only works with databases.
    SomethingElse,
    /// Nothing.
    Silent,
}

impl Naming {
    pub(super) fn as_ref(&self) -> Option<&Named> {
        match self {
            Self::Engine(named) => Some(named),
            Self::SomethingElse | Self::Silent => None,
        }
    }
}

/// An engine that a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Named {
    /// The engine.
    pub(super) engine: Engine,
    /// The word that means it.
    pub(super) word: String,
    /// What kind of it the name means.
    pub(super) flavor: Option<String>,
    /// Whether tags begin with the version of something else.
    pub(super) has_own_version: bool,
    /// Digits in the name that tell the version, such as `16` or `1011`.
    pub(super) digits: Option<String>,
}

/// What a reference says.
pub(super) fn judge(image: &ImageReference) -> Naming {
    let mut parts: Vec<&str> = image.repository().split('/').collect();
    let Some(last) = parts.pop() else { return Naming::Silent };
    if parts.iter().any(|part| OTHER_PUBLISHERS.contains(part)) {
        return Naming::SomethingElse;
    }
    match judge_words(&words(last), parts.last().copied()) {
        Naming::Silent => {}
        naming => return naming,
    }
    let is_empty = words(last).iter().all(|word| word.text.is_empty() || EMPTY_WORDS.contains(&&*word.text));
    let folder = parts.last().filter(|folder| is_empty && **folder != "library");
    match folder {
        Some(folder) => judge_words(&words(folder), None),
        // Some vendors have a registry of their own: `docker.vendor.example/enterprise-server`.
        None if is_empty && parts.is_empty() => {
            judge_words(&words(&image.registry().replace('.', "-")), None)
        }
        None => Naming::Silent,
    }
}

/// What a title says, such as `PostgreSQL 16`.
pub(super) fn judge_title(title: &str) -> Naming {
    let last = title.rsplit('/').next().unwrap_or(title);
    judge_words(&words(last), None)
}

/// Whose build it is, when that differs from the official one.
pub(super) fn vendor(image: &ImageReference) -> Option<String> {
    let mut path = image.repository().split('/').chain(image.registry().split('.'));
    path.find_map(vendor_named)
}

/// Whose build it is by the image's labels, which stay when an image is given another name.
pub(super) fn vendor_in(labels: &BTreeMap<String, String>) -> Option<String> {
    let told =
        ["org.opencontainers.image.vendor", "maintainer", "vendor", "org.opencontainers.image.authors"];
    let text = told.iter().find_map(|label| labels.get(*label))?.to_lowercase();
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    words.find_map(vendor_named)
}

fn vendor_named(part: &str) -> Option<String> {
    let base = part.trim_end_matches(|c: char| c.is_ascii_digit());
    VENDORS.iter().find(|(name, _)| *name == base).map(|(_, flavor)| (*flavor).to_owned())
}

/// A word of a name and the digits behind it.
#[derive(Debug)]
struct Word {
    text: String,
    digits: String,
}

fn words(name: &str) -> Vec<Word> {
    name.to_lowercase()
        .split(['-', '_', ' ', '/', '(', ')', ':', ','])
        .filter(|part| !part.is_empty())
        .map(|part| {
            let text = part.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
            let digits = part.get(text.len()..).unwrap_or_default().trim_matches('.');
            Word { text: text.to_owned(), digits: digits.to_owned() }
        })
        .collect()
}

fn judge_words(words: &[Word], publisher: Option<&str>) -> Naming {
    let is_other = |word: &Word| {
        let whole = format!("{}{}", word.text, word.digits);
        let ends = |ending: &&str| word.text.ends_with(*ending);
        OTHER_THINGS.contains(&&*word.text)
            || OTHER_THINGS.contains(&&*whole)
            || OTHER_ENDINGS.iter().any(ends)
    };
    if words.iter().any(is_other) {
        return Naming::SomethingElse;
    }
    let mut found = engines_of(words, publisher);
    if found.len() > 1 {
        found.retain(|found| !found.is_weak);
    }
    // What names two engines stands between them.
    let [only] = found.as_slice() else {
        return if found.is_empty() { Naming::Silent } else { Naming::SomethingElse };
    };
    if words.iter().take(only.at).any(|word| APPS.contains(&&*word.text)) {
        return Naming::SomethingElse;
    }
    Naming::Engine(only.named.clone())
}

struct Found {
    named: Named,
    at: usize,
    is_weak: bool,
}

fn engines_of(words: &[Word], publisher: Option<&str>) -> Vec<Found> {
    let mut found = Vec::new();
    for adapter in offered() {
        let rules = adapter.detect_rules();
        let has = |wanted: &str| words.iter().any(|word| is_word(word, wanted));
        let product = rules.products.iter().find(|product| {
            let is_published = product.publisher.is_none_or(|by| publisher == Some(by));
            is_published && product.words.iter().all(|wanted| has(wanted))
        });
        let of_engine = |word: &Word| rules.words.iter().any(|wanted| is_word(word, wanted));
        let of_product = |word: &Word| {
            product.is_some_and(|product| product.words.iter().any(|wanted| is_word(word, wanted)))
        };
        let is_weak = |word: &Word| rules.weak_words.iter().any(|wanted| is_word(word, wanted));
        let strong_at = words.iter().position(|word| of_engine(word) || of_product(word));
        // A publisher's name beside anything else than what says nothing is only the publisher's name.
        let says_nothing =
            |word: &Word| word.text.is_empty() || is_weak(word) || EMPTY_WORDS.contains(&&*word.text);
        let weak_at = || words.iter().position(is_weak).filter(|_| words.iter().all(says_nothing));
        let Some(at) = strong_at.or_else(weak_at) else { continue };
        let word = words.get(at).map_or_else(String::new, |word| word.text.clone());
        let named = Named {
            engine: adapter.engine(),
            word,
            flavor: product.map(|product| product.flavor.to_owned()).filter(|flavor| !flavor.is_empty()),
            has_own_version: product.is_some_and(|product| product.has_own_version),
            digits: digits_at(words, at),
        };
        found.push(Found { named, at, is_weak: strong_at.is_none() });
    }
    found
}

/// The version in a name: behind the engine's word, or as the word after it.
fn digits_at(words: &[Word], at: usize) -> Option<String> {
    let own = words.get(at).map(|word| word.digits.clone()).filter(|digits| !digits.is_empty());
    let next = || words.get(at + 1).filter(|word| word.text.is_empty()).map(|word| word.digits.clone());
    own.or_else(next)
}

fn is_word(word: &Word, wanted: &str) -> bool {
    word.text == wanted || word.text.strip_prefix(wanted).is_some_and(|rest| ENDINGS.contains(&rest))
}
