//! `/api/users/…`

use actix_web::http::Method;
use serde_json::json;

use crate::support::{PASSWORD, id_of, start};

#[actix_web::test]
async fn an_account_is_made_shown_changed_and_removed() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"username": "ada", "password": PASSWORD, "role": "viewer"});
    let made = app.post("/api/users", &admin, body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let uri = made.header("location").unwrap().to_owned();
    assert_eq!(uri, format!("/api/users/{}", id_of(&made.json())));
    assert_eq!(app.get(&uri, &admin).await.json(), made.json());

    let changed = app.ask(Method::PATCH, &uri, Some(&admin), Some(json!({"role": "operator"}))).await;
    assert_eq!(changed.json()["role"], "operator");

    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    assert_eq!(app.get(&uri, &admin).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn the_list_comes_in_parts_without_a_gap() {
    let app = start().await;
    let admin = app.admin().await;
    app.account(&admin, "viewer").await;
    app.account(&admin, "operator").await;
    let mut names = Vec::new();
    let mut uri = "/api/users?limit=1".to_owned();
    loop {
        let part = app.get(&uri, &admin).await.json();
        names.extend(
            part["items"].as_array().unwrap().iter().map(|u| u["username"].as_str().unwrap().to_owned()),
        );
        match part["next_cursor"].as_str() {
            Some(cursor) => uri = format!("/api/users?limit=1&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(names, ["admin", "viewer", "operator"]);
}

#[actix_web::test]
async fn a_name_that_is_taken_in_another_case_is_a_conflict() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"username": "ADMIN", "password": PASSWORD, "role": "viewer"});
    assert_eq!(app.post("/api/users", &admin, body).await.problem(), (409, "user_name_taken".to_owned()));
}

#[actix_web::test]
async fn an_account_with_wrong_fields_is_refused_with_all_of_them() {
    let app = start().await;
    let admin = app.admin().await;
    let refused = app.post("/api/users", &admin, json!({"role": "king"})).await;
    let wanted = [("username", "required"), ("password", "required"), ("role", "unknown_value")];
    assert_eq!(refused.fields(), wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
}

#[actix_web::test]
async fn the_last_administrator_stays_one() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/users/{}", id_of(&app.get("/api/auth/me", &admin).await.json()));
    let demoted = app.ask(Method::PATCH, &uri, Some(&admin), Some(json!({"role": "viewer"}))).await;
    assert_eq!(demoted.problem(), (409, "last_admin".to_owned()));
    let removed = app.ask(Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(removed.problem(), (409, "last_admin".to_owned()));
}

#[actix_web::test]
async fn the_own_password_needs_the_current_one() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let other_session = app.sign_in("viewer").await;
    let me = id_of(&app.get("/api/auth/me", &viewer).await.json());
    let uri = format!("/api/users/{me}/password");
    let change = |body| app.ask(Method::PUT, &uri, Some(&viewer), Some(body));

    let without = change(json!({"password": "another long password"})).await;
    assert_eq!(without.fields(), [("current_password".to_owned(), "required".to_owned())]);
    let wrong = change(json!({"password": "another long password", "current_password": "wrong"})).await;
    assert_eq!(wrong.problem(), (401, "login_failed".to_owned()));
    let right = change(json!({"password": "another long password", "current_password": PASSWORD})).await;
    assert_eq!(right.status, 204);
    assert_eq!(app.get("/api/auth/me", &viewer).await.status, 200);
    assert_eq!(app.get("/api/auth/me", &other_session).await.status, 401);
    assert_eq!(app.try_sign_in("viewer", "another long password").await.status, 200);
}

#[actix_web::test]
async fn others_passwords_are_for_administrators() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let operator = app.account(&admin, "operator").await;
    let uri = format!("/api/users/{}/password", id_of(&app.get("/api/auth/me", &viewer).await.json()));
    let body = json!({"password": "another long password"});
    let refused = app.ask(Method::PUT, &uri, Some(&operator), Some(body.clone())).await;
    assert_eq!(refused.problem(), (403, "forbidden".to_owned()));
    assert_eq!(app.ask(Method::PUT, &uri, Some(&admin), Some(body)).await.status, 204);
    assert_eq!(app.get("/api/auth/me", &viewer).await.status, 401);
}
