//! What goes wrong before a handler, and the headers that every answer has.

use actix_web::{
    http::{Method, header},
    test::TestRequest,
};
use serde_json::json;

use crate::support::{PASSWORD, start};

#[actix_web::test]
async fn an_unknown_path_is_404_and_a_wrong_method_405_with_allow() {
    let app = start().await;
    let unknown = app.ask(Method::GET, "/api/nothing", None, None).await;
    assert_eq!(unknown.problem(), (404, "not_found".to_owned()));
    assert_eq!(unknown.json()["instance"], "/api/nothing");
    for (method, uri, allow) in [
        (Method::DELETE, "/api/databases", "GET, POST"),
        (Method::PUT, "/api/databases/x", "DELETE, GET, PATCH"),
        (Method::GET, "/api/auth/login", "POST"),
        (Method::OPTIONS, "/api/users/x", "DELETE, GET, PATCH"),
        (Method::POST, "/", "GET"),
        (Method::POST, "/docs/", "GET"),
    ] {
        let answer = app.ask(method, uri, None, None).await;
        assert_eq!(answer.problem(), (405, "method_not_allowed".to_owned()), "{uri}");
        assert_eq!(answer.header("allow"), Some(allow), "{uri}");
    }
}

#[actix_web::test]
async fn a_body_that_is_not_what_was_expected_is_400() {
    let app = start().await;
    let admin = app.admin().await;
    let send = |body: &'static str| {
        let request = TestRequest::post()
            .uri("/api/databases")
            .insert_header((header::AUTHORIZATION, format!("Bearer {admin}")))
            .insert_header((header::CONTENT_TYPE, "application/json"))
            .set_payload(body);
        app.send(request)
    };
    for body in [
        "",
        "{",
        "nonsense",
        "[]",
        "null",
        r#"{"type": "postgresql", "name": 5}"#,
        r#"{"type": "postgresql", "name": "a", "nonsense": 1}"#,
        r#"{"type": "postgresql", "name": "a", "name": "b"}"#,
        r#"{"type": "postgresql", "name": "a", "expose_port": "yes"}"#,
        r#"{"type": "postgresql", "name": "a", "external_port": 5432.5}"#,
        r#"{"type": "postgresql", "name": "a", "admin_password": 12345678}"#,
        "{\"type\": \"\u{0}",
    ] {
        let answer = send(body).await;
        assert_eq!(answer.problem(), (400, "malformed_body".to_owned()), "{body}");
        assert!(!answer.text.contains("12345678"));
    }
    let unknown = send(r#"{"type": "postgresql", "name": "a", "nonsense": 1}"#).await;
    assert!(unknown.json()["detail"].as_str().unwrap().contains("nonsense"));
}

#[actix_web::test]
async fn a_body_that_is_no_json_or_too_large_has_a_status_of_its_own() {
    let app = start().await;
    let text = TestRequest::post().uri("/api/auth/login").set_payload("{}");
    assert_eq!(app.send(text).await.problem(), (415, "unsupported_media_type".to_owned()));
    let form = TestRequest::post().uri("/api/auth/login").set_form([("username", "admin")]);
    assert_eq!(app.send(form).await.problem(), (415, "unsupported_media_type".to_owned()));
    let large = json!({"username": "a".repeat(70_000), "password": "b"});
    let large = app.ask(Method::POST, "/api/auth/login", None, Some(large)).await;
    assert_eq!(large.problem(), (413, "body_too_large".to_owned()));
}

#[actix_web::test]
async fn parameters_of_the_query_are_checked() {
    let app = start().await;
    let admin = app.admin().await;
    let unknown = app.get("/api/databases?nonsense=1", &admin).await;
    assert_eq!(unknown.problem(), (400, "malformed_query".to_owned()));
    let twice = app.get("/api/databases?limit=1&limit=2", &admin).await;
    assert_eq!(twice.problem(), (400, "malformed_query".to_owned()));
    let wrong = app.get("/api/operations?limit=0&cursor=x&state=happy&target=y", &admin).await;
    let told: Vec<_> = wrong.fields().into_iter().map(|(field, _)| field).collect();
    assert_eq!(told, ["limit", "cursor", "state", "target"]);
    assert!(wrong.json()["errors"][0]["pointer"].is_null());
}

#[actix_web::test]
async fn a_host_that_is_not_ours_is_refused_before_anything_else() {
    let app = start().await;
    for host in ["evil.example", "evil.example:8080", "localhost.evil.example"] {
        let request = TestRequest::get().uri("/api/health/live").insert_header((header::HOST, host));
        assert_eq!(app.send(request).await.problem(), (421, "host_not_allowed".to_owned()), "{host}");
    }
    let twice = TestRequest::get()
        .uri("/api/health/live")
        .append_header((header::HOST, "localhost"))
        .append_header((header::HOST, "evil.example"));
    assert_eq!(app.send(twice).await.problem(), (400, "malformed_request".to_owned()));
    let address = TestRequest::get().uri("/api/health/live").insert_header((header::HOST, "127.0.0.1:9"));
    assert_eq!(app.send(address).await.status, 200);
}

#[actix_web::test]
async fn the_request_id_of_a_client_comes_back_and_a_harmful_one_is_replaced() {
    let app = start().await;
    let with =
        |id: &str| TestRequest::get().uri("/api/nothing").insert_header(("x-request-id", id.to_owned()));
    let kept = app.send(with("trace-42")).await;
    assert_eq!(kept.header("x-request-id"), Some("trace-42"));
    assert_eq!(kept.json()["request_id"], "trace-42");
    let replaced = app.send(with("a b=\"c\"")).await;
    assert_eq!(replaced.header("x-request-id").unwrap().len(), 36);
    let other = app.ask(Method::GET, "/api/health/live", None, None).await;
    assert_eq!(other.header("x-request-id").unwrap().len(), 36);
}

#[actix_web::test]
async fn every_answer_tells_browsers_what_not_to_do() {
    let app = start().await;
    for uri in ["/api/health/live", "/api/nothing", "/docs/", "/"] {
        let answer = app.ask(Method::GET, uri, None, None).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{uri}");
        assert_eq!(answer.header("referrer-policy"), Some("no-referrer"), "{uri}");
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{uri}");
    }
    assert_eq!(
        app.ask(Method::GET, "/api/setup", None, None).await.header("cache-control"),
        Some("no-store")
    );
}

#[actix_web::test]
async fn a_stranger_learns_nothing_from_a_wrong_body_or_id() {
    let app = start().await;
    app.admin().await;
    for (method, uri) in [(Method::POST, "/api/databases"), (Method::GET, "/api/databases/x")] {
        let answer = app.ask(method, uri, None, None).await;
        assert_eq!(answer.problem(), (401, "unauthenticated".to_owned()));
    }
    assert!(!app.ask(Method::GET, "/api/nothing", None, None).await.text.contains(PASSWORD));
}
