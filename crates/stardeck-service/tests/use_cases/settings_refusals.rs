//! Changes of settings that are refused before anything is changed.

use std::net::Ipv4Addr;

use stardeck_domain::{Action, DatabaseStatus, ManagedDatabase, Port};
use stardeck_service::{
    Error,
    databases::{Change, ChangeDatabase},
};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request};

use super::support::{change, deploy, engine_settings, everything, succeeded};

async fn refused(bed: &TestBed, database: &ManagedDatabase, request: ChangeDatabase) -> Error {
    let before = everything(bed).await;
    let databases = &bed.services.databases;
    let error = databases.change_settings(&bed.admin, database.id, None, request, false).await.unwrap_err();
    assert_eq!(everything(bed).await, before);
    assert_eq!(databases.get(database.id).await.unwrap().revision, database.revision);
    error
}

fn fields(error: &Error) -> Vec<(&'static str, &'static str)> {
    let Error::Validation(errors) = error else { panic!("{error:?}") };
    errors.0.iter().map(|error| (error.field, error.code)).collect()
}

#[tokio::test]
async fn every_field_that_is_not_right_is_named() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let request = ChangeDatabase {
        external_port: Some(Port::fixed(5440)),
        memory_bytes: Change::To(1000),
        cpu_millis: Change::To(1),
        engine_settings: engine_settings(&[("data_directory", "/etc"), ("work_mem", "much")]),
        ..ChangeDatabase::default()
    };
    assert_eq!(
        fields(&refused(&bed, &database, request).await),
        [
            ("external_port", "needs_expose_port"),
            ("memory_bytes", "out_of_range"),
            ("cpus", "out_of_range"),
            ("engine_settings", "unknown_setting"),
            ("engine_settings", "invalid_setting"),
        ]
    );
    let mut create = create_request("blog");
    create.settings.engine = [("work_mem".to_owned(), "much".to_owned())].into();
    let error = bed.services.databases.create(&bed.admin, create).await.unwrap_err();
    assert_eq!(fields(&error), [("engine_settings", "invalid_setting")]);
}

#[tokio::test]
async fn public_address_needs_a_confirmation_and_has_to_be_one_that_answers() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let public = ChangeDatabase {
        expose_port: Some(true),
        bind_address: Some(Ipv4Addr::UNSPECIFIED.into()),
        ..ChangeDatabase::default()
    };
    let error = refused(&bed, &database, public.clone()).await;
    assert_eq!(fields(&error), [("confirm_public", "confirmation_needed")]);
    let v6 = ChangeDatabase { bind_address: Some(std::net::Ipv6Addr::LOCALHOST.into()), ..public };
    assert_eq!(fields(&refused(&bed, &database, v6).await), [("bind_address", "ipv6_not_supported")]);
    let exposed = ChangeDatabase { expose_port: Some(true), ..ChangeDatabase::default() };
    succeeded(&change(&bed, &database, exposed).await);
    let database = bed.services.databases.get(database.id).await.unwrap();
    let elsewhere = ChangeDatabase {
        bind_address: Some(Ipv4Addr::new(203, 0, 113, 9).into()),
        confirm_public: true,
        ..ChangeDatabase::default()
    };
    assert_eq!(fields(&refused(&bed, &database, elsewhere).await), [("bind_address", "not_local")]);
}

#[tokio::test]
async fn limits_that_podman_without_root_can_not_keep_are_refused_and_the_rest_is_not() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let larger = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
    succeeded(&change(&bed, &database, larger.clone()).await);
    bed.runtime.run_without_root();
    let database = bed.services.databases.get(database.id).await.unwrap();
    let largest = ChangeDatabase {
        memory_bytes: Change::To(2 << 30),
        cpu_millis: Change::To(1500),
        ..ChangeDatabase::default()
    };
    assert_eq!(
        fields(&refused(&bed, &database, largest).await),
        [("memory_bytes", "unsupported_limit"), ("cpus", "unsupported_limit")]
    );
    // The limit that it has is no hindrance to other changes.
    let exposed = ChangeDatabase { expose_port: Some(true), ..larger };
    succeeded(&change(&bed, &database, exposed).await);
    let mut create = create_request("blog");
    create.settings.cpu_millis = Some(1000);
    let error = bed.services.databases.create(&bed.admin, create).await.unwrap_err();
    assert_eq!(fields(&error), [("cpus", "unsupported_limit")]);
    deploy(&bed, "blog").await;
}

#[tokio::test]
async fn revision_that_is_not_the_present_one_is_told() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let databases = &bed.services.databases;
    for is_dry in [false, true] {
        let request = ChangeDatabase { is_shared: Some(false), ..ChangeDatabase::default() };
        let error =
            databases.change_settings(&bed.admin, database.id, Some(7), request, is_dry).await.unwrap_err();
        assert!(matches!(error, Error::RevisionMismatch { current: 1 }), "{error:?}");
    }
}

#[tokio::test]
async fn one_operation_at_a_time_works_on_a_database() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    bed.runtime.hang_method(Method::StopContainer);
    let larger = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
    let databases = &bed.services.databases;
    let outcome =
        databases.change_settings(&bed.admin, database.id, None, larger.clone(), false).await.unwrap();
    assert_eq!(outcome.database.status, DatabaseStatus::Restarting);
    let operation = outcome.operation.unwrap();
    bed.runtime.until_hanging().await;
    let note = ChangeDatabase { is_shared: Some(false), ..ChangeDatabase::default() };
    let error = databases.change_settings(&bed.admin, database.id, None, note, false).await.unwrap_err();
    assert!(
        matches!(error, Error::OperationInProgress { operation: other } if other == operation.id),
        "{error:?}"
    );
    let error = databases.restart(&bed.admin, database.id).await.unwrap_err();
    assert!(matches!(error, Error::OperationInProgress { .. }), "{error:?}");
    bed.runtime.release();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn status_that_does_not_allow_it_is_told() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.hang_method(Method::CreateContainer);
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let larger = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
    let error = bed
        .services
        .databases
        .change_settings(&bed.admin, database.id, None, larger, false)
        .await
        .unwrap_err();
    let expected = (DatabaseStatus::Creating, Action::Update);
    assert!(matches!(error, Error::InvalidTransition { from, action } if (from, action) == expected));
    bed.runtime.release();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn runtime_that_does_not_answer_is_told_at_once() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    bed.runtime.go_away();
    let larger = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
    let error = refused(&bed, &database, larger).await;
    assert!(matches!(error, Error::RuntimeUnavailable { .. }), "{error:?}");
}
