//! Words that must not be in the project, and links that lead nowhere.

use super::rust::ENGINE_NAMES;
use super::source::Source;
use crate::environment;
use crate::rules::Finding;
use std::fs;
use std::path::Path;

/// Marks of unfinished work. Written in two parts, so that this file does not find itself.
const UNFINISHED: &[(&str, &str)] =
    &[("TO", "DO"), ("FIX", "ME"), ("XX", "X:"), ("todo", "!("), ("unimplemented", "!(")];

/// Hosts that packages come from. Each host configures its own; a name in a file would fail wherever another is used.
const PACKAGE_HOSTS: &[(&str, &str)] = &[
    ("deb.debian", ".org"),
    ("security.debian", ".org"),
    ("files.python", "hosted.org"),
    ("registry.npm", "js.org"),
    ("index.crates", ".io"),
    ("static.crates", ".io"),
];

/// How a browser test is skipped, or the only one run.
const SKIPPED: &[&str] =
    &["test.skip(", "it.skip(", "describe.skip(", "test.only(", "it.only(", "describe.only(", "test.fixme("];

/// Words that belong to this clone and not to the project: the path of the checkout, cargo's folder, and those that its
/// owner keeps in `.git/info/forbidden-words`, one per line (names of machines, customers, workplaces).
pub(super) fn of_this_clone(root: &Path) -> Vec<String> {
    let mut words = vec![root.display().to_string(), environment::cargo_home().display().to_string()];
    let kept = fs::read_to_string(root.join(".git/info/forbidden-words")).unwrap_or_default();
    words.extend(kept.lines().map(|line| line.trim().to_owned()).filter(|line| !line.is_empty()));
    words.into_iter().map(|word| word.to_lowercase()).collect()
}

/// Words that must be in no file, generated or not. A lock file names its sources by design.
pub(super) fn findings(source: &Source, local_words: &[String]) -> Vec<Finding> {
    let is_lock_file =
        source.path.file_name().is_some_and(|name| name == "Cargo.lock" || name == "package-lock.json");
    let mut findings = Vec::new();
    for (number, line) in source.lines() {
        if !is_lock_file && contains_any(line, PACKAGE_HOSTS) {
            findings.push(
                source.finding(number, "names a package host; take it from the host's own configuration"),
            );
        }
        let lower = line.to_lowercase();
        if let Some(word) = local_words.iter().find(|word| lower.contains(word.as_str())) {
            findings
                .push(source.finding(number, format!("`{word}` belongs to this clone, not to the project")));
        }
    }
    findings
}

/// Marks of unfinished work.
pub(super) fn unfinished(source: &Source) -> Vec<Finding> {
    source
        .lines()
        .filter(|(_, line)| contains_any(line, UNFINISHED))
        .map(|(number, _)| source.finding(number, "unfinished work is an issue, not a comment"))
        .collect()
}

/// Skipped browser tests.
pub(super) fn skipped_browser_tests(source: &Source) -> Vec<Finding> {
    source
        .lines()
        .filter(|(_, line)| SKIPPED.iter().any(|skip| line.contains(skip)))
        .map(|(number, _)| source.finding(number, "a test is never skipped, and never the only one"))
        .collect()
}

/// Engines' names in components, which render what `GET /api/engines` says.
pub(super) fn engine_names_in_components(source: &Source) -> Vec<Finding> {
    if source.extension() != "tsx" || source.is_test_code() {
        return Vec::new();
    }
    source
        .lines()
        .filter(|(_, line)| {
            let line = line.to_lowercase();
            ENGINE_NAMES.iter().any(|name| line.contains(name))
        })
        .map(|(number, _)| {
            source.finding(number, "a component names no engine; it renders what the API says")
        })
        .collect()
}

/// Relative links of a Markdown file that lead to nothing in the checkout.
pub(super) fn broken_links(source: &Source, root: &Path) -> Vec<Finding> {
    let folder = source.path.parent().unwrap_or(Path::new(""));
    let mut findings = Vec::new();
    for (number, line) in source.lines() {
        for target in link_targets(line) {
            let path = target.split(['#', '?']).next().unwrap_or_default();
            if path.is_empty() || path.contains(':') || path.starts_with('/') {
                continue;
            }
            if !stays_inside(folder, path) || !root.join(folder).join(path).exists() {
                findings.push(
                    source.finding(number, format!("the link `{target}` leads to nothing in this checkout")),
                );
            }
        }
    }
    findings
}

/// The targets of `[text](target)`.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next())
}

/// True when a relative path never climbs out of the checkout.
fn stays_inside(folder: &Path, path: &str) -> bool {
    let mut depth = folder.iter().count();
    for part in path.split('/') {
        match part {
            ".." if depth == 0 => return false,
            ".." => depth -= 1,
            "." | "" => {}
            _ => depth += 1,
        }
    }
    true
}

fn contains_any(line: &str, words: &[(&str, &str)]) -> bool {
    words.iter().any(|(start, end)| {
        line.match_indices(start)
            .any(|(at, _)| line.get(at + start.len()..).is_some_and(|rest| rest.starts_with(end)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(path: &str, text: String) -> Source {
        Source { path: path.into(), text, is_generated: false }
    }

    #[test]
    fn unfinished_work_is_found() {
        let text =
            UNFINISHED.iter().map(|(start, end)| [*start, end].concat()).collect::<Vec<_>>().join("\n");
        assert_eq!(unfinished(&source("a.rs", text)).len(), UNFINISHED.len());
        assert!(unfinished(&source("a.rs", "todos are fine\n".into())).is_empty());
    }

    #[test]
    fn package_host_is_found_except_in_a_lock_file() {
        let text =
            PACKAGE_HOSTS.iter().map(|(start, end)| [*start, end].concat()).collect::<Vec<_>>().join("\n");
        assert_eq!(findings(&source("a.md", text.clone()), &[]).len(), PACKAGE_HOSTS.len());
        assert!(findings(&source("Cargo.lock", text), &[]).is_empty());
    }

    #[test]
    fn word_of_this_clone_is_found_in_any_case() {
        let found = findings(&source("a.md", "At ACME we\n".into()), &["acme".into()]);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn link_out_of_the_checkout_or_to_nothing_is_found() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("docs")).unwrap();
        fs::write(root.path().join("README.md"), "x").unwrap();
        let text =
            "[a](../README.md) [b](https://example.org) [c](#part)\n[d](gone.md)\n[e](../../elsewhere)\n";
        let found = broken_links(&source("docs/a.md", text.into()), root.path());
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [Some(2), Some(3)]);
    }

    #[test]
    fn engine_in_a_component_is_found() {
        let line = "<option>PostgreSQL</option>\n";
        assert_eq!(engine_names_in_components(&source("src/a.tsx", line.into())).len(), 1);
        assert!(engine_names_in_components(&source("src/a.ts", line.into())).is_empty());
        assert!(engine_names_in_components(&source("tests/a.tsx", line.into())).is_empty());
    }

    #[test]
    fn skipped_browser_test_is_found() {
        assert_eq!(skipped_browser_tests(&source("a.spec.ts", "test.skip('x')\n".into())).len(), 1);
    }
}
