//! Looking at a store from outside.

use std::fs::{self, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};

use stardeck_repository::{Db, Error, inspect};

use crate::fixture::Store;

#[tokio::test]
async fn a_store_in_use_is_whole_and_goes_on() {
    let store = Store::new();
    inspect(&store.path()).unwrap();
    store.db.write(|tx| stardeck_repository::meta::set(tx, "key", "value")).await.unwrap();
    inspect(&store.path()).unwrap();
    let found = store.read(|tx| stardeck_repository::meta::get(tx, "key")).await.unwrap();
    assert_eq!(found.as_deref(), Some("value"));
}

#[tokio::test]
async fn damage_is_told_and_a_missing_file_is_not_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("store.db");
    assert!(inspect(&path).is_err());
    assert!(!path.exists());
    drop(Db::open(&path).unwrap());
    let length = fs::metadata(&path).unwrap().len();
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    file.seek(SeekFrom::Start(length / 2)).unwrap();
    file.write_all(&[0xa5; 16 * 1024]).unwrap();
    drop(file);
    assert!(matches!(inspect(&path), Err(Error::Corrupt { .. })), "{:?}", inspect(&path));
}
