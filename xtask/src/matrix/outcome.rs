//! What came out of the same tests on several Podmans, as nextest tells it and as a table.

use crate::report;
use anyhow::{Context as _, bail};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The outcome on one Podman.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// Version of Podman.
    pub(crate) version: String,
    /// Where it came from.
    pub(crate) from: String,
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
    pub(crate) fn read(version: String, from: String, lines: &str) -> anyhow::Result<Self> {
        let mut outcome = Self { version, from, ..Self::default() };
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
            bail!("no test ran on Podman {}", outcome.version);
        }
        Ok(outcome)
    }

    fn ran(&self) -> BTreeSet<&String> {
        self.passed.union(&self.failed).collect()
    }
}

/// Prints version × passed/failed, with the names of what failed.
pub(crate) fn print(outcomes: &[Outcome]) {
    report::line("── matrix");
    report::line(&format!("{:<10}{:<18}{:>8}{:>8}", "Podman", "from", "passed", "failed"));
    for outcome in outcomes {
        let Outcome { version, from, passed, failed, .. } = outcome;
        report::line(&format!("{version:<10}{from:<18}{:>8}{:>8}", passed.len(), failed.len()));
    }
    for outcome in outcomes {
        for name in &outcome.failed {
            report::line(&format!("failed on {}: {name}", outcome.version));
        }
    }
}

/// Fails unless the same tests ran everywhere, all of them, and passed.
///
/// # Errors
/// With what is not so.
pub(crate) fn conclude(outcomes: &[Outcome]) -> anyhow::Result<()> {
    let Some(first) = outcomes.first() else { bail!("no Podman was tested") };
    for outcome in outcomes {
        if let Some(name) = outcome.skipped.first() {
            bail!("{name} was skipped on Podman {}", outcome.version);
        }
        if let Some(name) = first.ran().symmetric_difference(&outcome.ran()).next() {
            bail!("{name} ran on only one of Podman {} and {}", first.version, outcome.version);
        }
    }
    if outcomes.iter().any(|outcome| !outcome.failed.is_empty()) {
        bail!("tests failed");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(lines: &str) -> Outcome {
        Outcome::read("4.3.1".into(), "here".into(), lines).unwrap()
    }

    const SUITE: &str = "{\"type\":\"suite\",\"event\":\"started\",\"test_count\":2}\n";
    const ONE: &str = "{\"type\":\"test\",\"event\":\"started\",\"name\":\"a\"}\n{\"type\":\"test\",\"event\":\"ok\",\"name\":\"a\"}\n";

    #[test]
    fn tests_are_counted_by_how_they_ended() {
        let failed = "{\"type\":\"test\",\"event\":\"failed\",\"name\":\"b\",\"stdout\":\"x\"}\n";
        let outcome = outcome(&format!("{SUITE}{ONE}{failed}"));
        assert_eq!((outcome.passed.len(), outcome.failed.len()), (1, 1));
        assert!(conclude(&[outcome]).is_err());
    }

    #[test]
    fn skipped_and_missing_tests_are_failures() {
        let skipped = "{\"type\":\"test\",\"event\":\"ignored\",\"name\":\"b\"}\n";
        assert!(conclude(&[outcome(&format!("{ONE}{skipped}"))]).is_err());
        assert!(conclude(&[outcome(ONE), outcome(&ONE.replace("\"a\"", "\"c\""))]).is_err());
        assert!(conclude(&[outcome(ONE), outcome(ONE)]).is_ok());
    }

    #[test]
    fn nothing_at_all_is_a_failure() {
        assert!(Outcome::read("4.3.1".into(), "here".into(), SUITE).is_err());
        assert!(conclude(&[]).is_err());
    }
}
