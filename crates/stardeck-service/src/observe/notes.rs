//! What there is to say of a database that runs although something about it is not as it was made: its image, secret or
//! volume is gone. Nothing of that stops it, and nothing of that is repaired without being asked; it is only told.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, Mutex, PoisonError},
};

use stardeck_domain::{DatabaseId, ManagedDatabase};
use stardeck_repository::volumes;

use super::verdict::renamed;
use crate::{Error, core::Core, provisioning::secret_name};

/// What there is to say, by database. Clones are the same.
#[derive(Debug, Clone, Default)]
pub(super) struct Notes(Arc<Mutex<HashMap<DatabaseId, Vec<String>>>>);

impl Notes {
    /// What there is to say of a database, in one sentence.
    pub(super) fn of(&self, database: &ManagedDatabase) -> Option<String> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&database.id).cloned();
        let all: Vec<String> = renamed(database).into_iter().chain(found.unwrap_or_default()).collect();
        (!all.is_empty()).then(|| all.join("; "))
    }

    /// Forgets what there was to say of a database. True when there was something.
    pub(super) fn forget(&self, database: DatabaseId) -> bool {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.remove(&database).is_some_and(|notes| !notes.is_empty())
    }

    /// Looks at what these databases are made of. One list of volumes, and a look at each image and secret. Returns those
    /// of whom there is something else to say than before.
    pub(super) async fn look(
        &self,
        core: &Core,
        databases: &[ManagedDatabase],
    ) -> Result<Vec<DatabaseId>, Error> {
        let present: HashSet<String> =
            core.runtime.list_volumes().await?.into_iter().map(|volume| volume.name).collect();
        let mut images: HashMap<String, bool> = HashMap::new();
        let mut all: HashMap<DatabaseId, Vec<String>> = HashMap::new();
        for database in databases {
            let mut notes = Vec::new();
            let id = database.id;
            let known = core.db.read(move |tx| volumes::list_of(tx, id).map_err(Error::from)).await?;
            for volume in known.iter().filter(|volume| volume.owned && !present.contains(&volume.name)) {
                notes.push(format!("its volume {} is gone", volume.name));
            }
            if let Some(image) = &database.image_id {
                let is_there = match images.get(image.as_str()) {
                    Some(is_there) => *is_there,
                    None => core.runtime.find_image(image.as_str()).await?.is_some(),
                };
                images.insert(image.as_str().to_owned(), is_there);
                if !is_there {
                    notes.push(format!("its image {} is no longer on this host", database.image));
                }
            }
            let needs_secret = Core::plan(database).is_ok_and(|plan| !plan.secret_files.is_empty());
            let secret = secret_name(id)?;
            if needs_secret && core.runtime.find_secret(secret.as_str()).await?.is_none() {
                notes.push(format!("its secret {secret} is gone; it is made again with the next container"));
            }
            all.insert(id, notes);
        }
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = |id: &DatabaseId| known.get(id).map(Vec::as_slice).unwrap_or_default();
        let changed = all.iter().filter(|(id, notes)| notes.as_slice() != before(id)).map(|(id, _)| *id);
        let changed = changed.collect();
        *known = all;
        Ok(changed)
    }
}
