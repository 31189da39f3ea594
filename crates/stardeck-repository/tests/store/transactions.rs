//! Transactions: whole or not at all, whatever happens to the future that asked for them.

use std::{
    os::unix::fs::PermissionsExt,
    sync::mpsc::{Receiver, Sender, channel},
};

use diesel::connection::SimpleConnection;
use stardeck_repository::{Constraint, Db, Error, Tx, databases, meta};

use crate::fixture::{Store, conflict, new_database, texts};

/// A closure that sets two keys and waits between them until it is told to go on.
fn two_halves(started: Sender<()>, go_on: Receiver<()>) -> impl FnOnce(&mut Tx) -> Result<(), Error> + Send {
    move |tx| {
        meta::set(tx, "first half", "x")?;
        started.send(()).unwrap();
        go_on.recv().unwrap();
        meta::set(tx, "second half", "x")
    }
}

async fn get(store: &Store, key: &'static str) -> Option<String> {
    store.read(move |tx| meta::get(tx, key)).await.unwrap()
}

/// Waits for another thread's word without holding up the runtime.
async fn word(receiver: Receiver<()>) {
    tokio::task::spawn_blocking(move || receiver.recv().unwrap()).await.unwrap();
}

#[tokio::test]
async fn closure_that_fails_leaves_nothing() {
    let store = Store::new();
    let failed: Result<(), Error> = store
        .write(|tx| {
            meta::set(tx, "half", "x")?;
            Err(Error::Busy)
        })
        .await;
    assert!(matches!(failed, Err(Error::Busy)));
    assert_eq!(get(&store, "half").await, None);
}

#[tokio::test]
async fn closure_that_panics_leaves_nothing_and_the_writer_goes_on() {
    let store = Store::new();
    let db = store.db.clone();
    let task = tokio::spawn(async move {
        db.write(|tx| -> Result<(), Error> {
            meta::set(tx, "half", "x")?;
            panic!("on purpose");
        })
        .await
    });
    assert!(task.await.unwrap_err().is_panic());
    assert_eq!(get(&store, "half").await, None);
    store.write(|tx| meta::set(tx, "after", "x")).await.unwrap();
    assert_eq!(get(&store, "after").await.as_deref(), Some("x"));
}

#[tokio::test]
async fn future_dropped_in_the_middle_leaves_no_half_transaction() {
    let store = Store::new();
    let (started, has_started) = channel();
    let (go_on, may_go_on) = channel();
    let db = store.db.clone();
    let task = tokio::spawn(async move { db.write(two_halves(started, may_go_on)).await });
    word(has_started).await;
    task.abort();
    assert!(task.await.unwrap_err().is_cancelled());
    assert_eq!(get(&store, "first half").await, None, "nothing is seen before the commit");
    go_on.send(()).unwrap();
    // The next writer waits for its turn, so the abandoned one has come to its end when this returns.
    store.write(|tx| meta::set(tx, "next", "x")).await.unwrap();
    assert_eq!(get(&store, "first half").await.as_deref(), Some("x"));
    assert_eq!(get(&store, "second half").await.as_deref(), Some("x"));
}

#[tokio::test]
async fn future_dropped_while_it_waits_for_its_turn_does_nothing() {
    let store = Store::new();
    let (started, has_started) = channel();
    let (go_on, may_go_on) = channel();
    let db = store.db.clone();
    let first = tokio::spawn(async move { db.write(two_halves(started, may_go_on)).await });
    word(has_started).await;
    let db = store.db.clone();
    let second = tokio::spawn(async move { db.write(|tx| meta::set(tx, "second", "x")).await });
    tokio::task::yield_now().await;
    second.abort();
    assert!(second.await.unwrap_err().is_cancelled());
    go_on.send(()).unwrap();
    first.await.unwrap().unwrap();
    store.write(|tx| meta::set(tx, "third", "x")).await.unwrap();
    assert_eq!(get(&store, "second").await, None);
    assert_eq!(get(&store, "third").await.as_deref(), Some("x"));
}

#[tokio::test]
async fn read_sees_one_state_while_others_write() {
    let store = Store::new();
    let (started, has_started) = channel();
    let (go_on, may_go_on) = channel::<()>();
    let db = store.db.clone();
    let reader = tokio::spawn(async move {
        db.read(move |tx| -> Result<_, Error> {
            let before = meta::get(tx, "key")?;
            started.send(()).unwrap();
            may_go_on.recv().unwrap();
            Ok((before, meta::get(tx, "key")?))
        })
        .await
    });
    word(has_started).await;
    store.write(|tx| meta::set(tx, "key", "x")).await.unwrap();
    go_on.send(()).unwrap();
    assert_eq!(reader.await.unwrap().unwrap(), (None, None));
    assert_eq!(get(&store, "key").await.as_deref(), Some("x"));
}

#[tokio::test]
async fn write_in_a_read_is_refused() {
    let store = Store::new();
    let refused = store.read(|tx| meta::set(tx, "key", "x")).await;
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
    assert_eq!(get(&store, "key").await, None);
}

#[tokio::test]
async fn more_readers_than_connections_all_get_their_turn() {
    let store = Store::new();
    let tasks: Vec<_> = (0..32)
        .map(|_| {
            let db = store.db.clone();
            tokio::spawn(async move { db.read(meta::instance_id).await })
        })
        .collect();
    for task in tasks {
        task.await.unwrap().unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_writers_of_one_name_are_one_row_and_one_conflict() {
    let store = Store::new();
    for round in 0..10 {
        let name = format!("shop-{round}");
        let tasks = [(); 2].map(|()| {
            let (db, database) = (store.db.clone(), new_database(&name));
            tokio::spawn(async move {
                db.write(move |tx| databases::insert(tx, &database, chrono::Utc::now())).await
            })
        });
        let mut won = 0;
        for task in tasks {
            match task.await.unwrap() {
                Ok(()) => won += 1,
                lost => assert_eq!(conflict::<()>(lost), Constraint::DatabaseName),
            }
        }
        assert_eq!(won, 1, "round {round}");
    }
    assert_eq!(store.read(databases::list_all).await.unwrap().len(), 10);
}

#[tokio::test]
async fn file_locked_by_another_program_is_busy_and_free_afterwards() {
    let store = Store::new();
    let mut other = store.raw();
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let busy = store.write(|tx| meta::set(tx, "key", "x")).await;
    assert!(matches!(busy, Err(Error::Busy)), "{busy:?}");
    other.batch_execute("ROLLBACK").unwrap();
    store.write(|tx| meta::set(tx, "key", "x")).await.unwrap();
}

#[tokio::test]
async fn file_and_its_companions_are_readable_by_the_owner_only() {
    let store = Store::new();
    for suffix in ["", "-wal", "-shm"] {
        let path = format!("{}{suffix}", store.path().display());
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{path}");
    }
}

#[tokio::test]
async fn reopened_file_still_holds_what_was_written() {
    let store = Store::new();
    let id = store.database("shop").await;
    let instance = store.read(meta::instance_id).await.unwrap();
    let again = Db::open(&store.path()).unwrap();
    let (found, same) = again
        .read(move |tx| -> Result<_, Error> { Ok((databases::get(tx, id)?, meta::instance_id(tx)?)) })
        .await
        .unwrap();
    assert_eq!(found.name.as_str(), "shop");
    assert_eq!(same, instance);
}

#[tokio::test]
async fn log_is_written_ahead() {
    let store = Store::new();
    assert_eq!(texts(&mut store.raw(), "PRAGMA journal_mode"), ["wal"]);
}

#[test]
fn file_in_a_directory_that_does_not_exist_is_an_error() {
    let directory = tempfile::TempDir::new().unwrap();
    let opened = Db::open(&directory.path().join("absent").join("store.db"));
    assert!(matches!(opened, Err(Error::Database(_))), "{opened:?}");
}

#[test]
fn file_that_is_no_database_is_corrupt() {
    let directory = tempfile::TempDir::new().unwrap();
    let path = directory.path().join("store.db");
    std::fs::write(&path, "this is a letter, not a database. ".repeat(100)).unwrap();
    let opened = Db::open(&path);
    assert!(matches!(opened, Err(Error::Corrupt { .. })), "{opened:?}");
}
