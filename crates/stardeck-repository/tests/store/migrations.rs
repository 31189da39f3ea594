//! Migrations: forward, back to nothing, forward again, and a file that is ahead of the program.

use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use stardeck_domain::{DatabaseId, Failure, FailureCode, OperationChange, OperationEvent, OperationState};
use stardeck_repository::{Db, Error, databases, operations, tombstones};

use crate::fixture::{Store, moment, texts};

const MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

const OBJECTS: &str = "SELECT name || ': ' || coalesce(sql, '') FROM sqlite_schema \
                       WHERE name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' AND name NOT LIKE 'sqlite%' ORDER BY name";

#[tokio::test]
async fn schema_goes_down_to_nothing_and_comes_up_the_same() {
    let store = Store::new();
    store.database("shop").await;
    let mut raw = store.raw();
    let before = texts(&mut raw, OBJECTS);
    assert!(before.len() > 15, "{before:?}");
    raw.revert_all_migrations(MIGRATIONS).unwrap();
    assert_eq!(texts(&mut raw, OBJECTS), Vec::<String>::new());
    drop(raw);

    let again = Db::open(&store.path()).unwrap();
    assert_eq!(texts(&mut store.raw(), OBJECTS), before);
    let left = again.read(databases::list_all).await.unwrap();
    assert!(left.is_empty());
}

#[test]
fn each_migration_can_be_taken_back_alone() {
    let store = Store::new();
    let mut raw = store.raw();
    let count = texts(&mut raw, "SELECT version FROM __diesel_schema_migrations").len();
    for _ in 0..count {
        raw.revert_last_migration(MIGRATIONS).unwrap();
        raw.run_next_migration(MIGRATIONS).unwrap();
        raw.revert_last_migration(MIGRATIONS).unwrap();
    }
    assert_eq!(texts(&mut raw, OBJECTS), Vec::<String>::new());
}

/// A program without kept volumes that are attached again finds only words it knows, and the rest of the rows.
#[tokio::test]
async fn words_of_kept_volumes_are_taken_back_with_their_migration() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(move |tx| tombstones::bury(tx, id, None, moment(1))).await.unwrap();
    store.operation(id).await;
    store.tamper(
        "INSERT INTO audit_log (id, at, action) VALUES ('a', 't', 'database_reattached'), ('b', 't', 'kept_volume_deleted');
         INSERT INTO operations (id, kind, target_id, state, input, created_at, finished_at)
             VALUES ('o', 'reattach', 't', 'succeeded', '{}', 't', 't');
         INSERT INTO operation_steps (operation_id, position, name, state) VALUES ('o', 1, 'reserve', 'succeeded')",
    );
    let mut raw = store.raw();
    let applied = "SELECT version FROM __diesel_schema_migrations";
    while texts(&mut raw, applied).contains(&"20261124000400".to_owned()) {
        raw.revert_last_migration(MIGRATIONS).unwrap();
    }
    assert_eq!(texts(&mut raw, "SELECT kind FROM operations"), ["create"]);
    let actions = texts(&mut raw, "SELECT action FROM audit_log ORDER BY id");
    assert_eq!(actions, ["database_created", "database_deleted"]);
    assert_eq!(texts(&mut raw, "SELECT name FROM managed_databases WHERE deleted_at IS NOT NULL"), ["shop"]);
    drop(raw);
    let again = Db::open(&store.path()).unwrap();
    let kept = again.read(tombstones::list_all).await.unwrap();
    assert_eq!((kept.len(), kept[0].deleted_by), (1, None));
}

#[tokio::test]
async fn operations_that_ended_before_there_were_events_tell_their_end() {
    let store = Store::new();
    let (done, failed) = (store.operation(DatabaseId::new()).await, store.operation(DatabaseId::new()).await);
    let failure = Failure::new(FailureCode::ImageNotFound, "no such tag");
    let error = failure.clone();
    store
        .write(move |tx| {
            operations::finish(tx, done, OperationState::Succeeded, None, None, moment(1))?;
            operations::finish(tx, failed, OperationState::Failed, Some(&error), Some(true), moment(2))
        })
        .await
        .unwrap();
    let mut raw = store.raw();
    while raw.revert_last_migration(MIGRATIONS).unwrap().to_string() != "20261124000600" {}
    drop(raw);
    let again = Db::open(&store.path()).unwrap();
    for (id, state, error, undone, at) in [
        (done, OperationState::Succeeded, None, None, moment(1)),
        (failed, OperationState::Failed, Some(failure), Some(true), moment(2)),
    ] {
        let events = again.read(move |tx| operations::events(tx, id, 0, 10)).await.unwrap();
        let change = OperationChange::Ended { state, error, undone };
        assert_eq!(events, [OperationEvent { seq: 1, at, change }]);
    }
}

#[test]
fn file_of_a_newer_program_is_refused_and_left_alone() {
    let store = Store::new();
    store.tamper("INSERT INTO __diesel_schema_migrations (version) VALUES ('99991231235959')");
    let before = texts(&mut store.raw(), OBJECTS);
    match Db::open(&store.path()) {
        Err(Error::Newer { found, known }) => {
            assert_eq!(found, "99991231235959");
            assert!(known.starts_with("20") && known < found, "{known}");
        }
        other => panic!("{other:?}"),
    }
    assert_eq!(texts(&mut store.raw(), OBJECTS), before);
}

#[test]
fn file_with_dangling_references_is_corrupt() {
    let store = Store::new();
    // A connection that does not ask for foreign keys does not get them.
    store.tamper(
        "PRAGMA foreign_keys = OFF; INSERT INTO sessions VALUES ('s', 'nobody', 'h', 't', 't', NULL, NULL)",
    );
    let opened = Db::open(&store.path());
    assert!(matches!(&opened, Err(Error::Corrupt { what }) if what.contains("sessions")), "{opened:?}");
}
