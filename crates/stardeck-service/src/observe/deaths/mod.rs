//! How often a container ended by itself lately, and what follows from it.
//!
//! Podman restarts a container that failed at once and a few times only, and one that ended cleanly not at all. So the
//! ends are counted here, from what inspection shows: one that ends now and then is started again after a pause that
//! grows, one that keeps ending is left alone, with the reason shown.

use std::{
    collections::VecDeque,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

use chrono::{DateTime, SubsecRound as _, Utc};
use stardeck_domain::{OperationId, Origin};

use super::seen;
use crate::runtime::{ContainerDetails, ContainerState};

/// So many ends …
const LOOP_DEATHS: usize = 3;
/// … within so long are a crash loop.
const LOOP_WINDOW: Duration = Duration::from_mins(1);
/// How long a container that somebody else's rules start again and again has to run before its loop is over.
const CALM_OF_OTHERS: Duration = Duration::from_secs(10);
/// How long a container has to run before the pause is short again.
const CALM_AFTER: Duration = Duration::from_mins(10);
/// The longest pause before a start.
const LONGEST_PAUSE: Duration = Duration::from_mins(5);

/// What to do about a container that was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Advice {
    /// It did not end since the last look.
    Nothing,
    /// It ended so often within a minute: leave it alone.
    GiveUp {
        /// How often.
        times: usize,
    },
    /// It ended: start it again after a pause.
    StartAfter(Duration),
    /// It ended, and whoever made it starts it again or not.
    LeaveToOthers,
}

/// The ends of one container, as far as this server saw them.
#[derive(Debug, Default)]
pub(super) struct Deaths {
    recent: VecDeque<Instant>,
    after: Option<OperationId>,
    /// The operation by which it was started for want of it. It may end before it answers.
    own_start: Option<OperationId>,
    looked_at: Option<(ContainerState, Option<DateTime<Utc>>)>,
    /// Podman's own restarts at that look.
    restarts: Option<u32>,
    /// When the container was started that was last seen to run.
    runs_since: Option<DateTime<Utc>>,
    /// The same, where an inspection told it exactly.
    runs_exactly_since: Option<DateTime<Utc>>,
    seen: Option<Seen>,
    starts: u32,
    last_start: Option<Instant>,
    start_at: Option<Instant>,
    /// The start after which it was left alone.
    given_up: Option<GivenUp>,
    /// When somebody else's is looked at again that was left alone, since nothing is told of one that just runs.
    look_again: Option<Instant>,
}

/// The start after which a container was left alone.
#[derive(Debug)]
struct GivenUp {
    started_at: Option<DateTime<Utc>>,
    /// Since when nothing starts it by itself any more. A start before that is one of Podman's own, which go on.
    stopped_at: Arc<OnceLock<DateTime<Utc>>>,
}

/// What the last inspection showed.
#[derive(Debug, Clone, Copy)]
struct Seen {
    started_at: Option<DateTime<Utc>>,
    restarts: u32,
    ends: u32,
}

impl Deaths {
    /// Forgets what was seen when another operation was at work since: what it did to the container is no end by
    /// itself, and what was planned before it is out of date. True when there was another.
    pub(super) fn begin_after(&mut self, operation: Option<OperationId>) -> bool {
        let is_another = self.after != operation;
        if is_another {
            (self.after, self.looked_at, self.start_at) = (operation, None, None);
            // An end after a start of our own is one more of the same; somebody who starts it begins anew.
            if operation.is_none() || self.own_start != operation {
                self.seen = None;
                self.recent.clear();
            }
            (self.runs_since, self.runs_exactly_since) = (None, None);
            (self.given_up, self.look_again) = (None, None);
        }
        is_another
    }

    /// It is started for want of it, by this operation.
    pub(super) fn begin_own_start(&mut self, operation: OperationId, container: &seen::Seen) {
        self.own_start = Some(operation);
        let restarts = container.restarts.unwrap_or_default();
        let down = Seen { started_at: container.started_at, restarts, ends: restarts.saturating_add(1) };
        self.seen.get_or_insert(down);
    }

    /// Whether a look shows something new about the container, so that its ends are worth counting. One that ends at once
    /// is started again by Podman more than once a second.
    pub(super) fn is_news(&mut self, container: &seen::Seen) -> bool {
        let shown = Some((container.state, container.started_at));
        let is_restarted = container.restarts.is_some_and(|count| count != self.restarts.unwrap_or_default());
        let is_news = self.looked_at != shown || is_restarted;
        self.looked_at = shown;
        self.restarts = container.restarts.or(self.restarts);
        is_news
    }

    /// Whether a container that runs was started by somebody since it was last written down that it runs.
    pub(super) fn is_started_anew(&self, container: &seen::Seen) -> bool {
        let is_within_the_second = || {
            let exactly = self.runs_exactly_since.zip(container.started_exactly);
            exactly.is_some_and(|(before, now)| before != now)
        };
        container.state == ContainerState::Running
            && self.runs_since.is_some()
            && (self.runs_since != container.started_at || is_within_the_second())
    }

    /// It is written down what is seen of the container.
    pub(super) fn written_down(&mut self, container: &seen::Seen) {
        if container.state == ContainerState::Running {
            let known = self.runs_exactly_since.filter(|_| self.runs_since == container.started_at);
            self.runs_exactly_since = container.started_exactly.or(known);
            self.runs_since = container.started_at;
        }
    }

    /// Takes an inspection into account. `was_running` is what the store believed before the first look.
    pub(super) fn note(
        &mut self,
        container: &ContainerDetails,
        origin: Origin,
        was_running: bool,
        first_pause: Duration,
        now: Instant,
    ) -> Advice {
        let has_ended = container.state == ContainerState::Exited;
        let started_at = container.started_at.map(|at| at.trunc_subsecs(0));
        let restarts = container.restart_count;
        let ends = restarts.saturating_add(u32::from(has_ended));
        let known = match self.seen {
            // Podman's own restarts raise its count; a start by anybody else sets it back.
            Some(seen) if seen.started_at == started_at || restarts > seen.restarts => seen.ends,
            Some(_) => 0,
            None if was_running => restarts,
            None => ends,
        };
        self.seen = Some(Seen { started_at, restarts, ends });
        let fresh = ends.saturating_sub(known);
        if fresh == 0 {
            return Advice::Nothing;
        }
        self.recent.extend((0..fresh).map(|_| now));
        self.recent.retain(|at| now.duration_since(*at) < LOOP_WINDOW);
        if self.recent.len() >= LOOP_DEATHS {
            self.start_at = None;
            self.given_up = Some(GivenUp { started_at, stopped_at: Arc::default() });
            self.look_again = (origin == Origin::Adopted).then(|| now + CALM_OF_OTHERS);
            return Advice::GiveUp { times: self.recent.len() };
        }
        if !has_ended {
            return Advice::Nothing;
        }
        if origin == Origin::Adopted {
            return Advice::LeaveToOthers;
        }
        let pause = self.pause(first_pause, now);
        self.start_at = Some(now + pause);
        Advice::StartAfter(pause)
    }

    /// Whether the container is left alone, so that what it does is no news. One of ours that somebody started since is
    /// not; one that somebody else's rules start again and again is not when it has run for a while.
    pub(super) fn has_given_up_on(
        &mut self,
        container: &seen::Seen,
        origin: Origin,
        now: DateTime<Utc>,
    ) -> bool {
        let Some(GivenUp { started_at, stopped_at }) = &self.given_up else { return false };
        let is_over = container.state == ContainerState::Running
            && match origin {
                Origin::Created => {
                    let is_after_stop = |stopped: &DateTime<Utc>| {
                        container.started_at.is_some_and(|at| at > stopped.trunc_subsecs(0))
                    };
                    container.started_at != *started_at && stopped_at.get().is_some_and(is_after_stop)
                }
                Origin::Adopted => container
                    .started_at
                    .is_none_or(|at| (now - at).to_std().is_ok_and(|age| age >= CALM_OF_OTHERS)),
            };
        if is_over {
            self.given_up = None;
            self.recent.clear();
        }
        self.look_again =
            (!is_over && origin == Origin::Adopted && container.state == ContainerState::Running)
                .then(|| Instant::now() + CALM_OF_OTHERS);
        !is_over
    }

    /// What is to be set when a container that was given up has been stopped.
    pub(super) fn stop_of_given_up(&self) -> Arc<OnceLock<DateTime<Utc>>> {
        self.given_up.as_ref().map(|given_up| Arc::clone(&given_up.stopped_at)).unwrap_or_default()
    }

    /// When it has to be looked at, whatever is told of it.
    pub(super) fn due(&self) -> Option<Instant> {
        self.start_at.into_iter().chain(self.look_again).min()
    }

    /// It is looked at now.
    pub(super) fn is_looked_at(&mut self, now: Instant) {
        self.look_again = self.look_again.filter(|due| *due > now);
    }

    /// Whether a start is planned, due or not.
    pub(super) const fn is_waiting(&self) -> bool {
        self.start_at.is_some()
    }

    /// Somebody was quicker: the container runs.
    pub(super) const fn forget_planned_start(&mut self) {
        self.start_at = None;
    }

    /// Whether the planned start is due; then it is taken as done.
    pub(super) fn take_due(&mut self, now: Instant) -> bool {
        let is_due = self.start_at.is_some_and(|at| at <= now);
        if is_due {
            self.start_at = None;
            self.starts = self.starts.saturating_add(1);
            self.last_start = Some(now);
        }
        is_due
    }

    fn pause(&mut self, first: Duration, now: Instant) -> Duration {
        if self.last_start.is_none_or(|at| now.duration_since(at) > CALM_AFTER) {
            self.starts = 0;
        }
        first.saturating_mul(2_u32.saturating_pow(self.starts)).min(LONGEST_PAUSE)
    }
}

#[cfg(test)]
mod tests;
