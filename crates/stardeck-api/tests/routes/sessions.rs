//! `/api/sessions` and `/api/tokens`.

use actix_web::http::Method;
use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, id_of, start};

fn items(answer: &Answer) -> Vec<Value> {
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.json()["items"].as_array().unwrap().clone()
}

#[actix_web::test]
async fn own_sessions_are_listed_and_ended() {
    let app = start().await;
    let admin = app.admin().await;
    let other = app.sign_in("admin").await;
    let list = app.get("/api/sessions", &admin).await;
    assert!(!list.text.contains(&other) && !list.text.contains("hash"), "{}", list.text);
    let sessions = items(&list);
    let current: Vec<_> = sessions.iter().map(|session| session["is_current"].clone()).collect();
    assert_eq!(current, [json!(true), json!(false)]);
    assert!(sessions[0]["last_used_at"].is_string() && sessions[1]["last_used_at"].is_null());
    let uri = format!("/api/sessions/{}", id_of(&sessions[1]));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    assert_eq!(app.get("/api/auth/me", &other).await.problem(), (401, "unauthenticated".to_owned()));
    let again = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(again.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn sessions_and_tokens_of_others_are_shown_to_and_ended_by_administrators_only() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let operator = app.account(&admin, "operator").await;
    let victim = id_of(&app.get("/api/auth/me", &viewer).await.json());
    let body = json!({"name": "ci", "scope": "read"});
    let token = app.post("/api/tokens", &viewer, body).await.json();
    for list in [format!("/api/sessions?user_id={victim}"), format!("/api/tokens?user_id={victim}")] {
        let refused = app.get(&list, &operator).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()), "{list}");
        assert_eq!(items(&app.get(&list, &admin).await).len(), 1, "{list}");
    }
    let sessions = items(&app.get(&format!("/api/sessions?user_id={victim}"), &admin).await);
    let session = format!("/api/sessions/{}", id_of(&sessions[0]));
    let api_token = format!("/api/tokens/{}", id_of(&token["api_token"]));
    for uri in [&session, &api_token] {
        let refused = app.ask(Method::DELETE, uri, Some(&operator), None).await;
        assert_eq!(refused.problem(), (404, "not_found".to_owned()), "{uri}");
    }
    for secret in [&viewer, token["token"].as_str().unwrap()] {
        assert_eq!(app.get("/api/auth/me", secret).await.status, 200);
    }
    for uri in [&session, &api_token] {
        assert_eq!(app.ask(Method::DELETE, uri, Some(&admin), None).await.status, 204, "{uri}");
    }
    for secret in [&viewer, token["token"].as_str().unwrap()] {
        assert_eq!(app.get("/api/auth/me", secret).await.status, 401);
    }
}

#[actix_web::test]
async fn a_token_is_shown_once_and_signs_in_with_its_scope() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"name": "nightly backup", "scope": "operate", "expires_in_days": 7});
    let made = app.post("/api/tokens", &admin, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let (secret, shown) =
        (made.json()["token"].as_str().unwrap().to_owned(), made.json()["api_token"].clone());
    assert_eq!((&shown["name"], &shown["scope"]), (&json!("nightly backup"), &json!("operate")));
    let me = app.get("/api/auth/me", &secret).await.json();
    assert_eq!((&me["username"], &me["role"]), (&json!("admin"), &json!("operator")));
    assert_eq!(app.get("/api/users", &secret).await.problem(), (403, "forbidden".to_owned()));
    let list = app.get("/api/tokens", &admin).await;
    assert!(!list.text.contains(&secret) && !list.text.contains("hash"), "{}", list.text);
    assert!(items(&list)[0]["last_used_at"].is_string());
    let uri = format!("/api/tokens/{}", id_of(&shown));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&secret), None).await.status, 204, "it may end itself");
    assert_eq!(app.get("/api/auth/me", &secret).await.problem(), (401, "unauthenticated".to_owned()));
}

#[actix_web::test]
async fn a_token_with_wrong_fields_is_refused_with_all_of_them() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"name": "a\u{7}", "scope": "everything", "expires_in_days": 0});
    let refused = app.post("/api/tokens", &admin, body).await.fields();
    let fields: Vec<_> = refused.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["name", "scope", "expires_in_days"]);
    let refused = app.get("/api/tokens?user_id=me", &admin).await.fields();
    assert_eq!(refused, [("user_id".to_owned(), "invalid_id".to_owned())]);
}

#[actix_web::test]
async fn a_viewer_gets_no_token_that_may_more() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    for scope in ["operate", "admin"] {
        let refused = app.post("/api/tokens", &viewer, json!({"name": "more", "scope": scope})).await;
        assert_eq!(refused.problem(), (403, "forbidden".to_owned()), "{scope}");
    }
}

#[actix_web::test]
async fn a_new_password_ends_the_other_sessions_and_short_ones_are_taken_nowhere() {
    let app = start().await;
    let admin = app.admin().await;
    let other = app.sign_in("admin").await;
    let me = format!("/api/users/{}/password", id_of(&app.get("/api/auth/me", &admin).await.json()));
    for short in ["", "x", "123456789"] {
        let body = json!({"current_password": PASSWORD, "password": short});
        let refused = app.ask(Method::PUT, &me, Some(&admin), Some(body)).await;
        assert_eq!(refused.fields(), [("password".to_owned(), "too_short".to_owned())], "{short:?}");
        let body = json!({"username": "short", "password": short, "role": "admin"});
        let refused = app.post("/api/users", &admin, body).await;
        assert_eq!(refused.fields(), [("password".to_owned(), "too_short".to_owned())], "{short:?}");
    }
    let body = json!({"current_password": PASSWORD, "password": "another long password"});
    assert_eq!(app.ask(Method::PUT, &me, Some(&admin), Some(body)).await.status, 204);
    assert_eq!(app.get("/api/auth/me", &other).await.status, 401);
    assert_eq!(app.get("/api/auth/me", &admin).await.status, 200);
}
