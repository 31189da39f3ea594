//! Adds up the progress of a pull over its layers, and says how often that is worth telling.

use std::{fmt, time::Duration};

use stardeck_domain::{LayerProgress, TransferProgress};
use tokio::time::Instant;

use crate::runtime::PullProgress;

/// How long between two tellings at first.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// After so many tellings the pause doubles, so that a pull of hours is told a thousand times and not a hundred
/// thousand times.
const TELLINGS: u32 = 100;
/// Words of the runtime for a layer that is there in full.
const DONE: [&str; 3] = ["Download complete", "Pull complete", "Already exists"];

/// What has arrived so far.
#[derive(Debug, Default)]
pub(super) struct PullMeter {
    progress: TransferProgress,
}

/// When the next telling is due.
#[derive(Debug)]
pub(super) struct Pace {
    last: Option<Instant>,
    pause: Duration,
    left: u32,
}

impl PullMeter {
    /// Takes in one report. A report of a layer without its size leaves the size that is known.
    pub(super) fn add(&mut self, report: &PullProgress) {
        let status = report.status.trim();
        if !status.is_empty() {
            status.clone_into(&mut self.progress.status);
        }
        let Some(id) = &report.layer else { return };
        let layers = &mut self.progress.layers;
        let place = layers.iter().position(|layer| layer.id == *id).unwrap_or_else(|| {
            layers.push(LayerProgress { id: id.clone(), current: 0, total: None, done: false });
            layers.len() - 1
        });
        if let Some(layer) = layers.get_mut(place) {
            layer.total = report.total.filter(|total| *total > 0).or(layer.total);
            layer.current = report.current.unwrap_or(layer.current).max(layer.current);
            layer.done |= DONE.contains(&status);
            if let Some(total) = layer.total {
                layer.current = if layer.done { total } else { layer.current.min(total) };
            }
        }
        let known = layers.iter().filter_map(|layer| layer.total.map(|total| (layer.current, total)));
        (self.progress.current, self.progress.total) = known.fold((0, 0), |(c, t), (current, total)| {
            (u64::saturating_add(c, current), u64::saturating_add(t, total))
        });
    }

    /// How far it is.
    pub(super) fn progress(&self) -> &TransferProgress {
        &self.progress
    }
}

impl fmt::Display for PullMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TransferProgress { status, current, total, layers } = &self.progress;
        if *total == 0 {
            return f.write_str(status);
        }
        let count = layers.iter().filter(|layer| layer.total.is_some()).count();
        write!(f, "{} of {} MB in {count} layers", tenths(*current), tenths(*total))
    }
}

impl Default for Pace {
    fn default() -> Self {
        Self { last: None, pause: FIRST_PAUSE, left: TELLINGS }
    }
}

impl Pace {
    /// How long until the next telling is due.
    pub(super) fn wait(&self) -> Duration {
        self.last.map_or(Duration::ZERO, |last| self.pause.saturating_sub(last.elapsed()))
    }

    /// Whether it is due.
    pub(super) fn is_due(&self) -> bool {
        self.wait().is_zero()
    }

    /// It was told.
    pub(super) fn shown(&mut self) {
        self.last = Some(Instant::now());
        self.left -= 1;
        if self.left == 0 {
            self.left = TELLINGS;
            self.pause = self.pause.saturating_mul(2);
        }
    }
}

/// Bytes as megabytes (10^6) with one decimal.
fn tenths(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(layer: &str, current: u64, total: u64) -> PullProgress {
        PullProgress {
            layer: Some(layer.to_owned()),
            status: "Downloading".to_owned(),
            current: Some(current),
            total: Some(total),
        }
    }

    #[test]
    fn layers_are_added_up_and_a_later_report_replaces_an_earlier_one() {
        let mut meter = PullMeter::default();
        meter.add(&report("a", 1_000_000, 4_000_000));
        meter.add(&report("b", 500_000, 2_000_000));
        meter.add(&report("a", 3_000_000, 4_000_000));
        assert_eq!(meter.to_string(), "3.5 of 6.0 MB in 2 layers");
    }

    #[test]
    fn without_numbers_the_runtimes_own_words_are_shown() {
        let mut meter = PullMeter::default();
        meter.add(&PullProgress {
            layer: None,
            status: "Copying blob sha256:5a73\n".to_owned(),
            current: None,
            total: None,
        });
        assert_eq!(meter.to_string(), "Copying blob sha256:5a73");
    }

    #[test]
    fn layer_of_unknown_size_is_named_and_one_that_is_done_is_whole() {
        let mut meter = PullMeter::default();
        let words = |layer: &str, status: &str| PullProgress {
            layer: Some(layer.to_owned()),
            status: status.to_owned(),
            current: None,
            total: None,
        };
        meter.add(&words("a", "Pulling fs layer"));
        meter.add(&report("b", 900, 1000));
        meter.add(&words("b", "Download complete"));
        let layer =
            |id: &str, current, total, done| LayerProgress { id: id.to_owned(), current, total, done };
        assert_eq!(meter.progress().layers, [layer("a", 0, None, false), layer("b", 1000, Some(1000), true)]);
        assert_eq!((meter.progress().current, meter.progress().total), (1000, 1000));
        assert_eq!(meter.progress().status, "Download complete");
    }

    #[test]
    fn a_pull_of_a_day_is_told_about_a_thousand_times() {
        let (mut pace, mut passed, mut count) = (Pace::default(), Duration::ZERO, 0);
        assert!(pace.is_due());
        while passed < Duration::from_hours(24) {
            pace.shown();
            assert!(!pace.is_due());
            passed += pace.pause;
            count += 1;
        }
        assert!((900..1500).contains(&count), "{count}");
    }
}
