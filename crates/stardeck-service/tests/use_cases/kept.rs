//! Data that is kept when its database is deleted: listed, attached again, removed for good.

use stardeck_domain::{
    AuditAction, DatabaseId, DatabaseStatus, Engine, ManagedDatabase, Operation, OperationKind,
    OperationState, StepName, VolumeState,
};
use stardeck_repository::Page;
use stardeck_service::{
    Error,
    databases::{CreateDatabase, DataFate, KeptVolume},
};
use stardeck_testkit::{
    EngineBehaviour, Method, POSTGRES_16, ServicesBuilder, TestBed, audited, count_credentials,
    delete_request, image, reattach_request, store_snapshot, version,
};

use super::support::{delete, deploy, everything, refusal, runs, succeeded};

/// Deletes a database with its data kept and waits until it is gone.
pub(crate) async fn keep(bed: &TestBed, database: &ManagedDatabase) {
    let request = delete_request(database.name.as_str(), DataFate::Keep);
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

pub(crate) async fn list(bed: &TestBed) -> Vec<KeptVolume> {
    bed.services.databases.list_kept(Page::default()).await.unwrap().items
}

/// Attaches a kept volume again and waits for the end of that.
pub(crate) async fn reattach(bed: &TestBed, request: CreateDatabase) -> (ManagedDatabase, Operation) {
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    (database, bed.wait_for(operation.id).await)
}

/// The administrator's password, as the API shows it.
async fn shown_password(bed: &TestBed, id: DatabaseId) -> String {
    let credentials = bed.services.databases.credentials(&bed.admin, id).await.unwrap();
    credentials.password.expose().to_owned()
}

#[tokio::test]
async fn kept_volume_says_what_it_was_and_who_deleted_it() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    assert!(list(&bed).await.is_empty());
    keep(&bed, &database).await;
    let kept = list(&bed).await;
    assert_eq!(kept.len(), 1);
    let was = &kept[0].database;
    assert_eq!((was.id, was.name.as_str(), was.engine), (database.id, "shop", Engine::PostgreSql));
    assert_eq!((was.version.as_str(), kept[0].major), ("16", Some(16)));
    assert_eq!((was.deleted_at, was.deleted_by), (Some(kept[0].deleted_at), Some(bed.admin.user.id)));
    let (volume, size) = &kept[0].volumes[0];
    assert!(bed.runtime.snapshot().volumes.contains_key(&volume.name), "{volume:?}");
    assert_eq!((volume.state, *size), (VolumeState::Kept, Some(40_000_000)));
    assert!(kept[0].is_attachable);

    bed.runtime.fail_method(Method::VolumeSizes, refusal(), 1);
    assert_eq!(list(&bed).await[0].volumes[0].1, None, "without the runtime the list has no sizes");
}

#[tokio::test]
async fn kept_volume_attached_under_another_name_has_its_data_and_passwords() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let database = deploy(&bed, "shop").await;
    let old_password = shown_password(&bed, database.id).await;
    let volumes = bed.runtime.snapshot().volumes;
    keep(&bed, &database).await;
    let logins = bed.runtime.logins_of("postgres");
    let (_, operation) = reattach(&bed, reattach_request("store", database.id)).await;
    succeeded(&operation);
    assert_eq!(operation.kind, OperationKind::Reattach);
    assert_eq!(bed.runtime.logins_of("postgres"), logins + 1, "the administrator's login is proved");

    let row = bed.services.databases.get(database.id).await.unwrap();
    runs(&bed, &row).await;
    assert_eq!((row.name.as_str(), row.internal_host.as_str()), ("store", "store"));
    assert_eq!((row.image_id, row.deleted_at), (database.image_id, None));
    assert_eq!(shown_password(&bed, database.id).await, old_password);
    let runtime = bed.runtime.snapshot();
    assert_eq!(runtime.volumes, volumes, "no volume came and none went");
    assert_eq!(runtime.containers["stardeck-db-store"].volumes, volumes.into_keys().collect::<Vec<_>>());
    assert!(list(&bed).await.is_empty());
    assert!(store_snapshot(&bed.db).await.volumes.iter().all(|v| v.state == VolumeState::Attached));
    assert_eq!(
        audited(&bed.db, database.id).await,
        [
            AuditAction::DatabaseCreated,
            AuditAction::CredentialsRead,
            AuditAction::DatabaseDeleted,
            AuditAction::DatabaseReattached,
            AuditAction::CredentialsRead,
            AuditAction::CredentialsRead,
        ]
    );
    let row = bed.services.databases.get(database.id).await.unwrap();
    delete(&bed, &row).await;
    assert_eq!(everything(&bed).await, before, "deleted with its data nothing is left of either");
}

#[tokio::test]
async fn another_minor_version_or_image_of_the_same_major_is_taken_when_asked_for() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    bed.runtime.add_image("docker.io/library/postgres:16.9", 16);
    bed.runtime.add_image("docker.io/acme/vectors:nightly", 16);
    let by_version =
        CreateDatabase { version: Some(version("16.9")), ..reattach_request("shop", database.id) };
    let by_image = CreateDatabase {
        image: Some(image("docker.io/acme/vectors:nightly")),
        ..reattach_request("shop", database.id)
    };
    for (request, reference) in
        [(by_version, "docker.io/library/postgres:16.9"), (by_image, "docker.io/acme/vectors:nightly")]
    {
        succeeded(&reattach(&bed, request).await.1);
        let row = bed.services.databases.get(database.id).await.unwrap();
        assert_eq!(row.image.to_string(), reference);
        assert_eq!(row.image_id.unwrap().as_str(), format!("sha256:image-of-{reference}"));
        keep(&bed, &database).await;
    }
}

#[tokio::test]
async fn image_that_is_gone_is_pulled_again() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    bed.runtime.remove_image(POSTGRES_16);
    bed.runtime.add_to_registry(POSTGRES_16, 16);
    succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_attachments_at_once_one_is_accepted() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    for round in 0..10 {
        keep(&bed, &bed.services.databases.get(database.id).await.unwrap()).await;
        bed.runtime.set_engine_behaviour(EngineBehaviour { deaf_probes: 3, ..EngineBehaviour::default() });
        let (databases, admin) = (&bed.services.databases, &bed.admin);
        let (one, other) = tokio::join!(
            databases.create(admin, reattach_request("one", database.id)),
            databases.create(admin, reattach_request("other", database.id))
        );
        let (accepted, refused) = match (one, other) {
            (Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted)) => (accepted, refused),
            both => panic!("round {round}: {both:?}"),
        };
        assert!(
            matches!(refused, Error::OperationInProgress { operation } if operation == accepted.1.id),
            "round {round}: {refused:?}"
        );
        let error = databases.delete_kept(admin, database.id, "shop").await;
        assert!(error.is_err(), "what is being attached can not be removed");
        succeeded(&bed.wait_for(accepted.1.id).await);
        assert_eq!(bed.runtime.snapshot().containers.len(), 1, "round {round}");
    }
}

#[tokio::test]
async fn administrator_whose_password_was_changed_inside_is_told() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    bed.runtime.change_password("postgres", "changed by hand");
    let (_, operation) = reattach(&bed, reattach_request("shop", database.id)).await;
    succeeded(&operation);
    let step = operation.steps.iter().find(|step| step.name == StepName::Credentials).unwrap();
    assert!(step.detail.as_ref().unwrap().contains("changed inside the engine"), "{step:?}");
    assert!(bed.runtime.passwords().contains("changed by hand"), "and nobody changes it back");
}

#[tokio::test]
async fn removed_kept_volume_leaves_nothing_and_is_audited() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    let database = deploy(&bed, "shop").await;
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let error = databases.delete_kept(admin, database.id, "shop").await;
    assert!(matches!(error, Err(Error::VolumeInUse { .. })), "{error:?}");
    let error = databases.delete_kept(admin, DatabaseId::new(), "shop").await;
    assert!(matches!(error, Err(Error::NotFound { .. })), "{error:?}");
    keep(&bed, &database).await;
    let error = databases.delete_kept(admin, database.id, "store").await;
    assert!(matches!(&error, Err(Error::Validation(e)) if e.0[0].field == "confirm"), "{error:?}");
    let operation = databases.delete_kept(admin, database.id, "shop").await.unwrap();
    assert_eq!(operation.kind, OperationKind::Delete);
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(everything(&bed).await, before);
    assert_eq!(count_credentials(&bed.db, database.id).await, 0);
    assert_eq!(audited(&bed.db, database.id).await.last(), Some(&AuditAction::KeptVolumeDeleted));
    let error = databases.delete_kept(admin, database.id, "shop").await;
    assert!(matches!(error, Err(Error::NotFound { .. })), "{error:?}");
}

#[tokio::test]
async fn cancelled_attachment_leaves_the_volume_kept() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let before = everything(&bed).await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { is_deaf: true, ..EngineBehaviour::default() });
    let request = reattach_request("store", database.id);
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    bed.services.operations.cancel(&bed.admin, operation.id).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Cancelled, Some(true)));
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn attachment_whose_undo_fails_can_be_kept_again() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let old_password = shown_password(&bed, database.id).await;
    keep(&bed, &database).await;
    bed.runtime.fail_method(Method::StartContainer, refusal(), 1);
    bed.runtime.fail_method(Method::RemoveContainer, refusal(), 1);
    let (_, operation) = reattach(&bed, reattach_request("shop", database.id)).await;
    assert_eq!((operation.state, operation.undone), (OperationState::Failed, Some(false)));
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!(row.status, DatabaseStatus::Error);
    keep(&bed, &row).await;
    succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
    assert_eq!(shown_password(&bed, database.id).await, old_password);
}
