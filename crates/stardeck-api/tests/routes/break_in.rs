//! Ways around a login that somebody would try: each has to fail.

use actix_web::{
    http::{Method, header},
    test::TestRequest,
};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{
    PASSWORD, id_of,
    socket::{COOKIE, bearer, connect, frame, rest},
    start,
};

fn login() -> TestRequest {
    let body = json!({"username": "admin", "password": PASSWORD});
    TestRequest::post().uri("/api/auth/login").set_json(body)
}

fn me_with(cookie: String) -> TestRequest {
    TestRequest::get().uri("/api/auth/me").insert_header((header::COOKIE, cookie))
}

/// Session fixation: who plants a cookie before the login has nothing of it afterwards.
#[actix_web::test]
async fn a_session_that_was_planted_before_a_login_does_not_become_it() {
    let app = start().await;
    app.admin().await;
    let planted = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let request = login()
        .insert_header((header::COOKIE, format!("{COOKIE}={planted}")))
        .insert_header((header::ORIGIN, "http://localhost:8080"));
    let answer = app.send(request).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert!(!answer.text.contains(planted) && !answer.header("set-cookie").unwrap().contains(planted));
    assert_eq!(app.send(me_with(format!("{COOKIE}={planted}"))).await.status, 401);
}

#[actix_web::test]
async fn two_logins_give_two_sessions() {
    let app = start().await;
    app.admin().await;
    assert_ne!(app.sign_in("admin").await, app.sign_in("admin").await);
}

/// A cookie without the prefix could be set by another service on this host, or by a sibling domain.
#[actix_web::test]
async fn a_session_in_a_cookie_of_another_name_or_in_the_address_is_nobodys() {
    let app = start().await;
    let admin = app.admin().await;
    for name in ["stardeck-session", "__host-stardeck-session", "__Secure-stardeck-session"] {
        assert_eq!(app.send(me_with(format!("{name}={admin}"))).await.status, 401, "{name}");
    }
    for query in ["token", "access_token", "session"] {
        let uri = format!("/api/auth/me?{query}={admin}");
        assert_eq!(app.ask(Method::GET, &uri, None, None).await.status, 401, "{query}");
    }
}

#[actix_web::test]
async fn an_api_token_in_a_cookie_is_nobodys() {
    let app = start().await;
    let admin = app.admin().await;
    let body = json!({"name": "ci", "scope": "admin"});
    let token = app.post("/api/tokens", &admin, body).await.json()["token"].as_str().unwrap().to_owned();
    assert_eq!(app.get("/api/auth/me", &token).await.status, 200);
    let refused = app.send(me_with(format!("{COOKIE}={token}"))).await;
    assert_eq!(refused.problem(), (401, "unauthenticated".to_owned()));
}

/// What an HTML form of another site can send: no body that we read, and no method but GET and POST.
#[actix_web::test]
async fn a_form_of_another_site_changes_nothing() {
    let app = start().await;
    let admin = app.admin().await;
    let body = r#"{"username":"eve","password":"correct horse battery","role":"admin"}"#;
    for kind in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data"] {
        let form = |origin: &str| {
            TestRequest::post()
                .uri("/api/users")
                .insert_header((header::COOKIE, format!("{COOKIE}={admin}")))
                .insert_header((header::ORIGIN, origin.to_owned()))
                .insert_header((header::CONTENT_TYPE, kind))
                .set_payload(body)
        };
        let foreign = app.send(form("http://evil.example")).await;
        assert_eq!(foreign.problem(), (403, "origin_rejected".to_owned()), "{kind}");
        let own = app.send(form("http://localhost:8080")).await;
        assert_eq!(own.problem(), (415, "unsupported_media_type".to_owned()), "{kind}");
    }
    let overridden = TestRequest::post()
        .uri("/api/auth/me")
        .insert_header((header::COOKIE, format!("{COOKIE}={admin}")))
        .insert_header((header::ORIGIN, "http://localhost:8080"))
        .insert_header(("x-http-method-override", "GET"));
    assert_eq!(app.send(overridden).await.problem(), (405, "method_not_allowed".to_owned()));
    assert_eq!(app.get("/api/users", &admin).await.json()["items"].as_array().unwrap().len(), 1);
}

#[actix_web::test]
async fn no_answer_lets_another_site_read_it() {
    let app = start().await;
    let admin = app.admin().await;
    let preflight = TestRequest::default()
        .method(Method::OPTIONS)
        .uri("/api/databases")
        .insert_header((header::ORIGIN, "http://evil.example"))
        .insert_header(("access-control-request-method", "POST"))
        .insert_header(("access-control-request-headers", "authorization, content-type"));
    let read = TestRequest::get()
        .uri("/api/databases")
        .insert_header((header::COOKIE, format!("{COOKIE}={admin}")))
        .insert_header((header::ORIGIN, "http://evil.example"));
    for request in [preflight, read] {
        let answer = app.send(request).await;
        let opened = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
        assert_eq!(opened, None, "{answer:?}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
    }
}

/// A page whose name was made to resolve to this server sends its own name.
#[actix_web::test]
async fn a_host_name_that_is_not_ours_is_refused_before_anything_else() {
    let app = start().await;
    let admin = app.admin().await;
    for host in ["evil.example", "evil.example:8080", "localhost.evil.example", ""] {
        let request = TestRequest::get()
            .uri("/api/databases")
            .insert_header((header::HOST, host))
            .insert_header((header::AUTHORIZATION, format!("Bearer {admin}")));
        let status = app.send(request).await.status.as_u16();
        assert_eq!(status, 421, "{host:?}");
    }
}

/// What is followed ends with what it was signed in with, at once and not at the next ping.
#[actix_web::test]
async fn whoever_loses_an_access_hears_nothing_more() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let account = async |name: &str| app.named_account(&admin, name, "operator").await;
    let follow = async |token: &str| {
        let mut socket = connect(at, "/api/events", &bearer(token)).await.unwrap();
        assert_eq!(frame(&mut socket).await["kind"], "begin");
        socket
    };
    let stays = follow(&admin).await;

    let (uri, token) = account("password").await;
    let socket = follow(&token).await;
    let body = Some(json!({"password": "another long password"}));
    assert_eq!(app.ask(Method::PUT, &format!("{uri}/password"), Some(&admin), body).await.status, 204);
    assert_eq!(rest(socket).await.1, CloseCode::Policy, "a changed password");

    let (uri, token) = account("demoted").await;
    let socket = follow(&token).await;
    let body = Some(json!({"role": "viewer"}));
    assert_eq!(app.ask(Method::PATCH, &uri, Some(&admin), body).await.status, 200);
    assert_eq!(rest(socket).await.1, CloseCode::Policy, "a lower role");

    let (uri, token) = account("deleted").await;
    let socket = follow(&token).await;
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    assert_eq!(rest(socket).await.1, CloseCode::Policy, "a deleted account");

    let (_, token) = account("signed-out").await;
    let socket = follow(&token).await;
    assert_eq!(app.ask(Method::POST, "/api/auth/logout", Some(&token), None).await.status, 204);
    assert_eq!(rest(socket).await.1, CloseCode::Policy, "a logout");

    let made = app.post("/api/tokens", &admin, json!({"name": "ci", "scope": "read"})).await.json();
    let socket = follow(made["token"].as_str().unwrap()).await;
    let uri = format!("/api/tokens/{}", id_of(&made["api_token"]));
    assert_eq!(app.ask(Method::DELETE, &uri, Some(&admin), None).await.status, 204);
    assert_eq!(rest(socket).await.1, CloseCode::Policy, "a revoked token");

    app.end_follows();
    assert_eq!(rest(stays).await.1, CloseCode::Away, "and nobody else is cut off");
}
