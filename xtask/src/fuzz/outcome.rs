//! What libFuzzer says at its end.

use std::path::PathBuf;

/// How a run of one program ended.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Outcome {
    /// How many inputs were tried.
    pub(super) executions: u64,
    /// Why it ended early.
    pub(super) crash: Option<Crash>,
}

/// An input for which a property does not hold, or which took too much time or memory.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Crash {
    /// What went wrong, in the program's own words.
    pub(super) words: String,
    /// The file that holds the input.
    pub(super) file: Option<PathBuf>,
}

impl Outcome {
    /// Reads the log of a program.
    pub(super) fn read(log: &str, is_success: bool) -> Self {
        let after = |start: &str| log.lines().rev().find_map(|line| line.trim().strip_prefix(start));
        let executions = after("stat::number_of_executed_units:");
        let executions = executions.and_then(|number| number.trim().parse().ok()).unwrap_or_default();
        let crash = (!is_success).then(|| Crash {
            words: words(log),
            file: log
                .lines()
                .find_map(|line| line.split_once("Test unit written to "))
                .map(|(_, path)| path.into()),
        });
        Self { executions, crash }
    }
}

/// The panic with what it says; else what libFuzzer says.
fn words(log: &str) -> String {
    let lines: Vec<&str> = log.lines().collect();
    let panic = lines.iter().position(|line| line.contains(" panicked at "));
    if let Some(at) = panic {
        let rest = lines.iter().skip(at);
        let own = rest
            .take_while(|line| ["note: ", "==", "stack backtrace:"].iter().all(|end| !line.starts_with(end)));
        return own.take(8).copied().collect::<Vec<_>>().join("\n  ");
    }
    let error = lines.iter().find(|line| line.contains("ERROR: libFuzzer: "));
    error.or(lines.last()).map_or_else(String::new, |line| (*line).to_owned())
}

/// A number with a comma between every three digits.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn end_of_a_run_is_read() {
        let log = "#100\tDONE   cov: 12\nstat::number_of_executed_units: 1500000\nstat::peak_rss_mb: 60\n";
        assert_eq!(Outcome::read(log, true), Outcome { executions: 1_500_000, crash: None });
    }

    #[test]
    fn crash_is_told_with_its_words_and_its_input() {
        let log = "INFO: x\nthread '<unnamed>' panicked at src/a.rs:1:2:\nit differs\nstack backtrace:\n   0: x\n\
                   ==1== ERROR: libFuzzer: deadly signal\nstat::number_of_executed_units: 7\n\
                   artifact_prefix='/w/a-'; Test unit written to /w/a-crash-12\n";
        let outcome = Outcome::read(log, false);
        assert_eq!(outcome.executions, 7);
        let crash = outcome.crash.unwrap();
        assert_eq!(crash.words, "thread '<unnamed>' panicked at src/a.rs:1:2:\n  it differs");
        assert_eq!(crash.file, Some("/w/a-crash-12".into()));
    }

    #[test]
    fn too_much_time_is_told_in_the_words_of_libfuzzer() {
        let log = "ALARM: working on the last Unit for 60 seconds\n==1== ERROR: libFuzzer: timeout after 60 seconds\n";
        assert!(Outcome::read(log, false).crash.unwrap().words.contains("timeout after"));
    }

    #[test]
    fn digits_are_grouped_by_three() {
        for (number, text) in [(0, "0"), (999, "999"), (1_000, "1,000"), (10_000_000, "10,000,000")] {
            assert_eq!(grouped(number), text);
        }
    }
}
