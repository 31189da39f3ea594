//! The server dies in the middle, and another one starts on the same store and the same Podman.
//!
//! A crash is a real one: the tokio runtime with all tasks of the server is torn down while a call hangs. The call
//! had either not arrived yet or was carried out without an answer.

use std::time::Duration;

use stardeck_domain::{
    DatabaseId, DatabaseStatus, JsonText, ManagedDatabase, NewOperation, OperationId, OperationKind,
    OperationState, StepName,
};
use stardeck_repository::{Page, operations};
use stardeck_service::{
    databases::{Change, ChangeDatabase, DataFate},
    runtime::ContainerState,
};
use stardeck_testkit::{
    FakeRuntime, Method, ServicesBuilder, TempStore, TestBed, create_request, delete_request,
    reattach_request, store_snapshot, until,
};
use tokio::runtime::{Builder, Runtime};

use super::support::{SHOP, delete, deploy, everything, runs, succeeded};

/// What a server was asked to do when it died.
#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Create,
    Start,
    Stop,
    Restart,
    Delete(DataFate),
    Reattach,
    DeleteKept,
    Change,
}

pub(super) fn server() -> Runtime {
    Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap()
}

/// Asks for something and returns when it is done.
pub(super) async fn ask(bed: &TestBed, deed: Deed, id: Option<DatabaseId>) {
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let operation = match (deed, id) {
        (Deed::Start, Some(id)) => databases.start(admin, id).await.unwrap().1,
        (Deed::Stop, Some(id)) => databases.stop(admin, id).await.unwrap().1,
        (Deed::Restart, Some(id)) => databases.restart(admin, id).await.unwrap().1,
        (Deed::Delete(data), Some(id)) => {
            databases.delete(admin, id, delete_request("shop", data)).await.unwrap()
        }
        (Deed::Reattach, Some(id)) => databases.create(admin, reattach_request("shop", id)).await.unwrap().1,
        (Deed::DeleteKept, Some(id)) => databases.delete_kept(admin, id, "shop").await.unwrap(),
        (Deed::Change, Some(id)) => {
            let request = ChangeDatabase {
                expose_port: Some(true),
                memory_bytes: Change::To(1 << 30),
                ..ChangeDatabase::default()
            };
            databases.change_settings(admin, id, None, request, false).await.unwrap().operation.unwrap()
        }
        (Deed::Create, _) | (_, None) => databases.create(admin, create_request("shop")).await.unwrap().1,
    };
    succeeded(&bed.wait_for(operation.id).await);
}

/// What the deed needs to be there.
pub(super) async fn prepare(bed: &TestBed, deed: Deed) -> Option<DatabaseId> {
    match deed {
        Deed::Create => None,
        Deed::Stop | Deed::Restart | Deed::Delete(_) | Deed::Change => Some(deploy(bed, "shop").await.id),
        Deed::Reattach | Deed::DeleteKept => {
            let id = Some(deploy(bed, "shop").await.id);
            ask(bed, Deed::Delete(DataFate::Keep), id).await;
            id
        }
        Deed::Start => {
            let id = Some(deploy(bed, "shop").await.id);
            ask(bed, Deed::Stop, id).await;
            id
        }
    }
}

/// What a server leaves that died.
pub(super) struct Remains {
    pub(super) store: TempStore,
    pub(super) runtime: FakeRuntime,
    pub(super) id: Option<DatabaseId>,
}

/// A server does the deed and dies at the first call that hangs. None when none did.
fn die(deed: Deed, arm: impl FnOnce(&FakeRuntime)) -> Option<Remains> {
    let server = server();
    let (bed, id, has_hung) = server.block_on(async {
        let bed = ServicesBuilder::new().start().await;
        let id = prepare(&bed, deed).await;
        arm(&bed.runtime);
        let has_hung = tokio::select! {
            () = ask(&bed, deed, id) => false,
            () = bed.runtime.until_hanging() => true,
        };
        (bed, id, has_hung)
    });
    let TestBed { services, runtime, store, db, .. } = bed;
    server.shutdown_timeout(Duration::from_secs(10));
    drop((services, db));
    runtime.clear_faults();
    has_hung.then_some(Remains { store, runtime, id })
}

/// Starts another server on what the first left, waits until it has finished what it found, and looks.
pub(super) fn survive(remains: Remains, check: impl AsyncFnOnce(&TestBed, Option<DatabaseId>)) {
    let Remains { store, runtime, id } = remains;
    server().block_on(async {
        let bed = ServicesBuilder::new().store(store).runtime(runtime).start().await;
        until("the end of what was unfinished", || async {
            store_snapshot(&bed.db).await.unfinished.is_empty().then_some(())
        })
        .await;
        check(&bed, id).await;
    });
}

/// Lets the server die at the first, second, … call of a deed, before the call arrives and after it took effect, and
/// looks at what the next one makes of it.
pub(super) fn die_everywhere(deed: Deed, least: u32, check: &impl AsyncFn(&TestBed, Option<DatabaseId>)) {
    for arm in [FakeRuntime::hang_before, FakeRuntime::hang_after] {
        let mut calls = 0;
        while let Some(remains) = die(deed, |runtime| arm(runtime, calls + 1)) {
            survive(remains, check);
            calls += 1;
        }
        assert!(calls >= least, "{deed:?} made only {calls} calls");
    }
}

async fn status(bed: &TestBed, id: Option<DatabaseId>) -> DatabaseStatus {
    bed.services.databases.get(id.unwrap()).await.unwrap().status
}

async fn databases(bed: &TestBed) -> Vec<ManagedDatabase> {
    bed.services.databases.list(Page::default()).await.unwrap().items
}

#[test]
fn interrupted_create_is_finished_or_undone() {
    die_everywhere(Deed::Create, 20, &async |bed, _| {
        if let Some(database) = databases(bed).await.first() {
            runs(bed, database).await;
            delete(bed, database).await;
        }
        let (runtime, store) = everything(bed).await;
        assert!(runtime.containers.is_empty() && runtime.volumes.is_empty(), "{runtime:#?}");
        assert!(runtime.secrets.is_empty(), "{runtime:#?}");
        assert!(
            store.databases.is_empty() && store.volumes.is_empty() && store.ports.is_empty(),
            "{store:#?}"
        );
        // Nothing of the old one stands in the way of a new one.
        deploy(bed, "shop").await;
    });
}

#[test]
fn create_interrupted_before_the_first_login_is_undone_and_says_so() {
    let remains = die(Deed::Create, |runtime| runtime.hang_after_method(Method::StartContainer)).unwrap();
    survive(remains, async |bed, _| {
        assert!(databases(bed).await.is_empty());
        let filter = operations::Filter::default();
        let operation = bed.services.operations.list(filter, Page::default()).await.unwrap().items.remove(0);
        assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(true)));
        assert_eq!(operation.error.unwrap().code, stardeck_domain::FailureCode::Interrupted);
    });
}

#[test]
fn create_interrupted_after_the_first_login_is_finished() {
    // The accounts are made, nobody wrote it down, and the bootstrap password does not work any more.
    let remains = die(Deed::Create, |runtime| runtime.hang_after_method(Method::Secure)).unwrap();
    survive(remains, async |bed, _| runs(bed, &databases(bed).await[0]).await);
}

#[test]
fn create_cancelled_before_the_server_died_is_undone() {
    let server = server();
    let (store, runtime) = server.block_on(async {
        let bed = ServicesBuilder::new().start().await;
        bed.runtime.hang_after_method(Method::Secure);
        let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
        bed.runtime.until_hanging().await;
        bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
        (bed.store, bed.runtime)
    });
    server.shutdown_timeout(Duration::from_secs(10));
    survive(Remains { store, runtime, id: None }, async |bed, _| {
        assert!(databases(bed).await.is_empty());
        assert!(bed.runtime.snapshot().volumes.is_empty());
        let filter = operations::Filter::default();
        let operation = bed.services.operations.list(filter, Page::default()).await.unwrap().items.remove(0);
        assert_eq!((operation.state, operation.undone), (OperationState::Cancelled, Some(true)));
    });
}

#[test]
fn interrupted_undo_is_finished() {
    for method in [Method::RemoveContainer, Method::RemoveSecret, Method::RemoveVolume] {
        let server = server();
        let (store, runtime) = server.block_on(async {
            let bed = ServicesBuilder::new().start().await;
            bed.runtime.fail_method(Method::StartContainer, super::support::refusal(), 1);
            bed.runtime.hang_after_method(method);
            bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
            bed.runtime.until_hanging().await;
            (bed.store, bed.runtime)
        });
        server.shutdown_timeout(Duration::from_secs(10));
        runtime.clear_faults();
        survive(Remains { store, runtime, id: None }, async |bed, _| {
            let (runtime, store) = everything(bed).await;
            assert!(
                runtime.containers.is_empty() && runtime.volumes.is_empty() && runtime.secrets.is_empty()
            );
            assert!(store.databases.is_empty(), "{method:?}");
            let filter = operations::Filter::default();
            let list = bed.services.operations.list(filter, Page::default()).await.unwrap().items;
            super::support::undone(&list[0]);
            let failure = list[0].error.clone().unwrap();
            assert!(failure.detail.starts_with("not today"), "the first reason stays: {failure:?}");
            assert_eq!(failure.step.as_deref(), Some("start"));
        });
    }
}

#[test]
fn interrupted_start_is_finished() {
    die_everywhere(Deed::Start, 6, &async |bed, id| {
        // Before the request was written down it never was.
        if status(bed, id).await == DatabaseStatus::Stopped {
            ask(bed, Deed::Start, id).await;
        }
        assert_eq!(status(bed, id).await, DatabaseStatus::Running);
        assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Running);
    });
}

#[test]
fn interrupted_restart_is_finished() {
    die_everywhere(Deed::Restart, 8, &async |bed, id| {
        assert_eq!(status(bed, id).await, DatabaseStatus::Running);
        assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Running);
    });
}

#[test]
fn interrupted_stop_is_finished() {
    die_everywhere(Deed::Stop, 4, &async |bed, id| {
        if status(bed, id).await == DatabaseStatus::Running {
            ask(bed, Deed::Stop, id).await;
        }
        assert_eq!(status(bed, id).await, DatabaseStatus::Stopped);
        assert_eq!(bed.runtime.snapshot().containers[SHOP].state, ContainerState::Exited);
    });
}

#[test]
fn interrupted_removal_is_finished() {
    for data in [DataFate::Keep, DataFate::Delete] {
        die_everywhere(Deed::Delete(data), 5, &async |bed, id| {
            if !databases(bed).await.is_empty() {
                ask(bed, Deed::Delete(data), id).await;
            }
            let (runtime, store) = everything(bed).await;
            assert!(runtime.containers.is_empty() && runtime.secrets.is_empty(), "{runtime:#?}");
            assert!(store.databases.is_empty() && store.ports.is_empty(), "{store:#?}");
            let kept = usize::from(data == DataFate::Keep);
            assert_eq!((runtime.volumes.len(), store.kept.len(), store.volumes.len()), (kept, kept, kept));
        });
    }
}

#[test]
fn interrupted_attachment_of_a_kept_volume_is_finished() {
    die_everywhere(Deed::Reattach, 20, &async |bed, id| {
        // Before the request was written down it never was.
        if databases(bed).await.is_empty() {
            ask(bed, Deed::Reattach, id).await;
        }
        let database = bed.services.databases.get(id.unwrap()).await.unwrap();
        runs(bed, &database).await;
        let filter = operations::Filter { kind: Some(OperationKind::Reattach), ..Default::default() };
        for operation in bed.services.operations.list(filter, Page::default()).await.unwrap().items {
            succeeded(&operation);
        }
        assert_eq!(bed.runtime.snapshot().volumes.len(), 1);
        delete(bed, &database).await;
        assert!(bed.runtime.snapshot().volumes.is_empty());
    });
}

#[test]
fn interrupted_undo_of_an_attachment_leaves_the_volume_kept() {
    for method in [Method::StartContainer, Method::RemoveContainer, Method::RemoveSecret, Method::ListVolumes]
    {
        let server = server();
        let (store, runtime, id) = server.block_on(async {
            let bed = ServicesBuilder::new().start().await;
            let id = prepare(&bed, Deed::Reattach).await;
            bed.runtime.hang_after_method(method);
            if method != Method::StartContainer {
                bed.runtime.fail_method(Method::StartContainer, super::support::refusal(), 1);
            }
            let request = reattach_request("store", id.unwrap());
            let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
            bed.runtime.until_hanging().await;
            if method == Method::StartContainer {
                bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
            }
            (bed.store, bed.runtime, id)
        });
        server.shutdown_timeout(Duration::from_secs(10));
        runtime.clear_faults();
        survive(Remains { store, runtime, id }, async |bed, id| {
            let (runtime, store) = everything(bed).await;
            assert!(runtime.containers.is_empty() && runtime.secrets.is_empty(), "{method:?}: {runtime:#?}");
            assert_eq!((runtime.volumes.len(), &store.kept[..]), (1, &[id.unwrap()][..]), "{method:?}");
            ask(bed, Deed::Reattach, id).await;
        });
    }
}

#[test]
fn interrupted_removal_of_a_kept_volume_is_finished() {
    die_everywhere(Deed::DeleteKept, 3, &async |bed, id| {
        if !store_snapshot(&bed.db).await.kept.is_empty() {
            ask(bed, Deed::DeleteKept, id).await;
        }
        let (runtime, store) = everything(bed).await;
        assert!(runtime.volumes.is_empty() && store.kept.is_empty() && store.volumes.is_empty());
    });
}

/// The last step was written down and the end of the operation was not: no call to the runtime lies between.
#[test]
fn removal_interrupted_after_its_last_step_is_finished() {
    for data in ["keep", "delete"] {
        server().block_on(async {
            let bed = ServicesBuilder::new().start().await;
            let database = deploy(&bed, "shop").await;
            delete(&bed, &database).await;
            let operation = NewOperation {
                id: OperationId::new(),
                kind: OperationKind::Delete,
                database_id: database.id,
                requested_by: None,
                input: JsonText(format!(r#"{{"kind":"delete","data":"{data}","force":false}}"#)),
                steps: vec![
                    StepName::Stop,
                    StepName::RemoveContainer,
                    StepName::RemoveSecret,
                    StepName::RemoveVolume,
                    StepName::Release,
                ],
            };
            let id = operation.id;
            bed.db.write(move |tx| operations::insert(tx, &operation, chrono::Utc::now())).await.unwrap();
            let bed = bed.restart().await;
            let operation = bed.wait_for(id).await;
            assert_eq!(operation.state, OperationState::Succeeded, "{operation:#?}");
        });
    }
}
