//! Queries of `meta`.

use stardeck_repository::{Error, meta};

use crate::fixture::Store;

#[tokio::test]
async fn value_that_is_set_twice_is_the_second_one() {
    let store = Store::new();
    assert_eq!(store.read(|tx| meta::get(tx, "key")).await.unwrap(), None);
    store.write(|tx| meta::set(tx, "key", "one")).await.unwrap();
    store.write(|tx| meta::set(tx, "key", "two")).await.unwrap();
    assert_eq!(store.read(|tx| meta::get(tx, "key")).await.unwrap().as_deref(), Some("two"));
}

#[tokio::test]
async fn two_files_are_two_instances() {
    let (one, other) = (Store::new(), Store::new());
    let ids = (one.read(meta::instance_id).await.unwrap(), other.read(meta::instance_id).await.unwrap());
    assert_ne!(ids.0, ids.1);
}

#[tokio::test]
async fn instance_id_that_was_spoiled_is_corrupt() {
    let store = Store::new();
    store.write(|tx| meta::set(tx, "instance_id", "me")).await.unwrap();
    assert!(matches!(store.read(meta::instance_id).await, Err(Error::Corrupt { .. })));
}
