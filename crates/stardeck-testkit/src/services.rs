//! Running use cases on fakes.

use std::{sync::Arc, time::Duration};

use stardeck_domain::{Operation, OperationId};
use stardeck_repository::Db;
use stardeck_service::{
    Actor, DriverLookup, Error, Services, ServicesConfig, Timings, operations::Operations,
    runtime::ContainerRuntime,
};

use crate::{FakeRuntime, Method, TempStore, deadline::until, engine::fake_driver, store::admin};

/// Puts running use cases together. By default on a fake runtime of their own with an engine that answers at once,
/// and with an observer that looks once and then not again.
pub struct ServicesBuilder {
    store: TempStore,
    runtime: FakeRuntime,
    timings: Timings,
}

/// Use cases that run, with all they stand on.
pub struct TestBed {
    /// The use cases.
    pub services: Services,
    /// Their runtime.
    pub runtime: FakeRuntime,
    /// An administrator who is signed in.
    pub admin: Actor,
    /// Their store, to look into.
    pub db: Db,
    /// Where it lies.
    pub store: TempStore,
    /// How long they wait for what.
    pub timings: Timings,
}

/// An observer that looks this rarely does not disturb a test that counts calls.
const RARELY: Duration = Duration::from_hours(1);

/// Short enough for tests, with an observer that looks once and then not again.
pub const TEST_TIMINGS: Timings = Timings {
    runtime_patience: Duration::from_secs(20),
    login: Duration::from_secs(2),
    health: Duration::from_secs(2),
    settle: Duration::ZERO,
    restart_after: Duration::from_mins(1),
    observe_every: RARELY,
    port_quarantine: Duration::from_mins(2),
};

impl ServicesBuilder {
    /// A new store and a new fake runtime.
    pub fn new() -> Self {
        Self { store: TempStore::new(), runtime: FakeRuntime::new(), timings: TEST_TIMINGS }
    }

    /// On this runtime.
    #[must_use]
    pub fn runtime(self, runtime: FakeRuntime) -> Self {
        Self { runtime, ..self }
    }

    /// On this store, as a server that starts again.
    #[must_use]
    pub fn store(self, store: TempStore) -> Self {
        Self { store, ..self }
    }

    /// With these timings.
    #[must_use]
    pub fn timings(self, timings: Timings) -> Self {
        Self { timings, ..self }
    }

    /// With an observer that looks this often.
    #[must_use]
    pub fn observing_every(mut self, every: Duration) -> Self {
        self.timings.observe_every = every;
        self
    }

    /// With an observer that starts again so soon what ended by itself.
    #[must_use]
    pub fn restarting_after(mut self, pause: Duration) -> Self {
        self.timings.restart_after = pause;
        self
    }

    /// On a runtime that tells what happens.
    #[must_use]
    pub fn telling_events(self) -> Self {
        self.runtime.tell_events();
        self
    }

    /// With this patience for a runtime that does not answer.
    #[must_use]
    pub fn patience(mut self, patience: Duration) -> Self {
        self.timings.runtime_patience = patience;
        self
    }

    /// Starts them and waits until the observer has asked for the containers the first time, so that every later call
    /// belongs to what the test does. The administrator is `ada`.
    ///
    /// # Panics
    /// When they can not be started.
    pub async fn start(self) -> TestBed {
        let seen = self.runtime.count(Method::ListContainers);
        let runtime = self.runtime.clone();
        let bed = self.start_unobserved().await;
        until("the observer's first look", || async {
            (runtime.count(Method::ListContainers) > seen).then_some(())
        })
        .await;
        bed
    }

    /// Starts them without waiting for anything.
    ///
    /// # Panics
    /// When they can not be started.
    pub async fn start_unobserved(self) -> TestBed {
        let (db, vault) = self.store.open().await;
        let admin = admin(&db, "ada").await;
        let config = ServicesConfig {
            db: db.clone(),
            vault,
            runtime: Arc::new(self.runtime.clone()),
            drivers: fake_driver,
            timings: self.timings,
            data_dir: self.store.directory(),
        };
        let services = Services::start(config).await.expect("the services start");
        TestBed { services, runtime: self.runtime, admin, db, store: self.store, timings: self.timings }
    }
}

impl Default for ServicesBuilder {
    fn default() -> Self {
        Self::new()
    }
}

impl TestBed {
    /// Waits for the end of an operation.
    ///
    /// # Panics
    /// When it has no end within the deadline.
    pub async fn wait_for(&self, id: OperationId) -> Operation {
        wait_for(&self.services.operations, id).await
    }

    /// Stops the server cleanly and starts it again on the same store and runtime.
    pub async fn restart(self) -> Self {
        let builder = ServicesBuilder { store: self.store, runtime: self.runtime, timings: self.timings };
        self.services.shut_down().await;
        builder.start().await
    }
}

/// Starts use cases on any runtime, with a store of their own; for tests on a real Podman.
///
/// # Panics
/// When they can not be started.
pub async fn start_on(
    store: &TempStore,
    runtime: Arc<dyn ContainerRuntime>,
    drivers: DriverLookup,
    timings: Timings,
) -> (Services, Actor) {
    let (db, vault) = store.open().await;
    let admin = admin(&db, "ada").await;
    let config = ServicesConfig { db, vault, runtime, drivers, timings, data_dir: store.directory() };
    (Services::start(config).await.expect("the services start"), admin)
}

/// Waits for the end of an operation.
///
/// # Panics
/// When it has no end within the deadline.
pub async fn wait_for(operations: &Operations, id: OperationId) -> Operation {
    until("the end of the operation", || async {
        match operations.get(id).await {
            Ok(operation) => operation.state.is_final().then_some(operation),
            Err(Error::NotFound { .. }) => None,
            Err(error) => panic!("the operation can not be read: {error:?}"),
        }
    })
    .await
}
