//! The use cases on the tests' own Podman.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener},
    sync::Arc,
    time::Duration,
};

use secrecy::{ExposeSecret, SecretString};
use stardeck_domain::{DatabaseId, LoginName, ManagedDatabase, Operation, OperationState, Password, Port};
use stardeck_drivers::{Error as DriverError, Login, ServerInfo};
use stardeck_service::{
    Actor, DriverLookup, Services, Timings,
    databases::{CreateDatabase, DataFate},
    runtime::podman::PodmanRuntime,
};
use stardeck_testkit::{
    Leftovers, PodmanEnv, TEST_TIMINGS, TempStore, create_request, delete_request, password, start_on,
    until_within, version, wait_for,
};

/// Everything that URLs, shells and SQL take for something else.
pub(crate) const HOSTILE: &str = r#"p@ss:/#?%&+ 'w"ord\$`ü"#;

/// What clients say when the name does not resolve. Any container's start can cut that off for a while on hosts without
/// udev, the app's own as well.
const LOOKUP_FAILURES: &[&str] =
    &["could not translate host name", "Unknown server host", "name resolution", "Name or service not known"];

/// Use cases on the tests' own Podman.
pub(crate) struct World {
    pub(crate) podman: PodmanEnv,
    pub(crate) store: TempStore,
    pub(crate) services: Services,
    pub(crate) admin: Actor,
}

impl World {
    pub(crate) async fn new() -> Self {
        Self::with_drivers(TEST_TIMINGS, stardeck_drivers::client).await
    }

    pub(crate) async fn with_drivers(timings: Timings, drivers: DriverLookup) -> Self {
        let (podman, store) = (PodmanEnv::new(), TempStore::new());
        let runtime = Arc::new(PodmanRuntime::new(podman.client()));
        let (services, admin) = start_on(&store, runtime, drivers, timings).await;
        Self { podman, store, services, admin }
    }

    /// Deploys a database. The guard removes what is left of it, should the test fail.
    pub(crate) async fn deploy(&self, request: CreateDatabase) -> (ManagedDatabase, Operation, Leftovers) {
        let (database, operation) = self.services.databases.create(&self.admin, request).await.unwrap();
        let leftovers = Leftovers::of_database(&self.podman, &database.id.to_string());
        let operation = wait_for(&self.services.operations, operation.id).await;
        (database, operation, leftovers)
    }

    pub(crate) async fn stop(&self, id: DatabaseId) {
        let (_, operation) = self.services.databases.stop(&self.admin, id).await.unwrap();
        succeeded(&wait_for(&self.services.operations, operation.id).await);
    }

    pub(crate) async fn start(&self, id: DatabaseId) -> Operation {
        let (_, operation) = self.services.databases.start(&self.admin, id).await.unwrap();
        wait_for(&self.services.operations, operation.id).await
    }

    pub(crate) async fn delete(&self, database: &ManagedDatabase, data: DataFate) {
        let request = delete_request(database.name.as_str(), data);
        let operation = self.services.databases.delete(&self.admin, database.id, request).await.unwrap();
        succeeded(&wait_for(&self.services.operations, operation.id).await);
    }

    pub(crate) async fn row(&self, id: DatabaseId) -> ManagedDatabase {
        self.services.databases.get(id).await.unwrap()
    }

    /// What an app on the data network meets.
    pub(crate) async fn app(&self, command: &str, url: &SecretString, arguments: &[&str]) -> String {
        let all = [&[command, url.expose_secret()], arguments].concat();
        until_within(Duration::from_mins(3), "an app that finds the database's name", || async {
            let said = self.podman.probe("stardeck-data", &all).text;
            LOOKUP_FAILURES.iter().all(|failure| !said.contains(failure)).then_some(said)
        })
        .await
    }
}

pub(crate) fn succeeded(operation: &Operation) {
    assert_eq!(operation.state, OperationState::Succeeded, "{operation:#?}");
}

/// The options with which a server is on a bridge, and its own port is published, where it is not reached otherwise.
pub(crate) fn within_reach(podman: &PodmanEnv, port: &str) -> Vec<String> {
    let options = ["--network=podman".to_owned(), format!("--publish=127.0.0.1::{port}")];
    if podman.is_rootless() { options.to_vec() } else { Vec::new() }
}

/// A name that no other test or run uses.
pub(crate) fn unique_name(word: &str) -> String {
    format!("{word}-{}", DatabaseId::new().short())
}

pub(crate) fn exposed(name: &str, tag: &str) -> CreateDatabase {
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    CreateDatabase {
        version: Some(version(tag)),
        expose_port: true,
        external_port: Some(Port::parse(i64::from(free)).unwrap()),
        admin_password: Some(password(HOSTILE)),
        ..create_request(name)
    }
}

pub(crate) fn address(database: &ManagedDatabase) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, database.external_port.unwrap().get()).into()
}

/// A login from the host by the exposed port.
pub(crate) async fn log_in(
    database: &ManagedDatabase,
    user: &LoginName,
    password: Password,
) -> Result<ServerInfo, DriverError> {
    stardeck_drivers::client(database.engine).unwrap().login(&login(database, user, password)).await
}

pub(crate) fn login(database: &ManagedDatabase, user: &LoginName, password: Password) -> Login {
    let (addr, user) = (address(database), user.clone());
    Login { addr, user, password, database: None, timeout: Duration::from_secs(10) }
}
