//! What a person sees: plain lines everywhere, a spinner with the elapsed time for long steps on a terminal.

use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

/// A long step. On a terminal it spins; elsewhere it is one line at its start and one at its end.
#[derive(Debug)]
pub(crate) struct Step {
    label: String,
    started: Instant,
    bar: Option<ProgressBar>,
}

impl Step {
    /// Begins a step.
    pub(crate) fn start(label: impl Into<String>) -> Self {
        let label = label.into();
        let bar = std::io::stderr().is_terminal().then(|| {
            let bar = ProgressBar::new_spinner();
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} {elapsed}") {
                bar.set_style(style);
            }
            bar.set_message(label.clone());
            bar.enable_steady_tick(Duration::from_millis(120));
            bar
        });
        if bar.is_none() {
            eprintln!("{label} …");
        }
        Self { label, started: Instant::now(), bar }
    }

    /// Prints a line without disturbing the spinner.
    pub(crate) fn note(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => eprintln!("{text}"),
        }
    }

    /// Ends the step well and prints its time.
    pub(crate) fn done(self) {
        self.end("done");
    }

    /// Ends the step as failed; the error itself is the caller's to report.
    pub(crate) fn failed(self) {
        self.end("FAILED");
    }

    fn end(self, outcome: &str) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        eprintln!("{}: {outcome} ({})", self.label, seconds(self.started.elapsed()));
    }
}

/// Announces a change to the host; called before the change is made.
pub(crate) fn change(text: &str) {
    eprintln!("host: {text}");
}

/// One plain line.
pub(crate) fn line(text: &str) {
    eprintln!("{text}");
}

/// Prints an error with its causes.
pub(crate) fn failure(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
}

/// A duration as people read it: `0.4 s`, `12 s`, `3 min 05 s`.
pub(crate) fn seconds(duration: Duration) -> String {
    let whole = duration.as_secs();
    match whole {
        0..=9 => format!("{:.1} s", duration.as_secs_f64()),
        10..=119 => format!("{whole} s"),
        _ => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_of_each_size_are_readable() {
        assert_eq!(seconds(Duration::from_millis(440)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(12)), "12 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }
}
