//! Tests that the documentation names: they have to be there under that name.

use super::source::Source;
use crate::rules::Finding;
use std::collections::BTreeSet;

/// The documents whose tables name tests.
const DOCUMENTS: [&str; 2] = ["docs/TESTING.md", "docs/SECURITY.md"];
/// The attributes that make a function a test.
const ATTRIBUTES: [&str; 3] = ["#[test", "#[tokio::test", "#[actix_web::test"];

/// Names in the documents, written as `module::test`, of tests that are in no Rust file.
pub(super) fn findings(sources: &[Source]) -> Vec<Finding> {
    let is_document = |source: &&Source| DOCUMENTS.iter().any(|name| source.path.ends_with(name));
    let tests: BTreeSet<&str> =
        sources.iter().filter(|source| source.extension() == "rs").flat_map(tests_in).collect();
    sources.iter().filter(is_document).flat_map(|document| missing_in(document, &tests)).collect()
}

fn missing_in(document: &Source, tests: &BTreeSet<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (number, line) in document.lines().filter(|(_, line)| line.starts_with('|')) {
        let quoted = line.split('`').skip(1).step_by(2);
        for name in quoted.filter_map(|text| text.rsplit_once("::")).map(|(_, name)| name) {
            if !tests.contains(name) {
                findings.push(document.finding(number, format!("there is no test `{name}`")));
            }
        }
    }
    findings
}

/// The functions of a file whose attribute calls them tests.
fn tests_in(source: &Source) -> Vec<&str> {
    let mut is_test = false;
    let mut names = Vec::new();
    for (_, line) in source.lines() {
        let code = line.trim_start();
        let name = ["fn ", "async fn "].iter().find_map(|start| code.strip_prefix(start));
        match name.and_then(|rest| rest.split_once('(')) {
            Some((name, _)) if is_test => names.push(name),
            _ => {}
        }
        is_test = code.starts_with("#[")
            && (is_test || ATTRIBUTES.iter().any(|attribute| code.starts_with(attribute)));
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_test_that_is_not_there_is_found() {
        let file =
            |path: &str, text: &str| Source { path: path.into(), text: text.into(), is_generated: false };
        let table = "| `a::there` | `b::gone` | `b::no_test` |\nand `c::elsewhere`\n";
        let code = "#[tokio::test]\nasync fn there() {}\nfn no_test() {}\n";
        let found = findings(&[file(DOCUMENTS[0], table), file("crates/a/tests/b.rs", code)]);
        let texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
        assert_eq!(texts, ["there is no test `gone`", "there is no test `no_test`"]);
    }
}
