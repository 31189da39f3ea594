//! Keeps what is written down in step with what Podman shows.
//!
//! Level-triggered and without input: it reads what should be and what is, and writes down the difference. It removes
//! nothing. At the start of the server it starts what should run and does not; later, what ended by itself
//! ([`deaths`]).

mod deaths;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use chrono::Utc;
use stardeck_domain::{DatabaseId, DatabaseStatus, DesiredState, Health, ManagedDatabase};
use stardeck_repository::{databases, operations};
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    core::Core,
    databases::Databases,
    last_words::last_words,
    operations::run::chain,
    ownership,
    provisioning::ready::logins,
    runtime::{ContainerState, ContainerSummary, RuntimeError},
};

use deaths::{Advice, Deaths};

/// How long an answer of the engine counts before it is asked again.
const ASK_AFTER: Duration = Duration::from_secs(30);

/// How long a container in a crash loop gets to stop.
const LOOP_GRACE: Duration = Duration::from_secs(10);

/// How often each database that should run ended lately.
type Watch = HashMap<DatabaseId, Deaths>;

/// Keeps the store in step with the runtime until it is told to end.
pub(crate) struct Observer {
    core: Arc<Core>,
    databases: Databases,
}

/// What a look at the container says about the database.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Verdict {
    status: DatabaseStatus,
    reason: Option<String>,
    /// None when the engine was not asked.
    health: Option<Health>,
}

impl Observer {
    pub(crate) fn new(core: Arc<Core>, databases: Databases) -> Self {
        Self { core, databases }
    }

    /// Looks again and again until the token is cancelled.
    pub(crate) async fn run(self, end: CancellationToken) {
        let every = self.core.timings.observe_every;
        let work = async {
            let mut has_started = false;
            let mut watch = Watch::new();
            loop {
                match self.pass(&mut watch, !has_started).await {
                    Ok(()) => has_started = true,
                    Err(error) => tracing::warn!(error = %chain(&error), "could not look at the containers"),
                }
                tokio::time::sleep(every).await;
            }
        };
        tokio::select! {
            () = end.cancelled() => {}
            () = work => {}
        }
    }

    /// Rows first, containers second: a row that has not changed when the verdict is written down (see
    /// [`Self::record`]) proves that no operation came between, so that the list tells the truth about it.
    async fn pass(&self, watch: &mut Watch, is_first: bool) -> Result<(), Error> {
        let (rows, busy) = self
            .core
            .db
            .read(|tx| {
                let (mut rows, mut busy) = (Vec::new(), Vec::new());
                for database in databases::list_all(tx)? {
                    match operations::find_unfinished_of(tx, database.id)? {
                        None => {
                            let last = operations::find_latest_of(tx, database.id)?.map(|last| last.id);
                            rows.push((database, last));
                        }
                        Some(_) => busy.push(database),
                    }
                }
                Ok::<_, Error>((rows, busy))
            })
            .await?;
        let should_run: HashSet<DatabaseId> = rows
            .iter()
            .map(|(database, _)| database)
            .chain(&busy)
            .filter(|database| database.desired_state == DesiredState::Running)
            .map(|database| database.id)
            .collect();
        watch.retain(|id, _| should_run.contains(id));
        for (database, last) in &rows {
            watch.entry(database.id).or_default().begin_after(*last);
        }
        let containers = self.core.runtime.list_containers().await?;
        let mut by_database: HashMap<DatabaseId, &ContainerSummary> = HashMap::new();
        for (database, _) in &rows {
            let own = containers
                .iter()
                .find(|container| ownership::is_listed_as(container, database, self.core.instance));
            if let Some(container) = own {
                by_database.insert(database.id, container);
            }
        }
        for (database, _) in rows {
            let container = by_database.get(&database.id).copied();
            match self.look_at(&database, container, watch, is_first).await {
                Ok(()) => {}
                Err(error @ Error::RuntimeUnavailable { .. }) => return Err(error),
                // Trouble with one database does not keep the others from being looked at.
                Err(error) => {
                    tracing::warn!(database = %database.name, error = %chain(&error), "could not look at it");
                }
            }
        }
        Ok(())
    }

    async fn look_at(
        &self,
        database: &ManagedDatabase,
        container: Option<&ContainerSummary>,
        watch: &mut Watch,
        is_first: bool,
    ) -> Result<(), Error> {
        let verdict = judge(database, container);
        if is_first && is_down(container) && database.desired_state == DesiredState::Running {
            if let Some(verdict) = &verdict {
                self.record(database, verdict).await?;
            }
            return self.start(database).await;
        }
        if let Some(container) = container
            && database.desired_state == DesiredState::Running
            && self.tend(database, container, watch.entry(database.id).or_default()).await?
        {
            return Ok(());
        }
        let Some(mut verdict) = verdict else { return Ok(()) };
        if verdict.status == DatabaseStatus::Running {
            let is_due = database.status != DatabaseStatus::Running
                || database.last_answer_at.is_none_or(|at| at + ASK_AFTER < Utc::now());
            if is_due {
                verdict = self.ask(database).await?;
            }
        }
        self.record(database, &verdict).await
    }

    /// Looks after a container that should run and may have ended by itself. True when there is nothing more to see.
    async fn tend(
        &self,
        database: &ManagedDatabase,
        container: &ContainerSummary,
        deaths: &mut Deaths,
    ) -> Result<bool, Error> {
        if deaths.take_due(Instant::now()) && is_down(Some(container)) {
            self.start(database).await?;
            return Ok(true);
        }
        if !deaths.is_news(container) {
            return Ok(deaths.is_waiting());
        }
        let Some(details) = self.core.runtime.find_container(container.id.as_str()).await? else {
            return Ok(false);
        };
        let was_running = database.status == DatabaseStatus::Running;
        let advice = deaths.note(&details, was_running, self.core.timings.restart_after, Instant::now());
        if advice == Advice::Nothing {
            return Ok(deaths.is_waiting());
        }
        let end = last_words(&self.core, database, details.exit_code).await;
        let (is_clean, how, why) = (details.exit_code == Some(0), end.how, end.why);
        let verdict = match advice {
            Advice::Nothing => return Ok(false),
            Advice::GiveUp { times } => {
                self.core.runtime.stop_container(container.id.as_str(), LOOP_GRACE).await?;
                let last = end.log.last().map_or_else(String::new, |line| format!(" (its log ends: {line})"));
                let reason = format!(
                    "ended {times} times within a minute, the last time{how}{why}{last}; not started again"
                );
                Verdict { status: DatabaseStatus::Error, reason: Some(reason), health: Some(Health::Unknown) }
            }
            Advice::StartAfter(pause) if is_clean => {
                let reason = format!(
                    "stopped by something other than Stardeck; started again in {} s",
                    pause.as_secs()
                );
                Verdict {
                    status: DatabaseStatus::Stopped,
                    reason: Some(reason),
                    health: Some(Health::Unknown),
                }
            }
            Advice::StartAfter(pause) => {
                let reason = format!("the container ended{how}{why}; started again in {} s", pause.as_secs());
                Verdict { status: DatabaseStatus::Error, reason: Some(reason), health: Some(Health::Unknown) }
            }
        };
        self.record(database, &verdict).await?;
        Ok(true)
    }

    /// Starts what should run. Another operation that was quicker is fine.
    async fn start(&self, database: &ManagedDatabase) -> Result<(), Error> {
        match self.databases.start_as_desired(database.id).await {
            Ok(operation) => {
                tracing::info!(database = %database.name, operation = %operation.id, "starting what should run");
                Ok(())
            }
            Err(Error::OperationInProgress { .. } | Error::InvalidTransition { .. }) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Asks the engine whether it answers.
    async fn ask(&self, database: &ManagedDatabase) -> Result<Verdict, Error> {
        let answer = self.log_in(database).await?;
        let is_healthy = answer.is_none();
        let health = if is_healthy { Health::Healthy } else { Health::Unhealthy };
        // An engine that ran and is slow to answer still runs; one that was down has yet to prove that it is back.
        let runs = is_healthy || database.status == DatabaseStatus::Running;
        let status = if runs { DatabaseStatus::Running } else { DatabaseStatus::Starting };
        let reason = answer.map(|why| format!("the engine does not answer: {why}"));
        Ok(Verdict { status, reason, health: Some(health) })
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

    /// Writes down what was seen, unless the row changed since it was read: whoever changed it knows better.
    async fn record(&self, database: &ManagedDatabase, verdict: &Verdict) -> Result<(), Error> {
        let is_same = database.status == verdict.status && database.status_reason == verdict.reason;
        if (is_same && verdict.health.is_none()) || !database.status.can_become(verdict.status) {
            return Ok(());
        }
        let (id, seen_at, verdict) = (database.id, database.updated_at, verdict.clone());
        let (name, from, to) = (&database.name, database.status, verdict.status);
        let is_recorded = self
            .core
            .db
            .write(move |tx| {
                match databases::get(tx, id) {
                    Ok(stored) if stored.updated_at == seen_at => {}
                    Ok(_) | Err(stardeck_repository::Error::NotFound { .. }) => return Ok(false),
                    Err(error) => return Err(Error::from(error)),
                }
                if operations::find_unfinished_of(tx, id)?.is_some() {
                    return Ok(false);
                }
                let now = Utc::now();
                if let Some(health) = verdict.health {
                    databases::mark_health(tx, id, health, (health == Health::Healthy).then_some(now))?;
                }
                if !is_same {
                    databases::set_status(tx, id, verdict.status, verdict.reason.as_deref(), now)?;
                }
                Ok(true)
            })
            .await?;
        if is_recorded && from != to {
            tracing::info!(database = %name, %from, %to, "status changed");
        }
        Ok(())
    }
}

/// Whether the container is there and does not run.
fn is_down(container: Option<&ContainerSummary>) -> bool {
    container.is_some_and(|container| match container.state {
        ContainerState::Created | ContainerState::Exited => true,
        ContainerState::Running
        | ContainerState::Stopping
        | ContainerState::Paused
        | ContainerState::Removing
        | ContainerState::Unknown => false,
    })
}

/// What the container's state says. None when it says nothing.
fn judge(database: &ManagedDatabase, container: Option<&ContainerSummary>) -> Option<Verdict> {
    // An engine that does not run has not answered, whatever it did before.
    let is_stale = database.health != Health::Unknown;
    let verdict = |status, reason: Option<&str>| {
        let health = (is_stale && status != DatabaseStatus::Running).then_some(Health::Unknown);
        Some(Verdict { status, reason: reason.map(str::to_owned), health })
    };
    let Some(container) = container else {
        // After half a removal the container is gone on purpose; why the rest failed is worth more.
        let is_half_removed =
            database.desired_state == DesiredState::Absent && database.status == DatabaseStatus::Error;
        return verdict(DatabaseStatus::Missing, Some("the container is gone")).filter(|_| !is_half_removed);
    };
    match container.state {
        ContainerState::Running => verdict(DatabaseStatus::Running, database.status_reason.as_deref()),
        ContainerState::Paused => verdict(DatabaseStatus::Paused, Some("the container is paused")),
        ContainerState::Stopping | ContainerState::Removing | ContainerState::Unknown => None,
        ContainerState::Created | ContainerState::Exited => {
            if database.desired_state != DesiredState::Running {
                // A reason from a failed operation stays until something changes.
                return verdict(DatabaseStatus::Stopped, None)
                    .filter(|_| database.status != DatabaseStatus::Error);
            }
            match container.exit_code {
                Some(code) if code != 0 => {
                    let reason = format!("the container ended with exit status {code}");
                    verdict(DatabaseStatus::Error, Some(&reason))
                        .filter(|_| database.status != DatabaseStatus::Error)
                }
                _ => verdict(DatabaseStatus::Stopped, Some("stopped by something other than Stardeck"))
                    .filter(|_| database.status != DatabaseStatus::Error),
            }
        }
    }
}
