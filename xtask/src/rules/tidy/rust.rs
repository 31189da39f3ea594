//! Rules for Rust files.

use super::source::Source;
use crate::rules::Finding;

/// Crates whose work is the differences between engines. The testkit plays engines, the automation tests with them.
const KNOWS_ENGINES: &[&str] =
    &["stardeck-domain", "stardeck-engines", "stardeck-drivers", "stardeck-testkit", "xtask"];

/// The engines' names, as they begin a variant of the enum `Engine` or appear in a text.
pub(super) const ENGINE_NAMES: &[&str] = &["postgres", "mariadb", "mysql", "redis", "mongo"];

/// Module names that say nothing about what is inside.
const EMPTY_NAMES: &[&str] = &["util", "utils", "helper", "helpers", "manager", "misc", "common"];

/// Everything that is wrong with a Rust file.
pub(super) fn findings(source: &Source) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(empty_name(source));
    findings.extend(missing_module_doc(source));
    for (number, line) in source.lines() {
        let code = line.trim_start();
        if is_attribute(code, "ignore") {
            findings.push(source.finding(number, "a test is never skipped; make it work or remove it"));
        }
        if is_attribute(code, "allow") {
            findings.push(
                source.finding(
                    number,
                    "use #[expect(lint, reason = \"…\")], which tells when it is not needed",
                ),
            );
        }
        if code.starts_with("pub use stardeck_") {
            findings.push(
                source.finding(number, "a lower layer is not re-exported; its users name it themselves"),
            );
        }
    }
    findings.extend(engine_variants(source));
    findings.extend(engine_names_in_podman(source));
    findings.extend(functions_without_example(source));
    findings
}

fn is_attribute(code: &str, name: &str) -> bool {
    ["#[", "#!["].iter().any(|start| {
        code.strip_prefix(start)
            .and_then(|rest| rest.strip_prefix(name))
            .is_some_and(|rest| rest.starts_with(['(', ']', ' ', '=']))
    })
}

fn empty_name(source: &Source) -> Option<Finding> {
    let stem = source.path.file_stem()?.to_str()?;
    let folder = source.path.parent()?.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let name = if stem == "mod" { folder } else { stem };
    // Cargo prescribes `tests/common/`, which is not a module of the product.
    let is_empty = EMPTY_NAMES.contains(&name) && !source.is_in("tests");
    is_empty.then(|| source.finding(1, format!("a module named `{name}` says nothing about what is inside")))
}

fn missing_module_doc(source: &Source) -> Option<Finding> {
    if source.is_test_code() {
        return None;
    }
    let starts_with_doc = source.text.lines().find(|line| !line.trim().is_empty())?.starts_with("//!");
    (!starts_with_doc)
        .then(|| source.finding(1, "begin with `//!`: what the file is for, and what is not in it"))
}

/// `Engine::Postgresql` and the like, outside of the crates that know engines.
fn engine_variants(source: &Source) -> Vec<Finding> {
    if KNOWS_ENGINES.iter().any(|folder| source.is_in(folder)) {
        return Vec::new();
    }
    source
        .shipped_lines()
        .filter(|(_, line)| names_a_variant(line))
        .map(|(number, _)| {
            source.finding(
                number,
                "ask the engine's plan or `Capability`; only engines, drivers and domain name engines",
            )
        })
        .collect()
}

fn names_a_variant(line: &str) -> bool {
    line.match_indices("Engine::").any(|(start, found)| {
        let rest = line.get(start + found.len()..).unwrap_or_default().to_ascii_lowercase();
        ENGINE_NAMES.iter().any(|name| rest.starts_with(name))
    })
}

/// The Podman client knows nothing of databases, not even in its documentation.
fn engine_names_in_podman(source: &Source) -> Vec<Finding> {
    if !source.is_in("stardeck-podman") {
        return Vec::new();
    }
    source
        .shipped_lines()
        .filter(|(_, line)| {
            let line = line.to_ascii_lowercase();
            ENGINE_NAMES.iter().any(|name| line.contains(name))
        })
        .map(|(number, _)| source.finding(number, "the Podman client knows no engine; use a neutral example"))
        .collect()
}

/// The Podman client is a crate for others too: each public function has an example, which the documentation's tests
/// compile.
fn functions_without_example(source: &Source) -> Vec<Finding> {
    if !source.is_in("stardeck-podman") {
        return Vec::new();
    }
    let mut findings = Vec::new();
    let mut has_example = false;
    for (number, line) in source.shipped_lines() {
        let code = line.trim_start();
        let is_function =
            ["pub fn ", "pub async fn ", "pub const fn "].iter().any(|start| code.starts_with(start));
        if is_function && !has_example {
            findings.push(source.finding(number, "a public function of the Podman client shows an example"));
        }
        let is_above_function = code.starts_with("///") || code.starts_with("#[");
        has_example = is_above_function && (has_example || code.starts_with("/// ```"));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(path: &str, text: &str) -> Vec<String> {
        let source = Source { path: path.into(), text: format!("//! A file.\n{text}"), is_generated: false };
        findings(&source).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn clean_file_has_no_findings() {
        assert!(texts("crates/stardeck-api/src/a.rs", "fn a() {}\n").is_empty());
    }

    #[test]
    fn forbidden_attributes_are_found() {
        for attribute in ["#[ignore]", "#[ignore = \"slow\"]", "#[allow(dead_code)]", "#![allow(unused)]"] {
            assert_eq!(texts("crates/stardeck-api/src/a.rs", attribute).len(), 1, "{attribute}");
        }
        assert!(texts("crates/stardeck-api/src/a.rs", "#[ignored_by_us]\n").is_empty());
    }

    #[test]
    fn engine_variant_is_found_outside_the_crates_that_know_engines() {
        let line = "match engine { Engine::Postgresql => 1 }\n";
        assert_eq!(texts("crates/stardeck-service/src/a.rs", line).len(), 1);
        assert!(texts("crates/stardeck-engines/src/a.rs", line).is_empty());
        assert!(texts("crates/stardeck-service/src/a.rs", &format!("#[cfg(test)]\n{line}")).is_empty());
        assert!(texts("crates/stardeck-service/src/a.rs", "Engine::all()\n").is_empty());
    }

    #[test]
    fn public_function_of_the_podman_client_without_an_example_is_found() {
        let path = "crates/stardeck-podman/src/a.rs";
        assert_eq!(texts(path, "/// Does it.\npub async fn a() {}\n").len(), 1);
        let example = "/// ```\n/// a();\n/// ```\n#[must_use]\npub fn a() {}\n";
        assert!(texts(path, example).is_empty());
        assert_eq!(texts(path, &format!("{example}\npub fn b() {{}}\n")).len(), 1);
        assert!(texts("crates/stardeck-api/src/a.rs", "pub fn a() {}\n").is_empty());
        assert!(texts(path, "pub(crate) fn a() {}\n").is_empty());
    }

    #[test]
    fn lower_layer_must_not_be_re_exported() {
        assert_eq!(texts("crates/stardeck-api/src/a.rs", "pub use stardeck_domain::Engine;\n").len(), 1);
    }

    #[test]
    fn file_without_a_module_doc_is_found() {
        let source =
            Source { path: "crates/a/src/a.rs".into(), text: "fn a() {}\n".into(), is_generated: false };
        assert_eq!(findings(&source).len(), 1);
    }

    #[test]
    fn module_name_without_meaning_is_found() {
        assert_eq!(texts("crates/stardeck-api/src/utils.rs", "").len(), 1);
        assert_eq!(texts("crates/stardeck-api/src/helpers/mod.rs", "").len(), 1);
    }
}
