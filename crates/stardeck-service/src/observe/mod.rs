//! Keeps what is written down in step with what Podman shows.
//!
//! Level-triggered and without input: it reads what should be and what is, and writes down the difference. Events of the
//! runtime only say when and where to look; a look at everything, from time to time and whenever events may have been
//! missed, finds what they did not tell. It removes nothing. At the start of the server it starts what should run and
//! does not; later, what ended by itself ([`deaths`]). Whether engines answer is asked beside it ([`health`]).

mod closely;
mod deaths;
mod health;
mod look;
mod notes;
mod record;
mod seen;
mod verdict;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
    time::{Duration, Instant},
};

use stardeck_domain::{DatabaseId, DesiredState, ManagedDatabase, News, OperationId, Origin};
use stardeck_repository::{databases, events, operations};
use tokio::{sync::mpsc, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    Error,
    core::Core,
    databases::Databases,
    operations::run::chain,
    runtime::{ContainerSummary, RuntimeEvent},
};

use deaths::Deaths;
use health::{Order, Prober, Runs};
use look::Look;
use notes::Notes;
use seen::Seen;

/// How many events are taken at once; what they are about is looked at once.
const AT_ONCE: usize = 64;
/// How often it is looked whether images, volumes and secrets are there.
const NOTES_EVERY: Duration = Duration::from_mins(1);

/// Keeps the store in step with the runtime until it is told to end.
pub(crate) struct Observer {
    core: Arc<Core>,
    databases: Databases,
    notes: Notes,
}

/// What the observer remembers between two looks. Nothing in it matters after a restart.
struct Memory {
    /// How often each database that should run ended lately.
    deaths: HashMap<DatabaseId, Deaths>,
    /// Ids of containers that are no database's by their labels, so that nobody need look again.
    others: HashSet<String>,
    /// Whether everything was looked at once.
    has_started: bool,
    /// Whether the runtime's events are heard.
    is_live: bool,
    next_pass: Instant,
    next_notes: Instant,
    /// When the change of other people's containers is to be told.
    detection_due: Option<Instant>,
    /// The last event of the store that was looked at.
    told: u32,
    orders: mpsc::UnboundedSender<Order>,
    /// What takes long and is waited for by nobody.
    tasks: JoinSet<()>,
}

/// A database with the operation that was last asked for on it.
type Row = (ManagedDatabase, Option<OperationId>);

impl Observer {
    pub(crate) fn new(core: Arc<Core>, databases: Databases) -> Self {
        Self { core, databases, notes: Notes::default() }
    }

    /// Looks again and again until the token is cancelled.
    pub(crate) async fn run(self, end: CancellationToken) {
        let (orders, taken) = mpsc::unbounded_channel();
        let prober = Arc::new(Prober { core: Arc::clone(&self.core), notes: self.notes.clone() });
        let memory = Memory {
            deaths: HashMap::new(),
            others: HashSet::new(),
            has_started: false,
            is_live: false,
            next_pass: Instant::now(),
            next_notes: Instant::now(),
            detection_due: None,
            told: *self.core.db.events().borrow(),
            orders,
            tasks: JoinSet::new(),
        };
        tokio::select! {
            () = end.cancelled() => {}
            () = self.look_on(memory) => {}
            () = prober.run(taken) => {}
        }
        self.core.containers.set_live(false);
    }

    async fn look_on(&self, mut memory: Memory) {
        let mut changes = Some(self.core.runtime.watch());
        let mut store = self.core.db.events();
        loop {
            tokio::select! {
                () = tokio::time::sleep_until(memory.next_turn().into()) => self.take_turn(&mut memory).await,
                told = hear(&mut changes) => self.listen(told, &mut changes, &mut memory).await,
                Ok(()) = store.changed(), if memory.is_live => {
                    store.mark_unchanged();
                    log(self.look_after_operations(&mut memory).await);
                }
            }
        }
    }

    /// Does what is due by the clock.
    async fn take_turn(&self, memory: &mut Memory) {
        while memory.tasks.try_join_next().is_some() {}
        let now = Instant::now();
        if memory.detection_due.is_some_and(|due| due <= now) {
            memory.detection_due = None;
            log(self.core.db.write(|tx| events::tell_detection_changed(tx).map_err(Error::from)).await);
        }
        if memory.is_live && memory.next_notes <= now {
            memory.next_notes = now + NOTES_EVERY;
            log(self.look_at_notes(memory).await);
        }
        let look_due = memory.deaths.values().filter_map(Deaths::due).min();
        memory.deaths.values_mut().for_each(|deaths| deaths.is_looked_at(now));
        if memory.next_pass <= now || look_due.is_some_and(|due| due <= now) {
            self.look_at_everything(memory).await;
        }
    }

    async fn listen(
        &self,
        told: Option<RuntimeEvent>,
        changes: &mut Option<mpsc::Receiver<RuntimeEvent>>,
        memory: &mut Memory,
    ) {
        match told {
            Some(RuntimeEvent::Connected) => {
                memory.is_live = true;
                self.core.containers.set_live(true);
                self.look_at_everything(memory).await;
            }
            Some(RuntimeEvent::Lost { detail }) => {
                tracing::warn!(%detail, "the runtime's events are not heard");
                self.core.containers.set_live(false);
            }
            Some(RuntimeEvent::Changed(change)) => {
                let mut batch = vec![change];
                while batch.len() < AT_ONCE
                    && let Some(Ok(RuntimeEvent::Changed(more))) =
                        changes.as_mut().map(mpsc::Receiver::try_recv)
                {
                    batch.push(more);
                }
                log(self.look_at_changed(batch, memory).await);
            }
            None => *changes = None,
        }
    }

    async fn look_at_everything(&self, memory: &mut Memory) {
        match self.pass(memory).await {
            Ok(()) => memory.has_started = true,
            Err(error) => tracing::warn!(error = %chain(&error), "could not look at the containers"),
        }
        memory.next_pass = Instant::now() + self.core.timings.observe_every;
    }

    /// Rows first, containers second: a row that has not changed when the verdict is written down (see [`record`]) proves
    /// that no operation came between, so that the list tells the truth about it.
    async fn pass(&self, memory: &mut Memory) -> Result<(), Error> {
        let (rows, busy) = self.rows().await?;
        let should_run: HashSet<DatabaseId> = rows
            .iter()
            .map(|(database, _)| database)
            .chain(&busy)
            .filter(|database| database.desired_state == DesiredState::Running)
            .map(|database| database.id)
            .collect();
        memory.deaths.retain(|id, _| should_run.contains(id));
        for (database, last) in &rows {
            self.begin_after(database.id, *last, memory);
        }
        let containers = self.core.containers.refresh(self.core.runtime.as_ref()).await?;
        let is_other = |container: &&ContainerSummary| {
            seen::database_of(&container.labels, self.core.instance).is_none()
        };
        memory.others =
            containers.iter().filter(is_other).map(|container| container.id.as_str().to_owned()).collect();
        let is_first = !memory.has_started;
        let (mut running, mut closely) = (Vec::new(), Vec::new());
        for (database, _) in rows {
            let own = seen::pick(&database, &containers, self.core.instance).map(Seen::listed);
            if own.is_none() && database.origin == Origin::Adopted {
                // It may have been made anew by hand, which only an inspection tells.
                closely.push(database.id);
                continue;
            }
            match self.look_at(&database, own.as_ref(), memory, is_first).await {
                Ok(Look::Runs { is_proved }) => running.push(Runs {
                    id: database.id,
                    answered_at: database.last_answer_at.filter(|_| is_proved),
                }),
                Ok(Look::Over) => {}
                Ok(Look::Overtaken) => closely.push(database.id),
                Err(error @ Error::RuntimeUnavailable { .. }) => return Err(error),
                // Trouble with one database does not keep the others from being looked at.
                Err(error) => {
                    tracing::warn!(database = %database.name, error = %chain(&error), "could not look at it");
                }
            }
        }
        memory.order(Order::Watch(running));
        for id in closely {
            self.look_closely(id, None, memory).await?;
        }
        Ok(())
    }

    /// Databases that nothing works on, and those that something works on.
    async fn rows(&self) -> Result<(Vec<Row>, Vec<ManagedDatabase>), Error> {
        self.core
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
                Ok((rows, busy))
            })
            .await
    }

    /// Forgets what was seen of a database before its latest operation.
    fn begin_after(&self, id: DatabaseId, operation: Option<OperationId>, memory: &mut Memory) {
        let is_another = memory.deaths.entry(id).or_default().begin_after(operation);
        if is_another && self.notes.forget(id) {
            memory.next_notes = Instant::now();
        }
    }

    /// What happened while an operation was at work was left to it; when it has ended, it is looked at.
    async fn look_after_operations(&self, memory: &mut Memory) -> Result<(), Error> {
        loop {
            let after = memory.told;
            let limit = u32::try_from(AT_ONCE).unwrap_or(u32::MAX);
            let found =
                self.core.db.read(move |tx| events::list(tx, after, limit).map_err(Error::from)).await?;
            let Some(last) = found.last() else { return Ok(()) };
            memory.told = last.seq;
            for event in found {
                if let News::OperationChanged(facts) = event.news
                    && facts.state.is_final()
                {
                    self.look_closely(facts.target, None, memory).await?;
                }
            }
        }
    }

    async fn look_at_notes(&self, memory: &mut Memory) -> Result<(), Error> {
        let (rows, _) = self.rows().await?;
        let databases: Vec<_> = rows.into_iter().map(|(database, _)| database).collect();
        for id in self.notes.look(&self.core, &databases).await? {
            self.look_closely(id, None, memory).await?;
        }
        Ok(())
    }
}

impl Memory {
    /// When something is due by the clock.
    fn next_turn(&self) -> Instant {
        let look_due = self.deaths.values().filter_map(Deaths::due).min();
        let notes_due = self.is_live.then_some(self.next_notes);
        let others = [look_due, notes_due, self.detection_due];
        others.into_iter().flatten().fold(self.next_pass, Instant::min)
    }

    /// The one who asks lives as long as the observer, so that there is always somebody to take the order.
    fn order(&self, order: Order) {
        if self.orders.send(order).is_err() {
            tracing::debug!("nobody asks engines any more");
        }
    }
}

/// The next event; None when there will be none. Never for a runtime that has none at all.
async fn hear(changes: &mut Option<mpsc::Receiver<RuntimeEvent>>) -> Option<RuntimeEvent> {
    match changes {
        Some(changes) => changes.recv().await,
        None => std::future::pending().await,
    }
}

fn log(result: Result<(), Error>) {
    if let Err(error) = result {
        tracing::warn!(error = %chain(&error), "could not look at what changed");
    }
}
