//! `/api/auth/…`

use actix_web::{
    http::{Method, header},
    test::TestRequest,
};
use serde_json::json;

use crate::support::{Answer, PASSWORD, start};

/// The session cookie of an answer, as a browser sends it back.
fn cookie_of(answer: &Answer) -> String {
    let set = answer.header("set-cookie").unwrap();
    set.split(';').next().unwrap().to_owned()
}

fn login_request() -> TestRequest {
    let body = json!({"username": "admin", "password": PASSWORD});
    TestRequest::post().uri("/api/auth/login").set_json(body)
}

#[actix_web::test]
async fn a_login_gives_a_token_that_works_and_says_who_it_is() {
    let app = start().await;
    app.admin().await;
    let answer = app.try_sign_in("admin", PASSWORD).await;
    assert_eq!(answer.status, 200);
    let login = answer.json();
    assert_eq!(login["user"]["username"], "admin");
    assert!(login["expires_at"].as_str().unwrap().ends_with('Z'));
    let me = app.get("/api/auth/me", login["token"].as_str().unwrap()).await;
    assert_eq!(me.json()["id"], login["user"]["id"]);
    assert!(me.json()["last_login_at"].is_string());
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[actix_web::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = start().await;
    app.admin().await;
    let answer = app.try_sign_in("admin", PASSWORD).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-stardeck-session="), "{cookie}");
    for attribute in ["HttpOnly", "SameSite=Strict", "Secure", "Path=/", "Max-Age="] {
        assert!(cookie.contains(attribute), "{cookie}");
    }
    assert!(!cookie.contains("Domain"));
}

#[actix_web::test]
async fn a_wrong_password_and_an_unknown_name_get_the_same_answer() {
    let app = start().await;
    app.admin().await;
    for (name, password) in
        [("admin", "wrong password"), ("nobody", PASSWORD), ("", ""), ("no such name", PASSWORD)]
    {
        let answer = app.try_sign_in(name, password).await;
        assert_eq!(answer.problem(), (401, "login_failed".to_owned()));
        assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        assert!(answer.header("set-cookie").is_none());
    }
}

#[actix_web::test]
async fn guessing_is_slowed_down() {
    let app = start().await;
    app.admin().await;
    for _ in 0..10 {
        assert_eq!(app.try_sign_in("admin", "wrong password").await.status, 401);
    }
    let answer = app.try_sign_in("admin", PASSWORD).await;
    assert_eq!(answer.problem(), (429, "too_many_attempts".to_owned()));
    assert!(answer.header("retry-after").is_some());
}

#[actix_web::test]
async fn a_logout_ends_the_session_and_takes_the_cookie_away() {
    let app = start().await;
    let token = app.admin().await;
    let answer = app.ask(Method::POST, "/api/auth/logout", Some(&token), None).await;
    assert_eq!(answer.status, 204);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(app.get("/api/auth/me", &token).await.problem(), (401, "unauthenticated".to_owned()));
}

#[actix_web::test]
async fn a_cookie_reads_without_and_writes_only_with_the_right_origin() {
    let app = start().await;
    app.admin().await;
    let cookie = cookie_of(&app.send(login_request()).await);
    let me = TestRequest::get().uri("/api/auth/me").insert_header((header::COOKIE, cookie.clone()));
    assert_eq!(app.send(me).await.status, 200);

    let write = |origin: Option<&str>| {
        let request =
            TestRequest::post().uri("/api/auth/logout").insert_header((header::COOKIE, cookie.clone()));
        match origin {
            Some(origin) => request.insert_header((header::ORIGIN, origin.to_owned())),
            None => request,
        }
    };
    for origin in [None, Some("http://evil.example"), Some("null"), Some("http://localhost:9999")] {
        assert_eq!(
            app.send(write(origin)).await.problem(),
            (403, "origin_rejected".to_owned()),
            "{origin:?}"
        );
    }
    assert_eq!(app.send(write(Some("http://localhost:8080"))).await.status, 204);
}

#[actix_web::test]
async fn another_site_can_not_sign_a_browser_in() {
    let app = start().await;
    app.admin().await;
    let foreign = login_request().insert_header((header::ORIGIN, "http://evil.example"));
    assert_eq!(app.send(foreign).await.problem(), (403, "origin_rejected".to_owned()));
    let own = login_request().insert_header((header::ORIGIN, "http://localhost:8080"));
    assert_eq!(app.send(own).await.status, 200);
}

#[actix_web::test]
async fn a_bearer_token_counts_before_a_cookie() {
    let app = start().await;
    let token = app.admin().await;
    let cookie = cookie_of(&app.send(login_request()).await);
    let request = TestRequest::post()
        .uri("/api/auth/logout")
        .insert_header((header::COOKIE, cookie.clone()))
        .insert_header((header::AUTHORIZATION, format!("bearer {token}")));
    assert_eq!(app.send(request).await.status, 204);
    let me = TestRequest::get().uri("/api/auth/me").insert_header((header::COOKIE, cookie));
    assert_eq!(app.send(me).await.status, 200);
}

#[actix_web::test]
async fn an_authorization_header_that_is_no_bearer_token_signs_nobody_in() {
    let app = start().await;
    app.admin().await;
    let cookie = cookie_of(&app.send(login_request()).await);
    for value in ["Basic YWRtaW46YWRtaW4=", "Bearer", "Bearer ", "nonsense"] {
        let request = TestRequest::get()
            .uri("/api/auth/me")
            .insert_header((header::COOKIE, cookie.clone()))
            .insert_header((header::AUTHORIZATION, value));
        assert_eq!(app.send(request).await.problem(), (401, "unauthenticated".to_owned()), "{value}");
    }
}
