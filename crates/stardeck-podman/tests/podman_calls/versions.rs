//! Where versions of Podman differ: each test says from which version on it is otherwise, and fails when that is no
//! longer so.

use std::collections::BTreeMap;
use std::time::Duration;

use stardeck_podman::{
    ContainerStatus, CreateContainer, CreateNetwork, ErrorKind, ExecOptions, MemoryLimits, NetworkAttachment,
    ResourceLimits, Version,
};

use super::scope::Scope;

const MIB: i64 = 1024 * 1024;

impl Scope {
    /// Is this Podman of the version or later?
    async fn is_from(&self, major: u64, minor: u64) -> bool {
        self.client.system().negotiate().await.unwrap() >= Version::new(major, minor, 0)
    }
}

fn memory(mib: i64) -> ResourceLimits {
    let limits = MemoryLimits { limit: Some(mib * MIB), swap: Some(mib * MIB), ..MemoryLimits::default() };
    ResourceLimits { memory: Some(limits), ..ResourceLimits::default() }
}

/// The limit of memory that the kernel holds a container to, in the files of either version of control groups.
async fn held_to(scope: &Scope, name: &str) -> i64 {
    let files =
        "cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null || cat /sys/fs/cgroup/memory.max";
    let outcome = scope.client.exec().run(name, &ExecOptions::new(["sh", "-c", files]), None).await.unwrap();
    String::from_utf8_lossy(&outcome.stdout).trim().parse().unwrap()
}

#[tokio::test]
async fn changed_limit_holds_at_once_and_is_remembered_from_5_1_on() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    let spec = CreateContainer { resource_limits: Some(memory(256)), ..scope.sleeper("sized") };
    let name = scope.run(&spec).await;
    if !scope.has_limits().await {
        assert!(held_to(&scope, &name).await > 256 * MIB);
        containers.update(&name, &memory(384)).await.unwrap_err();
        return;
    }
    assert_eq!(held_to(&scope, &name).await, 256 * MIB);
    containers.update(&name, &memory(384)).await.unwrap();
    assert_eq!(held_to(&scope, &name).await, 384 * MIB);
    let remembered = if scope.is_from(5, 1).await { 384 * MIB } else { 256 * MIB };
    assert_eq!(containers.inspect(&name).await.unwrap().host_config.memory, remembered);
    let stats = containers.stats(&[&name]).await.unwrap();
    assert_eq!(stats[0].memory_limit, u64::try_from(remembered).unwrap());
    containers.restart(&name, Duration::from_secs(10)).await.unwrap();
    assert_eq!(held_to(&scope, &name).await, remembered);
    let error = containers.update(&scope.name("none"), &memory(256)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
}

#[tokio::test]
async fn secret_of_a_variable_is_masked_in_an_inspection_from_5_3_on() {
    let scope = Scope::new().await;
    let secret = scope.name("key");
    scope.client.secrets().create(&secret, &BTreeMap::new(), &b"s3cr3t".to_vec().into()).await.unwrap();
    let secret_env = BTreeMap::from([("KEY".to_owned(), secret.clone())]);
    let name = scope.run(&CreateContainer { secret_env, ..scope.sleeper("keyed") }).await;
    let env = scope.client.containers().inspect(&name).await.unwrap().config.env;
    assert_eq!(env.get("KEY") == Some("s3cr3t"), !scope.is_from(5, 3).await);
}

#[tokio::test]
async fn status_of_the_same_error_differs_and_its_kind_does_not() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    scope.create(&scope.sleeper("still")).await.unwrap();
    let error = containers.kill(&scope.name("still"), "TERM").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateImproper, "{error:?}");
    assert_eq!(error.api().unwrap().response, if scope.is_from(4, 7).await { 409 } else { 500 });
    let imageless = CreateContainer { image: scope.reference("none"), ..scope.sleeper("imageless") };
    let error = containers.create(&imageless).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ImageMissing, "{error:?}");
    assert_eq!(error.api().unwrap().response, if scope.is_from(4, 8).await { 404 } else { 500 });
}

#[tokio::test]
async fn network_counts_are_read_in_the_shapes_before_and_from_5_0() {
    let scope = Scope::new().await;
    let net = CreateNetwork { name: scope.name("net"), ..CreateNetwork::default() };
    scope.client.networks().create(&net).await.unwrap();
    let networks = [(net.name.clone(), NetworkAttachment::default())].into();
    let busy = "while :; do (echo x >/dev/tcp/192.0.2.1/9) 2>/dev/null; getent hosts nobody; sleep 0.2; done";
    let spec = CreateContainer {
        networks,
        entrypoint: Some(vec!["/bin/bash".into(), "-c".into(), busy.into()]),
        ..scope.sleeper("talker")
    };
    let name = scope.run(&spec).await;
    if !scope.has_cgroups().await {
        let error = scope.client.containers().stats(&[&name]).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unsupported, "{error:?}");
        return;
    }
    super::scope::eventually("it has sent something", async || {
        scope.client.containers().stats(&[&name]).await.unwrap()[0].network_sent > 0
    })
    .await;
}

#[tokio::test]
async fn details_that_4_3_lacks_are_empty_there() {
    let scope = Scope::new().await;
    let info = scope.client.system().info().await.unwrap();
    let is_newer = scope.is_from(4, 6).await;
    assert_eq!(!info.host.database_backend.is_empty(), is_newer, "{}", info.host.database_backend);
    assert_eq!(!info.host.network_backend_info.version.is_empty(), is_newer);
}

#[tokio::test]
async fn every_version_serves_the_api_version_that_is_spoken() {
    let scope = Scope::new().await;
    let negotiated = scope.client.system().negotiate().await.unwrap();
    let version = scope.client.system().version().await.unwrap();
    assert_eq!(version.version.parse(), Ok(negotiated));
    let engine = version.components.iter().find(|component| component.name == "Podman Engine").unwrap();
    assert_eq!(engine.details.api_version.parse(), Ok(negotiated));
    assert!(engine.details.min_api_version.parse::<Version>().unwrap() <= Version::API);
    let name = scope.run(&scope.sleeper("any")).await;
    assert_eq!(scope.status(&name).await, ContainerStatus::Running);
}
