//! `/api/audit`

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{PASSWORD, id_of, start};

#[actix_web::test]
async fn what_was_done_is_listed_newest_first_without_secrets() {
    let app = start().await;
    let admin = app.admin().await;
    app.account(&admin, "viewer").await;
    app.try_sign_in("viewer", "not the password").await;
    let log = app.get("/api/audit", &admin).await;
    let json = log.json();
    let actions: Vec<_> =
        json["items"].as_array().unwrap().iter().map(|e| e["action"].as_str().unwrap()).collect();
    assert_eq!(actions, ["login_failed", "login", "user_created", "login", "setup"]);
    assert_eq!(json["items"][2]["username"], "admin");
    assert_eq!(json["items"][2]["target_name"], "viewer");
    assert_eq!(
        (&json["items"][0]["outcome"], &json["items"][2]["outcome"]),
        (&json!("refused"), &json!("done"))
    );
    assert!(!log.text.contains(PASSWORD) && !log.text.contains("not the password"));
}

#[actix_web::test]
async fn what_was_refused_is_told_with_who_tried_it_from_where_and_with_what() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let made = app.post("/api/tokens", &viewer, json!({"name": "ci", "scope": "read"})).await.json();
    let token = made["token"].as_str().unwrap();
    let database = app.deploy(&admin, json!({"type": "postgresql", "name": "shop", "version": "17"})).await;
    let reveal = format!("/api/databases/{}/credentials", id_of(&database));
    assert_eq!(app.get(&reveal, token).await.status, 403);
    assert_eq!(app.get(&reveal, &admin).await.status, 200);
    let log = app.get("/api/audit?limit=2", &admin).await.json();
    let (shown, refused) = (&log["items"][0], &log["items"][1]);
    assert_eq!((&shown["action"], &shown["outcome"]), (&json!("credentials_read"), &json!("done")));
    assert_eq!((&shown["target_name"], &shown["token_id"]), (&json!("shop"), &Value::Null));
    assert_eq!((&refused["action"], &refused["outcome"]), (&json!("access_refused"), &json!("refused")));
    assert_eq!((&refused["username"], &refused["token_id"]), (&json!("viewer"), &made["api_token"]["id"]));
    assert_eq!(refused["detail"], format!("GET {reveal}"));
}

#[actix_web::test]
async fn refusals_without_number_do_not_fill_the_log() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    for _ in 0..80 {
        assert_eq!(app.get("/api/users", &viewer).await.status, 403);
    }
    let log = app.get("/api/audit?limit=1000", &admin).await.json();
    let refused = log["items"].as_array().unwrap().iter().filter(|entry| entry["action"] == "access_refused");
    assert_eq!(refused.count(), 60);
}

#[actix_web::test]
async fn an_operation_is_told_twice_when_it_was_asked_for_and_when_it_ended() {
    let app = start().await;
    let admin = app.admin().await;
    let database = app.deploy(&admin, json!({"type": "postgresql", "name": "shop", "version": "17"})).await;
    let log = app.get("/api/audit?limit=2", &admin).await.json();
    let (ended, asked) = (&log["items"][0], &log["items"][1]);
    assert_eq!((&asked["action"], &asked["outcome"]), (&json!("database_created"), &json!("done")));
    assert_eq!((&ended["action"], &ended["outcome"]), (&json!("operation_ended"), &json!("done")));
    assert_eq!((&ended["username"], &ended["target_name"]), (&json!("admin"), &json!("shop")));
    assert_eq!((&ended["target_id"], &asked["target_id"]), (&database["id"], &database["id"]));
    assert!(ended["detail"].as_str().unwrap().starts_with("create "));
}

#[actix_web::test]
async fn the_export_has_every_entry_once_oldest_first_and_itself_last() {
    let app = start().await;
    let admin = app.admin().await;
    for _ in 0..3 {
        app.try_sign_in("nobody", "not the password").await;
    }
    let export = app.ask(Method::GET, "/api/audit/export", Some(&admin), None).await;
    assert_eq!((export.status.as_u16(), export.header("content-type")), (200, Some("application/x-ndjson")));
    assert!(export.text.ends_with('\n'));
    let entries: Vec<Value> = export.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((&entries[0]["action"], entries.len()), (&json!("setup"), 6));
    assert_eq!(entries.last().unwrap()["action"], "audit_exported");
    let mut listed = app.get("/api/audit", &admin).await.json()["items"].as_array().unwrap().clone();
    listed.reverse();
    assert_eq!(entries, listed);
}
