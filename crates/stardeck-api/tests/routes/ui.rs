//! The web UI's files, as browsers ask for them.

use actix_web::{http::Method, test::TestRequest};
use stardeck_ui::{Asset, Ui};

use crate::support::{Answer, start_with_ui};

const POLICY: &str = "script-src 'self' 'sha256-abc'";

const fn asset(path: &'static str, plain: &'static [u8]) -> Asset {
    Asset { path, etag: "\"tag\"", plain, brotli: Some(b"by brotli"), gzip: Some(b"by gzip") }
}

static ASSETS: &[Asset] = &[
    asset("404.html", b"no such page"),
    asset("_next/static/a.js", b"script"),
    asset("users/index.html", b"people"),
];

/// What a browser that accepts this encoding is answered.
async fn browse(uri: &str, encoding: &str) -> Answer {
    let app = start_with_ui(Ui::new(ASSETS, POLICY)).await;
    let request = TestRequest::get().uri(uri).insert_header(("accept", "text/html"));
    app.send(request.insert_header(("accept-encoding", encoding))).await
}

#[actix_web::test]
async fn the_root_leads_to_the_databases() {
    let answer = browse("/", "identity").await;
    assert_eq!(answer.status, 302);
    assert_eq!(answer.header("location"), Some("/container-manager/?tab=databases"));
}

#[actix_web::test]
async fn a_page_has_the_policy_of_its_scripts_and_is_asked_for_again() {
    let answer = browse("/users/?page=2", "identity").await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (200, "people"));
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    assert_eq!(answer.header("content-security-policy"), Some(POLICY));
    assert_eq!(answer.header("cache-control"), Some("no-cache"));
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[actix_web::test]
async fn a_file_named_by_its_content_is_kept_for_ever() {
    let answer = browse("/_next/static/a.js", "identity").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!(answer.header("content-type"), Some("text/javascript; charset=utf-8"));
}

#[actix_web::test]
async fn the_best_encoding_that_is_accepted_is_sent() {
    for (accepted, body, encoding) in [
        ("gzip, deflate, br", "by brotli", Some("br")),
        ("gzip", "by gzip", Some("gzip")),
        ("br;q=0", "script", None),
    ] {
        let answer = browse("/_next/static/a.js", accepted).await;
        assert_eq!((answer.text.as_str(), answer.header("content-encoding")), (body, encoding), "{accepted}");
        assert_eq!(answer.header("vary"), Some("accept-encoding"));
    }
}

#[actix_web::test]
async fn a_file_the_browser_has_is_not_sent_again() {
    let app = start_with_ui(Ui::new(ASSETS, POLICY)).await;
    let request = TestRequest::get().uri("/users/").insert_header(("if-none-match", "\"tag\""));
    let answer = app.send(request).await;
    assert_eq!((answer.status.as_u16(), answer.text.as_str()), (304, ""));
}

#[actix_web::test]
async fn a_page_without_its_slash_leads_to_the_page_with_its_query() {
    let answer = browse("/users?page=2", "identity").await;
    assert_eq!((answer.status.as_u16(), answer.header("location")), (302, Some("/users/?page=2")));
}

#[actix_web::test]
async fn a_person_who_is_lost_gets_a_page_and_a_program_gets_a_problem() {
    let page = browse("/nowhere/", "identity").await;
    assert_eq!((page.status.as_u16(), page.text.as_str()), (404, "no such page"));
    let app = start_with_ui(Ui::new(ASSETS, POLICY)).await;
    for uri in ["/nowhere.js", "/api/nowhere", "/docs/nowhere.js"] {
        let answer = app.ask(Method::GET, uri, None, None).await;
        assert_eq!(answer.problem(), (404, "not_found".to_owned()), "{uri}");
    }
    let answer = app.ask(Method::POST, "/users/", None, None).await;
    assert_eq!(answer.problem().0, 404);
}
