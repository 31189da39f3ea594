//! `stardeck doctor`: looks at the host and says in words what is wrong and what to do.
//!
//! It changes nothing, and works while the server runs and while it does not. What is *not* here: the state of single
//! databases, which the server itself shows.

mod host;
mod podman;
mod store;

use std::{io::Write as _, process::ExitCode};

use serde::Serialize;

use crate::config::DoctorArguments;

/// What a check found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// As it should be.
    Ok,
    /// It works, and may be a surprise some day.
    Warning,
    /// Databases can not be run like this.
    Failure,
}

/// One check.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Finding {
    /// What was looked at: a word that never changes.
    pub(crate) check: &'static str,
    /// What was found.
    pub(crate) verdict: Verdict,
    /// The same in words.
    pub(crate) says: String,
    /// What to do, where there is something to do.
    pub(crate) advice: Option<String>,
}

impl Finding {
    pub(crate) fn ok(check: &'static str, says: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Ok, says: says.into(), advice: None }
    }

    pub(crate) fn warning(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Warning, says: says.into(), advice: Some(advice.into()) }
    }

    pub(crate) fn failure(check: &'static str, says: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { check, verdict: Verdict::Failure, says: says.into(), advice: Some(advice.into()) }
    }
}

/// Everything that was found, as it is printed for programs.
#[derive(Debug, Serialize)]
struct Report {
    /// The worst verdict.
    verdict: Verdict,
    findings: Vec<Finding>,
}

/// Looks at everything. The exit status is 0 when nothing failed, warnings included, else 1.
///
/// # Errors
/// The findings can not be written.
pub(crate) async fn examine(arguments: DoctorArguments) -> anyhow::Result<ExitCode> {
    let as_json = arguments.json;
    let config = arguments.check();
    let mut findings = podman::findings(&config.podman_socket, &config.data_dir).await;
    let data_dir = config.data_dir.clone();
    findings.extend(tokio::task::spawn_blocking(move || host::findings(&data_dir)).await?);
    findings.extend(tokio::task::spawn_blocking(move || store::findings(&config.data_dir)).await?);
    let verdict = findings.iter().map(|finding| finding.verdict).max().unwrap_or(Verdict::Ok);
    let report = Report { verdict, findings };
    let mut out = std::io::stdout();
    if as_json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        write!(out, "{}", in_words(&report))?;
    }
    Ok(if verdict == Verdict::Failure { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn in_words(report: &Report) -> String {
    let lines = report.findings.iter().flat_map(|finding| {
        let mark = match finding.verdict {
            Verdict::Ok => "ok     ",
            Verdict::Warning => "warning",
            Verdict::Failure => "FAILURE",
        };
        let found = format!("{mark}  {:<12} {}\n", finding.check, finding.says);
        let advice = finding.advice.as_ref().map(|advice| format!("         {:<12} → {advice}\n", ""));
        [Some(found), advice].into_iter().flatten()
    });
    let count = |verdict| report.findings.iter().filter(|finding| finding.verdict == verdict).count();
    let sum = format!(
        "doctor: {} ok, {} warnings, {} failures\n",
        count(Verdict::Ok),
        count(Verdict::Warning),
        count(Verdict::Failure)
    );
    lines.chain([sum]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_have_the_advice_below_the_finding_and_a_sum() {
        let findings = vec![Finding::ok("podman", "4.3.1"), Finding::failure("disk", "full", "make room")];
        let text = in_words(&Report { verdict: Verdict::Failure, findings });
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("ok") && lines[1].starts_with("FAILURE"), "{text}");
        assert!(lines[2].ends_with("→ make room"), "{text}");
        assert_eq!(lines[3], "doctor: 1 ok, 0 warnings, 1 failures");
    }
}
