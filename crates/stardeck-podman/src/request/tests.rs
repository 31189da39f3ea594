//! Every byte that goes out, pinned: Podman ignores what it does not know, so a typo would never be noticed.

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use chrono::DateTime;
use insta::assert_snapshot;
use secrecy::{ExposeSecret, SecretSlice};

use super::*;
use crate::types::*;

fn text(request: &Request) -> String {
    let mut lines = vec![format!("{} {}", request.endpoint.method().as_str(), request.path_and_query())];
    lines.extend(request.payload.content_type().map(|content_type| format!("content-type: {content_type}")));
    lines.extend(
        request.registry_auth.iter().map(|auth| format!("x-registry-auth: {}", auth.expose_secret())),
    );
    if request.upgrade {
        lines.push("upgrade: tcp".to_owned());
    }
    match &request.payload {
        Payload::Empty => {}
        Payload::Json(json) => {
            let value: serde_json::Value = serde_json::from_slice(json).unwrap();
            lines.push(serde_json::to_string_pretty(&value).unwrap());
        }
        Payload::Binary(bytes) => lines.push(format!("({} bytes)", bytes.len())),
        Payload::Upload(upload) => lines.push(format!("{upload:?}")),
    }
    lines.join("\n")
}

fn texts<const N: usize>(requests: [Request; N]) -> String {
    requests.map(|request| text(&request)).join("\n\n")
}

fn strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

fn labelled() -> Filters {
    Filters::from([("label".to_owned(), strings(&["x.managed=true", "x.id=7 & more"]))])
}

#[test]
fn system_requests_are_as_documented() {
    assert_snapshot!(texts([
        system::ping(),
        system::version(),
        system::info(),
        system::disk_usage(),
        system::events(&labelled(), Some("2026-11-23T16:43:57.000000001Z".to_owned()), None, true),
        system::events(&Filters::new(), None, None, false),
    ]));
}

#[test]
fn container_create_holds_every_field_under_podmans_name() {
    assert_snapshot!(text(&containers::create(&full_container())));
}

#[test]
fn small_container_create_holds_nothing_that_was_not_asked_for() {
    let spec =
        CreateContainer { name: "c1".into(), image: "localhost/a:1".into(), ..CreateContainer::default() };
    assert_snapshot!(text(&containers::create(&spec)));
}

fn full_container() -> CreateContainer {
    let healthcheck = Healthcheck {
        test: strings(&["CMD-SHELL", "redis-cli ping | grep -q PONG"]),
        interval: Duration::from_secs(5),
        timeout: Duration::from_secs(3),
        start_period: Duration::from_secs(1),
        retries: 3,
    };
    let memory = MemoryLimits { limit: Some(268_435_456), swap: Some(268_435_456), reservation: Some(1024) };
    let cpu = CpuLimits { shares: Some(512), quota: Some(50_000), period: Some(100_000) };
    let tmpfs = BindOrTmpfs {
        destination: "/scratch".into(),
        kind: "tmpfs".into(),
        source: "tmpfs".into(),
        options: strings(&["rw", "size=16m", "mode=1777"]),
    };
    let attachment = NetworkAttachment {
        aliases: strings(&["c1alias"]),
        static_ips: vec![IpAddr::V4(Ipv4Addr::new(10, 89, 0, 200))],
        static_mac: Some("92:d0:c6:0a:29:33".into()),
    };
    CreateContainer {
        name: "x-c1".into(),
        image: "localhost/t/redis:7".into(),
        env: pairs(&[("FOO", "bar")]),
        secret_env: pairs(&[("SEC", "x-s1")]),
        secrets: vec![SecretMount {
            source: "x-s1".into(),
            target: "/run/secrets/pw".into(),
            uid: 101,
            gid: 102,
            mode: 0o400,
        }],
        labels: pairs(&[("x.id", "c1"), ("x.managed", "true")]),
        annotations: pairs(&[("x/x", "y")]),
        entrypoint: Some(strings(&["docker-entrypoint.sh"])),
        command: Some(strings(&["redis-server", "--dir", "/data"])),
        user: Some("999:999".into()),
        work_dir: Some("/data".into()),
        hostname: Some("c1".into()),
        mounts: vec![tmpfs],
        volumes: vec![NamedVolume { name: "x-v1".into(), dest: "/data".into(), options: strings(&["rw"]) }],
        ports: vec![PortMapping {
            host_ip: Some(Ipv4Addr::LOCALHOST.into()),
            container_port: 6379,
            host_port: Some(16400),
            protocol: Protocol::Tcp,
        }],
        networks: [("x-net".to_owned(), attachment)].into(),
        extra_hosts: strings(&["db:10.0.0.1"]),
        restart_policy: Some(RestartPolicy::OnFailure),
        restart_tries: Some(5),
        healthcheck: Some(healthcheck),
        resource_limits: Some(ResourceLimits {
            memory: Some(memory),
            cpu: Some(cpu),
            pids: Some(PidsLimit { limit: 512 }),
        }),
        shm_size: Some(67_108_864),
        stop_timeout: Some(15),
        stop_signal: Some(15),
        cap_drop: strings(&["ALL"]),
        cap_add: strings(&["CHOWN"]),
        no_new_privileges: true,
        read_only_filesystem: true,
        read_write_tmpfs: Some(true),
        rlimits: vec![
            Rlimit { kind: RlimitKind::Nofile, soft: 1024, hard: 2048 },
            Rlimit { kind: RlimitKind::Nproc, soft: 4096, hard: 4096 },
        ],
        log: Some(LogConfig { driver: LogDriver::K8sFile, size: Some(10_485_760) }),
        init: true,
        terminal: true,
        timezone: Some("UTC".into()),
    }
}

#[test]
fn container_requests_are_as_documented() {
    let grace = Duration::from_millis(14_500);
    let since = DateTime::from_timestamp(1_795_451_785, 250_000_000);
    let logs = LogOptions { follow: true, tail: Some(200), since, timestamps: true, ..LogOptions::default() };
    let remove =
        RemoveContainer { force: true, volumes: true, grace: Some(Duration::ZERO), ignore_missing: true };
    let memory =
        MemoryLimits { limit: Some(268_435_456), swap: Some(268_435_456), ..MemoryLimits::default() };
    let limits = ResourceLimits { memory: Some(memory), ..ResourceLimits::default() };
    assert_snapshot!(texts([
        containers::list(&ListContainers::default()),
        containers::list(&ListContainers { all: true, filters: labelled() }),
        containers::inspect("x-c1").unwrap(),
        containers::exists("odd name?&#%").unwrap(),
        containers::start("x-c1").unwrap(),
        containers::stop("x-c1", grace).unwrap(),
        containers::restart("x-c1", grace).unwrap(),
        containers::kill("x-c1", "SIGTERM").unwrap(),
        containers::pause("x-c1").unwrap(),
        containers::unpause("x-c1").unwrap(),
        containers::rename("x-c1", "x-c2").unwrap(),
        containers::remove("x-c1", &RemoveContainer::default()).unwrap(),
        containers::remove("x-c1", &remove).unwrap(),
        containers::wait("x-c1", &[WaitCondition::Exited, WaitCondition::Stopped]).unwrap(),
        containers::logs("x-c1", &LogOptions::default()).unwrap(),
        containers::logs("x-c1", &logs).unwrap(),
        containers::top("x-c1").unwrap(),
        containers::stats(&["a", "b"], None),
        containers::stats(&["a"], Some(grace)),
        containers::update("x-c1", &limits).unwrap(),
        Request::prune(Endpoint::ContainerPrune, &labelled()).unwrap(),
        containers::archive_get("x-c1", "/etc/my dir").unwrap(),
        containers::archive_put("x-c1", "/data", Upload::from(vec![0; 512])).unwrap(),
        containers::archive_stat("x-c1", "/data").unwrap(),
    ]));
}

#[test]
fn exec_requests_are_as_documented() {
    let options = ExecOptions {
        env: pairs(&[("PGPASSWORD", "x")]),
        user: Some("postgres".into()),
        working_dir: Some("/".into()),
        stdin: true,
        ..ExecOptions::new(["psql", "-X"])
    };
    assert_snapshot!(texts([
        exec::create("x-c1", &options).unwrap(),
        exec::create("x-c1", &ExecOptions::new(["true"])).unwrap(),
        exec::start("2942").unwrap(),
        exec::inspect("2942").unwrap(),
    ]));
}

#[test]
fn image_requests_are_as_documented() {
    let reference = "docker.io/library/postgres:16";
    let auth = RegistryAuth { username: "u".into(), password: "p?>ÿ".into() };
    let missing = PullOptions { policy: PullPolicy::Missing, ..PullOptions::default() };
    let plain = PullOptions { tls_verify: Some(false), ..PullOptions::default() };
    assert_snapshot!(texts([
        images::list(&Filters::new()),
        images::inspect(reference).unwrap(),
        images::exists("localhost:5000/a/b@sha256:00ff").unwrap(),
        images::pull(reference, &PullOptions::default()),
        images::pull(reference, &PullOptions { auth: Some(auth), ..PullOptions::default() }),
        images::pull(reference, &missing),
        images::pull(reference, &plain),
        images::load(Upload::from_reader(tokio::io::empty())),
        images::tag(reference, "localhost/x", "1").unwrap(),
        images::remove(reference).unwrap(),
    ]));
}

#[test]
fn network_requests_are_as_documented() {
    let subnet = Subnet {
        subnet: "10.120.3.0/24".parse().unwrap(),
        gateway: Some(Ipv4Addr::new(10, 120, 3, 1).into()),
    };
    let full = CreateNetwork {
        name: "x-net".into(),
        labels: pairs(&[("a", "b")]),
        subnets: vec![subnet],
        options: pairs(&[("mtu", "1400")]),
        ..CreateNetwork::default()
    };
    let small = CreateNetwork { name: "x-net2".into(), ..CreateNetwork::default() };
    let attachment = NetworkAttachment { aliases: strings(&["second"]), ..NetworkAttachment::default() };
    assert_snapshot!(texts([
        networks::list(&labelled()),
        networks::inspect("x-net").unwrap(),
        networks::exists("x-net").unwrap(),
        networks::create(&full),
        networks::create(&small),
        networks::remove("x-net").unwrap(),
        networks::connect("x-net", "x-d2", &attachment).unwrap(),
        networks::disconnect("x-net", "x-d2").unwrap(),
    ]));
}

#[test]
fn secret_and_volume_requests_are_as_documented() {
    let value: SecretSlice<u8> = b"s3cr3t".to_vec().into();
    let volume =
        CreateVolume { name: "x-v1".into(), labels: pairs(&[("x", "y")]), ..CreateVolume::default() };
    assert_snapshot!(texts([
        secrets::list(&Filters::from([("name".to_owned(), strings(&["a"]))])),
        secrets::inspect("x-s1").unwrap(),
        secrets::create("x-s1", &pairs(&[("x.owner", "t")]), &value),
        secrets::create("x-s1", &BTreeMap::new(), &value),
        secrets::remove("x-s1").unwrap(),
        volumes::list(&Filters::new()),
        volumes::inspect("x-v1").unwrap(),
        volumes::exists("x-v1").unwrap(),
        volumes::create(&volume),
        volumes::remove("x-v1").unwrap(),
    ]));
}

#[test]
fn names_that_would_change_the_path_are_refused() {
    for name in ["", ".", "..", "a/b", "../containers/x"] {
        assert!(matches!(containers::inspect(name), Err(Error::InvalidInput { .. })), "{name}");
    }
    for reference in ["", "/a", "a//b", "a/../b", ".."] {
        assert!(matches!(images::inspect(reference), Err(Error::InvalidInput { .. })), "{reference}");
    }
}

#[test]
fn prune_without_filters_is_refused() {
    let none = Filters::from([("label".to_owned(), Vec::new())]);
    for filters in [Filters::new(), none] {
        let refused = Request::prune(Endpoint::VolumePrune, &filters);
        assert!(matches!(refused, Err(Error::InvalidInput { .. })), "{filters:?}");
    }
}

#[test]
fn debug_of_a_request_shows_neither_body_nor_credentials() {
    let secret = secrets::create("x-s1", &BTreeMap::new(), &b"s3cr3t".to_vec().into());
    let auth = RegistryAuth { username: "u".into(), password: "s3cr3t".into() };
    let pull = images::pull("a", &PullOptions { auth: Some(auth.clone()), ..PullOptions::default() });
    let spec = CreateContainer { env: pairs(&[("PASSWORD", "s3cr3t")]), ..CreateContainer::default() };
    let shown = format!("{secret:?} {pull:?} {auth:?} {spec:?} {:?}", containers::create(&spec));
    assert!(!shown.contains("s3cr3t") && !shown.contains("czNjcjN0"), "{shown}");
    assert!(shown.contains("PASSWORD"), "{shown}");
}
