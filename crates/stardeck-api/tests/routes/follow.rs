//! `/api/operations/{id}/events`, over a real socket.

use std::time::Duration;

use actix_web::http::Method;
use chrono::TimeDelta;
use futures_util::SinkExt as _;
use serde_json::{Value, json};
use stardeck_domain::TokenScope;
use stardeck_testkit::Method as Call;
use tokio::io::AsyncWriteExt as _;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::coding::CloseCode};

use crate::support::{
    id_of,
    socket::{COOKIE, bearer, connect, message, rest},
    start,
};

fn events_of(operation: &Value) -> String {
    format!("/api/operations/{}/events", id_of(operation))
}

fn parsed(frames: &[String]) -> Vec<Value> {
    frames.iter().map(|frame| serde_json::from_str(frame).unwrap()).collect()
}

const SHOP: &str = r#"{"type": "postgresql", "name": "shop", "version": "17"}"#;

fn shop() -> Value {
    serde_json::from_str(SHOP).unwrap()
}

#[actix_web::test]
async fn early_late_and_after_the_end_the_frames_are_the_same_byte_for_byte() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.runtime.hang_method(Call::CreateContainer);
    let operation = app.post("/api/databases", &admin, shop()).await.json()["operation"].clone();
    let uri = events_of(&operation);
    let early = connect(at, &uri, &bearer(&admin)).await.unwrap();
    app.runtime.until_hanging().await;
    let late = connect(at, &uri, &bearer(&admin)).await.unwrap();
    app.runtime.release();
    let (early, code) = rest(early).await;
    assert_eq!(code, CloseCode::Normal);
    assert_eq!(rest(late).await, (early.clone(), CloseCode::Normal));
    let ended = app.follow(&admin, &operation).await;
    let finished = connect(at, &uri, &bearer(&admin)).await.unwrap();
    assert_eq!(rest(finished).await, (early.clone(), CloseCode::Normal));

    let frames = parsed(&early);
    let epoch = frames[0]["epoch"].as_str().unwrap().to_owned();
    for (seq, frame) in (1..).zip(&frames) {
        assert_eq!((&frame["seq"], frame["epoch"].as_str()), (&json!(seq), Some(epoch.as_str())));
    }
    let of_type = |wanted: &str| frames.iter().filter(|frame| frame["type"] == wanted).collect::<Vec<_>>();
    assert_eq!(of_type("step").len(), 2 * ended["steps"].as_array().unwrap().len());
    assert!(!of_type("log").is_empty() && of_type("state").len() == 2);
    let progress = &of_type("progress").last().unwrap()["progress"];
    let layer = json!({"id": "5a73", "current": 80_000_000, "total": 80_000_000, "done": false});
    assert_eq!(progress["layers"], json!([layer]));
    let last = frames.last().unwrap();
    assert_eq!((&last["type"], &last["state"]), (&json!("result"), &json!("succeeded")));
    assert_eq!((&last["error"], &last["undone"]), (&Value::Null, &Value::Null));

    // Whoever was cut off goes on where it was.
    let seen = frames.len() - 3;
    let on = connect(at, &format!("{uri}?after={seen}&epoch={epoch}"), &bearer(&admin)).await.unwrap();
    assert_eq!(rest(on).await, (early[seen..].to_vec(), CloseCode::Normal));
    let done = connect(at, &format!("{uri}?after={}", frames.len()), &bearer(&admin)).await.unwrap();
    assert_eq!(rest(done).await, (Vec::new(), CloseCode::Normal));
}

#[actix_web::test]
async fn who_may_look_may_follow_and_nobody_else() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    let viewer = app.account(&admin, "viewer").await;
    app.deploy(&admin, shop()).await;
    let operation = app.get("/api/operations", &admin).await.json()["items"][0].clone();
    let uri = events_of(&operation);
    let cookie = |origin: Option<String>| {
        let mut headers = vec![("cookie", format!("{COOKIE}={viewer}"))];
        headers.extend(origin.map(|origin| ("origin", origin)));
        headers
    };
    rest(connect(at, &uri, &bearer(&viewer)).await.unwrap()).await;
    rest(connect(at, &uri, &cookie(Some(format!("http://{at}")))).await.unwrap()).await;

    let refused = async |headers: Vec<(&'static str, String)>| connect(at, &uri, &headers).await.unwrap_err();
    assert_eq!(refused(vec![]).await, (401, "unauthenticated".to_owned()));
    assert_eq!(refused(bearer("no-such-token").to_vec()).await, (401, "unauthenticated".to_owned()));
    let other_site = (403, "origin_rejected".to_owned());
    for origin in ["http://evil.example".to_owned(), format!("http://{at}.evil.example"), "null".to_owned()] {
        assert_eq!(refused(cookie(Some(origin))).await, other_site);
    }
    assert_eq!(refused(cookie(None)).await, other_site);
}

#[actix_web::test]
async fn what_can_not_be_followed_is_said_before_the_handshake() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.deploy(&admin, shop()).await;
    let operation = app.get("/api/operations", &admin).await.json()["items"][0].clone();
    let uri = events_of(&operation);
    for id in ["01890a5d-ac96-774b-bcce-b302099a8057", "nonsense"] {
        let refused =
            connect(at, &format!("/api/operations/{id}/events"), &bearer(&admin)).await.unwrap_err();
        assert_eq!(refused, (404, "not_found".to_owned()));
    }
    for query in ["after=-1", "after=x", "after=2147483648", "epoch=1"] {
        let refused = connect(at, &format!("{uri}?{query}"), &bearer(&admin)).await.unwrap_err();
        assert_eq!(refused, (422, "invalid_fields".to_owned()), "{query}");
    }
    let refused = connect(at, &format!("{uri}?since=1"), &bearer(&admin)).await.unwrap_err();
    assert_eq!(refused, (400, "malformed_query".to_owned()));
    let plain = app.get(&uri, &admin).await;
    assert_eq!(plain.problem(), (426, "upgrade_required".to_owned()));
    assert_eq!(plain.header("upgrade"), Some("websocket"));
}

#[actix_web::test]
async fn a_follower_that_takes_nothing_delays_nobody_and_is_told_all_in_the_end() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.runtime.hang_method(Call::CreateContainer);
    let operation = app.post("/api/databases", &admin, shop()).await.json()["operation"].clone();
    app.runtime.until_hanging().await;
    // More than any buffer between the server and a follower holds.
    app.fill_log(&operation, &"x".repeat(16 * 1024), 900).await;
    let uri = events_of(&operation);
    let slow = connect(at, &uri, &bearer(&admin)).await.unwrap();
    let quick = connect(at, &uri, &bearer(&admin)).await.unwrap();
    app.runtime.release();
    let (frames, code) = rest(quick).await;
    assert_eq!(code, CloseCode::Normal);
    assert!(frames.iter().map(String::len).sum::<usize>() > 14_000_000);
    assert_eq!(app.follow(&admin, &operation).await["state"], "succeeded");
    let (told, code) = rest(slow).await;
    assert!(told == frames, "{} frames instead of {}", told.len(), frames.len());
    assert_eq!(code, CloseCode::Normal);
}

#[actix_web::test]
async fn a_cancel_is_told_to_followers_with_its_result() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.runtime.hang_method(Call::CreateVolume);
    let operation = app.post("/api/databases", &admin, shop()).await.json()["operation"].clone();
    app.runtime.until_hanging().await;
    let mut socket = connect(at, &events_of(&operation), &bearer(&admin)).await.unwrap();
    let uri = format!("/api/operations/{}/cancel", id_of(&operation));
    assert_eq!(app.ask(Method::POST, &uri, Some(&admin), None).await.status, 202);
    loop {
        let text = message(&mut socket).await.expect("a frame of the cancel").into_text().unwrap();
        if serde_json::from_str::<Value>(&text).unwrap()["type"] == "cancel_requested" {
            break;
        }
    }
    app.runtime.release();
    let (frames, code) = rest(socket).await;
    assert_eq!(code, CloseCode::Normal);
    let frames = parsed(&frames);
    let undone: Vec<_> = frames.iter().filter(|frame| frame["step_state"] == "undone").collect();
    assert!(undone.len() >= 3, "{frames:?}");
    let last = frames.last().unwrap();
    assert_eq!((&last["state"], &last["undone"]), (&json!("cancelled"), &json!(true)));
    assert_eq!(last["error"]["code"], "cancelled");
    let shown = app.follow(&admin, &operation).await;
    assert_eq!(last["error"], shown["error"]);
}

#[actix_web::test]
async fn a_follower_has_nothing_to_say() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.runtime.hang_method(Call::CreateVolume);
    let operation = app.post("/api/databases", &admin, shop()).await.json()["operation"].clone();
    app.runtime.until_hanging().await;
    let uri = events_of(&operation);
    for (said, code) in [
        (Message::text("hello"), CloseCode::Policy),
        (Message::binary(vec![0; 100]), CloseCode::Policy),
        (Message::binary(vec![0; 100_000]), CloseCode::Size),
    ] {
        let mut socket = connect(at, &uri, &bearer(&admin)).await.unwrap();
        socket.send(said).await.unwrap();
        assert_eq!(rest(socket).await.1, code);
    }
    // Its length is enough: nobody waits for the rest, or holds what comes of it.
    let mut socket = connect(at, &uri, &bearer(&admin)).await.unwrap();
    let announced = [&[0x82, 0xff][..], &(1_u64 << 40).to_be_bytes(), &[1, 2, 3, 4]].concat();
    socket.get_mut().write_all(&announced).await.unwrap();
    assert_eq!(rest(socket).await.1, CloseCode::Size);
    let mut socket = connect(at, &uri, &bearer(&admin)).await.unwrap();
    socket.send(Message::Ping("are you there".into())).await.unwrap();
    loop {
        match message(&mut socket).await {
            Some(Message::Pong(bytes)) => break assert_eq!(bytes, "are you there"),
            Some(Message::Text(_) | Message::Ping(_)) => {}
            other => panic!("{other:?}"),
        }
    }
    socket.close(None).await.unwrap();
    while let Some(message) = message(&mut socket).await {
        assert!(!matches!(message, Message::Binary(_)));
    }
    app.runtime.release();
    assert_eq!(app.follow(&admin, &operation).await["state"], "succeeded");
}

/// Long before the next ping, which looks at the session as well.
#[actix_web::test]
async fn a_follower_goes_at_the_moment_its_session_or_token_expires() {
    let app = start().await;
    let (_, at) = (app.admin().await, app.listen());
    let soon = TimeDelta::seconds(3);
    for is_token in [false, true] {
        let access = if is_token {
            app.old_token("admin", TokenScope::Read, TimeDelta::days(1) - soon).await
        } else {
            app.old_session("admin", TimeDelta::hours(12) - soon).await
        };
        let socket = connect(at, "/api/events", &bearer(&access)).await.unwrap();
        let (_, code) = tokio::time::timeout(Duration::from_secs(15), rest(socket)).await.unwrap();
        assert_eq!(code, CloseCode::Policy);
    }
}

#[actix_web::test]
async fn a_server_that_ends_says_goodbye() {
    let app = start().await;
    let (admin, at) = (app.admin().await, app.listen());
    app.runtime.hang_method(Call::CreateVolume);
    let operation = app.post("/api/databases", &admin, shop()).await.json()["operation"].clone();
    app.runtime.until_hanging().await;
    let mut socket = connect(at, &events_of(&operation), &bearer(&admin)).await.unwrap();
    message(&mut socket).await.unwrap();
    app.end_follows();
    let (frames, code) = tokio::time::timeout(Duration::from_secs(5), rest(socket)).await.unwrap();
    assert_eq!(code, CloseCode::Away);
    assert!(parsed(&frames).iter().all(|frame| frame["type"] != "result"));
}
