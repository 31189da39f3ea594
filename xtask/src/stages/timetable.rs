//! How long each stage took.

use crate::report;
use std::time::{Duration, Instant};

/// The stages so far, with their times.
#[derive(Debug)]
pub(crate) struct Timetable {
    started: Instant,
    rows: Vec<(String, Duration)>,
}

impl Timetable {
    /// Starts the clock.
    pub(crate) fn new() -> Self {
        Self { started: Instant::now(), rows: Vec::new() }
    }

    /// Runs a stage and notes its time.
    ///
    /// # Errors
    /// The stage's own; then the times so far are printed.
    pub(crate) fn time<T>(
        &mut self,
        name: &str,
        stage: impl FnOnce() -> anyhow::Result<T>,
    ) -> anyhow::Result<T> {
        report::line(&format!("── {name}"));
        let started = Instant::now();
        let result = stage();
        self.rows.push((name.to_owned(), started.elapsed()));
        if result.is_err() {
            self.print();
            report::line(&format!("stage `{name}` failed"));
        }
        result
    }

    /// Prints the table.
    pub(crate) fn print(&self) {
        report::line("── times");
        for (name, duration) in &self.rows {
            report::line(&format!("{name:<22}{:>14}", report::seconds(*duration)));
        }
        report::line(&format!("{:<22}{:>14}", "so far", report::seconds(self.started.elapsed())));
    }
}
