//! `/api/setup`

use actix_web::http::Method;
use serde_json::json;

use crate::support::{Answer, PASSWORD, start};

#[actix_web::test]
async fn the_right_token_makes_the_first_administrator_once() {
    let app = start().await;
    assert_eq!(app.ask(Method::GET, "/api/setup", None, None).await.json(), json!({"needed": true}));
    let body = json!({"token": app.setup_token(), "username": "admin", "password": PASSWORD});

    let made = app.ask(Method::POST, "/api/setup", None, Some(body.clone())).await;
    assert_eq!(made.status, 201);
    let user = made.json();
    assert_eq!(user["role"], "admin");
    assert_eq!(
        made.header("location"),
        Some(format!("/api/users/{}", user["id"].as_str().unwrap()).as_str())
    );
    assert!(!made.text.contains(PASSWORD));
    assert!(!app.has_setup_token());
    assert_eq!(app.ask(Method::GET, "/api/setup", None, None).await.json(), json!({"needed": false}));

    let again = app.ask(Method::POST, "/api/setup", None, Some(body)).await;
    assert_eq!(again.problem(), (409, "setup_done".to_owned()));
}

#[actix_web::test]
async fn a_wrong_token_is_refused_and_the_sixth_try_has_to_wait() {
    let app = start().await;
    let body = json!({"token": "wrong", "username": "admin", "password": PASSWORD});
    for _ in 0..5 {
        let refused = app.ask(Method::POST, "/api/setup", None, Some(body.clone())).await;
        assert_eq!(refused.problem(), (403, "setup_token_rejected".to_owned()));
    }
    let locked: Answer = app.ask(Method::POST, "/api/setup", None, Some(body)).await;
    assert_eq!(locked.problem(), (429, "too_many_attempts".to_owned()));
    assert!(locked.header("retry-after").unwrap().parse::<u32>().unwrap() >= 1);
}

#[actix_web::test]
async fn every_wrong_field_is_named_and_no_secret_repeated() {
    let app = start().await;
    let body = json!({"username": "no spaces", "password": "shorty"});
    let refused = app.ask(Method::POST, "/api/setup", None, Some(body)).await;
    let told: Vec<_> = refused.fields();
    let wanted = [("token", "required"), ("username", "invalid_name"), ("password", "too_short")];
    assert_eq!(told, wanted.map(|(field, code)| (field.to_owned(), code.to_owned())));
    assert_eq!(refused.json()["errors"][1]["pointer"], "/username");
    assert!(!refused.text.contains("shorty"));
}

#[actix_web::test]
async fn signing_in_before_the_setup_says_so() {
    let app = start().await;
    assert_eq!(app.try_sign_in("admin", PASSWORD).await.problem(), (409, "setup_needed".to_owned()));
}
