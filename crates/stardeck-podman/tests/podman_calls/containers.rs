//! Finding containers, and the smaller calls on them.

use std::collections::BTreeMap;

use stardeck_podman::{
    ContainerStatus, CreateContainer, ErrorKind, HealthStatus, ListContainers, LogOptions, RemoveContainer,
    ResourceLimits,
};

use super::scope::Scope;

#[tokio::test]
async fn missing_container_is_not_found_by_every_call() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    let name = scope.name("none");
    assert!(!containers.exists(&name).await.unwrap());
    for error in [
        containers.inspect(&name).await.unwrap_err(),
        containers.start(&name).await.unwrap_err(),
        containers.stop(&name, std::time::Duration::ZERO).await.unwrap_err(),
        containers.kill(&name, "SIGTERM").await.unwrap_err(),
        containers.remove(&name, &RemoveContainer::default()).await.unwrap_err(),
        containers.wait(&name, &[]).await.unwrap_err(),
        containers.logs(&name, &LogOptions::default()).await.unwrap_err(),
        containers.rename(&name, "x").await.unwrap_err(),
        containers.update(&name, &ResourceLimits::default()).await.unwrap_err(),
        containers.archive_stat(&name, "/").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
        assert!(error.is_not_found());
    }
    let error = containers.stats(&[&name]).await.unwrap_err();
    assert_eq!(error.kind(), missing_or_unmeasured(&scope).await, "{error:?}");
}

/// What statistics of a container that is not there end with.
async fn missing_or_unmeasured(scope: &Scope) -> ErrorKind {
    if scope.has_cgroups().await { ErrorKind::NotFound } else { ErrorKind::Unsupported }
}

#[tokio::test]
async fn list_filters_by_label_and_state() {
    let scope = Scope::new().await;
    let labelled = |name: &str| CreateContainer {
        labels: BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))]),
        ..scope.sleeper(name)
    };
    let running = scope.run(&labelled("running")).await;
    scope.create(&labelled("created")).await.unwrap();
    scope.create(&scope.sleeper("other")).await.unwrap();
    let label = format!("sdp.scope={}", scope.name(""));
    let mut options = ListContainers::default();
    options.filters.insert("label".into(), vec![label]);
    let list = scope.client.containers().list(&options).await.unwrap();
    assert_eq!(list.iter().filter_map(|c| c.name()).collect::<Vec<_>>(), [running]);
    assert_eq!((&list[0].state, &list[0].health), (&ContainerStatus::Running, &HealthStatus::NotConfigured));
    assert!(list[0].pid > 0 && list[0].started_at.is_some() && list[0].exited_at.is_none());
    options.all = true;
    assert_eq!(scope.client.containers().list(&options).await.unwrap().len(), 2);
    options.filters.insert("status".into(), vec!["created".into()]);
    let list = scope.client.containers().list(&options).await.unwrap();
    assert_eq!(list.iter().filter_map(|c| c.name()).collect::<Vec<_>>(), [scope.name("created")]);
}

#[tokio::test]
async fn unknown_filter_is_a_bad_parameter() {
    let scope = Scope::new().await;
    let mut options = ListContainers::default();
    options.filters.insert("nope".into(), vec!["x".into()]);
    let error = scope.client.containers().list(&options).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadParameter, "{error:?}");
}

#[tokio::test]
async fn renamed_container_answers_to_its_new_name_only() {
    let scope = Scope::new().await;
    let (old, new) = (scope.name("old"), scope.name("new"));
    scope.create(&scope.sleeper("old")).await.unwrap();
    scope.client.containers().rename(&old, &new).await.unwrap();
    assert!(!scope.client.containers().exists(&old).await.unwrap());
    assert!(scope.client.containers().exists(&new).await.unwrap());
    scope.create(&scope.sleeper("old")).await.unwrap();
    let error = scope.client.containers().rename(&old, &new).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameInUse, "{error:?}");
}

#[tokio::test]
async fn paused_container_says_so_until_it_goes_on() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("frozen")).await;
    if !scope.has_cgroups().await {
        let error = scope.client.containers().pause(&name).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
        assert_eq!(scope.status(&name).await, ContainerStatus::Running);
        return;
    }
    scope.client.containers().pause(&name).await.unwrap();
    assert_eq!(scope.status(&name).await, ContainerStatus::Paused);
    scope.client.containers().unpause(&name).await.unwrap();
    assert_eq!(scope.status(&name).await, ContainerStatus::Running);
    let error = scope.client.containers().unpause(&name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateImproper, "{error:?}");
}

#[tokio::test]
async fn statistics_cover_the_containers_asked_for() {
    let scope = Scope::new().await;
    let one = scope.run(&scope.sleeper("one")).await;
    let two = scope.run(&scope.sleeper("two")).await;
    let stats = scope.client.containers().stats(&[&one, &two]).await;
    if !scope.has_cgroups().await {
        assert_eq!(stats.unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let stats = stats.unwrap();
    let mut names: Vec<&str> = stats.iter().map(|stats| stats.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, [one.as_str(), two.as_str()]);
    for stats in &stats {
        assert!(stats.memory_usage > 0 && stats.memory_limit > stats.memory_usage, "{stats:?}");
        assert!(stats.cpu_nanos > 0 && stats.at_nanos > 0 && stats.pids > 0, "{stats:?}");
    }
}

#[tokio::test]
async fn statistics_are_told_again_and_again() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.shell("busy", "while :; do :; done")).await;
    let second = std::time::Duration::from_secs(1);
    let stream = scope.client.containers().watch_stats(&[&name], second).await;
    if !scope.has_cgroups().await {
        assert_eq!(stream.map(drop).unwrap_err().kind(), ErrorKind::Unsupported);
        return;
    }
    let mut stream = stream.unwrap();
    let mut seen = Vec::new();
    while seen.len() < 3 {
        let set = stream.next().await.unwrap().unwrap();
        assert_eq!(set.iter().map(|stats| stats.name.as_str()).collect::<Vec<_>>(), [name.as_str()]);
        seen.extend(set);
    }
    for pair in seen.windows(2) {
        assert!(pair[1].at_nanos > pair[0].at_nanos && pair[1].cpu_nanos > pair[0].cpu_nanos, "{pair:?}");
    }
}

#[tokio::test]
async fn statistics_of_a_container_that_is_not_there_end_with_not_found() {
    let scope = Scope::new().await;
    let (name, second) = (scope.name("none"), std::time::Duration::from_secs(1));
    let error = match scope.client.containers().watch_stats(&[&name], second).await {
        Ok(mut stream) => stream.next().await.unwrap().unwrap_err(),
        Err(error) => error,
    };
    assert_eq!(error.kind(), missing_or_unmeasured(&scope).await, "{error:?}");
}
