//! `/api/databases/adopt/{container_id}` and `/api/databases/{id}/release`

use actix_web::http::Method;
use serde_json::{Value, json};
use stardeck_testkit::{ForeignContainer, POSTGRES_16};

use crate::support::{id_of, start};

/// A server of somebody else's with the official image's variables.
fn foreign(name: &str) -> ForeignContainer {
    ForeignContainer {
        name: name.to_owned(),
        image: Some(POSTGRES_16.to_owned()),
        host_ports: vec![15_432],
        volumes: vec![format!("{name}-data")],
        env: vec![("POSTGRES_PASSWORD".to_owned(), "hush-hush".to_owned())],
        accounts: vec![("postgres".to_owned(), "hush-hush".to_owned())],
        ..ForeignContainer::default()
    }
}

#[actix_web::test]
async fn database_of_somebody_else_is_adopted_and_given_back() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.add_foreign_container(foreign("blog-db"));
    let before = app.runtime.snapshot();
    let uri = "/api/databases/adopt/blog-db";

    let report = app.post(&format!("{uri}?dry_run=true"), &admin, json!({"name": "blog"})).await;
    assert_eq!(report.status, 200, "{report:?}");
    assert!(!report.text.contains("hush"), "{}", report.text);
    let report = report.json();
    assert_eq!((&report["type"], &report["server_version"]), (&json!("postgresql"), &json!("16.4")));
    assert_eq!(report["login_from"], "the variable POSTGRES_PASSWORD");
    assert_eq!((&report["external_port"], &report["bind_address"]), (&json!(15_432), &json!("127.0.0.1")));
    assert_eq!(report["volumes"][0]["source"], "blog-db-data");
    assert_eq!(report["changes"].as_array().unwrap().len(), 1);
    assert_eq!(app.runtime.snapshot(), before);

    let begun = app.post(uri, &admin, json!({"name": "blog"})).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert!(begun.header("location").unwrap().starts_with("/api/operations/"));
    let database = &begun.json()["database"];
    assert_eq!((&database["origin"], &database["internal_host"]), (&json!("adopted"), &json!("blog")));
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    let id = id_of(database);
    let row = app.get(&format!("/api/databases/{id}"), &admin).await.json();
    assert_eq!((&row["status"], &row["server_version"]), (&json!("running"), &json!("16.4")));
    assert_eq!(app.get("/api/databases/detect", &admin).await.json()["items"], json!([]));
    let twice = app.post(uri, &admin, json!({"name": "other"})).await;
    assert_eq!(twice.problem(), (409, "already_managed".to_owned()));
    let delete = format!("/api/databases/{id}?data=delete&confirm=blog");
    let refused = app.ask(Method::DELETE, &delete, Some(&admin), None).await;
    assert_eq!(refused.problem(), (409, "managed_elsewhere".to_owned()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("podman volume rm blog-db-data"));
    let wrong = app.ask(Method::DELETE, &format!("{delete}&take_ownership=yes"), Some(&admin), None).await;
    assert_eq!(wrong.fields()[0].0, "take_ownership");

    let begun = app.post(&format!("/api/databases/{id}/release"), &admin, Value::Null).await;
    assert_eq!(begun.status, 202, "{begun:?}");
    assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    assert_eq!(app.runtime.snapshot().containers, before.containers);
    assert_eq!(app.get("/api/databases/detect", &admin).await.json()["items"].as_array().unwrap().len(), 1);
    let log = app.get("/api/audit?limit=1000", &admin).await.text;
    assert!(log.contains("database_adopted") && log.contains("database_released"), "{log}");
}

#[actix_web::test]
async fn what_can_not_be_adopted_is_told_and_leaves_nothing() {
    let app = start().await;
    let admin = app.admin().await;
    app.runtime.add_foreign_container(foreign("blog-db"));
    app.runtime.add_foreign_container(ForeignContainer { name: "proxy".to_owned(), ..Default::default() });
    let adopt = async |container: &str, body: Value| {
        app.post(&format!("/api/databases/adopt/{container}"), &admin, body).await
    };
    assert_eq!(adopt("none", json!({"name": "blog"})).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(adopt("proxy", json!({"name": "blog"})).await.problem(), (409, "not_adoptable".to_owned()));
    let wrong = json!({"name": "blog", "admin_password": "wrong-one"});
    let refused = adopt("blog-db", wrong).await;
    assert_eq!(refused.problem(), (422, "credentials_rejected".to_owned()));
    assert!(!refused.text.contains("wrong-one"), "{}", refused.text);
    let refused = adopt("blog-db", json!({"admin_user": ""})).await;
    let fields: Vec<_> = refused.fields().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["name", "admin_user"]);
    assert_eq!(app.get("/api/databases", &admin).await.json()["items"], json!([]));

    let shop = id_of(&app.deploy(&admin, json!({"type": "postgresql", "name": "shop"})).await);
    assert_eq!(adopt("blog-db", json!({"name": "shop"})).await.problem(), (409, "name_taken".to_owned()));
    let own = adopt("stardeck-db-shop", json!({"name": "again"})).await;
    assert_eq!(own.problem(), (409, "already_managed".to_owned()));
    let refused = app.post(&format!("/api/databases/{shop}/release"), &admin, Value::Null).await;
    assert_eq!(refused.problem(), (409, "not_adopted".to_owned()));
}
