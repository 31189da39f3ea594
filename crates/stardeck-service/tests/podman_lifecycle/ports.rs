//! More databases are asked for at once than the engine's range has ports.

use std::{
    collections::BTreeSet,
    net::{Ipv4Addr, TcpListener},
};

use stardeck_domain::DatabaseStatus;
use stardeck_service::{
    Error, Page,
    databases::{CreateDatabase, DataFate},
};
use stardeck_testkit::{Leftovers, create_request, engine_row, wait_for};
use tokio::task::JoinSet;

use crate::world::{World, log_in, succeeded, unique_name};

/// How many ask at once.
const ASKING: usize = 50;

#[tokio::test(flavor = "multi_thread")]
async fn every_port_of_the_range_is_given_once_and_the_rest_are_told_so() {
    let world = World::new().await;
    let row = engine_row("redis:7");
    let range = 6379..=6399_u16;
    let free = range.clone().filter(|port| TcpListener::bind((Ipv4Addr::UNSPECIFIED, *port)).is_ok()).count();
    assert!(free > 10, "only {free} ports of the range are free on this host");

    let mut asking = JoinSet::new();
    for _ in 0..ASKING {
        let (databases, admin) = (world.services.databases.clone(), world.admin.clone());
        let request = CreateDatabase {
            engine: row.engine,
            version: row.version(),
            expose_port: true,
            ..create_request(&unique_name("many"))
        };
        asking.spawn(async move { databases.create(&admin, request).await });
    }
    let (mut accepted, mut refused) = (Vec::new(), 0);
    while let Some(answer) = asking.join_next().await {
        match answer.unwrap() {
            Ok((database, operation)) => {
                let leftovers = Leftovers::of_database(&world.podman, &database.id.to_string());
                accepted.push((database, operation, leftovers));
            }
            Err(Error::PortsExhausted { range: told }) => {
                assert_eq!((told.first.get(), told.last.get()), (*range.start(), *range.end()));
                refused += 1;
            }
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((accepted.len(), refused), (free, ASKING - free));

    for (_, operation, _) in &accepted {
        succeeded(&wait_for(&world.services.operations, operation.id).await);
    }
    let mut ports = BTreeSet::new();
    for (database, _, _) in &accepted {
        let row = world.row(database.id).await;
        assert_eq!(row.status, DatabaseStatus::Running, "{row:#?}");
        let credentials = world.services.databases.credentials(&world.admin, row.id).await.unwrap();
        log_in(&row, &credentials.username, credentials.password).await.unwrap();
        ports.insert(row.external_port.unwrap().get());
    }
    assert_eq!(ports.len(), free, "each has a port of its own");
    assert!(ports.iter().all(|port| range.contains(port)), "{ports:?}");
    let rows = world.services.databases.list(Page::default()).await.unwrap();
    assert_eq!(rows.items.len(), free, "nothing is kept of those that were refused");

    for (database, _, _) in &accepted {
        world.delete(database, DataFate::Delete).await;
        assert!(world.podman.names_with(&database.id.to_string()).is_empty(), "nothing is left");
    }
    world.services.shut_down().await;
}
