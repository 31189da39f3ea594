//! Who may depend on whom: compares `cargo metadata` with the dependency table.
//! Only what a crate names itself is looked at; what lies below a crate it may use is that crate's business.

mod table;

use super::Finding;
use crate::workspace;
use anyhow::Context as _;
use serde::Deserialize;
use std::path::{Path, PathBuf};
use table::{LAYERS, OPTIONAL_IN_DOMAIN, OWNED, TESTKIT};

/// What `cargo metadata --no-deps` says, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    manifest_path: PathBuf,
    dependencies: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    name: String,
    /// `null` for `[dependencies]`, else `dev` or `build`.
    kind: Option<String>,
    optional: bool,
}

impl Dependency {
    fn is_dev(&self) -> bool {
        self.kind.as_deref() == Some("dev")
    }
}

/// Asks cargo about this workspace.
///
/// # Errors
/// When cargo fails or answers something else than it used to.
pub(crate) fn metadata() -> anyhow::Result<Metadata> {
    let mut command = workspace::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]);
    let answer = crate::process::read(&mut command)?;
    serde_json::from_str(&answer).context("understanding cargo metadata")
}

/// All breaches of the table.
pub(crate) fn findings(metadata: &Metadata) -> Vec<Finding> {
    let members: Vec<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let mut findings: Vec<Finding> =
        metadata.packages.iter().flat_map(|package| findings_in(package, &members)).collect();
    findings.sort();
    findings
}

fn findings_in(package: &Package, members: &[&str]) -> Vec<Finding> {
    let file = package
        .manifest_path
        .strip_prefix(workspace::root())
        .map_or_else(|_| package.manifest_path.clone(), Path::to_path_buf);
    let finding = |text: String| Finding { file: file.clone(), line: None, text };
    let Some(layer) = LAYERS.iter().find(|layer| layer.name == package.name) else {
        return vec![finding(format!(
            "{} is not in the dependency table (xtask/src/rules/layers/table.rs); place it there first",
            package.name
        ))];
    };
    let check = |dependency: &Dependency| {
        if members.contains(&dependency.name.as_str()) {
            breach_of_arrows(layer, dependency)
        } else {
            breach_of_ownership(layer, dependency)
        }
    };
    package.dependencies.iter().filter_map(check).map(finding).collect()
}

fn breach_of_arrows(layer: &table::Layer, dependency: &Dependency) -> Option<String> {
    let name = dependency.name.as_str();
    if name == TESTKIT {
        let text = format!("{TESTKIT} is for [dev-dependencies] only");
        return (!dependency.is_dev()).then_some(text);
    }
    // A crate may name itself in its tests, to turn its own features on.
    if layer.may_use.contains(&name) || (dependency.is_dev() && name == layer.name) {
        return None;
    }
    Some(format!("{} must not depend on {name}; it may use: {}", layer.name, listed(layer.may_use)))
}

fn breach_of_ownership(layer: &table::Layer, dependency: &Dependency) -> Option<String> {
    let (domain, optional) = OPTIONAL_IN_DOMAIN;
    let name = dependency.name.as_str();
    if layer.name == domain && optional.contains(&name) && !dependency.optional && !dependency.is_dev() {
        return Some(format!("{domain} may name {name} only as an optional dependency, behind a feature"));
    }
    let owned = OWNED.iter().find(|owned| owned.name == name)?;
    let is_allowed = owned.owners.contains(&layer.name)
        || (dependency.is_dev() && owned.owners_in_tests.contains(&layer.name));
    (!is_allowed)
        .then(|| format!("{} must not name {name}; it belongs to: {}", layer.name, listed(owned.owners)))
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no other crate of the workspace".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn findings_for(name: &str, dependencies: &serde_json::Value) -> Vec<String> {
        let packages = json!({ "packages": [
            { "name": name, "manifest_path": "/x/Cargo.toml", "dependencies": dependencies },
            { "name": "stardeck-domain", "manifest_path": "/d/Cargo.toml", "dependencies": [] },
            { "name": "stardeck-repository", "manifest_path": "/r/Cargo.toml", "dependencies": [] },
            { "name": "stardeck-testkit", "manifest_path": "/t/Cargo.toml", "dependencies": [] },
        ]});
        let metadata: Metadata = serde_json::from_value(packages).unwrap();
        findings(&metadata).into_iter().map(|finding| finding.text).collect()
    }

    #[test]
    fn this_workspace_keeps_the_table() {
        let found: Vec<String> = findings(&metadata().unwrap()).iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}", found.join("\n"));
    }

    #[test]
    fn arrow_that_is_not_in_the_table_is_found() {
        let wrong = json!([{ "name": "stardeck-repository", "kind": null, "optional": false }]);
        let found = findings_for("stardeck-api", &wrong);
        assert_eq!(found.len(), 1, "{found:?}");
        let right = json!([{ "name": "stardeck-domain", "kind": null, "optional": false }]);
        assert!(findings_for("stardeck-api", &right).is_empty());
    }

    #[test]
    fn testkit_is_allowed_in_tests_only() {
        let in_tests = json!([{ "name": "stardeck-testkit", "kind": "dev", "optional": false }]);
        assert!(findings_for("stardeck-api", &in_tests).is_empty());
        let shipped = json!([{ "name": "stardeck-testkit", "kind": null, "optional": false }]);
        assert_eq!(findings_for("stardeck-api", &shipped).len(), 1);
    }

    #[test]
    fn outside_crate_is_found_in_the_wrong_hands() {
        let sql = json!([{ "name": "diesel", "kind": null, "optional": false }]);
        assert_eq!(findings_for("stardeck-service", &sql).len(), 1);
        let program_errors = json!([{ "name": "anyhow", "kind": "dev", "optional": false }]);
        assert!(findings_for("stardeck-service", &program_errors).is_empty());
    }

    #[test]
    fn new_crate_has_to_be_placed_first() {
        let found = findings_for("stardeck-backup", &json!([]));
        assert!(found[0].contains("not in the dependency table"), "{found:?}");
    }

    #[test]
    fn serde_in_the_domain_has_to_be_optional() {
        let always = json!({ "packages": [{ "name": "stardeck-domain", "manifest_path": "/d/Cargo.toml",
            "dependencies": [{ "name": "serde", "kind": null, "optional": false }] }]});
        let metadata: Metadata = serde_json::from_value(always).unwrap();
        assert_eq!(findings(&metadata).len(), 1);
    }
}
