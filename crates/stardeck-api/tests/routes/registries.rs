//! `/api/registries`

use actix_web::http::Method;
use serde_json::json;

use crate::support::{id_of, start};

const TOKEN: &str = "t0ken:with/odd@characters";

#[actix_web::test]
async fn a_login_is_saved_replaced_listed_and_removed_and_its_password_never_shown() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"host": "index.docker.io", "username": "ada", "password": TOKEN});
    let made = app.post("/api/registries", &admin, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["host"], "docker.io");
    let body = json!({"host": "DOCKER.io", "username": "bob", "password": "another"});
    let replaced = app.post("/api/registries", &admin, body).await;
    assert_eq!((replaced.status.as_u16(), id_of(&replaced.json())), (200, id_of(&made.json())));

    let list = app.get("/api/registries", &admin).await;
    assert_eq!(list.json()["items"].as_array().unwrap().len(), 1);
    assert_eq!(list.json()["items"][0]["username"], "bob");
    for text in [&made.text, &replaced.text, &list.text] {
        assert!(!text.contains(TOKEN) && !text.contains("another") && !text.contains("password"), "{text}");
    }

    let uri = format!("/api/registries/{}", id_of(&made.json()));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    let again = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(again.problem(), (404, "not_found".to_owned()));
    let audit = app.get("/api/audit", &admin).await;
    for action in ["registry_saved", "registry_deleted"] {
        assert!(audit.text.contains(action), "{action}");
    }
    assert!(!audit.text.contains(TOKEN));
}

#[actix_web::test]
async fn a_login_with_wrong_fields_is_refused_with_all_of_them() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"host": "https://ghcr.io", "username": "a:b", "password": ""});
    let refused = app.post("/api/registries", &admin, body).await;
    let wanted = [("host", "invalid_registry"), ("username", "invalid_character"), ("password", "too_short")];
    assert_eq!(refused.fields(), wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
}
