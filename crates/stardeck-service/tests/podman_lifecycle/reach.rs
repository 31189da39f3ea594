//! The server's own way to an engine, and what depends on whether Podman runs as root.

use std::net::Ipv4Addr;

use stardeck_domain::DatabaseSettings;
use stardeck_service::{
    Error,
    databases::{CreateDatabase, DataFate},
    runtime::{ContainerRuntime as _, podman::PodmanRuntime},
};
use stardeck_testkit::{create_request, engine_row};

use super::world::{World, succeeded, unique_name};

const MEMORY: u64 = 512 * 1024 * 1024;

/// PostgreSQL on no host port.
fn internal(name: &str) -> CreateDatabase {
    let row = engine_row("postgres:16");
    CreateDatabase { version: row.version(), image: row.image(), ..create_request(name) }
}

#[tokio::test(flavor = "multi_thread")]
async fn database_without_a_host_port_is_reached_by_us_and_shows_none() {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(internal(&unique_name("inner"))).await;
    succeeded(&operation);
    let runtime = PodmanRuntime::new(world.podman.client());
    let name = database.container_name.as_str();
    let reach = runtime.reach(name, database.internal_port).await.unwrap().addr;
    let whole = world.podman.client().containers().inspect(name).await.unwrap();
    let bindings: Vec<_> = whole.host_config.port_bindings.values().flatten().collect();
    if runtime.info().await.unwrap().rootless {
        let [binding] = bindings.as_slice() else { panic!("{bindings:?}") };
        assert_eq!(binding.host_ip, Some(Ipv4Addr::LOCALHOST.into()));
        assert_eq!((reach.ip(), Some(reach.port())), (Ipv4Addr::LOCALHOST.into(), binding.host_port));
        assert!((39_000..=39_999).contains(&reach.port()), "{reach}");
    } else {
        assert!(bindings.is_empty(), "{bindings:?}");
        assert_eq!(reach.port(), database.internal_port.get());
        assert!(!reach.ip().is_loopback(), "{reach}");
    }
    let details = runtime.find_container(name).await.unwrap().unwrap();
    assert!(details.setup.published_ports.is_empty(), "{:?}", details.setup.published_ports);
    let listed = runtime.list_containers().await.unwrap();
    let listed = listed.into_iter().find(|container| container.id == details.id).unwrap();
    assert!(listed.published_ports.is_empty(), "{:?}", listed.published_ports);
    assert_eq!(listed.host_ports.len(), bindings.len(), "a port that is taken is known to be taken");
    assert_eq!(world.row(database.id).await.external_port, None);
    // A stopped one is out of reach, and the way is there again after a start.
    world.stop(database.id).await;
    runtime.reach(name, database.internal_port).await.unwrap_err();
    succeeded(&world.start(database.id).await);
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limit_of_memory_is_kept_or_refused_by_its_field() {
    let world = World::new().await;
    let settings = DatabaseSettings { memory_bytes: Some(MEMORY), ..DatabaseSettings::default() };
    let request = CreateDatabase { settings, ..internal(&unique_name("limited")) };
    if !world.podman.has_limits() {
        let error = world.services.databases.create(&world.admin, request).await.unwrap_err();
        let Error::Validation(errors) = error else { panic!("{error:?}") };
        let told: Vec<_> = errors.0.iter().map(|error| (error.field, error.code)).collect();
        assert_eq!(told, [("memory_bytes", "unsupported_limit")]);
        world.services.shut_down().await;
        return;
    }
    let (database, operation, _leftovers) = world.deploy(request).await;
    succeeded(&operation);
    let found = world.podman.client().containers().inspect(database.container_name.as_str()).await.unwrap();
    assert_eq!(u64::try_from(found.host_config.memory), Ok(MEMORY));
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}
