//! Exposing, binding and closing the port of a database that runs; and ports that somebody else takes meanwhile.

use std::net::{IpAddr, Ipv4Addr, TcpListener};

use stardeck_domain::{FailureCode, ManagedDatabase, Port};
use stardeck_service::{databases::ChangeDatabase, runtime::RuntimeError};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request, store_snapshot};

use super::support::{SHOP, change, deploy, everything, runs, succeeded, undone};

fn free_port() -> Port {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap().local_addr().unwrap().port();
    Port::parse(i64::from(port)).unwrap()
}

fn expose(port: Option<Port>) -> ChangeDatabase {
    ChangeDatabase { expose_port: Some(true), external_port: port, ..ChangeDatabase::default() }
}

fn close() -> ChangeDatabase {
    ChangeDatabase { expose_port: Some(false), ..ChangeDatabase::default() }
}

async fn row(bed: &TestBed, database: &ManagedDatabase) -> ManagedDatabase {
    bed.services.databases.get(database.id).await.unwrap()
}

/// The host ports that are reserved, with their addresses.
async fn reserved(bed: &TestBed) -> Vec<(Port, IpAddr)> {
    store_snapshot(&bed.db).await.ports.into_iter().map(|held| (held.port, held.address)).collect()
}

#[tokio::test]
async fn port_is_opened_moved_bound_elsewhere_and_closed() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (first, second, loopback) = (free_port(), free_port(), IpAddr::V4(Ipv4Addr::LOCALHOST));
    for (request, port, address) in [
        (expose(Some(first)), Some(first), loopback),
        (expose(Some(second)), Some(second), loopback),
        (
            ChangeDatabase {
                bind_address: Some(Ipv4Addr::UNSPECIFIED.into()),
                confirm_public: true,
                ..ChangeDatabase::default()
            },
            Some(second),
            Ipv4Addr::UNSPECIFIED.into(),
        ),
        (close(), None, Ipv4Addr::UNSPECIFIED.into()),
        // A port that was closed is free at once.
        (ChangeDatabase { bind_address: Some(loopback), ..expose(Some(second)) }, Some(second), loopback),
    ] {
        succeeded(&change(&bed, &database, request).await);
        let now = row(&bed, &database).await;
        assert_eq!((now.external_port, now.bind_address), (port, address));
        let published = bed.runtime.snapshot().containers[SHOP].host_ports.clone();
        assert_eq!(published, port.map(Port::get).into_iter().collect::<Vec<_>>());
        assert_eq!(reserved(&bed).await, port.map(|port| (port, address)).into_iter().collect::<Vec<_>>());
        runs(&bed, &database).await;
    }
}

#[tokio::test]
async fn port_that_still_answers_is_not_closed() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let port = free_port();
    succeeded(&change(&bed, &database, expose(Some(port))).await);
    let before = everything(&bed).await;
    let _somebody = TcpListener::bind((Ipv4Addr::LOCALHOST, port.get())).unwrap();
    let operation = change(&bed, &database, close()).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::PortStillOpen);
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn port_that_was_asked_for_and_lost_is_told_and_everything_put_back() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let before = everything(&bed).await;
    let port = free_port();
    bed.runtime.occupy_port(port.get());
    let operation = change(&bed, &database, expose(Some(port))).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::PortTaken);
    assert_eq!(everything(&bed).await, before);
    runs(&bed, &database).await;

    let mut request = create_request("other");
    (request.expose_port, request.external_port) = (true, Some(free_port()));
    bed.runtime.occupy_port(request.external_port.unwrap().get());
    let (_, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::PortTaken);
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn port_that_nobody_asked_for_is_changed_for_the_next_one_when_it_is_lost() {
    let bed = ServicesBuilder::new().start().await;
    let taken = || RuntimeError::PortTaken { detail: "bind: address already in use".to_owned() };
    let mut request = create_request("shop");
    request.expose_port = true;
    bed.runtime.fail_method(Method::StartContainer, taken(), 2);
    let (database, operation) = bed.services.databases.create(&bed.admin, request).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    succeeded(&operation);
    let first = database.external_port.unwrap();
    let last = row(&bed, &database).await.external_port.unwrap();
    assert!(last.get() >= first.get() + 2, "{first} {last}");
    assert_eq!(bed.runtime.snapshot().containers[SHOP].host_ports, [last.get()]);
    assert_eq!(reserved(&bed).await.len(), 1, "the others rest and belong to nobody");
    let log = bed.services.operations.log(operation.id, 0, 100).await.unwrap();
    assert!(log.iter().any(|line| line.line.contains(&format!("port {last} is used instead"))), "{log:?}");
    runs(&bed, &database).await;

    let database = deploy(&bed, "blog").await;
    bed.runtime.fail_method(Method::StartContainer, taken(), 1);
    succeeded(&change(&bed, &database, expose(None)).await);
    let now = row(&bed, &database).await.external_port.unwrap();
    assert_eq!(bed.runtime.snapshot().containers["stardeck-db-blog"].host_ports, [now.get()]);
    runs(&bed, &database).await;
}
