//! The one door to the database file: connections, transactions, and the way from async code to the blocking pool.

use std::{
    fs::OpenOptions,
    io::ErrorKind,
    os::unix::fs::OpenOptionsExt,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::{DateTime, Utc};
use diesel::{
    connection::{AnsiTransactionManager, SimpleConnection, TransactionManager},
    dsl::sql,
    prelude::*,
    sql_types::Text,
};
use tokio::sync::{Semaphore, watch};

use crate::{Error, events, inspect::quick_check, meta, migrate};

/// How many transactions may read at once. SQLite allows any number; each costs a connection and a blocking thread.
const READERS: usize = 4;

/// What each connection is set to.
///
/// - `busy_timeout`, in milliseconds, comes first, so that the others wait for a lock too.
/// - `synchronous = FULL`: what is committed survives a power cut. Rows are written before Podman hears of something,
///   and that promise must not be lost with the last second of the log.
/// - `foreign_keys` is off by default in SQLite and set per connection.
/// - `trusted_schema = OFF`: a file from elsewhere can not run functions through its schema.
///
/// Source: <https://www.sqlite.org/pragma.html>.
const PRAGMAS: &str = "PRAGMA busy_timeout = 5000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA trusted_schema = OFF";

/// The store. Cheap to clone; all clones share one writer and a few readers.
#[derive(Clone)]
pub struct Db {
    writer: Arc<Pool>,
    readers: Arc<Pool>,
}

/// A transaction that is under way. Only the functions of this crate can look inside.
pub struct Tx {
    pub(crate) connection: SqliteConnection,
    /// When the transaction began, for columns that say when a row changed.
    pub(crate) began_at: DateTime<Utc>,
    /// Whether an event of an operation was written in it.
    pub(crate) has_events: bool,
    /// Whether somebody may do less after it: a session or a token ended, or a role was changed.
    pub(crate) has_ended_access: bool,
}

impl std::fmt::Debug for Db {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Db").field("path", &self.writer.path).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Tx {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tx").field("began_at", &self.began_at).finish_non_exhaustive()
    }
}

impl Db {
    /// Opens the file, making it (readable by its owner only) and bringing it to the schema of this program.
    ///
    /// It blocks: call it before the async work begins, or on the blocking pool. That no other server has the file
    /// open is the caller's business.
    ///
    /// # Errors
    /// The file was made by a newer program, is damaged, is locked, or can not be opened.
    pub fn open(path: &Path) -> Result<Self, Error> {
        // An absolute path can not be taken for a URI, which SQLite would also open.
        let path = std::path::absolute(path).map_err(Error::other)?;
        create_private(&path)?;
        migrate::run(&path)?;
        let writer = Pool::new(path.clone(), Access::Write);
        let readers = Pool::new(path, Access::Read);
        writer.transact(meta::ensure_ids)?;
        Ok(Self { writer: Arc::new(writer), readers: Arc::new(readers) })
    }

    /// Changes whenever events of an operation were committed through this store. What they are is read from the
    /// store: whoever is slow misses nothing and is waited for by nobody.
    pub fn operation_events(&self) -> watch::Receiver<()> {
        self.writer.events.subscribe()
    }

    /// Changes whenever a session or a token was ended, or a role changed, by what was committed through this store. Whose it
    /// was is read from the store.
    pub fn ended_access(&self) -> watch::Receiver<()> {
        self.writer.ended_access.subscribe()
    }

    /// The number of the last event of the installation that was committed through this store. What the events are is
    /// read from the store.
    pub fn events(&self) -> watch::Receiver<u32> {
        self.writer.last_event.subscribe()
    }

    /// How many transactions that may have written were committed through this store. What was read when it was the same
    /// is what there is, unless another process writes to the file.
    pub fn commits(&self) -> u64 {
        self.writer.commits.load(Ordering::Acquire)
    }

    /// Looks for damage in the file, beside everything else. It takes as long as reading the file.
    ///
    /// # Errors
    /// What is wrong with it, or why it can not be read.
    pub async fn check(&self) -> Result<(), Error> {
        self.read(quick_check).await
    }

    /// [`Db::write`] for commands that do nothing else meanwhile. It blocks.
    ///
    /// # Errors
    /// What the closure returns, or that the transaction could not be had or committed.
    pub fn write_blocking<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E>,
        E: From<Error>,
    {
        self.writer.transact(work)
    }

    /// Runs a closure that reads, in one transaction: it sees one state of the store, whatever is written meanwhile.
    /// A write in it fails.
    ///
    /// # Errors
    /// What the closure returns, or that the transaction could not be had.
    pub async fn read<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        run_blocking(&self.readers, work).await
    }

    /// Runs a closure that writes, in one immediate transaction: there is one at a time, in the order of the calls.
    /// It is committed when the closure returns `Ok`, and rolled back when it returns `Err` or panics.
    ///
    /// Once the closure has begun it comes to its end, even when the future is dropped.
    ///
    /// # Errors
    /// What the closure returns, or that the transaction could not be had or committed.
    pub async fn write<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<Error> + Send + 'static,
    {
        run_blocking(&self.writer, work).await
    }
}

/// Opens a connection with our settings.
pub(crate) fn connect(path: &Path) -> Result<SqliteConnection, Error> {
    let url = path.to_str().ok_or_else(|| Error::other("the path of the store is not valid UTF-8"))?;
    let mut connection = SqliteConnection::establish(url).map_err(Error::other)?;
    connection.batch_execute(PRAGMAS).map_err(Error::from_diesel)?;
    // SQLite answers with the mode it really uses, and keeps the old one without an error where it can not change it.
    let mode: String =
        sql::<Text>("PRAGMA journal_mode = WAL").get_result(&mut connection).map_err(Error::from_diesel)?;
    if mode != "wal" {
        return Err(Error::other(format!("the file system does not allow a write-ahead log, only {mode}")));
    }
    Ok(connection)
}

#[derive(Clone, Copy)]
enum Access {
    Read,
    Write,
}

/// Connections of one kind, opened when they are first needed.
struct Pool {
    path: PathBuf,
    access: Access,
    /// One for each connection there may be. Waiting for it costs no thread.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Tx>>,
    commits: AtomicU64,
    events: watch::Sender<()>,
    last_event: watch::Sender<u32>,
    ended_access: watch::Sender<()>,
}

impl Pool {
    fn new(path: PathBuf, access: Access) -> Self {
        let size = match access {
            Access::Read => READERS,
            Access::Write => 1,
        };
        Self {
            path,
            access,
            permits: Arc::new(Semaphore::new(size)),
            idle: Mutex::default(),
            commits: AtomicU64::new(0),
            events: watch::Sender::new(()),
            last_event: watch::Sender::new(0),
            ended_access: watch::Sender::new(()),
        }
    }

    /// Runs a closure in a transaction, to its end. A connection whose transaction could not be ended properly is
    /// closed, which makes SQLite roll back, and the next call opens another.
    fn transact<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Tx) -> Result<T, E>,
        E: From<Error>,
    {
        let mut tx = self.take()?;
        self.begin(&mut tx)?;
        // After a panic nothing of the closure is looked at again, and the connection is rolled back first.
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            let value = work(&mut tx)?;
            Ok((value, self.last_event_in(&mut tx)?))
        }));
        let (result, end) = match outcome {
            Ok(Ok((value, last_event))) => {
                let end = Transactions::commit_transaction(&mut tx.connection);
                if end.is_ok() {
                    self.commits.fetch_add(1, Ordering::AcqRel);
                    self.wake_up(&tx, last_event);
                }
                (Ok(Ok(value)), end)
            }
            other => (
                other.map(|result: Result<_, E>| result.map(|(value, _)| value)),
                Transactions::rollback_transaction(&mut tx.connection),
            ),
        };
        match (result, end) {
            (Ok(Ok(_)), Err(error)) => Err(Error::from_diesel(error).into()),
            (result, end) => {
                if end.is_ok() {
                    self.idle().push(tx);
                }
                result.unwrap_or_else(|panic| resume_unwind(panic))
            }
        }
    }

    /// The number of the last event, as the transaction leaves it. Of one that only reads it is of no interest.
    fn last_event_in(&self, tx: &mut Tx) -> Result<u32, Error> {
        match self.access {
            Access::Read => Ok(0),
            Access::Write => events::last(tx),
        }
    }

    /// Tells those who wait for events that there are some.
    fn wake_up(&self, tx: &Tx, last_event: u32) {
        if tx.has_events {
            self.events.send_replace(());
        }
        if tx.has_ended_access {
            self.ended_access.send_replace(());
        }
        self.last_event.send_if_modified(|last| std::mem::replace(last, last_event) != last_event);
    }

    fn begin(&self, tx: &mut Tx) -> Result<(), Error> {
        // A deferred transaction that turns out to write can fail in its middle when another writer was faster; an
        // immediate one waits at its beginning.
        let begin = match self.access {
            Access::Read => "BEGIN DEFERRED",
            Access::Write => "BEGIN IMMEDIATE",
        };
        tx.began_at = Utc::now();
        tx.has_events = false;
        tx.has_ended_access = false;
        Transactions::begin_transaction_sql(&mut tx.connection, begin).map_err(Error::from_diesel)
    }

    fn take(&self) -> Result<Tx, Error> {
        if let Some(tx) = self.idle().pop() {
            return Ok(tx);
        }
        let mut connection = connect(&self.path)?;
        match self.access {
            Access::Read => connection.batch_execute("PRAGMA query_only = ON").map_err(Error::from_diesel)?,
            Access::Write => {}
        }
        Ok(Tx { connection, began_at: Utc::now(), has_events: false, has_ended_access: false })
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Tx>> {
        // The list is only pushed to and popped from, so that a panic elsewhere can not leave it half changed.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Transactions = AnsiTransactionManager;

/// Runs a transaction on the blocking pool. The permit goes with it, so that a dropped future neither ends the
/// transaction early nor lets another one in beside it.
async fn run_blocking<T, E, F>(pool: &Arc<Pool>, work: F) -> Result<T, E>
where
    F: FnOnce(&mut Tx) -> Result<T, E> + Send + 'static,
    T: Send + 'static,
    E: From<Error> + Send + 'static,
{
    let permit = Arc::clone(&pool.permits).acquire_owned().await.map_err(Error::other)?;
    let pool = Arc::clone(pool);
    let task = tokio::task::spawn_blocking(move || {
        let result = pool.transact(work);
        drop(permit);
        result
    });
    match task.await {
        Ok(result) => result,
        // A panic goes on where it would have gone without the blocking pool.
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(stopped) => Err(Error::other(stopped).into()),
        },
    }
}

/// Makes the file, if it is missing, so that only its owner can read it. SQLite gives its companions (`-wal`, `-shm`)
/// the same permissions: <https://www.sqlite.org/src/file/src/os_unix.c> (`findCreateFileMode`).
fn create_private(path: &Path) -> Result<(), Error> {
    match OpenOptions::new().write(true).create_new(true).mode(0o600).open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(Error::other(error)),
    }
}
