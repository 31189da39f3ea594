//! A deployment that goes well.

use std::net::{Ipv4Addr, TcpListener};

use secrecy::ExposeSecret;
use stardeck_domain::{AuditAction, DatabaseStatus, DesiredState, Health, OperationKind, Port, StepName};
use stardeck_service::runtime::ContainerState;
use stardeck_testkit::{
    EngineBehaviour, Method, POSTGRES_16, POSTGRES_17, ServicesBuilder, audited, count_credentials,
    create_request, image, password, version,
};

use super::support::{SHOP, deploy, runs, succeeded};

#[tokio::test]
async fn create_runs_its_steps_in_order_and_writes_each_down() {
    let bed = ServicesBuilder::new().start().await;
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    assert_eq!((operation.kind, operation.requested_by), (OperationKind::Create, Some(bed.admin.user.id)));

    let operation = bed.wait_for(operation.id).await;
    succeeded(&operation);
    let names: Vec<_> = operation.steps.iter().map(|step| step.name).collect();
    assert_eq!(
        names,
        [
            StepName::Reserve,
            StepName::Network,
            StepName::Image,
            StepName::Volume,
            StepName::Secret,
            StepName::Container,
            StepName::Start,
            StepName::Ready,
            StepName::Credentials,
            StepName::Finish,
        ]
    );
    let times: Vec<_> = operation.steps.iter().flat_map(|step| [step.started_at, step.finished_at]).collect();
    assert!(times.iter().all(Option::is_some) && times.is_sorted(), "{times:?}");
    let changes: Vec<_> = bed
        .runtime
        .journal()
        .into_iter()
        .map(|call| call.method)
        .filter(|method| method.is_change())
        .collect();
    assert_eq!(
        changes,
        [
            Method::CreateNetwork,
            Method::CreateVolume,
            Method::CreateSecret,
            Method::CreateContainer,
            Method::StartContainer,
            Method::Secure,
        ]
    );
}

#[tokio::test]
async fn create_answers_at_once_with_a_row_that_is_creating() {
    let bed = ServicesBuilder::new().start().await;
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    assert_eq!((database.status, database.desired_state), (DatabaseStatus::Creating, DesiredState::Running));
    assert_eq!((database.health, database.container_id), (Health::Unknown, None));
    assert_eq!(operation.database_id, database.id);
    succeeded(&bed.wait_for(operation.id).await);
}

#[tokio::test]
async fn deployed_database_has_everything_recorded() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    runs(&bed, &database).await;
    assert_eq!(database.server_version.as_deref(), Some("16.4"));
    assert_eq!(database.internal_host, "shop");
    assert_eq!((database.internal_port.get(), database.external_port), (5432, None));
    assert_eq!(database.image.to_string(), POSTGRES_16);
    assert_eq!(database.image_id.unwrap().as_str(), format!("sha256:image-of-{POSTGRES_16}"));
    assert!(database.digest.is_some());
    assert_eq!(database.admin_user.as_str(), "postgres");
    assert_eq!(database.created_by, Some(bed.admin.user.id));
    assert_eq!(
        audited(&bed.db, database.id).await,
        [AuditAction::DatabaseCreated, AuditAction::CredentialsRead]
    );
}

#[tokio::test]
async fn container_carries_our_labels_aliases_and_no_volume_without_a_name() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let snapshot = bed.runtime.snapshot();
    let container = &snapshot.containers[SHOP];
    assert_eq!(container.state, ContainerState::Running);
    let aliases = ["shop".to_owned(), format!("db-{}", database.id.short())];
    assert_eq!(container.networks["stardeck-data"], aliases);
    assert!(container.host_ports.is_empty());
    assert_eq!(snapshot.volumes.len(), container.volumes.len());
    let id = database.id.to_string();
    for labels in snapshot.volumes.values().chain(snapshot.secrets.values()).chain([&container.labels]) {
        assert_eq!(labels["stardeck.managed"], "true");
        assert_eq!(labels["stardeck.database"], id);
        assert!(labels.contains_key("stardeck.instance") && labels.contains_key("stardeck.operation"));
    }
    for name in snapshot.volumes.keys().chain(snapshot.secrets.keys()) {
        assert!(name.contains(&id), "{name} does not tell which database it belongs to");
    }
    let network = &snapshot.networks["stardeck-data"];
    assert!(network.dns_enabled && network.labels.contains_key("stardeck.instance"));
}

#[tokio::test]
async fn image_with_more_volumes_gets_a_named_one_for_each() {
    let bed = ServicesBuilder::new().start().await;
    let mut facts = stardeck_engines::ImageFacts { exposed_ports: vec![5432], ..Default::default() };
    facts.env.insert("PG_MAJOR".to_owned(), "16".to_owned());
    facts.volumes = vec!["/var/lib/postgresql/data".to_owned(), "/backup".to_owned()];
    bed.runtime.add_image_with("docker.io/acme/postgres:16", facts);
    let mut request = create_request("shop");
    request.image = Some(image("docker.io/acme/postgres:16"));
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let snapshot = bed.runtime.snapshot();
    assert_eq!(snapshot.containers[SHOP].volumes.len(), 2);
    assert!(
        snapshot.volumes.values().all(|labels| labels.contains_key("stardeck.database")),
        "{snapshot:#?}"
    );
}

#[tokio::test]
async fn missing_image_is_pulled_and_the_progress_told() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.version = Some(version("17"));
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(bed.runtime.count(Method::PullImage), 1);
    assert!(bed.runtime.snapshot().images.contains(POSTGRES_17));
    let row = bed.services.databases.get(database.id).await.unwrap();
    assert_eq!(row.server_version.as_deref(), Some("17.4"));
    let ended = bed.services.operations.get(operation.id).await.unwrap();
    let pulled = ended.steps.iter().find(|step| step.name == StepName::Image).unwrap();
    assert_eq!(
        pulled.detail.as_deref(),
        Some("pulling docker.io/library/postgres:17: 80.0 of 80.0 MB in 1 layers")
    );
    let log = bed.services.operations.log(operation.id, 0, 100).await.unwrap();
    assert_eq!(log.iter().filter(|line| line.line.contains("pulling")).count(), 1, "{log:?}");
    assert!(log.windows(2).all(|pair| pair[0].seq < pair[1].seq));
}

#[tokio::test]
async fn engine_that_needs_time_is_waited_for() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.set_engine_behaviour(EngineBehaviour { deaf_probes: 4, ..EngineBehaviour::default() });
    let database = deploy(&bed, "shop").await;
    runs(&bed, &database).await;
    assert!(bed.runtime.count(Method::Probe) >= 5);
}

#[tokio::test]
async fn stored_credentials_are_the_ones_the_engine_takes() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let credentials = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    let known = bed.runtime.passwords();
    let clear = credentials.password.expose();
    assert!(known.contains(clear));
    assert_eq!(
        credentials.internal_url.expose_secret(),
        format!("postgresql://postgres:{clear}@shop:5432/postgres")
    );
    assert!(credentials.external_url.is_none());
    assert_eq!(count_credentials(&bed.db, database.id).await, 2, "the bootstrap password is forgotten");
    assert!(bed.runtime.logins_of("stardeck") >= 1, "our own role is used from then on");
}

#[tokio::test]
async fn chosen_administrator_and_password_are_taken() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.admin_user = Some(stardeck_domain::LoginName::parse("olga").unwrap());
    request.admin_password = Some(password("p@ss:/#?% word"));
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let credentials = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    assert_eq!((credentials.username.as_str(), credentials.password.expose()), ("olga", "p@ss:/#?% word"));
    assert!(bed.runtime.passwords().contains("p@ss:/#?% word"));
}

#[tokio::test]
async fn exposed_database_gets_a_free_port_of_its_range_on_loopback() {
    let bed = ServicesBuilder::new().start().await;
    let mut request = create_request("shop");
    request.expose_port = true;
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let port = database.external_port.unwrap().get();
    assert!((5432..=5499).contains(&port), "{port}");
    assert_eq!(bed.runtime.snapshot().containers[SHOP].host_ports, [port]);
    let credentials = bed.services.databases.credentials(&bed.admin, database.id).await.unwrap();
    let url = credentials.external_url.unwrap();
    assert!(url.expose_secret().ends_with(&format!("@127.0.0.1:{port}/postgres")));
}

#[tokio::test]
async fn port_that_was_asked_for_is_published() {
    let bed = ServicesBuilder::new().start().await;
    let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    let mut request = create_request("shop");
    request.expose_port = true;
    request.external_port = Some(Port::parse(i64::from(free)).unwrap());
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(bed.runtime.snapshot().containers[SHOP].host_ports, [free]);
}
