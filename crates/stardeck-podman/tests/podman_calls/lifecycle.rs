//! Start, stop, restart, kill, wait, remove.

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use stardeck_podman::{
    ContainerStatus, CreateContainer, ErrorKind, PortMapping, RemoveContainer, RestartPolicy, StartOutcome,
    StopOutcome, WaitCondition,
};

use super::scope::Scope;

const GRACE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn container_goes_through_its_life_and_repetitions_do_nothing() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    let name = scope.name("life");
    scope.create(&scope.sleeper("life")).await.unwrap();
    assert_eq!(scope.status(&name).await, ContainerStatus::Created);
    assert_eq!(containers.start(&name).await.unwrap(), StartOutcome::Started);
    assert_eq!(containers.start(&name).await.unwrap(), StartOutcome::AlreadyRunning);
    let first = containers.inspect(&name).await.unwrap().state;
    assert!(first.running && first.pid > 0);
    containers.restart(&name, GRACE).await.unwrap();
    let second = containers.inspect(&name).await.unwrap().state;
    assert!(second.running && second.pid != first.pid);
    assert_eq!(containers.stop(&name, GRACE).await.unwrap(), StopOutcome::Stopped);
    assert_eq!(containers.stop(&name, GRACE).await.unwrap(), StopOutcome::AlreadyStopped);
    assert_eq!(scope.status(&name).await, ContainerStatus::Exited);
    containers.restart(&name, GRACE).await.unwrap();
    assert_eq!(scope.status(&name).await, ContainerStatus::Running);
    let error = containers.remove(&name, &RemoveContainer::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateImproper, "{error:?}");
    let force = RemoveContainer { force: true, grace: Some(Duration::ZERO), ..RemoveContainer::default() };
    containers.remove(&name, &force).await.unwrap();
    assert!(!containers.exists(&name).await.unwrap());
    containers.remove(&name, &RemoveContainer { ignore_missing: true, ..force }).await.unwrap();
}

#[tokio::test]
async fn killed_container_ends_and_can_not_be_killed_again() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("killed")).await;
    scope.client.containers().kill(&name, "SIGKILL").await.unwrap();
    let code = scope
        .client
        .containers()
        .wait(&name, &[WaitCondition::Exited, WaitCondition::Stopped])
        .await
        .unwrap();
    assert_eq!(code, 137);
    let error = scope.client.containers().kill(&name, "SIGKILL").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateImproper, "{error:?}");
}

#[tokio::test]
async fn wait_returns_the_exit_code() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.shell("three", "exit 3")).await;
    assert_eq!(scope.client.containers().wait(&name, &[]).await.unwrap(), 3);
    let state = scope.client.containers().inspect(&name).await.unwrap().state;
    assert_eq!(state.exit_code, 3);
    assert!(state.finished_at.is_some());
}

#[tokio::test]
async fn wait_for_running_returns_at_once() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("up")).await;
    assert_eq!(scope.client.containers().wait(&name, &[WaitCondition::Running]).await.unwrap(), -1);
}

#[tokio::test]
async fn stop_kills_after_its_grace() {
    let scope = Scope::new().await;
    // One process alone: a shell whose child is killed a moment before itself may end by its own failure to start the next.
    let stubborn = CreateContainer { init: false, ..scope.shell("deaf", "trap '' TERM; exec sleep 600") };
    let name = scope.run(&stubborn).await;
    let outcome = scope.client.containers().stop(&name, Duration::from_millis(300)).await.unwrap();
    assert_eq!(outcome, StopOutcome::Stopped);
    assert_eq!(scope.client.containers().inspect(&name).await.unwrap().state.exit_code, 137);
}

#[tokio::test]
async fn start_on_a_busy_port_is_port_in_use_and_leaves_the_container() {
    let scope = Scope::new().await;
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = PortMapping {
        host_ip: Some(Ipv4Addr::LOCALHOST.into()),
        container_port: 80,
        host_port: Some(holder.local_addr().unwrap().port()),
        ..PortMapping::default()
    };
    let spec = CreateContainer { ports: vec![port], ..scope.sleeper("busy") };
    scope.create(&spec).await.unwrap();
    let error = scope.client.containers().start(&spec.name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::PortInUse, "{error:?}");
    assert!(error.is_conflict());
    assert_eq!(scope.status(&spec.name).await, ContainerStatus::Created);
}

#[tokio::test]
async fn start_on_a_foreign_address_is_told() {
    let scope = Scope::new().await;
    let port = PortMapping {
        host_ip: Some(Ipv4Addr::new(192, 0, 2, 1).into()),
        container_port: 80,
        host_port: Some(39_917),
        ..PortMapping::default()
    };
    let spec = CreateContainer { ports: vec![port], ..scope.sleeper("foreign") };
    scope.create(&spec).await.unwrap();
    let error = scope.client.containers().start(&spec.name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddressNotLocal, "{error:?}");
}

#[tokio::test]
async fn start_of_a_command_that_is_not_there_is_told() {
    let scope = Scope::new().await;
    let spec =
        CreateContainer { entrypoint: Some(vec!["/nope".into()]), init: false, ..scope.sleeper("nothing") };
    scope.create(&spec).await.unwrap();
    let error = scope.client.containers().start(&spec.name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::CommandNotFound, "{error:?}");
}

#[tokio::test]
async fn failed_start_is_told_by_its_first_error() {
    let scope = Scope::new().await;
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let port = PortMapping {
        host_ip: Some(Ipv4Addr::LOCALHOST.into()),
        container_port: 80,
        host_port: Some(free),
        ..PortMapping::default()
    };
    let spec = CreateContainer {
        entrypoint: Some(vec!["/nope".into()]),
        init: false,
        ports: vec![port],
        ..scope.sleeper("nothing")
    };
    scope.create(&spec).await.unwrap();
    let first = scope.client.containers().start(&spec.name).await.unwrap_err();
    assert_eq!(first.kind(), ErrorKind::CommandNotFound, "{first:?}");
    // From now on the service itself can hold the port, and says that instead of the reason.
    let second = scope.client.containers().start(&spec.name).await.unwrap_err();
    assert!(matches!(second.kind(), ErrorKind::CommandNotFound | ErrorKind::PortInUse), "{second:?}");
}

#[tokio::test]
async fn crash_loop_shows_in_the_count_of_restarts() {
    let scope = Scope::new().await;
    let spec = CreateContainer {
        restart_policy: Some(RestartPolicy::Always),
        ..scope.shell("looping", "sleep 0.3; exit 5")
    };
    let name = scope.run(&spec).await;
    super::scope::eventually("it was started again and again", async || {
        scope.client.containers().inspect(&name).await.unwrap().restart_count >= 3
    })
    .await;
}
