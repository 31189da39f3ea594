//! Rules about the source that neither the compiler nor clippy knows: who may depend on whom, and how files look.
//! `docs/ARCHITECTURE.md` gives the reasons.

pub(crate) mod layers;
pub(crate) mod tidy;

use crate::report;
use anyhow::bail;
use std::fmt::{self, Display};
use std::path::PathBuf;

/// One breach of a rule.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    /// The file, relative to the root of the checkout.
    pub(crate) file: PathBuf,
    /// The line, counted from 1; `None` when the whole file is meant.
    pub(crate) line: Option<usize>,
    /// What is wrong, and what to do instead.
    pub(crate) text: String,
}

impl Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(formatter, "{}:{line}: {}", self.file.display(), self.text),
            None => write!(formatter, "{}: {}", self.file.display(), self.text),
        }
    }
}

/// Prints the findings and makes an error of them when there are any.
///
/// # Errors
/// When there is a finding.
pub(crate) fn conclude(rules: &str, findings: &[Finding]) -> anyhow::Result<()> {
    for finding in findings {
        report::line(&finding.to_string());
    }
    if findings.is_empty() {
        return Ok(());
    }
    bail!("{rules}: {} findings", findings.len())
}
