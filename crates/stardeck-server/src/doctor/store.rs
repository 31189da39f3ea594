//! The data directory: whether the store in it is whole and its key is there.

use std::{os::unix::fs::MetadataExt as _, path::Path};

use stardeck_repository::inspect;

use super::Finding;

/// The bits of those who are not the owner, when they may do nothing.
const CLOSED: u32 = 0;

/// What there is to say of the data directory.
pub(crate) fn findings(data_dir: &Path) -> Vec<Finding> {
    let store = data_dir.join("stardeck.db");
    if !store.exists() {
        return vec![Finding::ok("store", format!("{} is made at the first start", store.display()))];
    }
    let mut found = vec![match inspect(&store) {
        Ok(()) => Finding::ok("store", format!("{} is whole", store.display())),
        Err(error) => Finding::failure(
            "store",
            format!("{}: {error}", store.display()),
            "stop the server, keep a copy of the data directory, and restore the last backup of it",
        ),
    }];
    found.push(private(data_dir));
    found
}

/// The directory holds the key to every stored password.
fn private(data_dir: &Path) -> Finding {
    match std::fs::metadata(data_dir) {
        Ok(metadata) if metadata.mode() & 0o077 == CLOSED => {
            Finding::ok("data", format!("{} is closed to others", data_dir.display()))
        }
        Ok(_) => Finding::warning(
            "data",
            format!("others can look into {}", data_dir.display()),
            format!("chmod 0700 {}", data_dir.display()),
        ),
        Err(error) => Finding::failure(
            "data",
            format!("{}: {error}", data_dir.display()),
            "run this as the server's user",
        ),
    }
}
