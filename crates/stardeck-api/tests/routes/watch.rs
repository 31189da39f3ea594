//! `/api/databases/{id}/logs/follow` and `…/stats`, and the same of apps.

use actix_web::http::Method as HttpMethod;
use serde_json::{Value, json};
use stardeck_service::runtime::RuntimeError;
use stardeck_testkit::{Method as Call, until};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use crate::support::{
    id_of,
    socket::{bearer, connect, frame, rest},
    start,
};

const CONTAINER: &str = "stardeck-db-shop";

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop", "version": "17"})
}

#[actix_web::test]
async fn a_log_is_followed_over_restarts_until_the_database_is_deleted() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let operator = app.account(&admin, "operator").await;
    let database = app.deploy(&admin, shop()).await;
    let uri = format!("/api/databases/{}", id_of(&database));
    for number in 1..=5 {
        app.runtime.write_log(CONTAINER, &format!("before {number}"));
    }
    let follow = format!("{uri}/logs/follow");
    let mut last_two = connect(at, &format!("{follow}?tail=2"), &bearer(&operator)).await.unwrap();
    let first = frame(&mut last_two).await;
    assert_eq!((&first["type"], &first["line"]), (&json!("line"), &json!("before 4")));
    assert_eq!((&first["stream"], &first["skipped"]), (&json!("stderr"), &Value::Null));
    assert!(first["at"].is_string() && first["seq"].is_u64());
    assert_eq!(frame(&mut last_two).await["line"], "before 5");
    let mut new_only = connect(at, &format!("{follow}?tail=0"), &bearer(&operator)).await.unwrap();
    app.runtime.write_log(CONTAINER, "now");
    assert_eq!(frame(&mut last_two).await["line"], "now");
    assert_eq!(frame(&mut new_only).await["line"], "now");

    for verb in ["stop", "start"] {
        let begun = app.post(&format!("{uri}/{verb}"), &admin, json!({})).await.json();
        assert_eq!(app.follow(&admin, &begun["operation"]).await["state"], "succeeded");
    }
    app.runtime.write_log(CONTAINER, "after");
    let mut told = Vec::new();
    while told.last() != Some(&json!("after")) {
        told.push(frame(&mut new_only).await["line"].clone());
    }
    assert!(!told.contains(&json!("now")), "{told:?}");

    let delete = format!("{uri}?data=delete&confirm=shop");
    assert_eq!(app.ask(HttpMethod::DELETE, &delete, Some(&admin), None).await.status, 202);
    let (frames, code) = rest(last_two).await;
    assert_eq!(code, CloseCode::Normal);
    let line = |frame: &String| serde_json::from_str::<Value>(frame).unwrap()["line"].clone();
    let lines: Vec<_> = frames.iter().map(line).collect();
    assert!(lines.starts_with(&told), "{lines:?} instead of {told:?}");
}

#[actix_web::test]
async fn what_is_wrong_with_a_follow_is_said_before_the_handshake() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let follow = format!("/api/databases/{}/logs/follow", id_of(&app.deploy(&admin, shop()).await));
    let refused = async |uri: &str, token: &str| connect(at, uri, &bearer(token)).await.unwrap_err();
    assert_eq!(refused(&follow, "no-such-token").await, (401, "unauthenticated".to_owned()));
    for query in ["tail=-1", "tail=10001", "tail=x", "since=yesterday"] {
        let uri = format!("{follow}?{query}");
        assert_eq!(refused(&uri, &admin).await, (422, "invalid_fields".to_owned()), "{query}");
    }
    assert_eq!(refused(&format!("{follow}?after=1"), &admin).await, (400, "malformed_query".to_owned()));
    let nobody = "/api/databases/01890a5d-ac96-774b-bcce-b302099a8057/logs/follow";
    assert_eq!(refused(nobody, &admin).await, (404, "not_found".to_owned()));
    assert_eq!(app.get(&follow, &admin).await.problem(), (426, "upgrade_required".to_owned()));
    app.runtime.go_away();
    let elsewhere = app.get(&format!("{follow}?tail=3"), &admin).await;
    assert_ne!(elsewhere.status, 503, "somebody follows already, so nothing has to be asked");
    app.runtime.come_back();
}

#[actix_web::test]
async fn a_log_that_nobody_follows_yet_can_not_be_followed_without_podman() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let follow = format!("/api/databases/{}/logs/follow", id_of(&app.deploy(&admin, shop()).await));
    app.runtime.go_away();
    let refused = connect(at, &follow, &bearer(&admin)).await.unwrap_err();
    assert_eq!(refused, (503, "runtime_unavailable".to_owned()));
    app.runtime.come_back();
    assert!(connect(at, &follow, &bearer(&admin)).await.is_ok());
}

#[actix_web::test]
async fn stats_have_what_is_used_and_null_for_what_is_not_known() {
    let app = start().await;
    let admin = app.admin().await;
    let viewer = app.account(&admin, "viewer").await;
    let uri = format!("/api/databases/{}", id_of(&app.deploy(&admin, shop()).await));
    let stats = async || app.get(&format!("{uri}/stats"), &viewer).await.json();
    let found = until("the size on the disk", || async {
        let found = stats().await;
        (!found["disk_bytes"].is_null()).then_some(found)
    })
    .await;
    let cores = found["cpu_cores"].as_f64().unwrap();
    assert!((0.4..0.6).contains(&cores), "{found}");
    assert_eq!(
        (&found["memory_bytes"], &found["memory_limit_bytes"]),
        (&json!(64_000_000), &json!(256_000_000))
    );
    assert_eq!(
        (&found["network_received_bytes"], &found["network_sent_bytes"]),
        (&json!(1_000), &json!(2_000))
    );
    assert_eq!((&found["block_read_bytes"], &found["block_written_bytes"]), (&json!(3_000), &json!(4_000)));
    assert_eq!(found["disk_bytes"], 40_000_000);
    assert!(found["sampled_at"].is_string() && found["disk_sampled_at"].is_string());
    // Whoever asks in the same second is told the same, and nothing is measured.
    let measured = app.runtime.count(Call::ContainerUsage);
    for _ in 0..20 {
        stats().await;
    }
    assert!(app.runtime.count(Call::ContainerUsage) <= measured + 2);
    assert_eq!(app.runtime.count(Call::VolumeSizes), 1);

    let begun = app.post(&format!("{uri}/stop"), &admin, json!({})).await.json();
    app.follow(&admin, &begun["operation"]).await;
    let stopped = until("the end of its use", || async {
        let found = stats().await;
        found["cpu_cores"].is_null().then_some(found)
    })
    .await;
    assert!(stopped["memory_bytes"].is_null() && stopped["processes"].is_null());
    assert_eq!(stopped["disk_bytes"], 40_000_000);
}

#[actix_web::test]
async fn stats_without_podman_are_503_and_of_nobody_404() {
    let app = start().await;
    let admin = app.admin().await;
    let uri = format!("/api/databases/{}/stats", id_of(&app.deploy(&admin, shop()).await));
    let away = RuntimeError::Unavailable { detail: "gone".to_owned() };
    app.runtime.fail_method(Call::ContainerUsage, away, 1);
    assert_eq!(app.get(&uri, &admin).await.problem(), (503, "runtime_unavailable".to_owned()));
    assert_eq!(app.get(&uri, &admin).await.status, 200);
    let nobody = "/api/databases/01890a5d-ac96-774b-bcce-b302099a8057/stats";
    assert_eq!(app.get(nobody, &admin).await.problem(), (404, "not_found".to_owned()));
}

#[actix_web::test]
async fn an_app_is_watched_like_a_database_also_when_a_change_makes_its_container_anew() {
    let app = start().await;
    app.runtime.add_plain_image("docker.io/acme/web:1");
    let (admin, at) = (app.admin().await, app.listen());
    let (operator, viewer) = (app.account(&admin, "operator").await, app.account(&admin, "viewer").await);
    let database = id_of(&app.deploy(&admin, shop()).await);
    let request = json!({
        "image": "docker.io/acme/web:1", "name": "web", "delivery": "file",
        "database": {"mode": "existing", "database_id": database},
    });
    let begun = app.post("/api/containers", &admin, request).await.json();
    assert_eq!(app.follow(&admin, &begun["operation"]).await["state"], "succeeded");
    let uri = format!("/api/containers/{}", id_of(&begun["container"]));
    let follow = format!("{uri}/logs/follow");
    let refused = connect(at, &follow, &bearer(&viewer)).await.unwrap_err();
    assert_eq!(refused, (403, "forbidden".to_owned()));
    app.runtime.write_log("stardeck-app-web", "before");
    let mut feed = connect(at, &format!("{follow}?tail=1"), &bearer(&operator)).await.unwrap();
    assert_eq!(frame(&mut feed).await["line"], "before");

    let links = app.get(&format!("/api/databases/{database}/connections"), &admin).await.json();
    let rotate = format!("/api/databases/{database}/connections/{}/rotate", id_of(&links["items"][0]));
    let begun = app.post(&rotate, &admin, json!({})).await.json();
    assert_eq!(app.follow(&admin, &begun["operation"]).await["state"], "succeeded");
    let shown = app.get(&uri, &admin).await.json();
    app.runtime.write_log(shown["container_name"].as_str().unwrap(), "after");
    while frame(&mut feed).await["line"] != "after" {}

    let found = app.get(&format!("{uri}/stats"), &viewer).await.json();
    assert!(found["cpu_cores"].is_number() && found["memory_bytes"].is_u64(), "{found}");
    let begun = app.post(&format!("{uri}/stop"), &admin, json!({})).await.json();
    app.follow(&admin, &begun["operation"]).await;
    until("the end of its use", || async {
        app.get(&format!("{uri}/stats"), &viewer).await.json()["cpu_cores"].is_null().then_some(())
    })
    .await;

    let delete = format!("{uri}?confirm=web&volumes=delete");
    let begun = app.ask(HttpMethod::DELETE, &delete, Some(&admin), None).await.json();
    app.follow(&admin, &begun["operation"]).await;
    assert_eq!(rest(feed).await.1, CloseCode::Normal);
    assert_eq!(app.get(&format!("{uri}/stats"), &viewer).await.problem(), (404, "not_found".to_owned()));
    assert_eq!(connect(at, &follow, &bearer(&operator)).await.unwrap_err(), (404, "not_found".to_owned()));
}
