//! Changing settings: what only the row says, what the container is made with, and what is put back.

use stardeck_domain::{AuditAction, DatabaseStatus, FailureCode, OperationKind, StepName, StepState};
use stardeck_service::{
    databases::{Change, ChangeDatabase},
    runtime::ContainerState,
};
use stardeck_testkit::{
    EngineBehaviour, Method, ServicesBuilder, TestBed, audited, count_credentials, create_request,
};

use super::support::{SHOP, change, delete, deploy, engine_settings, everything, runs, succeeded, undone};

const MEMORY: u64 = 512 * 1024 * 1024;

/// A change that needs another container.
fn larger() -> ChangeDatabase {
    ChangeDatabase {
        memory_bytes: Change::To(MEMORY),
        cpu_millis: Change::To(1500),
        engine_settings: engine_settings(&[("work_mem", "8MB")]),
        description: Change::To("larger".to_owned()),
        ..ChangeDatabase::default()
    }
}

/// The one configuration that the container was made with.
fn config(bed: &TestBed) -> String {
    bed.runtime.snapshot().containers.get(SHOP).unwrap().configs.concat()
}

#[tokio::test]
async fn what_only_the_row_says_is_changed_at_once() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let before = everything(&bed).await;
    let calls = bed.runtime.journal().len();
    let request = ChangeDatabase {
        is_shared: Some(false),
        description: Change::To("the shop".to_owned()),
        color: Change::To("#3366cc".to_owned()),
        ..ChangeDatabase::default()
    };
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let outcome =
        databases.change_settings(admin, database.id, Some(1), request.clone(), false).await.unwrap();
    assert!(outcome.operation.is_none());
    let changed: Vec<_> = outcome.changes.iter().map(|c| (c.field.as_str(), c.requires_restart)).collect();
    assert_eq!(changed, [("is_shared", false), ("description", false), ("color", false)]);
    let row = databases.get(database.id).await.unwrap();
    assert_eq!((row.is_shared, row.revision, row.status), (false, 2, DatabaseStatus::Running));
    assert_eq!((row.description.as_deref(), row.color.as_deref()), (Some("the shop"), Some("#3366cc")));
    assert_eq!((everything(&bed).await, bed.runtime.journal().len()), (before, calls), "nobody was asked");

    let again = databases.change_settings(admin, database.id, Some(2), request, false).await.unwrap();
    assert!(again.changes.is_empty() && again.database.revision == 2, "nothing is left to be changed");
    let actions = audited(&bed.db, database.id).await;
    assert_eq!(actions, [AuditAction::DatabaseCreated, AuditAction::DatabaseChanged]);
}

#[tokio::test]
async fn dry_run_says_what_would_change_and_changes_nothing() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let before = everything(&bed).await;
    let mut request = larger();
    request.expose_port = Some(true);
    let outcome =
        bed.services.databases.change_settings(&bed.admin, database.id, None, request, true).await.unwrap();
    let told: Vec<_> =
        outcome.changes.iter().map(|c| (c.field.as_str(), c.to.as_deref(), c.requires_restart)).collect();
    let port = told[0].1.unwrap().parse::<u16>().unwrap();
    assert!((5432..=5499).contains(&port), "{port}");
    assert_eq!(
        told[1..],
        [
            ("memory_bytes", Some("536870912"), true),
            ("cpus", Some("1.5"), true),
            ("description", Some("larger"), false),
            ("engine_settings.shared_buffers", Some("128MB"), true),
            ("engine_settings.work_mem", Some("8MB"), true),
        ]
    );
    assert_eq!((outcome.operation.map(|o| o.id), outcome.database.revision), (None, 1));
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn container_is_made_anew_on_its_volume_under_its_name() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (old, _) = everything(&bed).await;
    let operation = change(&bed, &database, larger()).await;
    succeeded(&operation);
    assert_eq!(operation.kind, OperationKind::Update);
    let steps: Vec<_> = operation.steps.iter().map(|step| step.name).collect();
    assert_eq!(
        steps,
        [
            StepName::Reserve,
            StepName::Network,
            StepName::Volume,
            StepName::Secret,
            StepName::Stop,
            StepName::SetAside,
            StepName::Container,
            StepName::Start,
            StepName::Ready,
            StepName::CheckPort,
            StepName::Finish,
            StepName::Discard,
        ]
    );
    let (new, _) = everything(&bed).await;
    let (before, after) = (&old.containers[SHOP], &new.containers[SHOP]);
    assert_eq!(new.containers.len(), 1, "the old one is gone");
    assert_eq!((&after.volumes, &after.networks), (&before.volumes, &before.networks));
    assert_eq!(after.limits, (Some(MEMORY), Some(1500)));
    assert!(config(&bed).contains("shared_buffers = '128MB'") && config(&bed).contains("work_mem = '8MB'"));
    assert_eq!(bed.runtime.count(Method::PullImage), 0);
    assert_eq!(new.secrets.len(), old.secrets.len() + 1);
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!((row.revision, row.description.as_deref()), (2, Some("larger")));
    assert_ne!(row.container_id, database.container_id);
    runs(&bed, &database).await;

    // A person's own value wins over what follows the limit, and null takes it back.
    let own = ChangeDatabase {
        engine_settings: engine_settings(&[("shared_buffers", "64MB")]),
        ..ChangeDatabase::default()
    };
    succeeded(&change(&bed, &database, own).await);
    assert!(config(&bed).contains("shared_buffers = '64MB'") && config(&bed).contains("work_mem = '8MB'"));
    assert_eq!(everything(&bed).await.0.secrets.len(), old.secrets.len() + 1, "the old file is gone");
    let nothing = ChangeDatabase {
        memory_bytes: Change::Clear,
        cpu_millis: Change::Clear,
        engine_settings: Change::Clear,
        ..ChangeDatabase::default()
    };
    succeeded(&change(&bed, &database, nothing).await);
    let (plain, _) = everything(&bed).await;
    assert_eq!((config(&bed).as_str(), plain.containers[SHOP].limits), ("", (None, None)));
    assert_eq!(plain.secrets.len(), old.secrets.len());
    runs(&bed, &database).await;
}

#[tokio::test]
async fn nothing_is_left_of_a_database_that_was_changed_and_removed() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let database = deploy(&bed, "shop").await;
    succeeded(&change(&bed, &database, larger()).await);
    delete(&bed, &database).await;
    assert_eq!(everything(&bed).await, before);
    assert_eq!(count_credentials(&bed.db, database.id).await, 0);
}

#[tokio::test]
async fn new_database_has_its_settings_from_the_first_start_on() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.settings.memory_bytes = Some(MEMORY);
    request.settings.engine = [("max_connections".to_owned(), "42".to_owned())].into();
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert!(config(&bed).contains("max_connections = '42'") && config(&bed).contains("shared_buffers"));
    assert_eq!(bed.runtime.snapshot().containers[SHOP].limits, (Some(MEMORY), None));
    runs(&bed, &database).await;
}

#[tokio::test]
async fn stopped_database_stays_stopped_and_starts_with_its_new_settings() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let starts = bed.runtime.count(Method::StartContainer);
    succeeded(&change(&bed, &database, larger()).await);
    assert_eq!(bed.runtime.count(Method::StartContainer), starts);
    assert_eq!(bed.services.databases.get(database.id).await.unwrap().status, DatabaseStatus::Stopped);
    assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Created);
    let (_, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert!(config(&bed).contains("work_mem = '8MB'"));
    runs(&bed, &database).await;
}

#[tokio::test]
async fn setting_that_the_server_does_not_take_is_rolled_back_with_the_reason() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let refuses = EngineBehaviour { refuses_setting: Some("work_mem".to_owned()), ..Default::default() };
    bed.runtime.set_engine_behaviour(refuses);
    let before = everything(&bed).await;
    let operation = change(&bed, &database, larger()).await;
    undone(&operation);
    let failure = operation.error.unwrap();
    assert_eq!((failure.code, failure.step.as_deref()), (FailureCode::EngineExited, Some("ready")));
    assert!(failure.log_tail.iter().any(|line| line.contains("work_mem")), "{failure:?}");
    assert!(operation.steps.iter().all(|step| step.state != StepState::Succeeded));
    assert_eq!(everything(&bed).await, before, "the old container runs as before");
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!((row.description, row.container_id), (None, database.container_id));
    assert_eq!((row.settings, row.spec), (database.settings, database.spec));
    assert_eq!(row.revision, 3, "putting it back is a change as well");
    runs(&bed, &before_row(&bed).await).await;
}

async fn before_row(bed: &TestBed) -> stardeck_domain::ManagedDatabase {
    bed.services.databases.list(stardeck_service::Page::default()).await.unwrap().items.remove(0)
}

#[tokio::test]
async fn database_that_is_down_because_of_a_setting_comes_back_when_it_is_taken_back() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (_, operation) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    // Nobody tries a setting of a database that is stopped.
    succeeded(&change(&bed, &database, larger()).await);
    let refuses = EngineBehaviour { refuses_setting: Some("work_mem".to_owned()), ..Default::default() };
    bed.runtime.set_engine_behaviour(refuses);
    let (_, operation) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    assert_eq!(bed.wait_for(operation.id).await.error.unwrap().code, FailureCode::EngineExited);
    assert_eq!(bed.services.databases.get(database.id).await.unwrap().status, DatabaseStatus::Error);
    let back = ChangeDatabase { engine_settings: Change::Clear, ..ChangeDatabase::default() };
    succeeded(&change(&bed, &database, back).await);
    runs(&bed, &database).await;
}
