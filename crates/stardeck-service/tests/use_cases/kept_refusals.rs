//! Kept volumes that can not be attached: what is told, and that they stay as they are.

use stardeck_domain::{DatabaseId, DatabaseSettings, Engine, FailureCode, OperationState};
use stardeck_service::{
    Error,
    databases::{CreateDatabase, KeptVolume},
    runtime::Labels,
};
use stardeck_testkit::{
    EngineBehaviour, ForeignContainer, Method, POSTGRES_17, ServicesBuilder, TestBed, create_request, image,
    password, reattach_request, version,
};

use super::{
    kept::{keep, list, reattach},
    support::{delete, deploy, everything, refusal, succeeded, undone},
};

/// The one volume of the one kept database.
fn volume_of(kept: &[KeptVolume]) -> String {
    kept.first().and_then(|kept| kept.volumes.first()).unwrap().0.name.clone()
}

async fn refused(bed: &TestBed, request: CreateDatabase) -> Vec<(&'static str, &'static str)> {
    match bed.services.databases.create(&bed.admin, request).await {
        Err(Error::Validation(errors)) => errors.0.iter().map(|e| (e.field, e.code)).collect(),
        other => panic!("not refused for its fields: {other:?}"),
    }
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
async fn database_that_never_answered_can_be_removed_but_not_attached() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { refuses_logins: true, ..Default::default() });
    bed.runtime.fail_method(Method::RemoveVolume, refusal(), 1);
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
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
async fn settings_of_the_request_take_the_place_of_what_it_had_and_an_attachment_that_fails_puts_that_back() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let with = |memory, engine: &[(&str, &str)]| CreateDatabase {
        settings: DatabaseSettings {
            memory_bytes: memory,
            engine: engine.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
            ..DatabaseSettings::default()
        },
        ..reattach_request("shop", database.id)
    };
    let chosen = || async {
        stardeck_service::databases::run_settings(&bed.services.databases.get(database.id).await.unwrap())
            .chosen
    };
    keep(&bed, &database).await;
    assert_eq!(refused(&bed, with(Some(1), &[])).await, [("memory_bytes", "out_of_range")]);
    succeeded(&reattach(&bed, with(Some(1 << 30), &[("work_mem", "8MB")])).await.1);
    let first = chosen().await;
    assert_eq!((first.memory_bytes, first.engine["work_mem"].as_str()), (Some(1 << 30), "8MB"));
    keep(&bed, &database).await;
    let refusing = EngineBehaviour { refuses_setting: Some("9MB".to_owned()), ..Default::default() };
    bed.runtime.set_engine_behaviour(refusing);
    undone(&reattach(&bed, with(Some(1 << 29), &[("work_mem", "9MB")])).await.1);
    bed.runtime.set_engine_behaviour(EngineBehaviour::default());
    succeeded(&reattach(&bed, reattach_request("shop", database.id)).await.1);
    assert_eq!(chosen().await, first);
}
