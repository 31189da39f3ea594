//! Passwords are nowhere but where they belong.

use stardeck_domain::{DatabaseId, FailureCode};
use stardeck_repository::{Page, credentials, operations::Filter};
use stardeck_service::{databases::DataFate, vault::KeyRotation};
use stardeck_testkit::{EngineBehaviour, ServicesBuilder, TestBed, create_request, delete_request, password};

use super::{
    apps::{app, bed_with_shop, existing},
    support::{succeeded, undone},
};

const CHOSEN: &str = "Tr0ub4dor&3-in-the-clear";

/// Everything that is shown or logged of a database and its operations, as text.
async fn everything_shown(bed: &TestBed, id: DatabaseId) -> String {
    let (databases, operations) = (&bed.services.databases, &bed.services.operations);
    let page = || Page { limit: 1000, after: None };
    let list = operations.list(Filter::default(), page()).await.unwrap().items;
    let mut shown = vec![
        format!("{:?}{:?}", databases.get(id).await, databases.credentials(&bed.admin, id).await),
        format!("{list:?}{:?}", bed.services.audit.list(page()).await.unwrap().items),
        format!("{:?}{:?}", bed.runtime.snapshot(), bed.runtime.journal()),
        format!("{:?}", bed.db.read(move |tx| credentials::list_of(tx, id)).await.unwrap()),
    ];
    for operation in list {
        shown.push(format!("{:?}", operations.log(operation.id, 0, 1000).await.unwrap()));
    }
    for container in bed.runtime.snapshot().containers.keys() {
        shown.push(format!("{:?}", bed.runtime.log_of(container)));
    }
    shown.concat()
}

#[tokio::test]
async fn no_password_is_in_the_store_or_in_anything_shown() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.admin_password = Some(password(CHOSEN));
    assert!(!format!("{request:?}").contains(CHOSEN));
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let (_, operation) = bed.services.databases.restart(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);

    // The bootstrap password, the administrator's and that of our own role.
    let known = bed.runtime.passwords();
    assert!(known.len() == 3 && known.contains(CHOSEN), "{}", known.len());
    let shown = everything_shown(&bed, database.id).await;
    assert!(shown.contains("shop") && bed.store.holds_text("shop"), "we look where things are");
    for secret in &known {
        assert!(!bed.store.holds_text(secret), "a password is stored in clear");
        assert!(!shown.contains(secret.as_str()), "a password is shown");
    }
    let request = delete_request("shop", DataFate::Keep);
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    for secret in &known {
        assert!(!bed.store.holds_text(secret), "a password is stored in clear");
    }
}

#[tokio::test]
async fn bootstrap_password_works_only_until_the_engine_answers() {
    let bed = ServicesBuilder::new().start().await;
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let credentials = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    let known = bed.runtime.passwords();
    assert_eq!(known.len(), 3, "bootstrap, administrator and our own role differ");
    assert!(known.contains(credentials.password.expose()));
    // Podman's secret is the bootstrap password; an account with it would make the three above two.
    assert_eq!(bed.runtime.snapshot().secrets.len(), 1);
}

#[tokio::test]
async fn failure_shows_no_password() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { refuses_logins: true, ..EngineBehaviour::default() });
    let mut request = create_request("shop");
    request.admin_password = Some(password(CHOSEN));
    bed.runtime.hang_method(stardeck_testkit::Method::Login);
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    bed.runtime.until_hanging().await;
    let known = bed.runtime.passwords();
    bed.runtime.release();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    assert_eq!(operation.error.as_ref().unwrap().code, FailureCode::CredentialsRejected);
    let shown =
        format!("{operation:?}{:?}", bed.services.operations.log(operation.id, 0, 100).await.unwrap());
    for secret in known.iter().map(String::as_str).chain([CHOSEN]) {
        assert!(!shown.contains(secret) && !bed.store.holds_text(secret));
    }
}

#[tokio::test]
async fn everything_opens_after_the_master_key_was_replaced() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    let before = bed.services.databases.credentials(&bed.admin, shop.id).await.unwrap();
    bed.services.shut_down().await;
    let (db, path) = (bed.db.clone(), bed.store.directory().join("master.key"));
    let rotation =
        tokio::task::spawn_blocking(move || KeyRotation::in_place(&db, &path)).await.unwrap().unwrap();
    // The administrator's, our own role's and the app's passwords, and the app's variables.
    assert_eq!(rotation.secrets, 4);

    let bed = ServicesBuilder::new().store(bed.store).runtime(bed.runtime).start().await;
    let after = bed.services.databases.credentials(&bed.admin, shop.id).await.unwrap();
    assert_eq!(before.password.expose(), after.password.expose());
    let link = bed.services.apps.list_connections(shop.id).await.unwrap().remove(0).connection;
    bed.services.apps.connection_credentials(&bed.admin, shop.id, link.id).await.unwrap();
    let (_, operation) = bed.services.apps.rotate(&bed.admin, shop.id, link.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let container = bed.services.apps.get(web.id).await.unwrap().app.container_name.to_string();
    assert_eq!(bed.runtime.snapshot().containers[&container].env["GREETING"], "hello");
    let audited = bed.services.audit.list(Page { limit: 100, after: None }).await.unwrap().items;
    assert!(audited.iter().any(|entry| entry.target_name.as_deref() == Some(rotation.key_id.as_str())));
}
