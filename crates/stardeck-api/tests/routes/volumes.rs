//! `/api/volumes/kept`

use std::collections::BTreeSet;

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{id_of, start};

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "16"})
}

#[actix_web::test]
async fn data_is_kept_listed_attached_again_and_removed() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let viewer = app.account(&admin, "viewer").await;
    assert_eq!(app.get("/api/volumes/kept", &viewer).await.json()["items"], json!([]));
    let remove = async |uri: String| {
        let begun = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
        assert_eq!(begun.status, 202, "{begun:?}");
        assert!(begun.header("location").unwrap().starts_with("/api/operations/"));
        assert_eq!(app.follow(&admin, &begun.json()["operation"]).await["state"], "succeeded");
    };
    remove(format!("/api/databases/{id}?data=keep&confirm=shop")).await;

    let list = app.get("/api/volumes/kept", &viewer).await.json();
    let kept = &list["items"][0];
    let fields: BTreeSet<_> = kept.as_object().unwrap().keys().map(String::as_str).collect();
    let wanted = "admin_user deleted_at deleted_by flavor id image is_attachable major name server_version type \
        version volumes";
    assert_eq!(fields, wanted.split_whitespace().collect());
    assert_eq!(
        (&kept["id"], &kept["name"], &kept["type"]),
        (&json!(id), &json!("shop"), &json!("postgresql"))
    );
    assert_eq!((&kept["major"], &kept["is_attachable"]), (&json!(16), &json!(true)));
    assert!(kept["deleted_at"].is_string() && kept["deleted_by"].is_string(), "{kept}");
    let volume = &kept["volumes"][0];
    assert_eq!(volume["name"], format!("stardeck-shop-{id}-data"));
    assert_eq!(volume["mount_path"], "/var/lib/postgresql/data");
    assert!(volume["size_bytes"].is_u64(), "{volume}");

    let again = json!({"type": "postgresql", "name": "store", "kept_volume_id": id});
    let database = app.deploy(&admin, again.clone()).await;
    assert_eq!((&database["id"], &database["name"]), (&json!(id), &json!("store")));
    let operations = app.get(&format!("/api/operations?target={id}"), &admin).await.json();
    let kinds: Vec<_> = operations["items"].as_array().unwrap().iter().map(|o| o["kind"].clone()).collect();
    assert_eq!(kinds, ["create", "delete", "reattach"]);
    assert_eq!(app.post("/api/databases", &admin, again).await.problem(), (409, "volume_in_use".to_owned()));
    let uri = format!("/api/volumes/kept/{id}?confirm=store");
    let refused = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(refused.problem(), (409, "volume_in_use".to_owned()));

    remove(format!("/api/databases/{id}?data=keep&confirm=store")).await;
    remove(uri.clone()).await;
    assert_eq!(app.get("/api/volumes/kept", &viewer).await.json()["items"], json!([]));
    let gone = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(gone.problem(), (404, "not_found".to_owned()));
    let log = app.get("/api/audit?limit=2", &admin).await.json();
    assert_eq!(
        (&log["items"][0]["action"], &log["items"][0]["outcome"]),
        (&json!("operation_ended"), &json!("done"))
    );
    assert_eq!(log["items"][1]["action"], "kept_volume_deleted");
}

#[actix_web::test]
async fn kept_volumes_are_listed_in_parts() {
    let app = start().await;
    let admin = app.admin().await;
    for name in ["one", "two", "three"] {
        let id = id_of(&app.deploy(&admin, json!({"type": "postgresql", "name": name})).await);
        let uri = format!("/api/databases/{id}?data=keep&confirm={name}");
        let begun = app.ask(Method::DELETE, &uri, Some(&admin), None).await.json();
        app.follow(&admin, &begun["operation"]).await;
    }
    let names = |list: &Value| {
        list["items"].as_array().unwrap().iter().map(|kept| kept["name"].clone()).collect::<Vec<_>>()
    };
    let first = app.get("/api/volumes/kept?limit=2", &admin).await.json();
    assert_eq!(names(&first), ["one", "two"]);
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app.get(&format!("/api/volumes/kept?limit=2&cursor={cursor}"), &admin).await.json();
    assert_eq!((names(&second), &second["next_cursor"]), (vec![json!("three")], &Value::Null));
    assert_eq!(app.get("/api/volumes/kept?limit=0", &admin).await.fields().len(), 1);
}

#[actix_web::test]
async fn what_does_not_fit_the_kept_volume_is_told_by_field() {
    let app = start().await;
    let admin = app.admin().await;
    let id = id_of(&app.deploy(&admin, shop()).await);
    let uri = format!("/api/databases/{id}?data=keep&confirm=shop");
    let begun = app.ask(Method::DELETE, &uri, Some(&admin), None).await.json();
    app.follow(&admin, &begun["operation"]).await;
    for (field, code, value) in [
        ("kept_volume_id", "invalid_id", json!("shop")),
        ("kept_volume_id", "unknown_volume", json!("01890a5d-ac96-774b-bcce-b302099a8057")),
        ("version", "major_mismatch", json!("17")),
        ("type", "engine_mismatch", json!("redis")),
        ("admin_user", "not_with_kept_volume", json!("ada")),
        ("admin_password", "not_with_kept_volume", json!("another one")),
    ] {
        let mut request = json!({"type": "postgresql", "name": "store", "kept_volume_id": id});
        request[field] = value;
        let refused = app.post("/api/databases", &admin, request).await;
        assert_eq!(refused.fields(), [(field.to_owned(), code.to_owned())]);
    }
    for query in ["", "?confirm=store"] {
        let uri = format!("/api/volumes/kept/{id}{query}");
        let refused = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
        assert_eq!(refused.fields()[0].0, "confirm");
    }
    assert_eq!(app.get("/api/volumes/kept", &admin).await.json()["items"].as_array().unwrap().len(), 1);
}
