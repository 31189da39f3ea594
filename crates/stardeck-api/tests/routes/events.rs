//! `/api/events`, over a real socket.

use serde_json::{Value, json};
use stardeck_testkit::Method as Call;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};
use uuid::Uuid;

use crate::support::{
    id_of,
    socket::{COOKIE, Socket, bearer, connect, frame, message, rest},
    start,
};

fn shop() -> Value {
    json!({"type": "postgresql", "name": "shop"})
}

/// The frames up to the first that is as wanted, which is the last of them. They count up without gaps.
async fn until(socket: &mut Socket, after: &Value, wanted: impl Fn(&Value) -> bool) -> Vec<Value> {
    let mut frames: Vec<Value> = Vec::new();
    loop {
        let frame = frame(socket).await;
        let before = frames.last().unwrap_or(after);
        assert_eq!(frame["seq"], json!(before["seq"].as_u64().unwrap() + 1), "{frame} after {before}");
        assert_eq!(frame["epoch"], before["epoch"]);
        let is_wanted = wanted(&frame);
        frames.push(frame);
        if is_wanted {
            return frames;
        }
    }
}

fn is_operation(frame: &Value, kind: &str, state: &str) -> bool {
    frame["operation"]["kind"] == kind && frame["operation"]["state"] == state
}

#[actix_web::test]
async fn a_deployment_and_a_removal_are_told_as_they_happen_and_as_the_api_shows_them() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let mut socket = connect(at, "/api/events", &bearer(&admin)).await.unwrap();
    let begin = frame(&mut socket).await;
    assert_eq!((&begin["kind"], &begin["seq"]), (&json!("begin"), &json!(0)));
    for absent in ["database", "operation", "reason"] {
        assert_eq!(begin[absent], Value::Null);
    }
    let database = app.deploy(&admin, shop()).await;
    let frames = until(&mut socket, &begin, |frame| is_operation(frame, "create", "succeeded")).await;
    assert_eq!(frames[0]["kind"], "database_created");
    assert_eq!(frames[0]["database"]["status"], "creating");
    let states: Vec<_> = frames.iter().filter_map(|frame| frame["operation"]["state"].as_str()).collect();
    assert_eq!(states, ["queued", "running", "succeeded"]);
    let last = frames.iter().rev().find(|frame| frame["kind"] == "database_changed").unwrap();
    for member in
        ["id", "name", "status", "status_reason", "desired_state", "health", "allowed_actions", "revision"]
    {
        assert_eq!(last["database"][member], database[member], "{member}");
    }
    let uri = format!("/api/databases/{}?data=delete&confirm=shop", id_of(&database));
    let removal = app.ask(actix_web::http::Method::DELETE, &uri, Some(&admin), None).await;
    assert_eq!(removal.status, 202);
    let gone = until(&mut socket, frames.last().unwrap(), |frame| frame["kind"] == "database_deleted").await;
    assert_eq!(gone.last().unwrap()["database"]["id"], database["id"]);
    assert!(gone.iter().any(|frame| frame["database"]["status"] == "deleting"));
}

#[actix_web::test]
async fn who_was_cut_off_goes_on_and_is_told_what_can_not_be_known() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let mut socket = connect(at, "/api/events", &bearer(&admin)).await.unwrap();
    let begin = frame(&mut socket).await;
    app.deploy(&admin, shop()).await;
    let frames = until(&mut socket, &begin, |frame| is_operation(frame, "create", "succeeded")).await;
    drop(socket);
    let epoch = begin["epoch"].as_str().unwrap();
    let uri = format!("/api/events?epoch={epoch}&after=2");
    let mut again = connect(at, &uri, &bearer(&admin)).await.unwrap();
    let first = frame(&mut again).await;
    assert_eq!((&first["kind"], &first["seq"]), (&json!("begin"), &json!(2)));
    let rest = until(&mut again, &first, |frame| is_operation(frame, "create", "succeeded")).await;
    assert_eq!(rest, frames[2..]);

    let last = frames.last().unwrap()["seq"].as_u64().unwrap();
    let other = Uuid::now_v7();
    for (query, reason) in [
        (format!("epoch={other}&after={last}"), "new_epoch"),
        (format!("epoch={other}"), "new_epoch"),
        (format!("epoch={epoch}&after={}", last + 1), "gap"),
    ] {
        let mut socket = connect(at, &format!("/api/events?{query}"), &bearer(&admin)).await.unwrap();
        let first = frame(&mut socket).await;
        assert_eq!((&first["kind"], &first["reason"]), (&json!("resync"), &json!(reason)), "{query}");
        assert_eq!((&first["seq"], &first["epoch"]), (&json!(last), &json!(epoch)));
    }
}

#[actix_web::test]
async fn a_gap_is_told_also_to_one_who_was_too_slow() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.tell_detection_changed(10_300).await;
    let uri = "/api/events?after=100";
    let mut late = connect(at, uri, &bearer(&admin)).await.unwrap();
    let first = frame(&mut late).await;
    assert_eq!((&first["kind"], &first["reason"]), (&json!("resync"), &json!("gap")));
    assert_eq!(first["seq"], 10_300);
    app.deploy(&admin, shop()).await;
    let next = frame(&mut late).await;
    assert_eq!((&next["kind"], &next["seq"]), (&json!("database_created"), &json!(10_301)));
}

#[actix_web::test]
async fn who_may_look_may_follow_and_nobody_else_and_mistakes_are_told_before_the_handshake() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let viewer = app.account(&admin, "viewer").await;
    let uri = "/api/events";
    let cookie = |origin: Option<String>| {
        let mut headers = vec![("cookie", format!("{COOKIE}={viewer}"))];
        headers.extend(origin.map(|origin| ("origin", origin)));
        headers
    };
    let mut socket = connect(at, uri, &cookie(Some(format!("http://{at}")))).await.unwrap();
    assert_eq!(frame(&mut socket).await["kind"], "begin");
    let refused =
        async |uri: &str, headers: &[(&'static str, String)]| connect(at, uri, headers).await.unwrap_err();
    assert_eq!(refused(uri, &[]).await, (401, "unauthenticated".to_owned()));
    let other_site = (403, "origin_rejected".to_owned());
    assert_eq!(refused(uri, &cookie(Some("http://evil.example".to_owned()))).await, other_site);
    assert_eq!(refused(uri, &cookie(None)).await, other_site);
    for query in ["after=-1", "after=x", "after=2147483648", "epoch=1"] {
        let refused = refused(&format!("{uri}?{query}"), &bearer(&viewer)).await;
        assert_eq!(refused, (422, "invalid_fields".to_owned()), "{query}");
    }
    assert_eq!(app.get(uri, &viewer).await.problem(), (426, "upgrade_required".to_owned()));
}

#[actix_web::test]
async fn the_end_of_the_server_and_a_word_of_the_follower_end_it() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let mut talker = connect(at, "/api/events", &bearer(&admin)).await.unwrap();
    futures_util::SinkExt::send(&mut talker, Message::text("hello")).await.unwrap();
    assert_eq!(rest(talker).await.1, CloseCode::Policy);
    let mut socket = connect(at, "/api/events", &bearer(&admin)).await.unwrap();
    message(&mut socket).await.unwrap();
    app.end_follows();
    assert_eq!(rest(socket).await, (Vec::new(), CloseCode::Away));
}

#[actix_web::test]
async fn a_change_through_the_api_is_told_before_its_work_begins() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let database = app.deploy(&admin, shop()).await;
    let mut socket = connect(at, "/api/events", &bearer(&admin)).await.unwrap();
    let begin = frame(&mut socket).await;
    app.runtime.hang_method(Call::StopContainer);
    let stop = format!("/api/databases/{}/stop", id_of(&database));
    assert_eq!(app.ask(actix_web::http::Method::POST, &stop, Some(&admin), None).await.status, 202);
    let frames = until(&mut socket, &begin, |frame| frame["database"]["status"] == "stopping").await;
    assert!(is_operation(&frames[0], "stop", "queued"));
    app.runtime.until_hanging().await;
    app.runtime.release();
    until(&mut socket, frames.last().unwrap(), |frame| is_operation(frame, "stop", "succeeded")).await;
}
