//! The storage that stand-ins are kept in: outside the checkout, one per content of the kit, shared by checkouts.

use super::{Catalogue, Image, build, registry};
use crate::host::{self, Conditions};
use crate::{environment, leftovers, mounts, process, report};
use anyhow::Context as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// How long a storage that nobody uses is kept.
const KEPT_UNUSED: Duration = Duration::from_hours(14 * 24);

/// A storage with stand-ins.
#[derive(Debug)]
pub(crate) struct ImageStore {
    directory: PathBuf,
}

/// What images are built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be in the storage.
    Storage,
    /// To be in the storage, and to be served by a registry as well.
    StorageAndRegistry,
}

/// Keeps a storage from being rebuilt or removed while a Podman reads it.
#[derive(Debug)]
pub(crate) struct StoreInUse {
    /// The folder that Podman takes as additional image store.
    pub(crate) images: PathBuf,
    /// The folder whose content a registry serves.
    pub(crate) registry: PathBuf,
    _lock: File,
}

impl ImageStore {
    /// Builds what is missing of `wanted` and gives the storage. Runs at the same time wait for each other.
    ///
    /// # Errors
    /// When an image can not be built.
    pub(crate) fn ensure(
        conditions: Conditions,
        catalogue: &Catalogue,
        wanted: &[&Image],
        purpose: Purpose,
    ) -> anyhow::Result<(Self, StoreInUse)> {
        let all = environment::cache_directory()?.join("images");
        fs::create_dir_all(&all).with_context(|| format!("making {}", all.display()))?;
        let store = Self { directory: all.join(&catalogue.key) };
        let lock = lock_file(&all, &catalogue.key)?;
        wait_for(lock.try_lock_shared().is_ok(), || lock.lock_shared())?;
        if !store.is_complete(wanted, purpose) {
            lock.unlock()?;
            wait_for(lock.try_lock().is_ok(), || lock.lock())?;
            store.complete(conditions, catalogue, wanted, purpose)?;
            lock.unlock()?;
            lock.lock_shared()?;
        }
        File::create(store.directory.join("last-used")).context("noting that the images are used")?;
        remove_old(&all, &catalogue.key);
        let in_use = StoreInUse { images: store.storage(), registry: store.registry(), _lock: lock };
        Ok((store, in_use))
    }

    /// A Podman command on this storage.
    pub(crate) fn podman(&self) -> Command {
        let mut command = Command::new("podman");
        command
            // What a build that is cut off leaves lies in our directory, and is removed with it.
            .env("TMPDIR", self.directory.join("tmp"))
            .env("CONTAINERS_CONF", self.directory.join("containers.conf"))
            .env("CONTAINERS_REGISTRIES_CONF", self.directory.join("registries.conf"))
            .arg("--root")
            .arg(self.storage())
            .arg("--runroot")
            .arg(self.directory.join("run"))
            .arg("--tmpdir")
            .arg(self.directory.join("tmp"))
            .args(["--storage-driver", "overlay"]);
        command
    }

    /// A folder for package lists of a suite, shared by all builds.
    pub(crate) fn lists(&self, suite: &str) -> PathBuf {
        self.directory.join("lists").join(suite)
    }

    /// Whether an image is in this storage.
    pub(crate) fn has(&self, reference: &str) -> bool {
        process::succeeds(self.podman().args(["image", "exists", reference]))
    }

    fn storage(&self) -> PathBuf {
        self.directory.join("storage")
    }

    /// The content of the registry.
    pub(crate) fn registry(&self) -> PathBuf {
        self.directory.join("registry")
    }

    /// A file per finished image, so that looking needs no Podman.
    fn built(&self, image: &Image) -> PathBuf {
        self.directory.join("built").join(image.name.replace(':', "-"))
    }

    /// A file per image that the registry serves.
    fn pushed(&self, image: &Image) -> PathBuf {
        self.directory.join("pushed").join(image.name.replace(':', "-"))
    }

    /// Exists while something is being built; when it is found at the start, an earlier run was cut off.
    fn unfinished(&self) -> PathBuf {
        self.directory.join("unfinished")
    }

    fn is_complete(&self, wanted: &[&Image], purpose: Purpose) -> bool {
        !self.unfinished().exists()
            && wanted.iter().all(|image| {
                self.built(image).exists() && (purpose == Purpose::Storage || self.pushed(image).exists())
            })
    }

    fn complete(
        &self,
        conditions: Conditions,
        catalogue: &Catalogue,
        wanted: &[&Image],
        purpose: Purpose,
    ) -> anyhow::Result<()> {
        if self.unfinished().exists() {
            report::line("images: an earlier build was cut off, so the storage is made anew");
            leftovers::end_processes_of(&self.directory);
            mounts::remove_tree(&self.directory)?;
        }
        self.prepare_directories(conditions)?;
        File::create(self.unfinished()).context("marking the storage as unfinished")?;
        let unbuilt: Vec<&Image> =
            wanted.iter().filter(|image| !self.built(image).exists()).copied().collect();
        if !unbuilt.is_empty() {
            build::build(self, catalogue, &unbuilt)?;
            mark(unbuilt.iter().map(|image| self.built(image)))?;
        }
        if purpose == Purpose::StorageAndRegistry {
            let unpushed: Vec<&Image> =
                wanted.iter().filter(|image| !self.pushed(image).exists()).copied().collect();
            registry::fill(self, &unpushed)?;
            mark(unpushed.iter().map(|image| self.pushed(image)))?;
        }
        fs::remove_file(self.unfinished()).context("marking the storage as finished")
    }

    fn prepare_directories(&self, conditions: Conditions) -> anyhow::Result<()> {
        // What an earlier boot or a killed build left in the run directories would only confuse Podman.
        for name in ["run", "tmp"] {
            mounts::remove_tree(&self.directory.join(name))?;
        }
        for name in ["storage", "run", "tmp", "lists", "built", "pushed"] {
            let path = self.directory.join(name);
            fs::create_dir_all(&path).with_context(|| format!("making {}", path.display()))?;
        }
        // Locks in files: those in shared memory are the host's Podman's.
        let settings =
            host::engine_settings(conditions, "", "lock_type = \"file\"\nevents_logger = \"none\"\n");
        fs::write(self.directory.join("containers.conf"), settings)?;
        fs::write(self.directory.join("registries.conf"), "unqualified-search-registries = []\n")?;
        Ok(())
    }
}

/// Takes a lock unless it is taken already, and says so, since that means waiting.
fn wait_for(is_taken: bool, lock: impl FnOnce() -> std::io::Result<()>) -> anyhow::Result<()> {
    if is_taken {
        return Ok(());
    }
    report::line("images: waiting until no other run uses or builds this storage");
    lock().context("waiting for another run that uses or builds images")
}

fn mark(mut files: impl Iterator<Item = PathBuf>) -> anyhow::Result<()> {
    files.try_for_each(|file| {
        File::create(&file).map(drop).with_context(|| format!("making {}", file.display()))
    })
}

fn lock_file(all: &Path, key: &str) -> anyhow::Result<File> {
    let path = all.join(format!("{key}.lock"));
    File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .read(true)
        .open(&path)
        .with_context(|| format!("opening {}", path.display()))
}

/// Removes storages of other kits that nobody has used for two weeks. It only saves space, so problems are told and
/// passed over.
fn remove_old(all: &Path, current: &str) {
    let Ok(entries) = fs::read_dir(all) else { return };
    for directory in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
        let Some(key) = directory.file_name().and_then(|name| name.to_str()) else { continue };
        if key == current || !directory.is_dir() || !is_unused(&directory) {
            continue;
        }
        let Ok(lock) = lock_file(all, key) else { continue };
        if lock.try_lock().is_err() {
            continue;
        }
        if let Err(error) = mounts::remove_tree(&directory) {
            report::line(&format!(
                "images: could not remove the old storage {}: {error:#}",
                directory.display()
            ));
        }
    }
}

fn is_unused(directory: &Path) -> bool {
    fs::metadata(directory.join("last-used"))
        .and_then(|metadata| metadata.modified())
        .ok()
        .and_then(|modified| modified.elapsed().ok())
        .is_some_and(|age| age > KEPT_UNUSED)
}
