//! Adds up the progress of a pull over its layers.

use std::{collections::BTreeMap, fmt};

use crate::runtime::PullProgress;

/// What has arrived so far, over all layers that gave numbers.
#[derive(Debug, Default)]
pub(super) struct PullMeter {
    layers: BTreeMap<String, (u64, u64)>,
    status: String,
}

impl PullMeter {
    /// Takes in one report.
    pub(super) fn add(&mut self, progress: &PullProgress) {
        if !progress.status.trim().is_empty() {
            progress.status.trim().clone_into(&mut self.status);
        }
        if let (Some(layer), Some(current), Some(total)) =
            (&progress.layer, progress.current, progress.total.filter(|total| *total > 0))
        {
            self.layers.insert(layer.clone(), (current.min(total), total));
        }
    }
}

impl fmt::Display for PullMeter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.layers.is_empty() {
            return f.write_str(&self.status);
        }
        let (current, total) =
            self.layers.values().fold((0_u64, 0_u64), |(c, t), (current, total)| (c + current, t + total));
        write!(f, "{} of {} MB in {} layers", tenths(current), tenths(total), self.layers.len())
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
}
