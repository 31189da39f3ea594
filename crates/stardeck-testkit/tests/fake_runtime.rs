//! The fake runtime does what tests rely on: it keeps state, it conflicts, and its faults strike where they should.
#![expect(clippy::unwrap_used, reason = "a test that can not go on has failed")]

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use stardeck_domain::{ContainerName, ImageReference, LoginName, NetworkName, Port, SecretName, VolumeName};
use stardeck_drivers::{Accounts, Error as DriverError, Login, Probe};
use stardeck_service::runtime::{
    ContainerRuntime, ContainerSpec, ImageProblem, Labels, NetworkSpec, PublishedPort, RuntimeError,
    SecretFileSpec,
};
use stardeck_testkit::{
    EngineBehaviour, FakeRuntime, Method, POSTGRES_16, POSTGRES_17, create_request, fake_driver, password,
};
use tokio::sync::mpsc;

fn refusal() -> RuntimeError {
    RuntimeError::Rejected { detail: "not today".to_owned() }
}

fn volume(name: &str) -> VolumeName {
    VolumeName::parse(name).unwrap()
}

/// A runtime with a container `db` that has all it needs, not started.
async fn with_container(host_port: u16) -> FakeRuntime {
    let runtime = FakeRuntime::new();
    let network = NetworkName::data();
    let subnet = stardeck_domain::DATA_SUBNET;
    runtime
        .create_network(&NetworkSpec {
            name: network.clone(),
            interface: "sd-1".to_owned(),
            subnet,
            labels: Labels::new(),
        })
        .await
        .unwrap();
    let secret = SecretName::parse("bootstrap").unwrap();
    runtime.create_secret(&secret, &Labels::new(), &"first".into()).await.unwrap();
    runtime.create_volume(&volume("data"), &Labels::new()).await.unwrap();
    create(&runtime, "db", host_port).await.unwrap();
    runtime
}

async fn create(runtime: &FakeRuntime, name: &str, host_port: u16) -> Result<(), RuntimeError> {
    let image = runtime.find_image(POSTGRES_16).await.unwrap().unwrap().id;
    let spec = ContainerSpec {
        name: ContainerName::parse(name).unwrap(),
        hostname: name.to_owned(),
        image,
        labels: Labels::new(),
        env: BTreeMap::from([("POSTGRES_USER".to_owned(), "postgres".to_owned())]),
        command: Vec::new(),
        secret_files: vec![SecretFileSpec {
            secret: SecretName::parse("bootstrap").unwrap(),
            target: "/run/secrets/bootstrap".to_owned(),
            uid: 0,
            gid: 0,
            mode: 0o400,
        }],
        volumes: vec![(volume("data"), "/var/lib/postgresql/data".to_owned())],
        network: NetworkName::data(),
        aliases: Vec::new(),
        port: Port::fixed(5432),
        published_ports: vec![PublishedPort {
            address: Ipv4Addr::LOCALHOST.into(),
            host_port: Port::parse(i64::from(host_port)).unwrap(),
            container_port: Port::fixed(5432),
        }],
        shm_bytes: 0,
        stop_grace: Duration::ZERO,
        memory_bytes: None,
        cpu_millis: None,
    };
    runtime.create_container(&spec).await.map(drop)
}

async fn login(runtime: &FakeRuntime, user: &str, word: &str) -> Login {
    let addr = runtime.reach("db", Port::fixed(5432)).await.unwrap().addr;
    let user = LoginName::parse(user).unwrap();
    Login { addr, user, password: password(word), database: None, timeout: Duration::from_secs(1) }
}

#[tokio::test]
async fn faults_count_from_the_moment_they_are_armed() {
    let runtime = FakeRuntime::new();
    runtime.info().await.unwrap();
    runtime.fail_at(2, refusal());
    assert!(runtime.list_volumes().await.is_ok() && !runtime.has_struck());
    assert_eq!(runtime.list_volumes().await.unwrap_err(), refusal());
    assert!(runtime.has_struck() && runtime.list_volumes().await.is_ok());
    let struck: Vec<_> = runtime.journal().into_iter().filter(|call| call.is_struck).collect();
    assert_eq!(
        struck.iter().map(|call| (call.number, call.method)).collect::<Vec<_>>(),
        [(3, Method::ListVolumes)]
    );
}

#[tokio::test]
async fn failed_call_changes_nothing_and_lost_answer_does() {
    let runtime = FakeRuntime::new();
    runtime.fail_method(Method::CreateVolume, refusal(), 1);
    assert!(runtime.create_volume(&volume("a"), &Labels::new()).await.is_err());
    runtime.lose_answer_of(Method::CreateVolume, refusal(), 1);
    assert!(runtime.create_volume(&volume("b"), &Labels::new()).await.is_err());
    assert_eq!(runtime.snapshot().volumes.keys().collect::<Vec<_>>(), ["b"]);
}

#[tokio::test]
async fn outage_lasts_as_long_as_it_was_told() {
    let runtime = FakeRuntime::new();
    runtime.go_away_at(2, Some(2));
    let mut answers = Vec::new();
    for _ in 0..5 {
        answers.push(runtime.info().await.is_ok());
    }
    assert_eq!(answers, [true, false, false, true, true]);
    runtime.go_away();
    assert!(matches!(runtime.info().await, Err(RuntimeError::Unavailable { .. })));
    runtime.come_back();
    assert!(runtime.info().await.is_ok());
}

#[tokio::test]
async fn hanging_call_goes_on_when_it_is_released() {
    let runtime = FakeRuntime::new();
    runtime.hang_method(Method::Info);
    let call = tokio::spawn({
        let runtime = runtime.clone();
        async move { runtime.info().await }
    });
    runtime.until_hanging().await;
    assert!(!call.is_finished());
    runtime.release();
    assert!(call.await.unwrap().is_ok());
}

#[tokio::test]
async fn names_ports_and_volumes_in_use_conflict() {
    let runtime = with_container(5432).await;
    assert!(matches!(create(&runtime, "db", 5433).await, Err(RuntimeError::Conflict { .. })));
    create(&runtime, "other", 5432).await.unwrap();
    runtime.start_container("db").await.unwrap();
    assert!(matches!(runtime.start_container("other").await, Err(RuntimeError::PortTaken { .. })));
    assert!(matches!(runtime.remove_volume("data").await, Err(RuntimeError::Conflict { .. })));
    let spec = NetworkSpec {
        interface: "sd-1".to_owned(),
        name: NetworkName::parse("more").unwrap(),
        subnet: stardeck_domain::DATA_SUBNET,
        labels: Labels::new(),
    };
    assert!(matches!(runtime.create_network(&spec).await, Err(RuntimeError::SubnetTaken { .. })));
}

#[tokio::test]
async fn registry_has_one_image_and_tells_of_its_progress() {
    let runtime = FakeRuntime::new();
    let (sender, mut receiver) = mpsc::channel(8);
    let reference = ImageReference::parse(POSTGRES_17).unwrap();
    let id = runtime.pull_image(&reference, None, sender).await.unwrap();
    assert_eq!(runtime.find_image(POSTGRES_17).await.unwrap().unwrap().id, id);
    assert_eq!(receiver.recv().await.unwrap().total, Some(80_000_000));
    let unknown = ImageReference::parse("docker.io/acme/none:1").unwrap();
    let error = runtime.pull_image(&unknown, None, mpsc::channel(8).0).await.unwrap_err();
    assert!(
        matches!(error, RuntimeError::ImageUnavailable { reason: ImageProblem::NotFound, .. }),
        "{error:?}"
    );
}

#[tokio::test]
async fn engine_answers_while_its_container_runs_and_listens_elsewhere_after_each_start() {
    let driver = fake_driver(create_request("db").engine).unwrap();
    let runtime = with_container(5432).await;
    runtime.set_engine_behaviour(EngineBehaviour { deaf_probes: 1, ..EngineBehaviour::default() });
    runtime.start_container("db").await.unwrap();
    let first = login(&runtime, "postgres", "first").await;
    let within = Duration::from_secs(1);
    assert!(matches!(driver.login(&first).await, Err(DriverError::NotReady { .. })));
    assert!(matches!(driver.probe(first.addr, within).await, Probe::NotYet { .. }));
    assert_eq!(driver.probe(first.addr, within).await, Probe::Answers);
    assert_eq!(driver.login(&first).await.unwrap().version, "16.4");
    runtime.stop_container("db", Duration::ZERO).await.unwrap();
    assert!(matches!(driver.login(&first).await, Err(DriverError::Unreachable { .. })));
    runtime.start_container("db").await.unwrap();
    assert_ne!(login(&runtime, "postgres", "first").await.addr, first.addr);
}

#[tokio::test]
async fn accounts_replace_the_bootstrap_password_and_stay_with_the_volume() {
    let driver = fake_driver(create_request("db").engine).unwrap();
    let runtime = with_container(5432).await;
    runtime.start_container("db").await.unwrap();
    let bootstrap = login(&runtime, "postgres", "first").await;
    let name = |text| LoginName::parse(text).unwrap();
    let accounts = Accounts {
        admin: (name("postgres"), password("second")),
        management: (name("stardeck"), password("third")),
    };
    driver.secure(&bootstrap, &accounts).await.unwrap();
    driver.secure(&bootstrap, &accounts).await.unwrap();
    assert!(matches!(driver.login(&bootstrap).await, Err(DriverError::CredentialsRejected { .. })));
    runtime.remove_container("db").await.unwrap();
    create(&runtime, "db", 5432).await.unwrap();
    runtime.start_container("db").await.unwrap();
    driver.login(&login(&runtime, "postgres", "second").await).await.unwrap();
    assert_eq!((runtime.logins_of("postgres"), runtime.refused_logins()), (1, 1));
}

#[tokio::test]
async fn initialisation_that_was_interrupted_never_works() {
    let driver = fake_driver(create_request("db").engine).unwrap();
    let runtime = with_container(5432).await;
    runtime.set_engine_behaviour(EngineBehaviour { deaf_probes: 3, ..EngineBehaviour::default() });
    runtime.start_container("db").await.unwrap();
    let first = login(&runtime, "postgres", "first").await;
    driver.probe(first.addr, Duration::from_secs(1)).await;
    runtime.end_container("db", 137);
    runtime.start_container("db").await.unwrap();
    assert_eq!(runtime.find_container("db").await.unwrap().unwrap().exit_code, Some(1));
}
