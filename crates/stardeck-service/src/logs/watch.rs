//! One log that is read for everybody who follows it.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use chrono::DateTime;
use futures_util::StreamExt as _;
use stardeck_domain::ContainerName;
use tokio::{sync::watch, time::sleep};
use tokio_util::sync::CancellationToken;

use super::ring::{LINES_MOST, Ring};
use crate::{
    Error,
    core::Core,
    runtime::{LogLine, LogQuery, RuntimeError, RuntimeResult},
    subject::Subject,
};

/// How long a log whose container does not run is left alone before it is looked at again.
const LOOK_AGAIN: Duration = Duration::from_secs(1);
/// How long a log is read on when nobody follows it any more. Podman before 5.0 never closes the file of a log that
/// somebody stopped following (measured), so whoever loads a page again and again should not begin anew each time.
const LINGER: Duration = Duration::from_mins(2);

/// The logs that are being read.
pub(super) type Watched = Arc<Mutex<HashMap<Subject, Weak<Watch>>>>;

/// A log that is being read.
pub(super) struct Watch {
    subject: Subject,
    state: Mutex<State>,
    /// Says that there is more to read; those who follow hold the other end.
    pub(super) changes: watch::Sender<()>,
}

/// What is known of a log.
#[derive(Default)]
pub(super) struct State {
    pub(super) ring: Ring,
    /// Whether nothing will ever come.
    pub(super) has_ended: bool,
}

pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Watch {
    pub(super) fn new(subject: Subject, lines: Vec<LogLine>) -> Self {
        let mut state = State::default();
        for line in lines {
            state.ring.push(line);
        }
        Self { subject, state: Mutex::new(state), changes: watch::Sender::new(()) }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        lock(&self.state)
    }

    /// Reads the log until its subject is gone, nobody follows any more, or the server ends.
    pub(super) async fn run(self: Arc<Self>, core: Arc<Core>, watched: Watched, end: CancellationToken) {
        tokio::select! {
            () = self.read(&core) => {}
            () = self.abandoned(&watched) => return,
            () = end.cancelled() => {}
        }
        lock(&watched).remove(&self.subject);
        self.state().has_ended = true;
        self.changes.send_replace(());
    }

    /// Returns when nobody has followed for a while; from then on nobody can come.
    async fn abandoned(&self, watched: &Watched) {
        loop {
            self.changes.closed().await;
            sleep(LINGER).await;
            // Whoever begins to follow holds the same lock.
            let mut watched = lock(watched);
            if self.changes.receiver_count() == 0 {
                watched.remove(&self.subject);
                return;
            }
        }
    }

    /// Reads until its subject is gone. A log ends with each run of its container and goes on with the next, also
    /// when that is another container.
    async fn read(&self, core: &Core) {
        loop {
            match self.subject.container(core).await {
                Ok(container) => self.read_run(core, &container).await,
                Err(error) => {
                    tracing::debug!(%error, subject = ?self.subject, "whose log it is can not be read");
                }
            }
            if let Err(Error::NotFound { .. }) = self.subject.container(core).await {
                return;
            }
            sleep(LOOK_AGAIN).await;
        }
    }

    async fn read_run(&self, core: &Core, container: &ContainerName) {
        match self.read_once(core, container).await {
            Ok(()) | Err(RuntimeError::NotFound { .. }) => {}
            Err(error) => tracing::debug!(%error, %container, "a log can not be read"),
        }
    }

    async fn read_once(&self, core: &Core, container: &ContainerName) -> RuntimeResult<()> {
        let last = self.state().ring.last_moment();
        // Nothing known means that nothing was there, so whatever is there now is new.
        let (since, mut known) = last.map_or((DateTime::UNIX_EPOCH, VecDeque::new()), |last| last);
        let query = LogQuery { tail: LINES_MOST, since: Some(since) };
        let mut lines = core.runtime.follow_logs(container.as_str(), &query).await?;
        while let Some(line) = lines.next().await {
            let line = line?;
            // Times may be no more exact than seconds, so what was read last is told again: exactly that is left out.
            if known.front().is_some_and(|known| **known == line) {
                known.pop_front();
                continue;
            }
            known.clear();
            self.state().ring.push(line);
            self.changes.send_replace(());
        }
        Ok(())
    }
}
