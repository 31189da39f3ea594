//! Files that only their owner may read, written so that a crash leaves either the whole file or none.

use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
};

/// Read and write for the owner, nothing for anybody else.
const OWNER_ONLY: u32 = 0o600;

/// Writes a new file. The whole content is on disk before the name exists.
///
/// # Errors
/// `AlreadyExists` when there is a file of this name, which is left as it is; or whatever the file system says.
pub(crate) fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = write_draft(path, content)?;
    // A link, not a rename: it refuses to replace a file that appeared in the meantime.
    let linked = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    linked?;
    sync_directory(path)
}

/// Writes a file, in place of the one of this name if there is one.
///
/// # Errors
/// Whatever the file system says; the earlier file is then untouched.
pub(crate) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    put_in_place(&write_draft(path, content)?, path)
}

/// Gives a file the name of another one, which is gone then.
///
/// # Errors
/// Whatever the file system says; both files are then as they were.
pub(crate) fn put_in_place(file: &Path, path: &Path) -> io::Result<()> {
    fs::rename(file, path)?;
    sync_directory(path)
}

/// Removes a file; gone already is success.
///
/// # Errors
/// Whatever the file system says.
pub(crate) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes the content under a name beside the final one. A draft of an earlier crash is thrown away; the lock on the
/// data directory means that nobody else is writing one.
fn write_draft(path: &Path, content: &[u8]) -> io::Result<PathBuf> {
    let mut name = OsString::from(path);
    name.push(".new");
    let draft = PathBuf::from(name);
    remove(&draft)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(OWNER_ONLY).open(&draft)?;
    let written = file.write_all(content).and_then(|()| file.sync_all());
    if let Err(error) = written {
        remove(&draft)?;
        return Err(error);
    }
    Ok(draft)
}

/// Makes a new name in a directory outlive a power cut.
///
/// # Errors
/// Whatever the file system says.
pub(crate) fn sync_directory(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => File::open(parent)?.sync_all(),
        Some(_) | None => File::open(".")?.sync_all(),
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn created_file_is_for_its_owner_only_and_leaves_no_draft() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, b"one").unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn create_over_an_existing_file_is_refused_and_keeps_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        create(&path, b"one").unwrap();
        assert_eq!(create(&path, b"two").unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"one");
        assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 1);
    }

    #[test]
    fn replace_narrows_the_permissions_of_a_file_that_others_could_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        fs::write(&path, b"one").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        replace(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }

    #[test]
    fn draft_of_an_earlier_crash_does_not_get_in_the_way() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("secret");
        fs::write(directory.path().join("secret.new"), b"half").unwrap();
        create(&path, b"whole").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"whole");
    }

    #[test]
    fn removing_a_missing_file_is_success() {
        let directory = tempfile::tempdir().unwrap();
        assert!(remove(&directory.path().join("secret")).is_ok());
    }
}
