//! Looking at single databases: those that an event of the runtime is about.

use std::{
    collections::HashMap,
    time::{Duration, Instant},
};

use stardeck_domain::{ContainerId, DatabaseId};
use stardeck_repository::{databases, operations, volumes};

use super::{
    Memory, Observer,
    health::Order,
    look::Look,
    seen::{self, Seen},
};
use crate::{
    Error,
    runtime::{ObjectKind, RuntimeChange},
};

/// How often something is tried while the row changes under it: the engine is asked at the same time.
pub(super) const TRIES: usize = 5;
/// How long changes of other people's containers are gathered before they are told.
const DETECTION_PAUSE: Duration = Duration::from_secs(1);

impl Observer {
    /// Looks at the databases that changes of the runtime are about.
    pub(super) async fn look_at_changed(
        &self,
        changes: Vec<RuntimeChange>,
        memory: &mut Memory,
    ) -> Result<(), Error> {
        self.core.containers.forget();
        let mut containers: HashMap<String, Option<String>> = HashMap::new();
        for change in changes {
            match change.what {
                ObjectKind::Container | ObjectKind::Network => {
                    let name = change.name.filter(|_| change.what == ObjectKind::Container);
                    containers.insert(change.id, name);
                }
                ObjectKind::Image | ObjectKind::Secret => memory.next_notes = Instant::now(),
                ObjectKind::Volume => {
                    memory.next_notes = Instant::now();
                    let volume = change.name.unwrap_or(change.id);
                    let owner = move |tx: &mut _| volumes::find_owner(tx, &volume).map_err(Error::from);
                    if let Some(id) = self.core.db.read(owner).await? {
                        self.look_closely(id, None, memory).await?;
                    }
                }
                ObjectKind::Other => {}
            }
        }
        // What happens to a known one is shown as soon as can be, whatever else happens to others at the same time.
        let (known, unknown): (Vec<_>, Vec<_>) =
            self.recorded(containers).await?.into_iter().partition(|(_, concerned)| !concerned.is_empty());
        for (id, concerned) in known {
            for database in concerned {
                self.look_closely(database, Some(&id), memory).await?;
            }
        }
        for (id, _) in unknown {
            let labelled = self.labelled(&id, memory).await?;
            if labelled.is_none() && memory.detection_due.is_none() {
                memory.detection_due = Some(Instant::now() + DETECTION_PAUSE);
            }
            if let Some(database) = labelled {
                self.look_closely(database, Some(&id), memory).await?;
            }
        }
        Ok(())
    }

    /// The database that a container says it is of which no row names. It is inspected once, since labels never change; one
    /// that is a row's by its name alone is told with that.
    async fn labelled(&self, id: &str, memory: &mut Memory) -> Result<Option<DatabaseId>, Error> {
        if memory.others.contains(id) {
            return Ok(None);
        }
        let Some(found) = self.core.runtime.find_container(id).await? else { return Ok(None) };
        let labelled = seen::database_of(&found.labels, self.core.instance);
        if labelled.is_some() {
            return Ok(labelled);
        }
        let one = HashMap::from([(found.id.as_str().to_owned(), Some(found.name))]);
        let named = self.recorded(one).await?.into_iter().find_map(|(_, named)| named.into_iter().next());
        if named.is_none() {
            memory.others.insert(id.to_owned());
        }
        Ok(named)
    }

    /// Containers by their ids and, where they were told, their names; with the databases whose rows name them.
    async fn recorded(
        &self,
        containers: HashMap<String, Option<String>>,
    ) -> Result<Vec<(String, Vec<DatabaseId>)>, Error> {
        self.core
            .db
            .read(move |tx| {
                let listed = containers.into_iter().map(|(id, name)| {
                    let names: Vec<String> = name.into_iter().collect();
                    let databases = databases::list_by_container(tx, &ContainerId::new(&id), &names)?;
                    Ok((id, databases))
                });
                listed.collect()
            })
            .await
    }

    /// Looks at one database by itself, again when its row changed during the look: an engine that is asked at the same time
    /// answers, or does not. What an operation changed is looked at when it has ended.
    pub(super) async fn look_closely(
        &self,
        id: DatabaseId,
        changed: Option<&str>,
        memory: &mut Memory,
    ) -> Result<(), Error> {
        for _ in 0..TRIES {
            match self.look_once(id, changed, memory).await? {
                Look::Overtaken => {}
                // One that has answered since it was started is asked by turns.
                Look::Runs { is_proved: false } => {
                    memory.order(Order::AskNow(id));
                    return Ok(());
                }
                Look::Runs { is_proved: true } | Look::Over => return Ok(()),
            }
        }
        tracing::debug!(database = %id, "its row changes faster than it can be looked at");
        Ok(())
    }

    /// Its row first, its container second, as for all of them.
    async fn look_once(
        &self,
        id: DatabaseId,
        changed: Option<&str>,
        memory: &mut Memory,
    ) -> Result<Look, Error> {
        let row = self
            .core
            .db
            .read(move |tx| {
                let Some(database) = databases::find(tx, id)? else { return Ok(None) };
                if operations::find_unfinished_of(tx, id)?.is_some() {
                    return Ok(None);
                }
                let last = operations::find_latest_of(tx, id)?.map(|last| last.id);
                Ok::<_, Error>(Some((database, last)))
            })
            .await?;
        let Some((database, last)) = row else { return Ok(Look::Over) };
        self.begin_after(id, last, memory);
        let runtime = self.core.runtime.as_ref();
        let changed = match changed {
            Some(changed) => runtime.find_container(changed).await?,
            None => None,
        };
        let found = seen::find(runtime, &database, changed.as_ref(), self.core.instance).await?;
        let own = found.as_ref().map(Seen::inspected);
        self.look_at(&database, own.as_ref(), memory, false).await
    }
}
