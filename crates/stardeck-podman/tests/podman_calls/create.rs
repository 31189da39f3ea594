//! What a create asks for, and what it is refused for.

use std::collections::BTreeMap;
use std::net::Ipv4Addr;
use std::time::Duration;

use stardeck_podman::{
    BindOrTmpfs, CpuLimits, CreateContainer, CreateNetwork, ErrorKind, Healthcheck, LogConfig, LogDriver,
    MemoryLimits, NamedVolume, NetworkAttachment, PidsLimit, PortMapping, ResourceLimits, RestartPolicy,
    Rlimit, RlimitKind, SecretMount,
};

use super::scope::{IMAGE, Scope};

fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

/// Podman ignores fields it does not know, so each one has to be seen again in the result.
#[tokio::test]
async fn created_container_has_everything_that_was_asked_for() {
    let scope = Scope::new().await;
    let network = CreateNetwork { name: scope.name("net"), ..CreateNetwork::default() };
    scope.client.networks().create(&network).await.unwrap();
    scope
        .client
        .secrets()
        .create(&scope.name("s"), &BTreeMap::new(), &b"s3cr3t".to_vec().into())
        .await
        .unwrap();
    let spec = everything(&scope);
    let created = scope.create(&spec).await.unwrap();
    let container = scope.client.containers().inspect(&spec.name).await.unwrap();
    assert_eq!(container.id, created.id);
    assert_eq!((container.name.as_str(), container.image_name.as_str()), (spec.name.as_str(), IMAGE));

    let config = &container.config;
    assert_eq!(config.env.get("FOO"), Some("b=r"));
    assert_eq!(config.labels["x.id"], "7");
    assert_eq!(config.annotations["x/x"], "y");
    assert_eq!(config.entrypoint, ["/bin/sh"]);
    assert_eq!(config.cmd, ["-c", "sleep 1000"]);
    assert_eq!((config.user.as_str(), config.working_dir.as_str()), ("65534:65534", "/tmp"));
    assert_eq!((config.hostname.as_str(), config.timezone.as_str()), ("c1", "UTC"));
    assert_eq!((config.stop_signal.as_str(), config.stop_timeout), ("SIGINT", 15));
    assert_eq!(config.healthcheck, spec.healthcheck);
    let secret = &config.secrets[0];
    assert_eq!((secret.name.as_str(), secret.uid, secret.mode), (scope.name("s").as_str(), 101, 0o400));

    let host = &container.host_config;
    assert_eq!(
        (&host.restart_policy.name, host.restart_policy.maximum_retry_count),
        (&RestartPolicy::OnFailure, 5)
    );
    let limits = (host.memory, host.memory_swap, host.cpu_quota, host.cpu_period, host.cpu_shares);
    if scope.has_limits().await {
        assert_eq!(limits, (268_435_456, 268_435_456, 50_000, 100_000, 512));
        assert_eq!(host.pids_limit, 512);
    } else {
        assert_eq!(limits, (0, 0, 0, 0, 0));
        assert!(created.warnings.iter().any(|warning| warning.contains("limits")), "{:?}", created.warnings);
    }
    assert_eq!(host.shm_size, 32 << 20);
    assert!(host.cap_drop.iter().any(|cap| cap == "CAP_NET_BIND_SERVICE"));
    assert!(host.security_opt.iter().any(|option| option.starts_with("no-new-privileges")));
    assert!(host.readonly_rootfs && host.init && !host.privileged);
    assert_eq!((host.log_config.driver.as_str(), host.log_config.size.as_str()), ("k8s-file", "10.49MB"));
    let nofile = host.ulimits.iter().find(|limit| limit.name == "RLIMIT_NOFILE").unwrap();
    assert_eq!((nofile.soft, nofile.hard), (1024, 2048));
    assert!(host.tmpfs["/scratch"].contains("size=16m"));
    let binding = &host.port_bindings["6379/tcp"][0];
    assert_eq!(binding.host_ip, Some(Ipv4Addr::LOCALHOST.into()));
    assert!(binding.host_port.is_some(), "a free port is chosen");

    let mount = container.mounts.iter().find(|mount| mount.destination == "/data").unwrap();
    assert_eq!((mount.name.as_str(), mount.rw), (scope.name("v").as_str(), true));
    let endpoint = &container.network_settings.networks[&scope.name("net")];
    assert!(endpoint.aliases.contains(&"c1alias".to_owned()));
}

fn everything(scope: &Scope) -> CreateContainer {
    let healthcheck = Healthcheck {
        test: vec!["CMD-SHELL".into(), "true".into()],
        interval: Duration::from_secs(5),
        timeout: Duration::from_secs(3),
        start_period: Duration::from_secs(1),
        retries: 3,
    };
    let memory = MemoryLimits { limit: Some(268_435_456), swap: Some(268_435_456), reservation: None };
    let cpu = CpuLimits { shares: Some(512), quota: Some(50_000), period: Some(100_000) };
    let tmpfs = BindOrTmpfs {
        destination: "/scratch".into(),
        kind: "tmpfs".into(),
        source: "tmpfs".into(),
        options: vec!["rw".into(), "size=16m".into()],
    };
    let alias = NetworkAttachment { aliases: vec!["c1alias".into()], ..NetworkAttachment::default() };
    CreateContainer {
        env: map(&[("FOO", "b=r")]),
        secrets: vec![SecretMount {
            source: scope.name("s"),
            target: "/run/secrets/pw".into(),
            uid: 101,
            gid: 102,
            mode: 0o400,
        }],
        labels: map(&[("x.id", "7")]),
        annotations: map(&[("x/x", "y")]),
        entrypoint: Some(vec!["/bin/sh".into()]),
        command: Some(vec!["-c".into(), "sleep 1000".into()]),
        user: Some("65534:65534".into()),
        work_dir: Some("/tmp".into()),
        hostname: Some("c1".into()),
        mounts: vec![tmpfs],
        volumes: vec![NamedVolume {
            name: scope.name("v"),
            dest: "/data".into(),
            options: vec!["rw".into()],
        }],
        ports: vec![PortMapping {
            host_ip: Some(Ipv4Addr::LOCALHOST.into()),
            container_port: 6379,
            ..PortMapping::default()
        }],
        networks: [(scope.name("net"), alias)].into(),
        extra_hosts: vec!["db:10.0.0.1".into()],
        restart_policy: Some(RestartPolicy::OnFailure),
        restart_tries: Some(5),
        healthcheck: Some(healthcheck),
        resource_limits: Some(ResourceLimits {
            memory: Some(memory),
            cpu: Some(cpu),
            pids: Some(PidsLimit { limit: 512 }),
        }),
        shm_size: Some(32 << 20),
        stop_timeout: Some(15),
        stop_signal: Some(2),
        cap_drop: vec!["ALL".into()],
        no_new_privileges: true,
        read_only_filesystem: true,
        read_write_tmpfs: Some(true),
        rlimits: vec![
            Rlimit { kind: RlimitKind::Nofile, soft: 1024, hard: 2048 },
            Rlimit { kind: RlimitKind::Nproc, soft: 4096, hard: 4096 },
        ],
        log: Some(LogConfig { driver: LogDriver::K8sFile, size: Some(10_485_760) }),
        timezone: Some("UTC".into()),
        ..scope.sleeper("full")
    }
}

#[tokio::test]
async fn second_create_with_same_name_is_name_in_use() {
    let scope = Scope::new().await;
    let spec = scope.sleeper("twice");
    scope.create(&spec).await.unwrap();
    let error = scope.create(&spec).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameInUse, "{error}");
    assert!(error.is_conflict() && !error.is_retryable());
}

#[tokio::test]
async fn create_with_something_missing_or_odd_says_what() {
    let scope = Scope::new().await;
    let missing = scope.name("missing");
    let network = [(missing.clone(), NetworkAttachment::default())].into();
    let secret = SecretMount { source: missing.clone(), target: "x".into(), ..SecretMount::default() };
    for (spec, kind) in [
        (
            CreateContainer { image: format!("localhost/{missing}:1"), ..scope.sleeper("a") },
            ErrorKind::ImageMissing,
        ),
        (CreateContainer { networks: network, ..scope.sleeper("b") }, ErrorKind::NetworkMissing),
        (CreateContainer { secrets: vec![secret], ..scope.sleeper("c") }, ErrorKind::SecretMissing),
        (scope.sleeper("with space"), ErrorKind::BadParameter),
        (
            CreateContainer { restart_policy: Some("odd".into()), ..scope.sleeper("d") },
            ErrorKind::BadParameter,
        ),
    ] {
        let error = scope.create(&spec).await.unwrap_err();
        assert_eq!(error.kind(), kind, "{error:?}");
        assert!(!error.is_not_found(), "{error:?}");
        assert!(!scope.client.containers().exists(&spec.name).await.unwrap());
    }
}
