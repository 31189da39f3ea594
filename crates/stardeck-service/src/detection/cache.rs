//! What was found out before. Neither an image nor the way a container was set up ever changes under its id.

use std::{
    collections::{BTreeSet, HashMap},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use stardeck_domain::{ContainerId, ImageId};
use stardeck_engines::{Detected, classify};
use tokio::{sync::Semaphore, task::JoinSet};

use super::evidence::{of_list, of_setup};
use crate::{
    Error,
    core::Core,
    runtime::{ContainerSummary, ImageDetails, RuntimeError},
};

/// How many questions to the runtime are under way at once.
const AT_ONCE: usize = 16;

/// What is known of images and containers that are there. No variables of containers: passwords may be among them.
#[derive(Default)]
pub(crate) struct Cache {
    images: Mutex<HashMap<ImageId, Option<Arc<ImageDetails>>>>,
    verdicts: Mutex<HashMap<ContainerId, Option<Detected>>>,
}

impl Cache {
    /// Forgets what is gone.
    pub(super) fn keep_only(&self, containers: &[ContainerSummary]) {
        let ids: BTreeSet<&ContainerId> = containers.iter().map(|container| &container.id).collect();
        let images: BTreeSet<&ImageId> = containers.iter().map(|container| &container.image_id).collect();
        lock(&self.verdicts).retain(|id, _| ids.contains(id));
        lock(&self.images).retain(|id, _| images.contains(id));
    }

    /// The containers that are database servers, in their order.
    pub(super) async fn classify(
        &self,
        core: &Arc<Core>,
        containers: Vec<ContainerSummary>,
    ) -> Result<Vec<(ContainerSummary, Detected)>, Error> {
        let fresh: Vec<ContainerSummary> = {
            let verdicts = lock(&self.verdicts);
            containers.iter().filter(|container| !verdicts.contains_key(&container.id)).cloned().collect()
        };
        self.look_at_images(core, &fresh).await?;
        self.look_at_containers(core, fresh).await?;
        let verdicts = lock(&self.verdicts);
        let found = containers.into_iter().filter_map(|container| {
            let detected = verdicts.get(&container.id).cloned().flatten()?;
            Some((container, detected))
        });
        Ok(found.collect())
    }

    async fn look_at_images(&self, core: &Arc<Core>, fresh: &[ContainerSummary]) -> Result<(), Error> {
        let unknown: BTreeSet<ImageId> = {
            let images = lock(&self.images);
            let ids = fresh.iter().map(|container| container.image_id.clone());
            ids.filter(|id| !images.contains_key(id)).collect()
        };
        let looks = unknown.into_iter().map(|id| {
            let core = Arc::clone(core);
            async move { Ok((id.clone(), core.runtime.find_image(id.as_str()).await?)) }
        });
        for (id, image) in all(looks).await? {
            lock(&self.images).insert(id, image.map(Arc::new));
        }
        Ok(())
    }

    /// The list and the image tell what is no database; of the others, the container itself is asked, since it may
    /// have been given another entrypoint.
    async fn look_at_containers(&self, core: &Arc<Core>, fresh: Vec<ContainerSummary>) -> Result<(), Error> {
        let mut likely = Vec::new();
        for container in fresh {
            let image = lock(&self.images).get(&container.image_id).cloned().flatten();
            if classify(&of_list(&container, image.as_deref())).is_some() {
                likely.push((container, image));
            } else {
                lock(&self.verdicts).insert(container.id, None);
            }
        }
        let looks = likely.into_iter().map(|(container, image)| {
            let core = Arc::clone(core);
            async move {
                match core.runtime.find_container(container.id.as_str()).await {
                    // Gone since the list was made: nothing to remember.
                    Ok(found) => Ok(found.map(|found| {
                        let verdict = classify(&of_setup(&found, image.as_deref()));
                        (container.id, verdict)
                    })),
                    Err(error @ RuntimeError::Unavailable { .. }) => Err(error.into()),
                    // Podman can not inspect it. What the list tells has to do, and keeps nobody from the others.
                    Err(error) => {
                        tracing::warn!(container = %container.id, %error, "it can not be looked at closely");
                        let verdict = classify(&of_list(&container, image.as_deref()));
                        Ok(Some((container.id, verdict)))
                    }
                }
            }
        });
        for (id, verdict) in all(looks).await?.into_iter().flatten() {
            lock(&self.verdicts).insert(id, verdict);
        }
        Ok(())
    }
}

/// Asks all at once, within bounds; the first trouble ends it.
async fn all<T: Send + 'static>(
    questions: impl Iterator<Item = impl Future<Output = Result<T, Error>> + Send + 'static>,
) -> Result<Vec<T>, Error> {
    let turns = Arc::new(Semaphore::new(AT_ONCE));
    let mut tasks = JoinSet::new();
    for question in questions {
        let turns = Arc::clone(&turns);
        tasks.spawn(async move {
            // The semaphore is never closed; without a turn the question is asked all the same.
            let _turn = turns.acquire_owned().await.ok();
            question.await
        });
    }
    let mut answers = Vec::new();
    while let Some(answer) = tasks.join_next().await {
        answers.push(answer.map_err(Error::internal)??);
    }
    Ok(answers)
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
