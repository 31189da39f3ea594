//! Answers of real Podman services, as captured.

use chrono::{DateTime, Utc};

use super::*;

macro_rules! golden {
    ($name:literal) => {
        include_bytes!(concat!("../../tests/golden/", $name))
    };
}

const INSPECTS: [(&str, &[u8]); 4] = [
    ("4.3.1", golden!("inspect-4.3.1-v4path.json")),
    ("5.4.2 v5", golden!("inspect-5.4.2-v5path.json")),
    ("5.8.6 v4", golden!("inspect-5.8.6-v4path.json")),
    ("5.8.6 v5", golden!("inspect-5.8.6-v5path.json")),
];

fn read<T: serde::de::DeserializeOwned>(json: &[u8]) -> T {
    lenient::from_slice(json).unwrap()
}

#[test]
fn inspect_of_every_version_means_the_same() {
    for (version, json) in INSPECTS {
        let container: ContainerInspect = read(json);
        assert_eq!(container.name, "x-c1", "{version}");
        assert_eq!(container.image_name, "localhost/t/redis:7", "{version}");
        assert!(container.image_digest.starts_with("sha256:"), "{version}");
        assert_eq!(container.state.status, ContainerStatus::Running, "{version}");
        assert!(container.state.running && container.state.pid > 0, "{version}");
        assert!(container.state.started_at.is_some(), "{version}");
        assert_eq!(container.config.entrypoint, Vec::<String>::new(), "{version}");
        assert_eq!(container.config.cmd.first().map(String::as_str), Some("redis-server"), "{version}");
        assert_eq!(container.config.stop_signal.as_str(), "SIGTERM", "{version}");
        assert_eq!(container.config.stop_timeout, 15, "{version}");
        assert_eq!(container.config.labels["x.managed"], "true", "{version}");
        assert_eq!(container.config.secrets[0].mode, 0o400, "{version}");
        assert_eq!(container.config.healthcheck.as_ref().unwrap().interval.as_secs(), 5, "{version}");
        assert_eq!(container.host_config.memory_swap, 268_435_456, "{version}");
        assert_eq!(container.host_config.log_config.driver, "k8s-file", "{version}");
        assert_eq!(container.host_config.port_bindings["6379/tcp"][0].host_port, Some(16400), "{version}");
        assert_eq!(container.mounts[0].kind, MountKind::Volume, "{version}");
        assert_eq!((container.mounts[0].name.as_str(), container.mounts[0].rw), ("x-v1", true), "{version}");
        let endpoint = &container.network_settings.networks["x-net"];
        assert!(endpoint.ip_address.is_some() && endpoint.gateway.is_some(), "{version}");
        assert!(endpoint.aliases.contains(&"c1alias".to_owned()), "{version}");
        assert_eq!(container.network_settings.address_in("x-net"), endpoint.ip_address, "{version}");
    }
}

#[test]
fn what_changes_between_versions_is_kept() {
    let [v43, v54, v58, _] = INSPECTS.map(|(_, json)| read::<ContainerInspect>(json));
    assert_eq!(v43.host_config.restart_policy.name, RestartPolicy::UnlessStopped);
    assert_eq!(v58.host_config.restart_policy.name, RestartPolicy::Always);
    assert_eq!(v43.state.health.status, HealthStatus::Starting);
    assert_eq!(v58.state.health.status, HealthStatus::Reset);
    assert_eq!(v43.state.finished_at, None);
    assert!(v58.state.finished_at.is_some());
    assert_eq!(v43.network_settings.networks["x-net"].network_id, "x-net");
    assert_eq!(v54.network_settings.networks["x-net"].network_id.len(), 64);
    assert_eq!(v43.host_config.ulimits[0].name, "RLIMIT_NOFILE");
    // The value of an env secret shows on 4.3 and is masked on 5.x.
    assert_eq!(v43.config.env.get("SEC"), Some("s3cr3t"));
    assert_eq!(v54.config.env.get("x-s1"), Some("*******"));
}

#[test]
fn debug_of_an_inspect_shows_no_value_of_the_environment() {
    let container: ContainerInspect = read(INSPECTS[0].1);
    let shown = format!("{container:?}");
    assert!(shown.contains("SEC") && !shown.contains("s3cr3t"), "{shown}");
}

#[test]
fn list_of_every_version_means_the_same() {
    for json in [golden!("list-4.3.1.json").as_slice(), golden!("list-5.8.6.json")] {
        let containers: Vec<ContainerSummary> = read(json);
        let [container] = containers.as_slice() else { panic!("one container expected") };
        assert_eq!(container.name(), Some("x-c1"));
        assert_eq!(container.state, ContainerStatus::Running);
        assert_eq!(container.health, HealthStatus::Starting);
        assert_eq!(container.exited_at, None);
        assert_eq!(container.networks, ["x-net"]);
        let port = &container.ports[0];
        assert_eq!((port.container_port, port.host_port, port.range), (6379, Some(16400), 1));
        assert_eq!(port.host_ip, Some("127.0.0.1".parse().unwrap()));
        assert!(container.started_at.is_some() && container.created.is_some());
    }
}

#[test]
fn nulls_and_absent_fields_are_defaults() {
    let json = br#"[{"Id":"x","Labels":null,"Ports":null,"Mounts":null,"Command":null,"Created":"0001-01-01T00:00:00Z"}]"#;
    let containers: Vec<ContainerSummary> = read(json);
    let expected = ContainerSummary { id: "x".into(), ..ContainerSummary::default() };
    assert_eq!(containers, [expected]);
    assert_eq!(read::<Vec<ContainerSummary>>(b"[]"), []);
}

#[test]
fn unknown_words_are_kept() {
    let containers: Vec<ContainerSummary> = read(br#"[{"State":"hibernating","Status":"dizzy"}]"#);
    assert_eq!(containers[0].state, ContainerStatus::Other("hibernating".into()));
    assert_eq!(containers[0].health.as_str(), "dizzy");
}

#[test]
fn both_shapes_of_entrypoint_and_stop_signal_are_read() {
    for (json, entrypoint, signal) in [
        (r#"{"Entrypoint":"/bin/sh -c","StopSignal":2}"#, ["/bin/sh", "-c"], "SIGINT"),
        (r#"{"Entrypoint":["/bin/sh","-c"],"StopSignal":"SIGINT"}"#, ["/bin/sh", "-c"], "SIGINT"),
        (r#"{"Entrypoint":["/bin/sh","-c"],"StopSignal":"INT"}"#, ["/bin/sh", "-c"], "SIGINT"),
        (r#"{"Entrypoint":["/bin/sh","-c"],"StopSignal":37}"#, ["/bin/sh", "-c"], "37"),
    ] {
        let config: ContainerConfig = read(json.as_bytes());
        assert_eq!(config.entrypoint, entrypoint, "{json}");
        assert_eq!(config.stop_signal.as_str(), signal, "{json}");
    }
}

#[test]
fn image_without_config_is_read() {
    let image: ImageInspect = read(golden!("image-imported-4.3.1.json"));
    assert_eq!(image.id.len(), 64);
    assert_eq!(image.config.env.get("PATH"), Some("/bin"));
    assert_eq!((image.config.labels.len(), image.config.user.as_str()), (0, ""));
    let empty: ImageInspect = read(br#"{"Id":"x","Config":{}}"#);
    assert_eq!(empty.config, ImageConfig::default());
}

#[test]
fn ports_and_volumes_of_an_image_are_keys() {
    let json = br#"{"ExposedPorts":{"8080":{},"5432/tcp":{},"53/udp":{}},"Volumes":{"/data":{}},"StopSignal":"SIGINT"}"#;
    let config: ImageConfig = read(json);
    assert_eq!(config.tcp_ports(), [5432, 8080]);
    assert!(config.volumes.contains("/data"));
    assert_eq!(config.stop_signal.as_str(), "SIGINT");
}

#[test]
fn both_shapes_of_network_statistics_are_summed() {
    let old: ContainerStats = read(br#"{"NetInput":796,"NetOutput":2000,"MemLimit":18446744073709551615}"#);
    assert_eq!((old.network_received, old.network_sent, old.memory_limit), (796, 2000, u64::MAX));
    let json = br#"{"Network":{"eth0":{"RxBytes":2000,"TxBytes":838},"eth1":{"RxBytes":1,"TxBytes":2}}}"#;
    let new: ContainerStats = read(json);
    assert_eq!((new.network_received, new.network_sent), (2001, 840));
}

#[test]
fn events_of_every_version_are_read() {
    for text in [golden!("events-4.3.1.ndjson").as_slice(), golden!("events-5.8.6.ndjson")] {
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let events: Vec<Event> = lines.map(read).collect();
        assert!(
            events.iter().all(|event| event.kind == EventKind::Container && event.name() == Some("x-c1"))
        );
        assert!(events.iter().all(|event| event.time_nanos > 1_795_452_000_000_000_000));
        let died: Vec<_> = events.iter().filter(|event| event.action == "died").collect();
        assert_eq!(died.last().unwrap().exit_code(), Some(137));
        // 4.3 attaches an exit code to every event; only that of an end means something.
        assert!(events.iter().all(|event| event.action != "start" || event.exit_code().is_none()));
    }
}

#[test]
fn host_information_of_4_3_is_read_without_what_it_lacks() {
    let info: Info = read(golden!("info-4.3.1.json"));
    assert_eq!((info.host.network_backend.as_str(), info.host.cgroup_version.as_str()), ("netavark", "v1"));
    assert_eq!((info.host.database_backend.as_str(), info.host.security.rootless), ("", false));
    assert_eq!(info.version.version, "4.3.1");
    assert!(info.store.graph_root_allocated > info.store.graph_root_used);
    let version: VersionInfo = read(golden!("version-4.3.1.json"));
    assert_eq!(version.components[0].version, "4.3.1");
}

#[test]
fn secret_labels_are_read() {
    let json = br#"{"ID":"4e07","CreatedAt":"2026-11-23T22:29:34Z","Spec":{"Name":"s","Driver":{"Name":"file"},"Labels":{"a":"b"}}}"#;
    let secret: Secret = read(json);
    assert_eq!((secret.id.as_str(), secret.name.as_str(), secret.labels["a"].as_str()), ("4e07", "s", "b"));
}

#[test]
fn unreadable_subnets_are_left_out() {
    let json =
        br#"{"name":"n","subnets":[{"subnet":"10.89.0.0/24","gateway":"10.89.0.1"},{"subnet":"odd"}]}"#;
    let network: Network = read(json);
    let gateway = Some("10.89.0.1".parse().unwrap());
    assert_eq!(network.subnets, [Subnet { subnet: "10.89.0.0/24".parse().unwrap(), gateway }]);
}

#[test]
fn times_are_read_in_each_form() {
    #[derive(serde::Deserialize)]
    struct Timed {
        #[serde(deserialize_with = "lenient::time")]
        at: Option<DateTime<Utc>>,
    }
    let seconds = |json: &str| read::<Timed>(json.as_bytes()).at.map(|time| time.timestamp());
    assert_eq!(seconds(r#"{"at":1795451785}"#), Some(1_795_451_785));
    assert_eq!(seconds(r#"{"at":"2026-11-23T17:36:25.1+01:00"}"#), Some(1_795_451_785));
    assert_eq!(seconds(r#"{"at":-62135596800}"#), None);
    assert_eq!(seconds(r#"{"at":"soon"}"#), None);
}

#[test]
fn error_of_a_misfit_names_no_value() {
    let error = lenient::from_slice::<Network>(br#"{"name":["s3cr3t"]}"#).unwrap_err();
    assert!(error.contains("sequence"), "{error}");
    let error = lenient::from_slice::<Network>(br#"{"dns_enabled":"s3cr3t"}"#).unwrap_err();
    assert!(error.contains("boolean") && !error.contains("s3cr3t"), "{error}");
}

#[test]
fn versions_compare_by_number() {
    let version = |text: &str| text.parse::<Version>().unwrap();
    assert!(version("4.10.0") > version("4.9.4"));
    assert_eq!(version("5.8.0-dev"), Version::new(5, 8, 0));
    assert_eq!(version("6"), Version::new(6, 0, 0));
    assert!("unknown".parse::<Version>().is_err());
}
