//! The vault: what opens, what does not, and which keys the server refuses to start with.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::{
    fs::{self, Permissions},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
};

use secrecy::ExposeSecret as _;
use stardeck_domain::SealedText;
use stardeck_repository::Db;
use stardeck_service::{
    Error,
    vault::{KeyRotation, MasterKey, Place, Vault},
};
use tempfile::TempDir;

const SECRET: &str = "correct horse battery staple";

struct Store {
    directory: TempDir,
    db: Db,
}

impl Store {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let db = Db::open(&directory.path().join("stardeck.db")).unwrap();
        Self { directory, db }
    }

    fn key_path(&self) -> PathBuf {
        self.directory.path().join("master.key")
    }

    fn rotate(&self) -> Result<KeyRotation, Error> {
        KeyRotation::in_place(&self.db, &self.key_path())
    }

    /// Loads key and vault as the server does when it starts.
    async fn start(&self) -> Result<Vault, Error> {
        let path = self.key_path();
        let sealed_with = Vault::sealed_with(&self.db).await?;
        let key = MasterKey::load_or_create(&path, sealed_with.as_deref())?;
        Vault::unlock(&self.db, key, &path).await
    }
}

fn place(row: &str) -> Place {
    Place { table: "credentials", column: "sealed_password", row: row.to_owned() }
}

fn write_key(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// A well-formed key: 32 bytes, all of one value.
fn key_text(byte: char) -> String {
    format!("{}=\n", byte.to_string().repeat(42) + "A")
}

#[tokio::test]
async fn sealed_text_opens_in_its_place() {
    let vault = Store::new().start().await.unwrap();
    for clear in [SECRET, "", "p@:/#?% '\"\\$`&ü|"] {
        let sealed = vault.seal(&place("1"), clear);
        assert_eq!(vault.open(&place("1"), &sealed).unwrap().expose_secret(), clear);
    }
}

#[tokio::test]
async fn sealed_text_moved_to_another_place_does_not_open() {
    let vault = Store::new().start().await.unwrap();
    let sealed = vault.seal(&place("1"), SECRET);
    for elsewhere in [
        place("2"),
        Place { column: "password", ..place("1") },
        Place { table: "users", ..place("1") },
        Place { table: "credentials", column: "sealed_password|1", row: String::new() },
    ] {
        assert!(vault.open(&elsewhere, &sealed).is_err(), "{elsewhere}");
    }
}

#[tokio::test]
async fn sealed_text_has_four_parts_and_nothing_of_the_secret() {
    let vault = Store::new().start().await.unwrap();
    let sealed = vault.seal(&place("1"), SECRET);
    let parts: Vec<&str> = sealed.as_str().split('|').collect();
    assert_eq!((parts.len(), parts[0], parts[1].len()), (4, "v1", 8));
    assert!(!sealed.as_str().contains(SECRET));
}

#[tokio::test]
async fn two_seals_of_one_secret_differ() {
    let vault = Store::new().start().await.unwrap();
    assert!(vault.seal(&place("1"), SECRET) != vault.seal(&place("1"), SECRET));
}

#[tokio::test]
async fn sealed_text_with_any_changed_character_does_not_open() {
    let vault = Store::new().start().await.unwrap();
    let sealed = vault.seal(&place("1"), SECRET);
    for position in 0..sealed.as_str().len() {
        let mut changed = sealed.as_str().as_bytes().to_vec();
        changed[position] = if changed[position] == b'A' { b'B' } else { b'A' };
        let changed = SealedText::new(String::from_utf8(changed).unwrap());
        assert!(vault.open(&place("1"), &changed).is_err(), "character {position}");
    }
}

#[tokio::test]
async fn text_that_was_never_sealed_does_not_open() {
    let vault = Store::new().start().await.unwrap();
    for text in ["", "v1", "v1|||", SECRET, "v2|00000000|AAAA|AAAA"] {
        assert!(vault.open(&place("1"), &SealedText::new(text)).is_err(), "{text}");
    }
}

#[tokio::test]
async fn error_of_a_value_that_does_not_open_shows_nothing_to_people() {
    let vault = Store::new().start().await.unwrap();
    let error = vault.open(&place("1"), &SealedText::new(SECRET)).unwrap_err();
    assert!(matches!(error, Error::Internal(_)));
    assert!(!format!("{error} {error:?}").contains(SECRET));
}

#[tokio::test]
async fn first_start_makes_a_key_for_its_owner_and_the_next_one_opens_with_it() {
    let store = Store::new();
    let sealed = store.start().await.unwrap().seal(&place("1"), SECRET);
    assert_eq!(fs::metadata(store.key_path()).unwrap().permissions().mode() & 0o777, 0o600);
    let again = store.start().await.unwrap();
    assert_eq!(again.open(&place("1"), &sealed).unwrap().expose_secret(), SECRET);
}

#[tokio::test]
async fn missing_key_over_sealed_data_stops_the_start_and_makes_no_new_one() {
    let store = Store::new();
    store.start().await.unwrap();
    fs::remove_file(store.key_path()).unwrap();
    assert!(matches!(store.start().await, Err(Error::MasterKeyMissing { .. })));
    assert!(!store.key_path().exists());
}

#[tokio::test]
async fn another_key_over_sealed_data_stops_the_start_and_is_left_alone() {
    let store = Store::new();
    store.start().await.unwrap();
    let other = key_text('B');
    write_key(&store.key_path(), &other, 0o600);
    assert!(matches!(store.start().await, Err(Error::MasterKeyWrong { .. })));
    assert_eq!(fs::read_to_string(store.key_path()).unwrap(), other);
}

#[tokio::test]
async fn another_key_given_by_path_does_not_unlock_the_store() {
    let store = Store::new();
    store.start().await.unwrap();
    let path = store.directory.path().join("given.key");
    write_key(&path, &key_text('B'), 0o400);
    let key = MasterKey::load(&path).unwrap();
    let refused = Vault::unlock(&store.db, key, &path).await;
    assert!(matches!(refused, Err(Error::MasterKeyWrong { path: named }) if named.ends_with("given.key")));
}

#[tokio::test]
async fn value_sealed_with_another_key_does_not_open() {
    let (one, two) = (Store::new().start().await.unwrap(), Store::new().start().await.unwrap());
    assert!(two.open(&place("1"), &one.seal(&place("1"), SECRET)).is_err());
}

#[test]
fn own_key_file_that_others_can_read_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    for mode in [0o644, 0o640, 0o604, 0o660] {
        write_key(&path, &key_text('A'), mode);
        let refused = MasterKey::load_or_create(&path, None);
        assert!(matches!(refused, Err(Error::MasterKeyUnusable { .. })), "{mode:o}");
    }
    write_key(&path, &key_text('A'), 0o600);
    assert!(MasterKey::load_or_create(&path, None).is_ok());
}

#[test]
fn given_key_file_may_be_readable_by_its_group_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    for (mode, is_fine) in [(0o400, true), (0o440, true), (0o600, true), (0o444, false), (0o460, false)] {
        write_key(&path, &key_text('A'), mode);
        assert_eq!(MasterKey::load(&path).is_ok(), is_fine, "{mode:o}");
    }
}

#[test]
fn given_key_file_that_is_missing_is_refused_and_not_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    assert!(matches!(MasterKey::load(&path), Err(Error::MasterKeyUnusable { .. })));
    assert!(!path.exists());
}

#[test]
fn file_without_a_key_in_it_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    for text in ["", "AAAA", "not base64 at all!", "A".repeat(88).as_str()] {
        write_key(&path, text, 0o600);
        let refused = MasterKey::load_or_create(&path, None);
        assert!(matches!(refused, Err(Error::MasterKeyUnusable { .. })), "{text}");
    }
    assert!(matches!(MasterKey::load(directory.path()), Err(Error::MasterKeyUnusable { .. })), "directory");
}

#[test]
fn debug_of_a_key_shows_its_id_only() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("master.key");
    write_key(&path, &key_text('A'), 0o600);
    let key = MasterKey::load(&path).unwrap();
    // The first eight digits of the SHA-256 of 32 zero bytes.
    assert_eq!(key.key_id(), "66687aad");
    assert_eq!(format!("{key:?}"), r#"MasterKey { id: "66687aad", .. }"#);
}

#[tokio::test]
async fn key_that_was_replaced_opens_nothing_any_more() {
    let store = Store::new();
    let earlier = store.start().await.unwrap();
    let before = fs::read_to_string(store.key_path()).unwrap();
    let rotation = store.rotate().unwrap();
    assert_eq!(Vault::sealed_with(&store.db).await.unwrap().unwrap(), rotation.key_id);
    let later = store.start().await.unwrap();
    let sealed = later.seal(&place("1"), SECRET);
    assert!(earlier.open(&place("1"), &sealed).is_err());
    assert_eq!(fs::metadata(store.key_path()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!store.directory.path().join("master.key.next").exists());

    write_key(&store.key_path(), &before, 0o600);
    assert!(matches!(store.start().await, Err(Error::MasterKeyWrong { .. })));
    assert!(matches!(store.rotate(), Err(Error::MasterKeyWrong { .. })));
}

#[tokio::test]
async fn replacement_that_was_interrupted_is_finished_or_forgotten() {
    let store = Store::new();
    store.start().await.unwrap();
    let before = fs::read_to_string(store.key_path()).unwrap();
    let next = store.directory.path().join("master.key.next");
    // Before the store knew the new key.
    write_key(&next, &key_text('A'), 0o600);
    store.start().await.unwrap();
    assert_eq!(fs::read_to_string(store.key_path()).unwrap(), before);
    store.rotate().unwrap();
    assert!(!next.exists());

    // After the store knew it, before it had its place.
    let new = fs::read_to_string(store.key_path()).unwrap();
    for earlier in [Some(&before), None] {
        fs::rename(store.key_path(), &next).unwrap();
        if let Some(earlier) = earlier {
            write_key(&store.key_path(), earlier, 0o600);
        }
        store.start().await.unwrap();
        assert_eq!(fs::read_to_string(store.key_path()).unwrap(), new);
        assert!(!next.exists());
    }
}

#[tokio::test]
async fn new_key_in_a_new_file_leaves_the_present_file_as_it_is() {
    let store = Store::new();
    store.start().await.unwrap();
    let (present, new) = (store.key_path(), store.directory.path().join("new.key"));
    let before = fs::read_to_string(&present).unwrap();
    write_key(&new, "mine", 0o600);
    let rotate = || KeyRotation::to_new_file(&store.db, &MasterKey::load(&present)?, &present, &new);
    assert!(matches!(rotate(), Err(Error::MasterKeyUnusable { .. })));
    assert_eq!(fs::read_to_string(&new).unwrap(), "mine");
    store.start().await.unwrap();

    fs::remove_file(&new).unwrap();
    rotate().unwrap();
    assert_eq!(fs::read_to_string(&present).unwrap(), before);
    assert!(Vault::unlock(&store.db, MasterKey::load(&new).unwrap(), &new).await.is_ok());
}
