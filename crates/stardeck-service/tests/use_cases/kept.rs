//! Data that is kept when its database is deleted: listed, attached again, removed for good.

use stardeck_domain::{
    AuditAction, DatabaseId, DatabaseStatus, Engine, FailureCode, ManagedDatabase, Operation, OperationKind,
    OperationState, StepName, VolumeState,
};
use stardeck_repository::Page;
use stardeck_service::{
    Error,
    databases::{CreateDatabase, DataFate, KeptVolume},
    runtime::Labels,
};
use stardeck_testkit::{
    EngineBehaviour, ForeignContainer, Method, POSTGRES_16, POSTGRES_17, ServicesBuilder, TestBed, audited,
    count_credentials, delete_request, image, password, reattach_request, store_snapshot, version,
};

use super::support::{delete, deploy, everything, refusal, runs, succeeded, undone};

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

/// The one volume of the one kept database.
fn volume_of(kept: &[KeptVolume]) -> String {
    kept[0].volumes[0].0.name.clone()
}

/// The administrator's password, as the API shows it.
async fn shown_password(bed: &TestBed, id: DatabaseId) -> String {
    let credentials = bed.services.databases.credentials(&bed.admin, id).await.unwrap();
    credentials.password.expose().to_owned()
}

async fn refused(bed: &TestBed, request: CreateDatabase) -> Vec<(&'static str, &'static str)> {
    match bed.services.databases.create(&bed.admin, request).await {
        Err(Error::Validation(errors)) => errors.0.iter().map(|e| (e.field, e.code)).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
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
async fn name_that_was_freed_may_be_taken_again_or_by_another() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let other = deploy(&bed, "shop").await;
    let error = bed.services.databases.create(&bed.admin, reattach_request("shop", database.id)).await;
    assert!(matches!(error, Err(Error::NameTaken { .. })), "{error:?}");
    delete(&bed, &other).await;
    for _ in 0..2 {
        succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
        keep(&bed, &database).await;
    }
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

#[tokio::test]
async fn fields_that_contradict_the_kept_volume_are_named() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let base = || reattach_request("store", database.id);
    let before = everything(&bed).await;
    let error = bed.services.databases.create(&bed.admin, base()).await;
    assert!(matches!(&error, Err(Error::VolumeInUse { holder }) if holder.contains("shop")), "{error:?}");
    keep(&bed, &database).await;
    let kept = everything(&bed).await;

    let newer = CreateDatabase { version: Some(version("17")), ..base() };
    assert_eq!(refused(&bed, newer).await, [("version", "major_mismatch")]);
    let newer = CreateDatabase { image: Some(image(POSTGRES_17)), ..base() };
    assert_eq!(refused(&bed, newer).await, [("image", "major_mismatch")]);
    let all_wrong = CreateDatabase {
        engine: Engine::Redis,
        admin_user: Some(database.admin_user.clone()),
        admin_password: Some(password("another one")),
        external_port: Some(stardeck_domain::Port::parse(5499).unwrap()),
        ..base()
    };
    assert_eq!(
        refused(&bed, all_wrong).await,
        [
            ("type", "engine_mismatch"),
            ("admin_user", "not_with_kept_volume"),
            ("admin_password", "not_with_kept_volume"),
            ("external_port", "needs_expose_port"),
        ]
    );
    let unknown = reattach_request("store", DatabaseId::new());
    assert_eq!(refused(&bed, unknown).await, [("kept_volume_id", "unknown_volume")]);
    assert_eq!(everything(&bed).await, kept);
    assert_ne!(kept, before);
}

#[tokio::test]
async fn image_that_turns_out_to_be_of_another_major_leaves_the_volume_kept() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let before = everything(&bed).await;
    // Neither the tag nor the environment says so: only where it would look for its data is another place.
    let facts = stardeck_engines::ImageFacts {
        volumes: vec!["/bitnami/postgresql".to_owned()],
        env: [("PGDATA".to_owned(), "/bitnami/postgresql/data".to_owned())].into(),
        exposed_ports: vec![5432],
    };
    bed.runtime.add_image_with("docker.io/acme/elsewhere:stable", facts);
    bed.runtime.add_image("docker.io/acme/newer:stable", 17);
    for reference in ["docker.io/acme/elsewhere:stable", "docker.io/acme/newer:stable"] {
        let request =
            CreateDatabase { image: Some(image(reference)), ..reattach_request("store", database.id) };
        let (_, operation) = reattach(&bed, request).await;
        undone(&operation);
        let failure = operation.error.unwrap();
        assert_eq!((failure.code, failure.step.as_deref()), (FailureCode::ImageUnsuitable, Some("volume")));
        assert_eq!(everything(&bed).await, before, "{reference}");
        assert_eq!(list(&bed).await[0].database.name.as_str(), "shop");
    }
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
async fn volume_that_is_gone_or_not_ours_is_told_before_anything_is_made() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let name = volume_of(&list(&bed).await);
    let request = || reattach_request("shop", database.id);
    bed.runtime.remove_volume_by_hand(&name);
    for labels in [None, Some(Labels::new())] {
        if let Some(labels) = labels {
            bed.runtime.add_foreign_volume(&name, labels);
        }
        match bed.services.databases.create(&bed.admin, request()).await {
            Err(Error::VolumeMissing { volume }) => assert_eq!(volume, name),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(list(&bed).await.len(), 1);
}

#[tokio::test]
async fn volume_that_goes_after_the_request_was_accepted_is_not_made_anew() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let name = volume_of(&list(&bed).await);
    bed.runtime.hang_method(Method::FindImage);
    let request = reattach_request("shop", database.id);
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    bed.runtime.until_hanging().await;
    bed.runtime.remove_volume_by_hand(&name);
    bed.runtime.release();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::VolumeMissing);
    assert!(bed.runtime.snapshot().volumes.is_empty(), "an empty volume would hide that the data is gone");
}

#[tokio::test]
async fn volume_that_another_container_mounts_is_in_use() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let volumes = vec![volume_of(&list(&bed).await)];
    let reader = ForeignContainer { name: "reader".to_owned(), volumes, ..ForeignContainer::default() };
    bed.runtime.add_foreign_container(reader);
    let request = reattach_request("shop", database.id);
    let error = bed.services.databases.create(&bed.admin, request).await;
    assert!(matches!(&error, Err(Error::VolumeInUse { holder }) if holder.contains("reader")), "{error:?}");

    // Podman refuses to remove what is in use, and nobody forces it.
    let operation = bed.services.databases.delete_kept(&bed.admin, database.id, "shop").await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    assert_eq!(operation.state, OperationState::Failed);
    assert_eq!(list(&bed).await.len(), 1);
    bed.runtime.take_container("reader");
    succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
}

#[tokio::test]
async fn container_of_another_installation_is_left_alone() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let labels = Labels::from([
        ("stardeck.instance".to_owned(), "another".to_owned()),
        ("stardeck.database".to_owned(), database.id.to_string()),
    ]);
    let name = "stardeck-db-shop".to_owned();
    bed.runtime.add_foreign_container(ForeignContainer { name, labels, ..ForeignContainer::default() });
    let before = everything(&bed).await;
    let error = bed.services.databases.create(&bed.admin, reattach_request("shop", database.id)).await;
    assert!(matches!(error, Err(Error::NameTaken { .. })), "{error:?}");
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn data_that_our_own_login_does_not_open_stays_kept() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    keep(&bed, &database).await;
    let before = everything(&bed).await;
    bed.runtime.change_password("stardeck", "changed by hand");
    let (_, operation) = reattach(&bed, reattach_request("shop", database.id)).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::CredentialsRejected);
    assert_eq!(everything(&bed).await, before);
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
async fn database_that_never_answered_can_be_removed_but_not_attached() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { refuses_logins: true, ..Default::default() });
    bed.runtime.fail_method(Method::RemoveVolume, refusal(), 1);
    let (database, operation) =
        bed.services.databases.create(&bed.admin, stardeck_testkit::create_request("shop")).await.unwrap();
    assert_eq!(bed.wait_for(operation.id).await.undone, Some(false));
    keep(&bed, &database).await;
    assert!(!list(&bed).await[0].is_attachable);
    let request = reattach_request("shop", database.id);
    assert_eq!(refused(&bed, request).await, [("kept_volume_id", "never_ready")]);
    let operation = bed.services.databases.delete_kept(&bed.admin, database.id, "shop").await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(everything(&bed).await, before);
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
