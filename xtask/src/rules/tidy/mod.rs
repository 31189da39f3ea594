//! How files look: their length, their names, and words that must not be in them.
//! What clippy can check (unwrap, panic, long functions) is in the root `Cargo.toml` and `clippy.toml` instead.

mod named_tests;
mod rust;
mod source;
mod words;

use super::Finding;
use crate::workspace;
use source::{Source, collect};

/// What came out of looking at all files.
#[derive(Debug)]
pub(crate) struct Checked {
    /// How many text files were looked at.
    pub(crate) files: usize,
    /// All breaches, ordered by file and line.
    pub(crate) findings: Vec<Finding>,
}

/// Looks at every text file of the checkout.
///
/// # Errors
/// When a file can not be read.
pub(crate) fn check() -> anyhow::Result<Checked> {
    let sources = collect(&workspace::root())?;
    let local_words = words::of_this_clone(&workspace::root());
    let mut findings: Vec<Finding> =
        sources.iter().flat_map(|source| findings_in(source, &local_words)).collect();
    findings.extend(named_tests::findings(&sources));
    findings.sort();
    Ok(Checked { files: sources.len(), findings })
}

fn findings_in(source: &Source, local_words: &[String]) -> Vec<Finding> {
    let mut findings = words::findings(source, local_words);
    if source.is_generated {
        return findings;
    }
    findings.extend(source.too_long());
    findings.extend(words::unfinished(source));
    match source.extension() {
        "rs" => findings.extend(rust::findings(source)),
        "ts" | "tsx" => {
            findings.extend(words::skipped_browser_tests(source));
            findings.extend(words::engine_names_in_components(source));
        }
        "md" => findings.extend(words::broken_links(source, &workspace::root())),
        _ => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_checkout_is_tidy() {
        let found: Vec<String> = check().unwrap().findings.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }
}
