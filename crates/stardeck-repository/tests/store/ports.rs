//! Queries of `port_reservations`.

use stardeck_domain::{DatabaseId, HostId, PortPurpose, PortReservation};
use stardeck_repository::{Constraint, Error, databases, ports};

use crate::fixture::{Store, conflict, loopback, moment, port};

fn reservation(number: i64, database: Option<DatabaseId>) -> PortReservation {
    PortReservation {
        host_id: HostId::local(),
        address: loopback(),
        port: port(number),
        purpose: PortPurpose::Data,
        database_id: database,
    }
}

async fn reserve(store: &Store, number: i64, database: DatabaseId, at: i64) -> Result<(), Error> {
    store.write(move |tx| ports::reserve(tx, &reservation(number, Some(database)), moment(at))).await
}

async fn taken(store: &Store, at: i64) -> Vec<PortReservation> {
    store.read(move |tx| ports::list_taken(tx, &HostId::local(), moment(at))).await.unwrap()
}

#[tokio::test]
async fn reserved_port_is_taken_for_everybody_else() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    reserve(&store, 15_433, one, 0).await.unwrap();
    reserve(&store, 15_432, one, 0).await.unwrap();
    assert_eq!(conflict(reserve(&store, 15_432, other, 1).await), Constraint::HostPort);
    assert_eq!(taken(&store, 1).await, [reservation(15_432, Some(one)), reservation(15_433, Some(one))]);
    let elsewhere = store.read(|tx| ports::list_taken(tx, &HostId::new("other"), moment(1))).await.unwrap();
    assert!(elsewhere.is_empty());
}

#[tokio::test]
async fn port_on_another_address_is_still_the_same_port() {
    let store = Store::new();
    let one = store.database("one").await;
    reserve(&store, 15_432, one, 0).await.unwrap();
    let mut elsewhere = reservation(15_432, Some(one));
    elsewhere.address = "0.0.0.0".parse().unwrap();
    let refused = store.write(move |tx| ports::reserve(tx, &elsewhere, moment(0))).await;
    assert_eq!(conflict(refused), Constraint::HostPort);
}

#[tokio::test]
async fn released_port_is_free_at_once() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    reserve(&store, 15_432, one, 0).await.unwrap();
    reserve(&store, 15_433, other, 0).await.unwrap();
    store.write(move |tx| ports::release_of(tx, one, None)).await.unwrap();
    assert_eq!(taken(&store, 0).await, [reservation(15_433, Some(other))]);
    reserve(&store, 15_432, other, 0).await.unwrap();
}

#[tokio::test]
async fn quarantined_port_rests_until_its_time_even_when_its_database_is_gone() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    reserve(&store, 15_432, one, 0).await.unwrap();
    store.write(move |tx| ports::release_of(tx, one, Some(moment(100)))).await.unwrap();
    store.write(move |tx| ports::release_of(tx, one, Some(moment(500)))).await.unwrap();
    store.write(move |tx| databases::forget(tx, one)).await.unwrap();
    assert_eq!(taken(&store, 99).await, [reservation(15_432, None)]);
    assert_eq!(conflict(reserve(&store, 15_432, other, 99).await), Constraint::HostPort);
    assert!(taken(&store, 100).await.is_empty());
    reserve(&store, 15_432, other, 100).await.unwrap();
    assert_eq!(taken(&store, 100).await, [reservation(15_432, Some(other))]);
}

#[tokio::test]
async fn forgotten_database_holds_no_port() {
    let store = Store::new();
    let one = store.database("one").await;
    reserve(&store, 15_432, one, 0).await.unwrap();
    store.write(move |tx| databases::forget(tx, one)).await.unwrap();
    assert!(taken(&store, 0).await.is_empty());
}
