//! What database servers and apps log, as it is written.
//!
//! A log is read once for everybody who follows it, and its last lines are kept here, numbered. Whoever follows reads
//! them at its own pace: a slow one costs nothing, and one that falls behind by more than is kept is told so. What is
//! *not* here: the last lines without following, which are in [`crate::databases`] and [`crate::apps`].

mod ring;
mod watch;

use std::{collections::VecDeque, sync::Arc};

use stardeck_domain::{AppId, DatabaseId};
use tokio::sync::watch as tokio_watch;
use tokio_util::sync::CancellationToken;

use self::{
    ring::LINES_MOST,
    watch::{Watch, Watched, lock},
};
use crate::{
    Error,
    apps::Apps,
    core::Core,
    databases::Databases,
    runtime::{LogLine, LogQuery},
    subject::Subject,
};

/// How many lines are read at once.
const AT_ONCE: usize = 64;

/// Follows logs. Cheap to clone.
#[derive(Clone)]
pub struct Logs {
    core: Arc<Core>,
    databases: Databases,
    apps: Apps,
    watched: Watched,
    end: CancellationToken,
}

/// Whoever is told what is logged.
pub struct LogFollower {
    watch: Arc<Watch>,
    changes: tokio_watch::Receiver<()>,
    /// The number of the line that is read next.
    next: u64,
    read: VecDeque<LogEvent>,
}

/// What is told about a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LogEvent {
    /// A line.
    Line {
        /// Counts the lines of this log, since it is being read.
        number: u64,
        /// The line.
        line: Arc<LogLine>,
    },
    /// Lines that are not kept any more: the follower was too slow.
    Gap {
        /// How many.
        lines: u64,
    },
}

impl Logs {
    pub(crate) fn new(core: Arc<Core>, databases: Databases, apps: Apps, end: CancellationToken) -> Self {
        Self { core, databases, apps, watched: Watched::default(), end }
    }

    /// Follows what a database server logs, from the last lines on that `query` asks for, over all its restarts until
    /// the database is deleted.
    ///
    /// # Errors
    /// There is no such database, or the runtime does not answer.
    pub async fn follow(&self, id: DatabaseId, query: &LogQuery) -> Result<LogFollower, Error> {
        self.follow_subject(Subject::Database(id), query).await
    }

    /// Follows what an app logs, from the last lines on that `query` asks for, over all its restarts and all its
    /// containers until the app is removed.
    ///
    /// # Errors
    /// There is no such app, or the runtime does not answer.
    pub async fn follow_app(&self, id: AppId, query: &LogQuery) -> Result<LogFollower, Error> {
        self.follow_subject(Subject::App(id), query).await
    }

    async fn follow_subject(&self, subject: Subject, query: &LogQuery) -> Result<LogFollower, Error> {
        subject.container(&self.core).await?;
        if let Some(follower) = self.join(subject, query) {
            return Ok(follower);
        }
        let kept = LogQuery { tail: LINES_MOST, since: None };
        let lines = match subject {
            Subject::Database(id) => self.databases.logs(id, kept).await?,
            Subject::App(id) => self.apps.logs(id, kept).await?,
        };
        let mut watched = lock(&self.watched);
        // Somebody else may have been quicker.
        let watch = watched.get(&subject).and_then(std::sync::Weak::upgrade).unwrap_or_else(|| {
            let watch = Arc::new(Watch::new(subject, lines));
            watched.insert(subject, Arc::downgrade(&watch));
            let run =
                Arc::clone(&watch).run(Arc::clone(&self.core), Arc::clone(&self.watched), self.end.clone());
            tokio::spawn(run);
            watch
        });
        Ok(LogFollower::new(watch, query))
    }

    /// Joins those who follow already.
    fn join(&self, subject: Subject, query: &LogQuery) -> Option<LogFollower> {
        let watched = lock(&self.watched);
        let watch = watched.get(&subject)?.upgrade()?;
        // Under the lock, so that the reading does not end before we are counted.
        Some(LogFollower::new(watch, query))
    }
}

impl LogFollower {
    fn new(watch: Arc<Watch>, query: &LogQuery) -> Self {
        let changes = watch.changes.subscribe();
        let next = watch.state().ring.begin(query.tail, query.since);
        Self { watch, changes, next, read: VecDeque::new() }
    }

    /// What comes next, as soon as there is something; None when whatever logs is gone or the server ends. A call that
    /// is dropped loses nothing.
    pub async fn next(&mut self) -> Option<LogEvent> {
        loop {
            if let Some(event) = self.read.pop_front() {
                return Some(event);
            }
            // Before the lines are read: what comes after that wakes us up.
            self.changes.mark_unchanged();
            let has_ended = self.look();
            if self.read.is_empty() && (has_ended || self.changes.changed().await.is_err()) {
                return None;
            }
        }
    }

    /// Reads what there is; says whether nothing more will come.
    fn look(&mut self) -> bool {
        let state = self.watch.state();
        let (first, lines) = state.ring.read(self.next, AT_ONCE);
        let gap = first.saturating_sub(self.next);
        if gap > 0 && !lines.is_empty() {
            self.read.push_back(LogEvent::Gap { lines: gap });
        }
        for (number, line) in (first..).zip(lines) {
            self.next = number.saturating_add(1);
            self.read.push_back(LogEvent::Line { number, line });
        }
        state.has_ended
    }
}
