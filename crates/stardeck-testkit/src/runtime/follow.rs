//! Logs of the fake runtime, as they are told.

use std::{collections::VecDeque, sync::Weak, time::Duration};

use futures_util::{StreamExt as _, stream};
use stardeck_service::runtime::{ContainerState, LogFollow, LogLine, LogQuery};

use super::Inner;

/// How often a log is looked at.
const LOOK_EVERY: Duration = Duration::from_millis(5);

/// The lines that were asked for.
pub(super) fn last_lines(log: &[LogLine], query: &LogQuery) -> Vec<LogLine> {
    let wanted = log.iter().filter(|line| query.since.is_none_or(|since| line.at >= Some(since)));
    let tail = usize::try_from(query.tail).unwrap_or(usize::MAX);
    let skipped = wanted.clone().count().saturating_sub(tail);
    wanted.skip(skipped).cloned().collect()
}

/// These lines, and those that come after the first `seen` of the log, until the container ends.
pub(super) fn follow_log(inner: Weak<Inner>, name: String, lines: Vec<LogLine>, seen: usize) -> LogFollow {
    let begin = (VecDeque::from(lines), seen);
    stream::unfold(begin, move |(mut lines, mut seen)| {
        let (inner, name) = (inner.clone(), name.clone());
        async move {
            loop {
                if let Some(line) = lines.pop_front() {
                    return Some((Ok(line), (lines, seen)));
                }
                let runs = {
                    let inner = inner.upgrade()?;
                    let state = inner.lock();
                    let container = state.objects.containers.get(&name)?;
                    lines.extend(container.log.iter().skip(seen).cloned());
                    seen = container.log.len();
                    container.state == ContainerState::Running
                };
                if lines.is_empty() && !runs {
                    return None;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        }
    })
    .boxed()
}
