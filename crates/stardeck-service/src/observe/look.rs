//! Looking at one database and its container, and doing about it what is safe to do.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use stardeck_domain::{
    ConnectionState, DatabaseStatus, DesiredState, Health, ManagedDatabase, NetworkName, Origin,
};
use stardeck_repository::volumes;

use super::{
    Memory, Observer,
    closely::TRIES,
    deaths::Advice,
    record::{record, record_container},
    seen::Seen,
    verdict::{GONE, Verdict, judge},
};
use crate::{
    Error,
    last_words::last_words,
    networks::{links, names},
    runtime::{ContainerDetails, ContainerState, RuntimeError},
};

/// How long a container in a crash loop gets to stop.
const LOOP_GRACE: Duration = Duration::from_secs(10);

/// What came of looking at a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Look {
    /// Its container runs, so that its engine is to be asked whether it answers.
    Runs {
        /// Whether it has answered since the container was started.
        is_proved: bool,
    },
    /// There is nothing to ask.
    Over,
    /// The row changed during the look, so that nothing was written down.
    Overtaken,
}

impl Observer {
    /// Looks at a database and writes down what is seen.
    pub(super) async fn look_at(
        &self,
        database: &ManagedDatabase,
        container: Option<&Seen>,
        memory: &mut Memory,
        is_first: bool,
    ) -> Result<Look, Error> {
        let was_running = database.status == DatabaseStatus::Running;
        let should_run = database.desired_state == DesiredState::Running;
        // Whoever made an adopted one starts it, or not.
        let is_started_by_us = should_run && database.origin == Origin::Created;
        let Some(database) = self.recognise(database, container).await? else { return Ok(Look::Overtaken) };
        let is_down = container.is_some_and(Seen::is_down);
        let deaths = memory.deaths.entry(database.id).or_default();
        let has_given_up = |container| deaths.has_given_up_on(container, database.origin, Utc::now());
        if should_run && !is_first && container.is_some_and(has_given_up) {
            return Ok(Look::Over);
        }
        let is_started_anew = container.is_some_and(|container| deaths.is_started_anew(container));
        let is_proved = was_running && !is_started_anew;
        // That it was asked since its start and did not answer is told until it does.
        let is_told = database.status == DatabaseStatus::Starting
            && database.health == Health::Unhealthy
            && !is_started_anew;
        // What is seen is told first; why it is so takes longer to find out.
        let mut verdict = judge(&database, container, self.notes.of(&database).as_deref());
        if let Some(verdict) = verdict.as_mut().filter(|verdict| verdict.status == DatabaseStatus::Running) {
            // Only an answer proves that an engine runs which did not before, or was restarted by somebody.
            if is_told {
                verdict.status = DatabaseStatus::Starting;
            } else if !is_proved {
                (verdict.status, verdict.reason) = (DatabaseStatus::Starting, None);
                verdict.health = (database.health != Health::Unknown).then_some(Health::Unknown);
            }
        }
        if container.is_none() {
            verdict = self.say_what_is_left(&database, verdict).await?;
        }
        let database = match &verdict {
            Some(verdict) => match record(&self.core, &database, verdict, None).await? {
                Some(database) => database,
                None => return Ok(Look::Overtaken),
            },
            None => database,
        };
        if let Some(container) = container {
            memory.deaths.entry(database.id).or_default().written_down(container);
        }
        let Some(container) = container else { return Ok(Look::Over) };
        if is_first && is_down && is_started_by_us {
            self.start(&database, container, memory).await?;
            return Ok(Look::Over);
        }
        if should_run && self.tend(&database, container, was_running, memory).await? {
            return Ok(Look::Over);
        }
        if container.state != ContainerState::Running {
            return Ok(Look::Over);
        }
        self.reconnect(&database, container).await?;
        Ok(Look::Runs { is_proved })
    }

    /// Takes note of a container that is another one than before, or has another name.
    async fn recognise(
        &self,
        database: &ManagedDatabase,
        container: Option<&Seen>,
    ) -> Result<Option<ManagedDatabase>, Error> {
        match container {
            Some(container) => record_container(&self.core, database, container).await,
            None => Ok(Some(database.clone())),
        }
    }

    /// Of a database whose container is gone: whether its data is still there, and whether something else took the name.
    async fn say_what_is_left(
        &self,
        database: &ManagedDatabase,
        verdict: Option<Verdict>,
    ) -> Result<Option<Verdict>, Error> {
        let is_told = database.status == DatabaseStatus::Missing
            && database.status_reason.as_deref().is_some_and(|reason| reason != GONE);
        let Some(mut verdict) = verdict.filter(|verdict| verdict.status == DatabaseStatus::Missing) else {
            return Ok(None);
        };
        let id = database.id;
        let known = self.core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
        let mut gone = Vec::new();
        for volume in known.iter().filter(|volume| volume.owned) {
            if self.core.runtime.find_volume(&volume.name).await?.is_none() {
                gone.push(volume.name.clone());
            }
        }
        let holder = self.core.runtime.find_container(database.container_name.as_str()).await?;
        let other = holder.map_or_else(String::new, |_| {
            format!("; another one, which is not Stardeck's, is called {}", database.container_name)
        });
        let left = match (gone.is_empty(), known.is_empty()) {
            _ if database.origin == Origin::Adopted => {
                "; whoever made it has to make it again, and then it is found by itself".to_owned()
            }
            (_, true) => String::new(),
            (true, false) => "; its data is kept, so it can be made again on it".to_owned(),
            (false, false) => format!(", and so is its data: the volume {} was removed", gone.join(", ")),
        };
        let reason = format!("{GONE}{other}{left}");
        // A failed attempt to make it again says more, as long as nothing else is new.
        let is_failed_attempt = is_told
            && gone.is_empty()
            && database.status_reason.as_deref().is_some_and(|reason| reason.starts_with("recreate failed"));
        if is_failed_attempt {
            return Ok(None);
        }
        verdict.reason = Some(reason);
        Ok(Some(verdict))
    }

    /// Puts a container that runs back on its networks, with the names it has there.
    async fn reconnect(&self, database: &ManagedDatabase, container: &Seen) -> Result<(), Error> {
        let mut networks = vec![database.network.clone()];
        // A link that is being made, or removed, is its operation's.
        let links = links::of_database(&self.core, database.id).await?.into_iter();
        networks.extend(
            links.filter(|link| link.state == ConnectionState::Active).filter_map(|link| link.network),
        );
        let is_off = |network: &&NetworkName| !container.networks.iter().any(|on| on == network.as_str());
        let mut database = database.clone();
        for network in networks.iter().filter(is_off) {
            match self.put_back(&database, container, network).await? {
                Some(now) => database = now,
                None => break,
            }
        }
        Ok(())
    }

    async fn put_back(
        &self,
        database: &ManagedDatabase,
        container: &Seen,
        network: &NetworkName,
    ) -> Result<Option<ManagedDatabase>, Error> {
        let reason = format!(
            "its container was taken off the network {network}, so apps did not reach it; it is put back"
        );
        let verdict = Verdict { status: database.status, reason: Some(reason), health: None };
        let Some(database) = record(&self.core, database, &verdict, None).await? else { return Ok(None) };
        let reason = match names::join(&self.core, &database, network, container.id.as_str()).await {
            Ok(()) => {
                tracing::info!(database = %database.name, %network, "put back on its network");
                return Ok(Some(database));
            }
            Err(error @ RuntimeError::Unavailable { .. }) => return Err(error.into()),
            Err(RuntimeError::NotFound { .. }) => {
                format!("its network {network} is gone, so apps do not reach it; a restart makes it again")
            }
            Err(error) => {
                format!("its container is off the network {network}, so apps do not reach it: {error}")
            }
        };
        let verdict = Verdict { status: database.status, reason: Some(reason), health: None };
        record(&self.core, &database, &verdict, None).await
    }

    /// Looks after a container that should run and may have ended by itself. True when there is nothing more to see.
    async fn tend(
        &self,
        database: &ManagedDatabase,
        container: &Seen,
        was_running: bool,
        memory: &mut Memory,
    ) -> Result<bool, Error> {
        let deaths = memory.deaths.entry(database.id).or_default();
        let origin = database.origin;
        if deaths.take_due(Instant::now()) && container.is_down() {
            self.start(database, container, memory).await?;
            return Ok(true);
        }
        if container.state == ContainerState::Running {
            deaths.forget_planned_start();
        }
        if !deaths.is_news(container) {
            return Ok(deaths.is_waiting());
        }
        let Some(details) = self.core.runtime.find_container(container.id.as_str()).await? else {
            return Ok(false);
        };
        let advice =
            deaths.note(&details, origin, was_running, self.core.timings.restart_after, Instant::now());
        match advice {
            Advice::Nothing => return Ok(deaths.is_waiting()),
            Advice::GiveUp { times } => self.give_up(database, &details, times, memory).await?,
            Advice::StartAfter(pause) => self.explain(database, &details, Some(pause)).await?,
            Advice::LeaveToOthers => self.explain(database, &details, None).await?,
        }
        Ok(true)
    }

    /// Says why a container ended, and when it is started again, if it is.
    async fn explain(
        &self,
        database: &ManagedDatabase,
        details: &ContainerDetails,
        pause: Option<Duration>,
    ) -> Result<(), Error> {
        let end = last_words(&self.core, database, details.exit_code).await;
        let next =
            pause.map_or_else(String::new, |pause| format!("; started again in {} s", pause.as_secs()));
        let (status, reason) = if details.exit_code == Some(0) {
            let reason = format!("stopped by something other than Stardeck{next}");
            (DatabaseStatus::Stopped, reason)
        } else {
            let why = if details.oom_killed { OUT_OF_MEMORY.to_owned() } else { end.why };
            let reason = format!("the container ended{}{why}{next}", end.how);
            (DatabaseStatus::Error, reason)
        };
        let verdict = Verdict { status, reason: Some(reason), health: Some(Health::Unknown) };
        record(&self.core, database, &verdict, None).await.map(drop)
    }

    /// Says why a container keeps ending, and stops one of ours, which nobody waits for.
    async fn give_up(
        &self,
        database: &ManagedDatabase,
        details: &ContainerDetails,
        times: usize,
        memory: &mut Memory,
    ) -> Result<(), Error> {
        let end = last_words(&self.core, database, details.exit_code).await;
        let why = if details.oom_killed { OUT_OF_MEMORY.to_owned() } else { end.why };
        let is_ours = database.origin == Origin::Created;
        let next = if is_ours { "; not started again" } else { "" };
        let last = end.log.iter().rfind(|line| !line.trim().is_empty());
        let last = last.map_or_else(String::new, |line| {
            let line: String = line.chars().take(LOG_LINE_MOST).collect();
            format!(" (its log ends: {line})")
        });
        // When it runs for a moment again, nothing tells how it ended but what was told then.
        let reason = told_before(database).filter(|_| why.is_empty()).map_or_else(
            || format!("ended {times} times within a minute, the last time{}{why}{last}{next}", end.how),
            |before| format!("ended {times} times within a minute; {before}{next}"),
        );
        let verdict =
            Verdict { status: DatabaseStatus::Error, reason: Some(reason), health: Some(Health::Unknown) };
        let mut now = Some(database.clone());
        for _ in 0..TRIES {
            let Some(row) = &now else { return Ok(()) };
            if record(&self.core, row, &verdict, None).await?.is_some() {
                break;
            }
            // The engine was asked at the same time. What came of that is over, and nobody looks again.
            now = self.core.find_database(database.id).await?;
        }
        if !is_ours {
            return Ok(());
        }
        let (core, container) = (Arc::clone(&self.core), details.id.clone());
        let stopped_at = memory.deaths.entry(database.id).or_default().stop_of_given_up();
        memory.tasks.spawn(async move {
            if let Err(error) = core.runtime.stop_container(container.as_str(), LOOP_GRACE).await {
                tracing::warn!(%container, %error, "a container in a crash loop could not be stopped");
            }
            stopped_at.get_or_init(Utc::now);
        });
        Ok(())
    }

    /// Starts what should run. Another operation that was quicker is fine.
    async fn start(
        &self,
        database: &ManagedDatabase,
        container: &Seen,
        memory: &mut Memory,
    ) -> Result<(), Error> {
        match self.databases.start_as_desired(database.id).await {
            Ok(operation) => {
                let deaths = memory.deaths.entry(database.id).or_default();
                deaths.begin_own_start(operation.id, container);
                tracing::info!(database = %database.name, operation = %operation.id, "starting what should run");
                Ok(())
            }
            Err(Error::OperationInProgress { .. } | Error::InvalidTransition { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

/// Why a database in trouble ended when it last did, as that was told.
fn told_before(database: &ManagedDatabase) -> Option<&str> {
    let reason = database.status_reason.as_deref().filter(|_| database.status == DatabaseStatus::Error)?;
    let reason = reason.split("; started again in ").next()?;
    // With an explanation only: the bare fact that it ended is known.
    reason.contains(": ").then_some(reason).filter(|reason| !reason.starts_with("ended "))
}

/// Most characters of a log line that is repeated in a reason.
const LOG_LINE_MOST: usize = 300;
const OUT_OF_MEMORY: &str = ": the kernel killed it for want of memory";
