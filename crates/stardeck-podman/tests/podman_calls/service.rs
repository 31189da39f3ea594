//! Services of Podman that come and go, as they do where systemd starts them for each connection.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use stardeck_podman::{
    Client, ContainerStatus, CreateContainer, Error, ErrorKind, EventItem, EventOptions, EventStream,
    ListContainers, StopOutcome,
};
use tempfile::TempDir;
use tokio::time::timeout;

use super::scope::{Scope, at_once, eventually};

const SOON: Duration = Duration::from_secs(30);

/// One more service on the containers of the tests' Podman. It ends with the test.
struct Service(Child);

impl Service {
    /// Starts one that ends by itself when it has been idle for so many seconds; 0 means never.
    async fn start(socket: &Path, idle_seconds: u32) -> Self {
        let mut command = Command::new(program());
        command.args(["system", "service", "--time", &idle_seconds.to_string()]);
        command.arg(format!("unix://{}", socket.display()));
        let service = Self(command.stdin(Stdio::null()).stderr(Stdio::null()).spawn().unwrap());
        let client = Client::new(socket);
        eventually("the service answers", async || client.system().ping().await.is_ok()).await;
        service
    }

    fn kill(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// The command line of the tests' Podman.
fn program() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test set-up says it in the environment, and nowhere else"
    )]
    let root = std::env::var_os("STARDECK_TEST_PODMAN_ROOT");
    match root {
        Some(root) => PathBuf::from(root).join("podman"),
        None => panic!("STARDECK_TEST_PODMAN_ROOT is not set: run these tests by `cargo xtask test`"),
    }
}

fn socket_in(directory: &TempDir) -> PathBuf {
    directory.path().join("podman.sock")
}

async fn next(events: &mut EventStream) -> EventItem {
    timeout(SOON, events.next()).await.unwrap()
}

/// The next event about the container; other tests make events too.
async fn next_about(events: &mut EventStream, id: &str, action: &str) {
    loop {
        if let EventItem::Event(event) = next(events).await
            && event.actor.id == id
            && event.action == action
        {
            return;
        }
    }
}

#[tokio::test]
async fn idle_service_ends_and_the_same_client_reaches_its_successor() {
    let scope = Scope::new().await;
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(&directory);
    let client = Client::new(&socket);
    for _ in 0..2 {
        let mut service = Service::start(&socket, 1).await;
        let created = scope.create(&scope.sleeper("seen")).await.unwrap();
        assert_eq!(client.containers().inspect(&created.id).await.unwrap().id, created.id);
        // No connection of ours keeps it alive.
        eventually("the idle service ends", async || service.0.try_wait().unwrap().is_some()).await;
        let error = client.containers().start(&created.id).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unavailable, "{error:?}");
        assert!(error.is_retryable(), "nobody heard of it: {error:?}");
        scope.client.containers().remove(&created.id, &at_once()).await.unwrap();
    }
}

#[tokio::test]
async fn events_of_the_time_without_a_service_are_told_afterwards() {
    let scope = Scope::new().await;
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(&directory);
    let mut service = Service::start(&socket, 0).await;
    let since = Some(chrono::Utc::now());
    let mut events = Client::new(&socket).events().watch(EventOptions { since, ..EventOptions::default() });
    assert!(matches!(next(&mut events).await, EventItem::Connected));
    let before = scope.create(&scope.sleeper("before")).await.unwrap();
    next_about(&mut events, &before.id, "create").await;
    service.kill();
    while !matches!(next(&mut events).await, EventItem::Disconnected(_)) {}
    let meanwhile = scope.create(&scope.sleeper("meanwhile")).await.unwrap();
    let _successor = Service::start(&socket, 0).await;
    while !matches!(next(&mut events).await, EventItem::Connected) {}
    // What the list shows, whatever becomes of the events.
    let all = ListContainers { all: true, ..ListContainers::default() };
    let listed = Client::new(&socket).containers().list(&all).await.unwrap();
    assert!(listed.iter().any(|container| container.id == meanwhile.id));
    next_about(&mut events, &meanwhile.id, "create").await;
}

#[tokio::test]
async fn open_event_stream_keeps_an_idle_service_alive() {
    let _scope = Scope::new().await;
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(&directory);
    let mut service = Service::start(&socket, 1).await;
    let mut events = Client::new(&socket).events().watch(EventOptions::default());
    assert!(matches!(next(&mut events).await, EventItem::Connected));
    // Other tests' events may come; the stream must not end.
    let until = tokio::time::Instant::now() + Duration::from_secs(4);
    while let Ok(item) = tokio::time::timeout_at(until, events.next()).await {
        assert!(matches!(item, EventItem::Event(_)), "{item:?}");
    }
    assert!(service.0.try_wait().unwrap().is_none());
    drop(events);
    eventually("the idle service ends", async || service.0.try_wait().unwrap().is_some()).await;
}

#[tokio::test]
async fn container_left_stopping_by_a_killed_service_is_stopped_by_another_stop() {
    let scope = Scope::new().await;
    let deaf = CreateContainer { init: false, ..scope.shell("deaf", "trap '' TERM; exec sleep 600") };
    let name = scope.run(&deaf).await;
    let directory = tempfile::tempdir().unwrap();
    let socket = socket_in(&directory);
    let mut service = Service::start(&socket, 0).await;
    let stop = tokio::spawn({
        let (client, name) = (Client::new(&socket), name.clone());
        async move { client.containers().stop(&name, Duration::from_mins(1)).await }
    });
    let status = async || {
        let all = ListContainers { all: true, ..ListContainers::default() };
        let listed = scope.client.containers().list(&all).await.unwrap();
        listed.into_iter().find(|container| container.name() == Some(&name)).unwrap().state
    };
    eventually("the container is stopping", async || status().await == ContainerStatus::Stopping).await;
    service.kill();
    let error = stop.await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(!error.is_retryable(), "a stop may have been carried out: {error:?}");
    // Nobody goes on with it.
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(status().await, ContainerStatus::Stopping);
    let outcome = scope.client.containers().stop(&name, Duration::from_secs(1)).await.unwrap();
    assert_eq!(outcome, StopOutcome::Stopped);
    let state = scope.client.containers().inspect(&name).await.unwrap().state;
    assert_eq!((state.status, state.exit_code), (ContainerStatus::Exited, 137));
}
