//! A service that is gone, slow, cut off, or not Podman at all.

#![expect(clippy::unwrap_used, reason = "a failed assumption is a failed test")]

mod fake;

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use fake::{Answer, Fake, socket_in};
use stardeck_podman::{
    Client, Error, ErrorKind, EventItem, EventOptions, Filters, ListContainers, LogOptions, PullEvent,
    PullOptions, Stage, Timeouts, Upload, WaitCondition,
};

const SOON: Duration = Duration::from_millis(100);

fn hasty(fake: &Fake) -> Client {
    let timeouts = Timeouts { head: SOON, idle: SOON, pull_idle: SOON, ..Timeouts::default() };
    Client::new(fake.socket()).with_timeouts(timeouts)
}

fn client(answers: impl IntoIterator<Item = Answer>) -> (Client, Fake) {
    let fake = Fake::start(answers);
    (Client::new(fake.socket()), fake)
}

#[tokio::test]
async fn absent_socket_is_unavailable_and_worth_a_retry() {
    let directory = tempfile::tempdir().unwrap();
    let error = Client::new(socket_in(directory.path())).system().ping().await.unwrap_err();
    assert!(matches!(error, Error::Transport { stage: Stage::Connect, .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    assert!(error.is_retryable());
}

#[tokio::test]
async fn socket_nobody_listens_on_is_unavailable() {
    let fake = Fake::start([Answer::Close]);
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(directory.path());
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let error = Client::new(socket).containers().start("x").await.unwrap_err();
    assert!(matches!(error, Error::Transport { stage: Stage::Connect, .. }), "{error:?}");
    // Podman never heard of it, so even a start can be sent again.
    assert!(error.is_retryable());
    drop(fake);
}

#[tokio::test]
async fn odd_socket_paths_are_errors() {
    let long = format!("/{}", "x".repeat(200));
    for socket in ["", long.as_str(), "/"] {
        let error = Client::new(socket).system().ping().await.unwrap_err();
        assert!(matches!(error, Error::Transport { stage: Stage::Connect, .. }), "{socket}: {error:?}");
    }
}

#[tokio::test]
async fn read_that_met_an_idle_exit_is_sent_again() {
    let (client, fake) = client([Answer::Close, Answer::json("200 OK", "[]")]);
    let list = client.containers().list(&ListContainers::default()).await.unwrap();
    assert!(list.is_empty());
    assert_eq!(fake.requests().len(), 2);
}

#[tokio::test]
async fn change_that_got_no_answer_is_never_sent_again() {
    let (client, fake) = client([Answer::Close, Answer::Bytes(b"HTTP/1.1 204 No Content\r\n\r\n".to_vec())]);
    let error = client.containers().start("x").await.unwrap_err();
    assert!(matches!(error, Error::Transport { stage: Stage::Head, .. }), "{error:?}");
    assert!(!error.is_retryable());
    assert_eq!(fake.requests(), ["POST /v4.0.0/libpod/containers/x/start HTTP/1.1"]);
}

#[tokio::test]
async fn silence_before_the_answer_is_a_timeout() {
    let fake = Fake::start([Answer::BytesThenSilence(Vec::new())]);
    let error = hasty(&fake).system().info().await.unwrap_err();
    assert!(matches!(error, Error::Timeout { stage: Stage::Head, after: SOON, .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::TimedOut);
}

#[tokio::test]
async fn silence_inside_the_answer_is_a_timeout() {
    let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[".to_vec();
    let fake = Fake::start([Answer::BytesThenSilence(bytes)]);
    let error = hasty(&fake).containers().list(&ListContainers::default()).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { stage: Stage::Body, .. }), "{error:?}");
}

#[tokio::test]
async fn stop_waits_for_its_grace_on_top() {
    let fake = Fake::start([Answer::BytesThenSilence(Vec::new())]);
    let grace = Duration::from_millis(200);
    let error = hasty(&fake).containers().stop("x", grace).await.unwrap_err();
    assert!(matches!(error, Error::Timeout { after, .. } if after == SOON + grace), "{error:?}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn followed_log_may_be_silent() {
    let frame = b"\x01\0\0\0\0\0\0\x03hi\n".as_slice();
    let fake = Fake::start([Answer::BytesThenSilence(Answer::chunked(&[frame], false))]);
    let options = LogOptions { follow: true, ..LogOptions::default() };
    let mut log = hasty(&fake).containers().logs("x", &options).await.unwrap();
    assert_eq!(log.next().await.unwrap().unwrap().text, "hi");
    assert!(tokio::time::timeout(SOON * 3, log.next()).await.is_err());
}

#[tokio::test]
async fn answers_that_are_not_podmans_are_errors() {
    for (bytes, what) in [
        (b"SSH-2.0-OpenSSH_9.2\r\n".as_slice(), "no HTTP"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n<html></h", "no JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 14\r\n\r\n{\"Id\":\"s3cr3t\"", "cut JSON"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"Id\":[\"odd\"]} ", "other JSON"),
    ] {
        let (client, _fake) = client([Answer::Bytes(bytes.to_vec())]);
        let error = client.containers().inspect("x").await.unwrap_err();
        assert!(matches!(error, Error::Transport { .. } | Error::Decode { .. }), "{what}: {error:?}");
        assert!(!format!("{error:?} {error}").contains("s3cr3t"), "{what}: {error:?}");
    }
    let (client, _fake) = client([Answer::json("200 OK", "OK")]);
    assert!(matches!(client.system().ping().await, Err(Error::Decode { .. })));
}

#[tokio::test]
async fn plain_text_error_is_kept_as_message() {
    let (client, _fake) = client([Answer::json("404 Not Found", "Not Found\n")]);
    let error = client.containers().inspect("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unsupported);
    assert_eq!(error.api().unwrap().message, "Not Found");
}

#[tokio::test]
async fn error_names_the_call_and_podmans_reference() {
    let body =
        r#"{"cause":"no such container","message":"no container \"x\": no such container","response":404}"#;
    let head = format!(
        "HTTP/1.1 404 Not Found\r\nX-Reference-Id: 0xc0001\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    let (client, _fake) = client([Answer::Bytes(format!("{head}{body}").into_bytes())]);
    let error = client.containers().start("x").await.unwrap_err();
    assert!(error.is_not_found());
    assert_eq!(error.api().unwrap().reference_id.as_deref(), Some("0xc0001"));
    let text = error.to_string();
    assert!(text.starts_with("POST /libpod/containers/{name}/start: no container"), "{text}");
}

#[tokio::test]
async fn redirect_is_an_error_and_not_followed() {
    let answer =
        b"HTTP/1.1 301 Moved Permanently\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n".to_vec();
    let (client, fake) = client([Answer::Bytes(answer)]);
    assert!(matches!(client.containers().inspect("x").await, Err(Error::Api(_))));
    assert_eq!(fake.requests().len(), 1);
}

#[tokio::test]
async fn endless_answer_is_refused() {
    let piece = vec![b' '; 1024 * 1024];
    let pieces: Vec<&[u8]> = (0..65).map(|_| piece.as_slice()).collect();
    let (client, _fake) = client([Answer::Bytes(Answer::chunked(&pieces, true))]);
    let error = client.system().info().await.unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
}

#[tokio::test]
async fn cut_log_gives_its_lines_and_then_an_error() {
    let frames = b"\x01\0\0\0\0\0\0\x04one\n\x02\0\0\0\0\0\0\x04t".as_slice();
    for end in [true, false] {
        let (client, _fake) = client([Answer::Bytes(Answer::chunked(&[frames], end))]);
        let mut log = client.containers().logs("x", &LogOptions::default()).await.unwrap();
        assert_eq!(log.next().await.unwrap().unwrap().text, "one");
        let error = log.next().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::Transport { stage: Stage::Body, .. }), "{error:?}");
        assert!(log.next().await.is_none());
    }
}

#[tokio::test]
async fn log_with_a_monstrous_frame_is_refused() {
    let (client, _fake) = client([Answer::Bytes(Answer::chunked(&[b"\x01\0\0\0\x7f\xff\xff\xff"], false))]);
    let mut log = client.containers().logs("x", &LogOptions::default()).await.unwrap();
    assert!(matches!(log.next().await.unwrap(), Err(Error::TooLarge { .. })));
}

#[tokio::test]
async fn wait_reads_the_bare_number() {
    let (client, fake) = client([Answer::json("200 OK", "137\n"), Answer::json("200 OK", "-1")]);
    assert_eq!(client.containers().wait("x", &[]).await.unwrap(), 137);
    assert_eq!(client.containers().wait("x", &[WaitCondition::Running]).await.unwrap(), -1);
    assert_eq!(fake.requests()[1], "POST /v4.0.0/libpod/containers/x/wait?condition=running HTTP/1.1");
}

#[tokio::test]
async fn failure_inside_a_successful_pull_is_an_error() {
    for key in ["error", "message"] {
        let last = format!("{{\"{key}\":\"reading manifest: manifest unknown\"}}\n");
        let pieces =
            [b"{\"stream\":\"Trying to pull\"}\n{\"str".as_slice(), b"eam\":\"x\"}\n", last.as_bytes()];
        let (client, _fake) = client([Answer::Bytes(Answer::chunked(&pieces, true))]);
        let mut pull = client.images().pull("localhost/x:1", &PullOptions::default()).await.unwrap();
        assert!(matches!(pull.next().await, Some(Ok(PullEvent::Progress { .. }))));
        assert!(matches!(pull.next().await, Some(Ok(PullEvent::Progress { .. }))));
        let error = pull.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ManifestUnknown);
        assert!(pull.next().await.is_none());
    }
}

#[tokio::test]
async fn pull_that_ends_without_a_result_is_an_error() {
    for end in [true, false] {
        let bytes = Answer::chunked(&[b"{\"status\":\"Pulling fs layer\",\"id\":\"abc\"}\n"], end);
        let (client, _fake) = client([Answer::Bytes(bytes)]);
        let pull = client.images().pull("localhost/x:1", &PullOptions::default()).await.unwrap();
        assert!(matches!(pull.finish().await, Err(Error::Transport { stage: Stage::Body, .. })));
    }
}

#[tokio::test]
async fn finished_pull_gives_the_full_id() {
    let lines =
        b"{\"status\":\"Download complete\",\"progressDetail\":{},\"id\":\"0c79e2d84d5f\"}\n".as_slice();
    let inspect = Answer::json("200 OK", r#"{"Id":"0c79e2d84d5fe26675"}"#);
    let (client, fake) = client([Answer::Bytes(Answer::chunked(&[lines], true)), inspect]);
    let pull = client.images().pull("localhost/x:1", &PullOptions::default()).await.unwrap();
    assert_eq!(pull.finish().await.unwrap(), "0c79e2d84d5fe26675");
    assert_eq!(fake.requests()[1], "GET /v4.0.0/libpod/images/localhost/x:1/json HTTP/1.1");
}

#[tokio::test]
async fn stalled_pull_is_a_timeout() {
    let bytes = Answer::chunked(&[b"{\"stream\":\"Copying blob\"}\n"], false);
    let fake = Fake::start([Answer::BytesThenSilence(bytes)]);
    let mut pull = hasty(&fake).images().pull("localhost/x:1", &PullOptions::default()).await.unwrap();
    assert!(matches!(pull.next().await, Some(Ok(PullEvent::Progress { .. }))));
    let error = pull.next().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout { stage: Stage::Body, .. }), "{error:?}");
}

#[tokio::test]
async fn network_that_stays_is_an_error_behind_a_success() {
    let (client, _fake) = client([Answer::json("200 OK", r#"[{"Name":"n","Err":"network is being used"}]"#)]);
    assert_eq!(client.networks().remove("n").await.unwrap_err().kind(), ErrorKind::NetworkInUse);
    let (client, _fake) = self::client([Answer::json("200 OK", r#"[{"Name":"n","Err":{}}]"#)]);
    assert!(client.networks().remove("n").await.is_err());
    let (client, _fake) = self::client([Answer::json("200 OK", r#"[{"Name":"n","Err":null}]"#)]);
    client.networks().remove("n").await.unwrap();
}

#[tokio::test]
async fn list_during_a_removal_is_tried_again() {
    let vanished = r#"{"cause":"image not known","message":"locating image with ID \"e2\": image not known","response":500}"#;
    let failure = Answer::json("500 Internal Server Error", vanished);
    let (client, fake) =
        client([failure.clone(), failure.clone(), Answer::json("200 OK", r#"[{"Id":"x"}]"#)]);
    assert_eq!(client.images().list(&Filters::new()).await.unwrap()[0].id, "x");
    assert_eq!(fake.requests().len(), 3);
    let (client, fake) = self::client([failure]);
    assert!(client.images().list(&Filters::new()).await.is_err());
    assert_eq!(fake.requests().len(), 8);
}

#[tokio::test]
async fn look_at_a_container_that_ends_during_it_is_repeated() {
    let ended =
        r#"{"cause":"no such process","message":"read /proc/166784/cgroup: no such process","response":500}"#;
    let failure = Answer::json("500 Internal Server Error", ended);
    let (client, fake) = client([failure.clone(), failure.clone(), Answer::json("200 OK", r#"{"Id":"x"}"#)]);
    assert_eq!(client.containers().inspect("x").await.unwrap().id, "x");
    assert_eq!(fake.requests().len(), 3);
    let (client, fake) = self::client([failure]);
    assert!(client.containers().inspect("x").await.is_err(), "in the end it is told");
    assert_eq!(fake.requests().len(), 20);
}

#[tokio::test]
async fn labels_missing_from_the_list_of_secrets_are_looked_up() {
    let listed =
        r#"[{"ID":"1","Spec":{"Name":"gone","Labels":null}},{"ID":"2","Spec":{"Name":"a","Labels":null}}]"#;
    let missing = r#"{"cause":"no such secret","message":"no such secret","response":404}"#;
    let inspected = r#"{"ID":"2","Spec":{"Name":"a","Labels":{"k":"v"}}}"#;
    let (client, _fake) = client([
        Answer::json("200 OK", listed),
        Answer::json("404 Not Found", missing),
        Answer::json("200 OK", inspected),
    ]);
    let secrets = client.secrets().list(&Filters::new()).await.unwrap();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].labels["k"], "v");
}

#[tokio::test]
async fn statistics_of_a_missing_container_are_not_found_behind_a_success() {
    let (client, _fake) = client([Answer::json("200 OK", r#"{"Error":{},"Stats":null}"#)]);
    assert!(client.containers().stats(&["x"]).await.unwrap_err().is_not_found());
}

#[tokio::test]
async fn event_stream_connects_again_and_leaves_out_repetitions() {
    let event = |action: &str, nanos: u64| {
        format!(
            "{{\"Type\":\"container\",\"Action\":\"{action}\",\"Actor\":{{\"ID\":\"x\"}},\"timeNano\":{nanos}}}\n"
        )
    };
    let (start, died) = (event("start", 1_795_452_335_000_000_000), event("died", 1_795_452_336_000_000_000));
    let first = Answer::chunked(&[start.as_bytes()], false);
    let second = Answer::chunked(&[start.as_bytes(), died.as_bytes()], false);
    let (client, fake) = client([Answer::Bytes(first), Answer::BytesThenSilence(second)]);
    let since = chrono::DateTime::from_timestamp(1_795_452_000, 0);
    let mut events = client.events().watch(EventOptions { since, ..EventOptions::default() });
    assert!(matches!(events.next().await, EventItem::Connected));
    assert!(matches!(events.next().await, EventItem::Event(event) if event.action == "start"));
    assert!(matches!(events.next().await, EventItem::Disconnected(_)));
    assert!(matches!(events.next().await, EventItem::Connected));
    assert!(matches!(events.next().await, EventItem::Event(event) if event.action == "died"));
    assert!(tokio::time::timeout(SOON, events.next()).await.is_err());
    let requests = fake.requests();
    assert!(requests[0].contains("since=2026-11-23T16%3A39%3A58.000000000Z"), "{}", requests[0]);
    assert!(requests[1].contains("since=2026-11-23T16%3A45%3A33.000000000Z"), "{}", requests[1]);
}

#[tokio::test]
async fn event_stream_survives_a_service_that_is_gone() {
    let directory = tempfile::tempdir().unwrap();
    let client = Client::new(socket_in(directory.path()));
    let mut events = client.events().watch(EventOptions::default());
    for _ in 0..3 {
        assert!(matches!(events.next().await, EventItem::Disconnected(error) if error.is_retryable()));
    }
}

#[tokio::test]
async fn upload_whose_source_fails_is_the_callers_error() {
    struct Broken;
    impl tokio::io::AsyncRead for Broken {
        fn poll_read(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
            _: &mut tokio::io::ReadBuf<'_>,
        ) -> Poll<std::io::Result<()>> {
            Poll::Ready(Err(std::io::Error::other("disk on fire")))
        }
    }
    let (client, _fake) = client([Answer::BytesThenSilence(Vec::new())]);
    let error = client.images().load(Upload::from_reader(Broken)).await.unwrap_err();
    assert!(matches!(error, Error::Stream { .. }), "{error:?}");
    assert!(format!("{error:?}").contains("disk on fire"), "{error:?}");
}

/// A ping and the versions of a Podman.
fn podman(version: &str, oldest: &str) -> [Answer; 2] {
    let ping = format!("HTTP/1.1 200 OK\r\nLibpod-Api-Version: {version}\r\nContent-Length: 2\r\n\r\nOK");
    let versions = format!(
        "{{\"Version\":\"{version}\",\"Components\":[{{\"Name\":\"Podman Engine\",\"Version\":\"{version}\",\
         \"Details\":{{\"APIVersion\":\"{version}\",\"MinAPIVersion\":\"{oldest}\"}}}}]}}"
    );
    [Answer::Bytes(ping.into_bytes()), Answer::json("200 OK", &versions)]
}

#[tokio::test]
async fn versions_are_negotiated_by_the_header_and_the_oldest_api_version() {
    for version in ["4.3.0", "4.3.1", "5.8.6", "6.0.0-dev"] {
        let (client, _fake) = client(podman(version, "4.0.0"));
        assert_eq!(client.system().negotiate().await.unwrap(), version.parse().unwrap());
    }
}

#[tokio::test]
async fn podman_that_is_too_old_or_has_given_the_api_version_up_is_told() {
    let refusal = r#"{"cause":"given version is not supported","message":"given version is not supported","response":400}"#;
    let [ping, _] = podman("9.0.0", "5.0.0");
    for (answers, reason) in [
        (podman("4.2.9", "4.0.0"), "4.3.0 is the oldest that is"),
        (podman("9.0.0", "5.0.0"), "it no longer serves version 4.0.0 of its API"),
        ([ping, Answer::json("400 Bad Request", refusal)], "it no longer serves version 4.0.0 of its API"),
    ] {
        let (client, _fake) = client(answers);
        let error = client.system().negotiate().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
        assert!(error.to_string().contains(reason), "{error}");
        assert!(!error.is_retryable());
    }
}
