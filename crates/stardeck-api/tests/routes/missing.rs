//! `/api/databases/{id}/recreate`, and what a list that was read before costs.

use actix_web::{http::Method, test::TestRequest};
use serde_json::{Value, json};
use stardeck_testkit::until;

use crate::support::{id_of, start};

const SHOP: &str = "stardeck-db-shop";

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop"})
}

#[actix_web::test]
async fn a_missing_database_offers_to_be_made_again_or_forgotten() {
    let app = start().await;
    let admin = app.admin().await;
    let operator = app.account(&admin, "operator").await;
    let database = app.deploy(&admin, shop()).await;
    let uri = format!("/api/databases/{}", id_of(&database));
    let recreate = format!("{uri}/recreate");
    let refused = app.ask(Method::POST, &recreate, Some(&admin), None).await;
    assert_eq!(refused.problem(), (409, "invalid_transition".to_owned()));
    drop(app.runtime.take_container(SHOP));
    // A restart finds it out; so does the observer, which looks only once here.
    let failed = app.ask(Method::POST, &format!("{uri}/restart"), Some(&admin), None).await;
    app.follow(&admin, &failed.json()["operation"]).await;
    let missing = until("a missing database", || async {
        Some(app.get(&uri, &admin).await.json()).filter(|shown| shown["status"] == "missing")
    })
    .await;
    assert_eq!(missing["allowed_actions"], json!(["recreate", "delete"]));
    let forbidden = app.ask(Method::POST, &recreate, Some(&operator), None).await;
    assert_eq!(forbidden.problem(), (403, "forbidden".to_owned()));
    let begun = app.ask(Method::POST, &recreate, Some(&admin), None).await;
    assert_eq!(begun.status, 202);
    assert_eq!(begun.json()["operation"]["kind"], "recreate");
    let ended = app.follow(&admin, &begun.json()["operation"]).await;
    assert_eq!(ended["state"], "succeeded", "{ended}");
    let shown = app.get(&uri, &admin).await.json();
    assert_eq!((&shown["status"], &shown["health"]), (&json!("running"), &json!("healthy")));
    let actions = app.get("/api/audit", &admin).await.json();
    assert!(actions["items"].as_array().unwrap().iter().any(|entry| entry["action"] == "database_recreated"));
}

#[actix_web::test]
async fn a_list_that_did_not_change_is_not_sent_again() {
    let app = start().await;
    let admin = app.admin().await;
    app.deploy(&admin, shop()).await;
    let ask = |tag: Option<String>| {
        let mut request = TestRequest::get().uri("/api/databases");
        request = request.insert_header(("authorization", format!("Bearer {admin}")));
        if let Some(tag) = tag {
            request = request.insert_header(("if-none-match", tag));
        }
        app.send(request)
    };
    let first = ask(None).await;
    assert_eq!((first.status.as_u16(), first.header("content-type")), (200, Some("application/json")));
    assert_eq!(first.json()["items"][0]["name"], "shop");
    let tag = first.header("etag").unwrap().to_owned();
    for known in [tag.clone(), format!("\"other\", {tag}"), "*".to_owned()] {
        let again = ask(Some(known)).await;
        assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
        assert_eq!(again.header("etag"), Some(tag.as_str()));
    }
    app.deploy(&admin, json!({"type": "postgresql", "name": "blog"})).await;
    let changed = ask(Some(tag.clone())).await;
    assert_eq!(changed.status, 200);
    assert_eq!(changed.json()["items"].as_array().unwrap().len(), 2);
    assert_ne!(changed.header("etag"), Some(tag.as_str()));
}

#[actix_web::test]
async fn a_list_that_is_ready_is_never_older_than_what_was_answered() {
    let app = start().await;
    let admin = app.admin().await;
    let database = app.deploy(&admin, shop()).await;
    let uri = format!("/api/databases/{}", id_of(&database));
    let pages = ["/api/databases", "/api/databases?limit=1", "/api/databases?limit=7"];
    for revision in 1..20 {
        let (known, note) = (format!("\"{revision}\""), format!("note {revision}"));
        let changed = app.patch(&uri, &admin, Some(&known), json!({"description": note})).await;
        assert_eq!(changed.status, 200, "{}", changed.text);
        for page in pages.iter().chain(&pages) {
            assert_eq!(app.get(page, &admin).await.json()["items"][0]["description"], note.as_str());
        }
    }
    for limit in 1..30 {
        // More pages than are ready at once, each of its own length.
        let shown = app.get(&format!("/api/databases?limit={limit}"), &admin).await.json();
        assert_eq!(shown["items"].as_array().unwrap().len(), 1);
    }
    app.mark_unhealthy(&database).await;
    until("what another process wrote", || async {
        let shown = app.get(pages[0], &admin).await.json();
        (shown["items"][0]["health"] == "unhealthy").then_some(())
    })
    .await;
}
