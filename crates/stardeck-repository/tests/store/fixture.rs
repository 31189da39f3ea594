//! A store of its own for each test, and the rows that tests begin with.

use std::{net::IpAddr, path::PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    Connection, RunQueryDsl, SqliteConnection, connection::SimpleConnection, dsl::sql, sql_types::Text,
};
use stardeck_domain::{
    ContainerName, DatabaseId, DatabaseName, Engine, HostId, ImageReference, JsonText, LoginName,
    NetworkName, NewDatabase, NewOperation, OperationId, OperationKind, Origin, Port, Role, StepName, User,
    UserId, UserName, VersionTag,
};
use stardeck_repository::{Constraint, Db, Error, Tx, databases, operations, users};
use tempfile::TempDir;

/// A store in a directory that is removed with it.
pub(crate) struct Store {
    pub(crate) db: Db,
    directory: TempDir,
}

impl Store {
    pub(crate) fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let db = Db::open(&directory.path().join("store.db")).unwrap();
        Self { db, directory }
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("store.db")
    }

    pub(crate) async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T, Error> + Send + 'static,
    {
        self.db.read(work).await
    }

    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Tx) -> Result<T, Error> + Send + 'static,
    {
        self.db.write(work).await
    }

    /// A second way into the file, past everything that is under test.
    pub(crate) fn raw(&self) -> SqliteConnection {
        SqliteConnection::establish(self.path().to_str().unwrap()).unwrap()
    }

    /// Changes the file behind the store's back.
    pub(crate) fn tamper(&self, statement: &str) {
        self.raw().batch_execute(statement).unwrap();
    }

    /// A database that is written down.
    pub(crate) async fn database(&self, name: &str) -> DatabaseId {
        let database = new_database(name);
        let id = database.id;
        self.write(move |tx| databases::insert(tx, &database, moment(0))).await.unwrap();
        id
    }

    /// A queued operation on a database.
    pub(crate) async fn operation(&self, database: DatabaseId) -> OperationId {
        let operation = new_operation(database);
        let id = operation.id;
        self.write(move |tx| operations::insert(tx, &operation, moment(0))).await.unwrap();
        id
    }

    /// An account.
    pub(crate) async fn user(&self, name: &str, role: Role) -> UserId {
        let user = new_user(name, role);
        let id = user.id;
        self.write(move |tx| users::insert(tx, &user, "hash")).await.unwrap();
        id
    }
}

/// The first column of a query's answer.
pub(crate) fn texts(connection: &mut SqliteConnection, query: &str) -> Vec<String> {
    sql::<Text>(query).load(connection).unwrap()
}

/// Some seconds after a fixed moment.
pub(crate) fn moment(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000, 123_456_789).unwrap() + TimeDelta::seconds(seconds)
}

pub(crate) fn port(number: i64) -> Port {
    Port::parse(number).unwrap()
}

pub(crate) fn loopback() -> IpAddr {
    IpAddr::from([127, 0, 0, 1])
}

pub(crate) fn name(text: &str) -> DatabaseName {
    DatabaseName::parse(text).unwrap()
}

pub(crate) fn new_database(text: &str) -> NewDatabase {
    NewDatabase {
        id: DatabaseId::new(),
        host_id: HostId::local(),
        container_name: ContainerName::of_database(&name(text)),
        name: name(text),
        engine: Engine::PostgreSql,
        flavor: None,
        origin: Origin::Created,
        version: VersionTag::parse("16").unwrap(),
        image: ImageReference::parse("postgres:16").unwrap(),
        internal_port: port(5432),
        external_port: Some(port(15432)),
        bind_address: loopback(),
        admin_user: LoginName::parse("admin").unwrap(),
        network: NetworkName::data(),
        is_shared: true,
        spec: JsonText(r#"{"image":"x"}"#.to_owned()),
        created_by: None,
    }
}

pub(crate) fn new_operation(database: DatabaseId) -> NewOperation {
    NewOperation {
        id: OperationId::new(),
        kind: OperationKind::Create,
        database_id: database,
        requested_by: Some(UserId::new()),
        input: JsonText(r#"{"kind":"none"}"#.to_owned()),
        steps: vec![StepName::Reserve, StepName::Image, StepName::Container],
    }
}

pub(crate) fn new_user(username: &str, role: Role) -> User {
    User {
        id: UserId::new(),
        username: UserName::parse(username).unwrap(),
        role,
        created_at: moment(0),
        last_login_at: None,
    }
}

/// The rule that refused it.
#[track_caller]
pub(crate) fn conflict<T: std::fmt::Debug>(result: Result<T, Error>) -> Constraint {
    match result.unwrap_err() {
        Error::Conflict { constraint } => constraint,
        other => panic!("not a conflict: {other:?}"),
    }
}

/// What was not found.
#[track_caller]
pub(crate) fn missing<T: std::fmt::Debug>(result: Result<T, Error>) -> &'static str {
    match result.unwrap_err() {
        Error::NotFound { what, .. } => what,
        other => panic!("not a missing row: {other:?}"),
    }
}
