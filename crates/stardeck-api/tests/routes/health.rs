//! `/api/health/…`

use actix_web::http::Method;
use serde_json::json;

use crate::support::start;

#[actix_web::test]
async fn a_server_that_can_work_says_so_to_anybody() {
    let app = start().await;
    let live = app.ask(Method::GET, "/api/health/live", None, None).await;
    assert_eq!((live.status.as_u16(), live.json()), (200, json!({"status": "ok"})));
    let ready = app.ask(Method::GET, "/api/health/ready", None, None).await;
    let wanted = json!({"status": "ok", "checks": {"store": "ok", "runtime": "ok"}});
    assert_eq!((ready.status.as_u16(), ready.json()), (200, wanted));
}

#[actix_web::test]
async fn without_podman_it_lives_and_is_not_ready() {
    let app = start().await;
    app.runtime.go_away();
    assert_eq!(app.ask(Method::GET, "/api/health/live", None, None).await.status, 200);
    let ready = app.ask(Method::GET, "/api/health/ready", None, None).await;
    let wanted = json!({"status": "failed", "checks": {"store": "ok", "runtime": "failed"}});
    assert_eq!((ready.status.as_u16(), ready.json()), (503, wanted));
    assert!(ready.header("retry-after").is_some());
}
