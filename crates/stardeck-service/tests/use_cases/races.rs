//! Two want the same thing at once.

use std::collections::BTreeSet;

use stardeck_domain::{DatabaseName, Engine};
use stardeck_engines::adapter;
use stardeck_service::{Error, databases::CreateDatabase};
use stardeck_testkit::{ServicesBuilder, create_request};

use super::support::{delete, deploy, everything, succeeded};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_creates_with_one_name_at_once_one_is_accepted() {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await;
    for round in 0..10 {
        let (databases, admin) = (&bed.services.databases, &bed.admin);
        let (one, other) = tokio::join!(
            databases.create(admin, create_request("shop")),
            databases.create(admin, create_request("shop"))
        );
        let (accepted, refused) = match (one, other) {
            (Ok(accepted), Err(refused)) | (Err(refused), Ok(accepted)) => (accepted, refused),
            both => panic!("round {round}: {both:?}"),
        };
        assert!(
            matches!(&refused, Error::NameTaken { name, .. } if name == "shop"),
            "round {round}: {refused:?}"
        );
        succeeded(&bed.wait_for(accepted.1.id).await);
        assert_eq!(bed.runtime.snapshot().containers.len(), 1);
        delete(&bed, &accepted.0).await;
        assert_eq!(everything(&bed).await, before, "round {round}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn databases_exposed_at_once_get_different_ports() {
    let bed = ServicesBuilder::new().start().await;
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (databases, admin) = (bed.services.databases.clone(), bed.admin.clone());
        tasks.spawn(async move {
            let mut request = create_request(&format!("shop-{number}"));
            request.expose_port = true;
            databases.create(&admin, request).await.unwrap()
        });
    }
    let mut ports = BTreeSet::new();
    for (database, operation) in tasks.join_all().await {
        succeeded(&bed.wait_for(operation.id).await);
        ports.insert(database.external_port.unwrap());
    }
    assert_eq!(ports.len(), 8);
    assert_eq!(bed.runtime.snapshot().networks.len(), 1, "one data network for all");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_fifty_exposed_at_once_as_many_are_accepted_as_there_are_ports() {
    let bed = ServicesBuilder::new().start().await;
    let range = adapter(Engine::Redis).info().port_range;
    let request = super::engines::request(&bed, Engine::Redis);
    let mut tasks = tokio::task::JoinSet::new();
    for number in 0..50 {
        let (databases, admin) = (bed.services.databases.clone(), bed.admin.clone());
        let name = DatabaseName::parse(&format!("cache-{number}")).unwrap();
        let request = CreateDatabase { name, expose_port: true, ..request.clone() };
        tasks.spawn(async move { databases.create(&admin, request).await });
    }
    let (mut ports, mut refused) = (BTreeSet::new(), 0);
    for outcome in tasks.join_all().await {
        match outcome {
            Ok((database, operation)) => {
                succeeded(&bed.wait_for(operation.id).await);
                ports.insert(database.external_port.unwrap());
            }
            Err(Error::PortsExhausted { .. }) => refused += 1,
            Err(error) => panic!("{error:?}"),
        }
    }
    assert_eq!((ports.len(), refused), (range.iter().count(), 50 - range.iter().count()));
    let (runtime, store) = everything(&bed).await;
    assert_eq!((runtime.containers.len(), store.databases.len(), store.ports.len()), (21, 21, 21));
    assert_eq!(runtime.volumes.len(), store.volumes.len(), "none of those refused left anything");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_verbs_at_once_one_is_accepted() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    for round in 0..5 {
        let (databases, admin, id) = (&bed.services.databases, &bed.admin, database.id);
        let (stop, restart) = tokio::join!(databases.stop(admin, id), databases.restart(admin, id));
        let operation = match (stop, restart) {
            (Ok((_, operation)), Err(error)) | (Err(error), Ok((_, operation))) => {
                // The slower one sees either the operation or, when that was very fast, what it left.
                match error {
                    Error::OperationInProgress { operation: other } => assert_eq!(other, operation.id),
                    Error::InvalidTransition { .. } => {}
                    other => panic!("round {round}: {other:?}"),
                }
                operation
            }
            (Ok((_, stop)), Ok((_, restart))) => {
                // A restart that ended before the stop came is no conflict.
                succeeded(&bed.wait_for(restart.id).await);
                stop
            }
            both => panic!("round {round}: {both:?}"),
        };
        succeeded(&bed.wait_for(operation.id).await);
        if let Ok((_, start)) = databases.start(admin, id).await {
            succeeded(&bed.wait_for(start.id).await);
        }
    }
}
