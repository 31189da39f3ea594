//! The last lines of a log, numbered.

use std::{collections::VecDeque, sync::Arc};

use chrono::{DateTime, Utc};

use crate::runtime::LogLine;

/// Most lines that are kept.
pub(super) const LINES_MOST: u32 = 10_000;
/// Most bytes of text that are kept.
const BYTES_MOST: usize = 4 * 1024 * 1024;

/// The last lines of a log. Older ones make room for newer ones.
#[derive(Debug, Default)]
pub(super) struct Ring {
    lines: VecDeque<Arc<LogLine>>,
    /// The number of the oldest line that is kept.
    first: u64,
    bytes: usize,
}

impl Ring {
    pub(super) fn push(&mut self, line: LogLine) {
        self.bytes = self.bytes.saturating_add(line.line.len());
        self.lines.push_back(Arc::new(line));
        let most = usize::try_from(LINES_MOST).unwrap_or(usize::MAX);
        while self.lines.len() > most || self.bytes > BYTES_MOST {
            let Some(oldest) = self.lines.pop_front() else { break };
            self.bytes = self.bytes.saturating_sub(oldest.line.len());
            self.first = self.first.saturating_add(1);
        }
    }

    /// The number of the line that comes next.
    fn next(&self) -> u64 {
        self.first.saturating_add(u64::try_from(self.lines.len()).unwrap_or(u64::MAX))
    }

    /// The number to begin with for the last `tail` lines, of those not before `since`.
    pub(super) fn begin(&self, tail: u32, since: Option<DateTime<Utc>>) -> u64 {
        let older = |line: &&Arc<LogLine>| line.at.zip(since).is_some_and(|(at, since)| at < since);
        let older = u64::try_from(self.lines.iter().take_while(older).count()).unwrap_or(u64::MAX);
        self.first.saturating_add(older).max(self.next().saturating_sub(u64::from(tail)))
    }

    /// At most so many lines, of those from this number on, with the number of the first of them.
    pub(super) fn read(&self, from: u64, most: usize) -> (u64, Vec<Arc<LogLine>>) {
        let skip = usize::try_from(from.saturating_sub(self.first)).unwrap_or(usize::MAX);
        (from.max(self.first), self.lines.iter().skip(skip).take(most).cloned().collect())
    }

    /// The lines of the last time that was told, and that time: what a runtime that is asked for the lines since then
    /// tells again.
    pub(super) fn last_moment(&self) -> Option<(DateTime<Utc>, VecDeque<Arc<LogLine>>)> {
        let at = self.lines.back()?.at?;
        let count = self.lines.iter().rev().take_while(|line| line.at == Some(at)).count();
        Some((at, self.lines.iter().skip(self.lines.len().saturating_sub(count)).cloned().collect()))
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;
    use crate::runtime::LogStream;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
    }

    fn line(second: i64, text: &str) -> LogLine {
        LogLine { at: Some(at(second)), stream: LogStream::Stdout, line: text.to_owned() }
    }

    fn texts(lines: &[Arc<LogLine>]) -> Vec<&str> {
        lines.iter().map(|line| line.line.as_str()).collect()
    }

    fn of(lines: &[(i64, &str)]) -> Ring {
        let mut ring = Ring::default();
        for (second, text) in lines {
            ring.push(line(*second, text));
        }
        ring
    }

    #[test]
    fn tail_and_since_say_where_to_begin() {
        let ring = of(&[(1, "a"), (2, "b"), (2, "c"), (3, "d")]);
        let from = |tail, since: Option<i64>| ring.begin(tail, since.map(at));
        assert_eq!(texts(&ring.read(from(2, None), 10).1), ["c", "d"]);
        assert_eq!(texts(&ring.read(from(10, Some(2)), 10).1), ["b", "c", "d"]);
        assert_eq!(texts(&ring.read(from(1, Some(2)), 10).1), ["d"]);
        assert!(ring.read(from(0, None), 10).1.is_empty());
        assert!(ring.read(from(10, Some(4)), 10).1.is_empty());
    }

    #[test]
    fn what_made_room_is_told_by_the_number() {
        let mut ring = of(&[(1, "first")]);
        for _ in 0..LINES_MOST {
            ring.push(line(2, "x"));
        }
        let (number, lines) = ring.read(0, 3);
        assert_eq!((number, texts(&lines)), (1, vec!["x", "x", "x"]));
    }

    #[test]
    fn text_is_bounded_too() {
        let mut ring = Ring::default();
        let long = "x".repeat(BYTES_MOST / 4);
        for _ in 0..9 {
            ring.push(line(1, &long));
        }
        assert_eq!(ring.read(0, 100).0, 5);
        assert_eq!(ring.read(0, 100).1.len(), 4);
    }

    #[test]
    fn last_moment_has_all_lines_of_the_same_time() {
        assert!(Ring::default().last_moment().is_none());
        let (time, lines) = of(&[(1, "a"), (2, "b"), (2, "c")]).last_moment().unwrap();
        assert_eq!(
            (time, texts(lines.iter().cloned().collect::<Vec<_>>().as_slice())),
            (at(2), vec!["b", "c"])
        );
    }
}
