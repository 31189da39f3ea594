//! Requests that are refused before anything is written or made.

use std::net::{Ipv4Addr, TcpListener};

use stardeck_domain::{AuditAction, DatabaseId, Port};
use stardeck_service::{
    Error,
    databases::{CreateDatabase, DataFate},
};
use stardeck_testkit::{
    ForeignContainer, ServicesBuilder, TestBed, create_request, delete_request, image, store_snapshot,
    version,
};

use super::support::{deploy, everything, succeeded};

/// The request is refused, and afterwards everything is as before.
async fn refused(bed: &TestBed, request: CreateDatabase) -> Error {
    let before = everything(bed).await;
    let error = bed.services.databases.create(&bed.admin, request).await.unwrap_err();
    assert_eq!(everything(bed).await, before);
    error
}

fn fields(error: &Error) -> Vec<&'static str> {
    let Error::Validation(errors) = error else { panic!("{error:?}") };
    errors.0.iter().map(|error| error.field).collect()
}

#[tokio::test]
async fn name_of_another_database_is_taken() {
    let bed = ServicesBuilder::new().start().await;
    deploy(&bed, "shop").await;
    let error = refused(&bed, create_request("shop")).await;
    assert!(matches!(&error, Error::NameTaken { name, .. } if name == "shop"), "{error:?}");
}

#[tokio::test]
async fn name_of_a_container_is_taken_and_the_container_named() {
    for name in ["shop", "stardeck-db-shop"] {
        let bed = ServicesBuilder::new().start().await;
        bed.runtime
            .add_foreign_container(ForeignContainer { name: name.to_owned(), ..ForeignContainer::default() });
        let error = refused(&bed, create_request("shop")).await;
        assert!(matches!(&error, Error::NameTaken { holder, .. } if holder.contains(name)), "{error:?}");
    }
}

#[tokio::test]
async fn alias_of_a_container_on_the_data_network_is_taken() {
    let bed = ServicesBuilder::new().start().await;
    let aliases = Some(vec!["web".to_owned(), "shop".to_owned()]);
    bed.runtime.add_foreign_container(ForeignContainer {
        name: "blog".to_owned(),
        aliases,
        ..Default::default()
    });
    let error = refused(&bed, create_request("shop")).await;
    assert!(matches!(&error, Error::NameTaken { holder, .. } if holder.contains("blog")), "{error:?}");
    deploy(&bed, "store").await;
}

#[tokio::test]
async fn port_of_a_process_is_taken() {
    let bed = ServicesBuilder::new().start().await;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let error = refused(&bed, exposed("shop", Some(port))).await;
    assert!(matches!(error, Error::PortTaken { port: taken, .. } if taken == port), "{error:?}");
}

#[tokio::test]
async fn port_of_a_container_is_taken_and_the_container_named() {
    let bed = ServicesBuilder::new().start().await;
    let port = free_port();
    let foreign = ForeignContainer { name: "blog".to_owned(), host_ports: vec![port], ..Default::default() };
    bed.runtime.add_foreign_container(foreign);
    let error = refused(&bed, exposed("shop", Some(port))).await;
    assert!(matches!(&error, Error::PortTaken { holder, .. } if holder.contains("blog")), "{error:?}");
}

#[tokio::test]
async fn port_rests_after_its_database_is_gone() {
    let bed = ServicesBuilder::new().start().await;
    let port = free_port();
    let (database, operation) =
        bed.services.databases.create(&bed.admin, exposed("shop", Some(port))).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let error = refused(&bed, exposed("blog", Some(port))).await;
    assert!(matches!(error, Error::PortTaken { .. }), "{error:?}");
    super::support::delete(&bed, &database).await;
    let error = refused(&bed, exposed("blog", Some(port))).await;
    assert!(matches!(error, Error::PortTaken { .. }), "{error:?}");
}

#[tokio::test]
async fn range_without_a_free_port_is_exhausted() {
    let bed = ServicesBuilder::new().start().await;
    let host_ports = (5432..=5499).collect();
    bed.runtime.add_foreign_container(ForeignContainer {
        name: "greedy".to_owned(),
        host_ports,
        ..Default::default()
    });
    let error = refused(&bed, exposed("shop", None)).await;
    assert!(matches!(error, Error::PortsExhausted { range } if range.first.get() == 5432), "{error:?}");
}

#[tokio::test]
async fn runtime_that_does_not_answer_is_told_at_once() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "blog").await;
    bed.runtime.go_away();
    let error = refused(&bed, create_request("shop")).await;
    assert!(matches!(error, Error::RuntimeUnavailable { .. }), "{error:?}");
    let before = everything(&bed).await;
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    for error in [
        databases.stop(admin, database.id).await.unwrap_err(),
        databases.restart(admin, database.id).await.unwrap_err(),
        databases.delete(admin, database.id, delete_request("blog", DataFate::Delete)).await.unwrap_err(),
    ] {
        assert!(matches!(error, Error::RuntimeUnavailable { .. }), "{error:?}");
    }
    assert_eq!(everything(&bed).await, before);
    let row = databases.get(database.id).await.unwrap();
    assert_eq!(row.status, stardeck_domain::DatabaseStatus::Running);
}

#[tokio::test]
async fn every_field_that_is_not_right_is_named() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.version = Some(version("7.1"));
    request.external_port = Some(Port::fixed(5440));
    request.admin_user = Some(stardeck_domain::LoginName::parse("pg_root").unwrap());
    assert_eq!(fields(&refused(&bed, request).await), ["version", "admin_user", "external_port"]);
    let mut request = create_request("shop");
    request.version = None;
    request.image = Some(image("docker.io/acme/postgres:latest"));
    assert_eq!(fields(&refused(&bed, request).await), ["version"]);
}

#[tokio::test]
async fn public_address_needs_a_confirmation() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = exposed("shop", Some(free_port()));
    request.bind_address = Ipv4Addr::UNSPECIFIED.into();
    assert_eq!(fields(&refused(&bed, request.clone()).await), ["confirm_public"]);
    request.confirm_public = true;
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn database_that_does_not_exist_is_not_found() {
    let bed = ServicesBuilder::new().start().await;
    let (databases, admin, id) = (&bed.services.databases, &bed.admin, DatabaseId::new());
    for error in [
        databases.get(id).await.map(drop).unwrap_err(),
        databases.start(admin, id).await.map(drop).unwrap_err(),
        databases.credentials(admin, id).await.map(drop).unwrap_err(),
        databases.delete(admin, id, delete_request("shop", DataFate::Keep)).await.map(drop).unwrap_err(),
    ] {
        assert!(matches!(error, Error::NotFound { .. }), "{error:?}");
    }
}

#[tokio::test]
async fn removal_with_another_name_typed_is_refused() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let before = everything(&bed).await;
    for wrong in ["", "Shop", "shop ", "blog"] {
        let request = delete_request(wrong, DataFate::Delete);
        let error = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap_err();
        assert_eq!(fields(&error), ["confirm"], "{wrong:?}");
    }
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn credentials_are_not_shown_before_the_database_runs() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.hang_method(stardeck_testkit::Method::CreateContainer);
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let error = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap_err();
    assert!(matches!(error, Error::CredentialsNotReady), "{error:?}");
    bed.runtime.release();
    succeeded(&bed.wait_for(operation.id).await);
    bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    let audited = stardeck_testkit::audited(&bed.db, database.id).await;
    assert_eq!(audited, [AuditAction::DatabaseCreated, AuditAction::CredentialsRead]);
    assert!(store_snapshot(&bed.db).await.unfinished.is_empty());
}

fn exposed(name: &str, port: Option<u16>) -> CreateDatabase {
    let mut request = create_request(name);
    request.expose_port = true;
    request.external_port = port.map(|port| Port::parse(i64::from(port)).unwrap());
    request
}

fn free_port() -> u16 {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port()
}
