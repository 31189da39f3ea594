//! Every image of the corpora is taken for what it is, by its name alone. `images.tsv` is a labelled sample from outside;
//! `further.tsv` was written from memory of the registries before the rules were tried on either.
#![expect(clippy::panic, reason = "a test that can not go on has failed")]

use stardeck_engines::{Detected, Evidence, classify};

fn detect(image: &str) -> Option<Detected> {
    classify(&Evidence { image: image.to_owned(), ..Evidence::default() })
}

fn rows(text: &str) -> Vec<Vec<&str>> {
    let rows: Vec<Vec<&str>> = text.lines().skip(1).map(|line| line.split('\t').collect()).collect();
    assert!(rows.iter().all(|row| row.len() >= 2), "a row of the corpus is cut short");
    rows
}

/// Compares what is found with a column of the corpus; `none` and `-` mean nothing.
fn compare(text: &str, column: usize, found: impl Fn(&Detected) -> Option<String>) {
    let rows = rows(text);
    let mut wrong = Vec::new();
    for row in &rows {
        let [image, ..] = row.as_slice() else { panic!("an empty row") };
        let told = row.get(column).copied().filter(|told| !matches!(*told, "none" | "-"));
        let found = detect(image).and_then(|detected| found(&detected));
        if found.as_deref() != told {
            wrong.push(format!("{image}: {found:?}, should be {told:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} are wrong:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn every_image_of_the_sample_is_taken_for_what_it_is() {
    compare(include_str!("corpus/images.tsv"), 1, |detected| Some(detected.engine.to_string()));
}

#[test]
fn every_further_image_is_taken_for_what_it_is() {
    compare(include_str!("corpus/further.tsv"), 1, |detected| Some(detected.engine.to_string()));
}

#[test]
fn kinds_and_builds_are_kept() {
    compare(include_str!("corpus/further.tsv"), 2, |detected| detected.flavor.clone());
}

#[test]
fn versions_are_read_from_tags_and_never_from_digests_or_ports() {
    compare(include_str!("corpus/further.tsv"), 3, |detected| {
        detected.version.as_ref().map(ToString::to_string)
    });
}
