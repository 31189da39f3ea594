//! A call fails in the middle of a change of settings, at every place where there is one, for every engine. Whatever
//! happens, there is one container, with the old settings or the new ones, and nothing else is left.

use std::time::Duration;

use stardeck_domain::{DatabaseConfig, Engine, ManagedDatabase, Operation, OperationState};
use stardeck_service::{
    Timings,
    databases::{Change, ChangeDatabase},
    runtime::RuntimeError,
};
use stardeck_testkit::{FakeRuntime, Method, ServicesBuilder, TEST_TIMINGS, TestBed};

use super::{
    engines::request,
    support::{change, everything, refusal, runs, silence, succeeded, undone},
};

/// A way for a call to fail.
type Arm = fn(&FakeRuntime, u32, RuntimeError);
const ARMS: [Arm; 2] = [FakeRuntime::fail_at, FakeRuntime::lose_answer_at];

/// A change, and the one that takes it back.
type Way = (fn() -> ChangeDatabase, fn() -> ChangeDatabase);
const WAYS: [Way; 2] = [(more, less), (less, more)];

/// Opens a port and sets a limit, which every engine's own settings follow.
fn more() -> ChangeDatabase {
    ChangeDatabase { expose_port: Some(true), memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() }
}

/// Takes both back.
fn less() -> ChangeDatabase {
    ChangeDatabase { expose_port: Some(false), memory_bytes: Change::Clear, ..ChangeDatabase::default() }
}

async fn config(bed: &TestBed, database: &ManagedDatabase) -> DatabaseConfig {
    DatabaseConfig::of(&bed.services.databases.get(database.id).await.unwrap())
}

/// None when the request itself was refused.
async fn attempt(bed: &TestBed, database: &ManagedDatabase, request: ChangeDatabase) -> Option<Operation> {
    let databases = &bed.services.databases;
    let outcome = databases.change_settings(&bed.admin, database.id, None, request, false).await.ok()?;
    Some(bed.wait_for(outcome.operation.unwrap().id).await)
}

/// One container that runs, and a configuration exactly when there is a limit.
async fn is_whole(bed: &TestBed, database: &ManagedDatabase) {
    let (runtime, store) = everything(bed).await;
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!(runtime.containers.len(), 1, "{runtime:#?}");
    let container = runtime.containers.get(row.container_name.as_str()).unwrap();
    let published: Vec<_> = row.external_port.into_iter().map(stardeck_domain::Port::get).collect();
    assert_eq!(container.host_ports, published);
    assert_eq!(store.ports.iter().map(|held| held.port.get()).collect::<Vec<_>>(), published);
    let has_limit = container.limits.0.is_some();
    assert_eq!(container.configs.len(), usize::from(has_limit));
    let configs = runtime.secrets.keys().filter(|name| name.contains("-conf-")).count();
    assert_eq!(configs, usize::from(has_limit), "{:?}", runtime.secrets.keys());
    runs(bed, &row).await;
}

/// Changes again and again with a fault at the first, second, … call, until a change ends without meeting it.
async fn strike_every_call(
    engine: Engine,
    (there, back): Way,
    arm: Arm,
    error: fn() -> RuntimeError,
) -> Vec<(Method, Option<Operation>)> {
    // A port that rests after each fault would soon be missing.
    let timings = Timings { port_quarantine: Duration::ZERO, ..TEST_TIMINGS };
    let bed = ServicesBuilder::new().timings(timings).start().await;
    let request = request(&bed, engine);
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    if there().expose_port == Some(false) {
        succeeded(&change(&bed, &database, back()).await);
    }
    let mut outcomes = Vec::new();
    for call in 1.. {
        let before = (everything(&bed).await, config(&bed, &database).await);
        arm(&bed.runtime, call, error());
        let outcome = attempt(&bed, &database, there()).await;
        let has_struck = bed.runtime.has_struck();
        bed.runtime.clear_faults();
        let has_succeeded =
            outcome.as_ref().is_some_and(|operation| operation.state == OperationState::Succeeded);
        if has_succeeded {
            is_whole(&bed, &database).await;
            succeeded(&change(&bed, &database, back()).await);
        } else {
            let after = (everything(&bed).await, config(&bed, &database).await);
            assert_eq!(after, before, "{engine}, call {call}: {outcome:#?}");
        }
        is_whole(&bed, &database).await;
        if !has_struck {
            assert!(has_succeeded);
            break;
        }
        let struck = bed.runtime.journal().into_iter().rev().find(|call| call.is_struck).unwrap();
        outcomes.push((struck.method, outcome));
    }
    assert!(outcomes.len() > 20, "only {} calls were struck", outcomes.len());
    bed.services.shut_down().await;
    outcomes
}

/// The look before anything is written: what it finds, or its failure, refuses the change.
const BEFOREHAND: &[Method] = &[Method::Info, Method::ListContainers];

/// What is done when the change is made: trouble there takes nothing back.
const TIDYING: &[Method] =
    &[Method::ListContainers, Method::RemoveContainer, Method::ListSecrets, Method::RemoveSecret];

async fn is_all_or_nothing(engine: Engine) {
    for arm in ARMS {
        for way in WAYS {
            for (method, operation) in strike_every_call(engine, way, arm, refusal).await {
                match operation {
                    None => assert!(
                        BEFOREHAND.contains(&method),
                        "only the look beforehand refuses it: {method:?}"
                    ),
                    Some(operation) if operation.state == OperationState::Succeeded => {
                        // An engine that is silent once is asked again.
                        assert!(method.is_of_engine() || TIDYING.contains(&method), "{method:?}");
                    }
                    Some(operation) => undone(&operation),
                }
            }
        }
    }
}

/// One test per engine, so that they run side by side.
macro_rules! engines {
    ($($name:ident: $engine:expr;)+) => { $(
        #[tokio::test]
        async fn $name() {
            is_all_or_nothing($engine).await;
        }
    )+ };
}

engines! {
    change_of_postgresql_is_all_or_nothing_at_any_call: Engine::PostgreSql;
    change_of_mariadb_is_all_or_nothing_at_any_call: Engine::MariaDb;
    change_of_mysql_is_all_or_nothing_at_any_call: Engine::MySql;
    change_of_redis_is_all_or_nothing_at_any_call: Engine::Redis;
    change_of_mongodb_is_all_or_nothing_at_any_call: Engine::MongoDb;
}

#[test]
fn every_engine_is_struck() {
    assert_eq!(Engine::ALL.len(), 5, "a new engine needs a test above");
}

#[tokio::test]
async fn change_that_meets_one_moment_of_silence_at_any_call_succeeds() {
    for arm in ARMS {
        for (method, operation) in strike_every_call(Engine::ALL[0], (more, less), arm, silence).await {
            match operation {
                None => assert!(BEFOREHAND.contains(&method), "{method:?}"),
                // Nothing is repeated once the engine takes part: a login that fails says something.
                Some(operation) if method.is_of_engine() => {
                    assert!(operation.state.is_final());
                }
                Some(operation) => succeeded(&operation),
            }
        }
    }
}
