//! Asking the engines whether they answer: a login and a query for each database that runs, again and again.
//!
//! That a container runs says nothing about its engine. A few are asked at once, each at its own moment, and one that
//! does not answer more and more seldom, so that a host with many databases is not busy with being asked.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use stardeck_domain::{DatabaseId, DatabaseStatus, Health, ManagedDatabase};
use stardeck_repository::{databases, operations};
use tokio::{sync::mpsc, task::JoinSet};

use super::{notes::Notes, record::record, verdict::Verdict};
use crate::{Error, core::Core, operations::run::chain, provisioning::ready::logins, runtime::RuntimeError};

/// How long an answer counts before the engine is asked again.
const ASK_AFTER: Duration = Duration::from_secs(30);
/// How many are asked at once.
const AT_ONCE: usize = 8;
/// First wait before one that did not answer is asked again; it doubles.
const RETRY_FIRST: Duration = Duration::from_millis(250);
/// Longest such wait.
const RETRY_MOST: Duration = Duration::from_mins(1);

/// What the one who looks at containers says to the one who asks engines.
#[derive(Debug)]
pub(super) enum Order {
    /// These run. All others are left alone.
    Watch(Vec<Runs>),
    /// This one has just begun to run: ask it now.
    AskNow(DatabaseId),
}

/// A database whose container runs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Runs {
    pub(super) id: DatabaseId,
    /// When its engine last answered; None when that counts no more, because it did not run since.
    pub(super) answered_at: Option<DateTime<Utc>>,
}

/// Who asks the engines.
pub(super) struct Prober {
    pub(super) core: Arc<Core>,
    pub(super) notes: Notes,
}

/// When a database is asked next.
#[derive(Debug, Clone, Copy)]
struct Turn {
    due: Instant,
    /// How often in a row it did not answer.
    silences: u32,
    is_under_way: bool,
}

/// What came of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Answered,
    Silent,
    /// Something else happened to the database meanwhile.
    Overtaken,
    /// It is not to be asked any more.
    Over,
}

impl Prober {
    /// Asks until nobody gives orders any more.
    pub(super) async fn run(self: Arc<Self>, mut orders: mpsc::UnboundedReceiver<Order>) {
        let mut turns: HashMap<DatabaseId, Turn> = HashMap::new();
        let mut asking: JoinSet<(DatabaseId, Outcome)> = JoinSet::new();
        loop {
            let now = Instant::now();
            for (id, turn) in &mut turns {
                if !turn.is_under_way && turn.due <= now && asking.len() < AT_ONCE {
                    turn.is_under_way = true;
                    let (this, id) = (Arc::clone(&self), *id);
                    asking.spawn(async move { (id, this.ask(id).await) });
                }
            }
            let next = turns.values().filter(|turn| !turn.is_under_way).map(|turn| turn.due).min();
            let is_full = asking.len() >= AT_ONCE;
            tokio::select! {
                order = orders.recv() => match order {
                    Some(order) => take(&mut turns, order),
                    None => return,
                },
                Some(asked) = asking.join_next() => if let Ok((id, outcome)) = asked {
                    reschedule(&mut turns, id, outcome);
                },
                () = sleep_until(next), if !is_full => {}
            }
        }
    }

    async fn ask(&self, id: DatabaseId) -> Outcome {
        match self.try_ask(id).await {
            Ok(outcome) => outcome,
            // Nothing can be said about an engine that can not be reached because Podman does not answer.
            Err(Error::RuntimeUnavailable { .. }) => Outcome::Overtaken,
            Err(error) => {
                tracing::warn!(database = %id, error = %chain(&error), "could not ask the engine");
                Outcome::Silent
            }
        }
    }

    async fn try_ask(&self, id: DatabaseId) -> Result<Outcome, Error> {
        let found = self
            .core
            .db
            .read(move |tx| {
                let Some(database) = databases::find(tx, id)? else { return Ok(None) };
                let is_busy = operations::find_unfinished_of(tx, id)?.is_some();
                Ok::<_, Error>(Some((database, is_busy)))
            })
            .await?;
        let Some((database, is_busy)) = found else { return Ok(Outcome::Over) };
        if is_busy {
            return Ok(Outcome::Overtaken);
        }
        if !matches!(database.status, DatabaseStatus::Running | DatabaseStatus::Starting) {
            return Ok(Outcome::Over);
        }
        if let Err(error) = self.core.settle_rotations(&database).await {
            tracing::debug!(database = %database.name, %error, "an interrupted rotation is not settled yet");
        }
        let began = Instant::now();
        let silence = self.log_in(&database).await?;
        let latency = began.elapsed();
        let is_healthy = silence.is_none();
        // An engine that ran and is slow to answer still runs; one that was down has yet to prove that it is back.
        let runs = is_healthy || database.status == DatabaseStatus::Running;
        let verdict = Verdict {
            status: if runs { DatabaseStatus::Running } else { DatabaseStatus::Starting },
            reason: match silence {
                Some(why) => Some(format!("the engine does not answer: {why}")),
                None => self.notes.of(&database),
            },
            health: Some(if is_healthy { Health::Healthy } else { Health::Unhealthy }),
        };
        let recorded = record(&self.core, &database, &verdict, is_healthy.then_some(latency)).await?;
        Ok(match recorded {
            None => Outcome::Overtaken,
            Some(_) if is_healthy => Outcome::Answered,
            Some(_) => Outcome::Silent,
        })
    }

    /// None when the engine answered; otherwise why it did not.
    async fn log_in(&self, database: &ManagedDatabase) -> Result<Option<String>, Error> {
        let reach =
            match self.core.runtime.reach(database.container_name.as_str(), database.internal_port).await {
                Ok(reach) => reach,
                Err(error @ RuntimeError::Unavailable { .. }) => return Err(error.into()),
                Err(error) => return Ok(Some(error.to_string())),
            };
        let driver = self.core.driver(database.engine)?;
        let Some(login) = logins(&self.core, database, reach.addr).await?.into_iter().next() else {
            return Ok(Some("no credentials are stored".to_owned()));
        };
        Ok(driver.login(&login).await.err().map(|error| error.to_string()))
    }
}

fn take(turns: &mut HashMap<DatabaseId, Turn>, order: Order) {
    let now = Instant::now();
    match order {
        Order::AskNow(id) => {
            let turn = turns.entry(id).or_insert(Turn { due: now, silences: 0, is_under_way: false });
            (turn.due, turn.silences) = (now, 0);
        }
        Order::Watch(running) => {
            let ids: HashSet<DatabaseId> = running.iter().map(|runs| runs.id).collect();
            turns.retain(|id, turn| turn.is_under_way || ids.contains(id));
            for Runs { id, answered_at } in running {
                let age = answered_at.and_then(|at| (Utc::now() - at).to_std().ok());
                let rest = age.map_or(Duration::ZERO, |age| spread(id, ASK_AFTER).saturating_sub(age));
                let turn =
                    turns.entry(id).or_insert(Turn { due: now + rest, silences: 0, is_under_way: false });
                if turn.silences == 0 {
                    turn.due = turn.due.min(now + rest);
                }
            }
        }
    }
}

fn reschedule(turns: &mut HashMap<DatabaseId, Turn>, id: DatabaseId, outcome: Outcome) {
    let Some(turn) = turns.get_mut(&id) else { return };
    turn.is_under_way = false;
    let wait = match outcome {
        Outcome::Over => {
            turns.remove(&id);
            return;
        }
        Outcome::Answered => {
            turn.silences = 0;
            spread(id, ASK_AFTER)
        }
        Outcome::Silent => {
            turn.silences = turn.silences.saturating_add(1);
            let doubled = RETRY_FIRST.saturating_mul(2_u32.saturating_pow(turn.silences - 1));
            spread(id, doubled.min(RETRY_MOST))
        }
        Outcome::Overtaken => RETRY_FIRST,
    };
    turn.due = Instant::now() + wait;
}

/// A wait between 80 and 120 % of the one given, another for each database, so that not all are asked at once.
fn spread(id: DatabaseId, wait: Duration) -> Duration {
    let share = u32::try_from(id.as_uuid().as_u128() % 41).unwrap_or_default();
    wait.saturating_mul(80 + share) / 100
}

async fn sleep_until(due: Option<Instant>) {
    match due {
        Some(due) => tokio::time::sleep_until(due.into()).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn runs(id: DatabaseId, answered_at: Option<DateTime<Utc>>) -> Runs {
        Runs { id, answered_at }
    }

    #[test]
    fn silent_one_is_asked_more_and_more_seldom_and_one_that_answers_after_half_a_minute() {
        let (id, mut turns) = (DatabaseId::new(), HashMap::new());
        take(&mut turns, Order::AskNow(id));
        let mut wait = |outcome| {
            let before = Instant::now();
            reschedule(&mut turns, id, outcome);
            turns[&id].due - before
        };
        let waits: Vec<_> = (0..10).map(|_| wait(Outcome::Silent)).collect();
        assert!(waits[0] >= RETRY_FIRST * 8 / 10 && waits[0] < RETRY_FIRST * 13 / 10, "{waits:?}");
        // The clock goes on while it is asked.
        assert!(waits.is_sorted_by_key(|wait| wait.as_millis() / 10), "{waits:?}");
        assert!(waits[9] <= RETRY_MOST * 13 / 10, "{waits:?}");
        let answered = wait(Outcome::Answered);
        assert!(answered >= ASK_AFTER * 8 / 10 && answered <= ASK_AFTER * 13 / 10);
    }

    #[test]
    fn who_does_not_run_any_more_is_left_alone() {
        let (stays, goes, mut turns) = (DatabaseId::new(), DatabaseId::new(), HashMap::new());
        take(&mut turns, Order::Watch(vec![runs(stays, None), runs(goes, Some(Utc::now()))]));
        assert!(turns[&stays].due <= Instant::now());
        assert!(turns[&goes].due > Instant::now() + ASK_AFTER / 2);
        take(&mut turns, Order::Watch(vec![runs(stays, None)]));
        assert!(turns.contains_key(&stays) && !turns.contains_key(&goes));
        reschedule(&mut turns, stays, Outcome::Over);
        assert!(turns.is_empty());
    }
}
