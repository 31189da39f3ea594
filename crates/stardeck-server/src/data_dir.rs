//! The data directory: private to its owner, and used by one server at a time.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use stardeck_service::Error;

/// The data directory, held until this is dropped.
#[derive(Debug)]
pub(crate) struct DataDir {
    path: PathBuf,
    /// Its lock ends with the process, however that ends.
    _lock: File,
}

/// The file whose lock says that a server is at work here.
const LOCK: &str = "lock";

impl DataDir {
    /// Makes the directory (mode 0700) when it is missing, and takes it.
    ///
    /// # Errors
    /// Another server has it, others may write to it, or it can not be used.
    pub(crate) fn take(path: &Path) -> anyhow::Result<Self> {
        match DirBuilder::new().recursive(true).mode(0o700).create(path) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                bail!("the data directory {} is not a directory", path.display())
            }
            Err(error) => {
                return Err(error).with_context(|| format!("make the data directory {}", path.display()));
            }
        }
        check_permissions(path)?;
        let lock = lock(&path.join(LOCK))?;
        Ok(Self { path: path.to_owned(), _lock: lock })
    }

    /// A file in the directory.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The directory.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

/// Refuses a directory in which others can put files in place of ours. One that others can only look into is closed
/// when it is plainly meant for us; a directory such as the root's home, given by mistake, is left as it is.
fn check_permissions(path: &Path) -> anyhow::Result<()> {
    let metadata =
        fs::metadata(path).with_context(|| format!("look at the data directory {}", path.display()))?;
    let mode = metadata.mode();
    if mode & 0o022 != 0 {
        bail!("others may write to the data directory {}; chmod 0700 it, or use another", path.display());
    }
    let is_ours = path.join(LOCK).exists() || is_empty(path)?;
    if mode & 0o077 != 0 && is_ours {
        fs::set_permissions(path, Permissions::from_mode(0o700))
            .with_context(|| format!("close the data directory {} to others", path.display()))?;
    }
    Ok(())
}

fn is_empty(path: &Path) -> anyhow::Result<bool> {
    let mut entries =
        fs::read_dir(path).with_context(|| format!("look into the data directory {}", path.display()))?;
    Ok(entries.next().is_none())
}

fn lock(path: &Path) -> anyhow::Result<File> {
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("open {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Error::DataDirectoryLocked.into()),
        Err(TryLockError::Error(error)) => Err(error).with_context(|| format!("lock {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mode_of(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o777
    }

    #[test]
    fn a_new_directory_is_private() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("deep/data");
        let taken = DataDir::take(&path).unwrap();
        assert_eq!(mode_of(&path), 0o700);
        assert_eq!(mode_of(&taken.file(LOCK)), 0o600);
    }

    #[test]
    fn an_empty_directory_that_others_can_read_is_closed_and_a_full_one_left() {
        let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fs::write(full.path().join("letter"), "").unwrap();
        for directory in [&empty, &full] {
            fs::set_permissions(directory.path(), Permissions::from_mode(0o755)).unwrap();
            DataDir::take(directory.path()).unwrap();
        }
        assert_eq!(mode_of(empty.path()), 0o700);
        assert_eq!(mode_of(full.path()), 0o755);
    }

    #[test]
    fn a_directory_that_others_can_write_to_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        fs::set_permissions(directory.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(DataDir::take(directory.path()).unwrap_err().to_string().contains("chmod 0700"));
    }

    #[test]
    fn a_second_server_is_refused_until_the_first_has_ended() {
        let directory = tempfile::tempdir().unwrap();
        let first = DataDir::take(directory.path()).unwrap();
        let refused = DataDir::take(directory.path()).unwrap_err();
        assert!(matches!(refused.downcast_ref(), Some(Error::DataDirectoryLocked)));
        drop(first);
        DataDir::take(directory.path()).unwrap();
    }
}
