//! Copies of a store, and whether the last run ended cleanly.

use stardeck_domain::Role;
use stardeck_repository::{Db, Error, meta, snapshot, users};

use crate::fixture::{Store, texts};

#[tokio::test]
async fn copy_of_a_store_in_use_has_what_was_committed_and_nothing_of_what_was_not() {
    let store = Store::new();
    store.user("ann", Role::Admin).await;
    let target = store.path().with_file_name("copy.db");
    let (from, to) = (store.path(), target.clone());
    store
        .write(move |tx| {
            meta::set(tx, "half", "done")?;
            snapshot::copy(&from, &to)
        })
        .await
        .unwrap();
    let facts = snapshot::describe(&target).unwrap();
    assert!(!facts.meta.contains_key("half"), "{facts:?}");
    assert!(facts.meta.contains_key("instance_id"));
    let newest = texts(&mut store.raw(), "SELECT max(version) FROM __diesel_schema_migrations");
    assert_eq!([facts.schema], newest[..]);
    let copy = Db::open(&target).unwrap();
    assert_eq!(copy.read(users::count).await.unwrap(), 1);
}

#[test]
fn copy_over_a_file_or_of_a_newer_or_missing_store_is_refused() {
    let store = Store::new();
    let target = store.path().with_file_name("copy.db");
    std::fs::write(&target, "something else").unwrap();
    assert!(snapshot::copy(&store.path(), &target).is_err());
    assert_eq!(std::fs::read_to_string(&target).unwrap(), "something else");
    let missing = store.path().with_file_name("missing.db");
    assert!(snapshot::copy(&missing, &store.path().with_file_name("other.db")).is_err());
    assert!(!missing.exists());
    store.tamper("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')");
    let other = store.path().with_file_name("other.db");
    assert!(matches!(snapshot::copy(&store.path(), &other), Err(Error::Newer { .. })));
    assert!(matches!(snapshot::describe(&store.path()), Err(Error::Newer { .. })));
}

#[tokio::test]
async fn a_run_that_was_not_ended_is_told_to_the_next() {
    let store = Store::new();
    assert!(!store.write(meta::begin_run).await.unwrap(), "the first");
    assert!(store.write(meta::begin_run).await.unwrap(), "after one that was not ended");
    store.write(meta::end_run).await.unwrap();
    assert!(!store.write(meta::begin_run).await.unwrap(), "after one that was");
    store.db.check().await.unwrap();
}

#[tokio::test]
async fn new_epoch_is_another_one() {
    let store = Store::new();
    let before = store.read(meta::event_epoch).await.unwrap();
    store.write(meta::renew_event_epoch).await.unwrap();
    assert_ne!(store.read(meta::event_epoch).await.unwrap(), before);
}
