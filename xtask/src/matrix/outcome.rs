//! What came out of the same tests on several Podmans, as nextest tells it and as a table.

use super::privilege::Privilege;
use super::selection::{PACKAGES, reason_to_leave_out};
use crate::report;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The outcome on one Podman.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// Version of Podman.
    pub(crate) version: String,
    /// Where it came from.
    pub(crate) from: String,
    /// As whom it ran.
    pub(crate) privilege: Privilege,
    passed: BTreeSet<String>,
    failed: BTreeSet<String>,
    skipped: BTreeSet<String>,
}

/// A line of nextest's `libtest-json`; lines about whole suites have the same form.
#[derive(Deserialize)]
struct Line {
    r#type: String,
    event: String,
    #[serde(default)]
    name: String,
}

impl Outcome {
    /// Reads what nextest wrote.
    ///
    /// # Errors
    /// When a line is not nextest's, or no test ran.
    pub(crate) fn read(
        version: String,
        from: String,
        privilege: Privilege,
        lines: &str,
    ) -> anyhow::Result<Self> {
        let mut outcome = Self {
            version,
            from,
            privilege,
            passed: BTreeSet::new(),
            failed: BTreeSet::new(),
            skipped: BTreeSet::new(),
        };
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let line: Line = serde_json::from_str(line).with_context(|| format!("reading {line}"))?;
            match (line.r#type.as_str(), line.event.as_str()) {
                ("test", "ok") => outcome.passed.insert(line.name),
                ("test", "failed" | "timeout") => outcome.failed.insert(line.name),
                ("test", "ignored") => outcome.skipped.insert(line.name),
                _ => true,
            };
        }
        if outcome.passed.is_empty() && outcome.failed.is_empty() {
            bail!("no test ran on {}", outcome.name());
        }
        Ok(outcome)
    }

    /// How it is called where there are others.
    fn name(&self) -> String {
        format!("Podman {} {}", self.version, self.privilege)
    }

    /// What ran.
    fn ran(&self) -> BTreeSet<&str> {
        self.passed.iter().chain(&self.failed).map(String::as_str).collect()
    }

    /// Which of the tests that ran anywhere are left out here.
    fn left_out<'a>(&self, anywhere: &BTreeSet<&'a str>) -> BTreeSet<&'a str> {
        let is_out = |name: &&&str| reason_to_leave_out(test_of(name), self.privilege).is_some();
        anywhere.iter().filter(is_out).copied().collect()
    }

    fn row(&self, package: &str, anywhere: &BTreeSet<&str>) -> Option<String> {
        let of = |tests: &BTreeSet<String>| tests.iter().filter(|name| package_of(name) == package).count();
        let out = self.left_out(anywhere).into_iter().filter(|name| package_of(name) == package).count();
        let (passed, failed) = (of(&self.passed), of(&self.failed));
        (passed + failed + out > 0).then(|| {
            let Self { version, privilege, from, .. } = self;
            format!("{version:<9}{privilege:<10}{from:<16}{package:<18}{passed:>7}{failed:>8}{out:>10}")
        })
    }
}

/// The package of a test, as nextest names it: `package::program$module::test`.
fn package_of(name: &str) -> &str {
    name.split("::").next().unwrap_or(name)
}

/// The test's own name, as it is in its program.
fn test_of(name: &str) -> &str {
    name.split_once('$').map_or(name, |(_, test)| test)
}

/// Prints version × user × package, with the names of what did not pass.
pub(crate) fn print(outcomes: &[Outcome]) {
    let anywhere: BTreeSet<&str> = outcomes.iter().flat_map(Outcome::ran).collect();
    report::line("── matrix");
    report::line(&format!(
        "{:<9}{:<10}{:<16}{:<18}{:>7}{:>8}{:>10}",
        "Podman", "", "from", "package", "passed", "failed", "left out"
    ));
    for outcome in outcomes {
        for row in PACKAGES.iter().filter_map(|(package, _)| outcome.row(package, &anywhere)) {
            report::line(&row);
        }
    }
    for outcome in outcomes {
        for (tests, what) in [(&outcome.failed, "failed"), (&outcome.skipped, "skipped")] {
            for name in tests {
                report::line(&format!("{what} on {}: {name}", outcome.name()));
            }
        }
    }
    for outcome in outcomes {
        for name in outcome.left_out(&anywhere) {
            let reason = reason_to_leave_out(test_of(name), outcome.privilege).unwrap_or_default();
            report::line(&format!("left out on {}: {name}, since {reason}", outcome.name()));
        }
    }
}

/// Fails unless the same tests ran everywhere, all of them but those that are left out by name, and passed. Gives the line
/// to close with.
///
/// # Errors
/// With what is not so.
pub(crate) fn conclude(outcomes: &[Outcome]) -> anyhow::Result<String> {
    let Some(first) = outcomes.first() else { bail!("no Podman was tested") };
    for outcome in outcomes {
        if let Some(name) = outcome.skipped.first() {
            bail!("{name} was skipped on {}", outcome.name());
        }
        let may_differ = |name: &str| {
            [first, outcome]
                .into_iter()
                .any(|outcome| reason_to_leave_out(test_of(name), outcome.privilege).is_some())
        };
        let (here, there) = (first.ran(), outcome.ran());
        let mut differing = here.symmetric_difference(&there).copied();
        if let Some(name) = differing.find(|name| !may_differ(name)) {
            bail!("{name} ran on only one of {} and {}", first.name(), outcome.name());
        }
    }
    let failed: usize = outcomes.iter().map(|outcome| outcome.failed.len()).sum();
    if failed > 0 {
        bail!("{failed} tests failed");
    }
    let passed: usize = outcomes.iter().map(|outcome| outcome.passed.len()).sum();
    Ok(format!("matrix: {passed} tests passed on {} Podmans, none failed", outcomes.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(lines: &str) -> Outcome {
        Outcome::read("4.3.1".into(), "here".into(), Privilege::Rootful, lines).unwrap()
    }

    const SUITE: &str = "{\"type\":\"suite\",\"event\":\"started\",\"test_count\":2}\n";
    const ONE: &str = "{\"type\":\"test\",\"event\":\"started\",\"name\":\"p::b$a\"}\n{\"type\":\"test\",\"event\":\"ok\",\"name\":\"p::b$a\"}\n";

    #[test]
    fn tests_are_counted_by_how_they_ended() {
        let failed = "{\"type\":\"test\",\"event\":\"failed\",\"name\":\"p::b$b\",\"stdout\":\"x\"}\n";
        let outcome = outcome(&format!("{SUITE}{ONE}{failed}"));
        assert_eq!((outcome.passed.len(), outcome.failed.len()), (1, 1));
        assert!(outcome.row("p", &outcome.ran()).unwrap().ends_with("1       1         0"));
        assert_eq!(outcome.row("q", &outcome.ran()), None);
        assert!(conclude(&[outcome]).is_err());
    }

    #[test]
    fn skipped_and_missing_tests_are_failures() {
        let skipped = "{\"type\":\"test\",\"event\":\"ignored\",\"name\":\"p::b$b\"}\n";
        assert!(conclude(&[outcome(&format!("{ONE}{skipped}"))]).is_err());
        assert!(conclude(&[outcome(ONE), outcome(&ONE.replace("$a", "$c"))]).is_err());
        let closing = conclude(&[outcome(ONE), outcome(ONE)]).unwrap();
        assert_eq!(closing, "matrix: 2 tests passed on 2 Podmans, none failed");
    }

    #[test]
    fn what_can_not_be_had_without_root_is_counted_as_left_out() {
        let both = format!("{ONE}{}", ONE.replace("$a", "$settings::redis"));
        let rootful = outcome(&both);
        let mut rootless = outcome(ONE);
        rootless.privilege = Privilege::Rootless;
        assert!(rootless.row("p", &rootful.ran()).unwrap().ends_with("1       0         1"));
        assert!(conclude(&[rootful, rootless]).is_ok());
    }

    #[test]
    fn nothing_at_all_is_a_failure() {
        assert!(Outcome::read("4.3.1".into(), "here".into(), Privilege::Rootful, SUITE).is_err());
        assert!(conclude(&[]).is_err());
    }
}
