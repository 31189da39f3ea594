//! Databases are found by their name on their network, also when the name server missed something.

use stardeck_domain::{ManagedDatabase, Operation};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request};

use super::support::{SHOP, deploy, refusal, runs, succeeded};

async fn created(bed: &TestBed) -> (ManagedDatabase, Operation) {
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    succeeded(&operation);
    (database, operation)
}

async fn told(bed: &TestBed, operation: &Operation) -> Vec<String> {
    let log = bed.services.operations.log(operation.id, 0, 100).await.unwrap();
    log.into_iter().map(|line| line.line).collect()
}

#[tokio::test]
async fn known_name_is_asked_for_once_and_the_container_left_alone() {
    let bed = ServicesBuilder::new().start().await;
    created(&bed).await;
    assert_eq!(bed.runtime.count(Method::Resolve), 1);
    assert_eq!(bed.runtime.count(Method::DisconnectNetwork), 0);
}

#[tokio::test]
async fn start_that_the_name_server_missed_is_repaired_and_told() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.miss_changes(1);
    let (database, operation) = created(&bed).await;
    runs(&bed, &database).await;
    let told = told(&bed, &operation).await;
    assert!(
        told.contains(&"the name server of stardeck-data had missed shop, and knows it now".to_owned()),
        "{told:?}"
    );
    assert_eq!(bed.runtime.count(Method::DisconnectNetwork), 1);
    let names = &bed.runtime.snapshot().containers[SHOP].networks["stardeck-data"];
    assert_eq!(names[0], "shop", "{names:?}");
    assert!(names[1].starts_with("db-"), "{names:?}");
}

#[tokio::test]
async fn refusal_to_leave_the_network_is_no_end() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.miss_changes(1);
    bed.runtime.lose_answer_of(Method::DisconnectNetwork, refusal(), 1);
    let (database, _) = created(&bed).await;
    runs(&bed, &database).await;
    assert_eq!(bed.runtime.snapshot().containers[SHOP].networks["stardeck-data"][0], "shop");
}

#[tokio::test]
async fn name_server_that_misses_everything_is_told_and_stops_nothing() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.miss_changes(100);
    let (database, operation) = created(&bed).await;
    runs(&bed, &database).await;
    let told = told(&bed, &operation).await;
    assert!(told.contains(&"the name server of stardeck-data does not know shop".to_owned()), "{told:?}");
}

#[tokio::test]
async fn database_that_was_taken_off_its_network_is_on_it_after_a_start() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let (_, stop) = bed.services.databases.stop(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(stop.id).await);
    bed.runtime.detach_container(SHOP);
    let (_, start) = bed.services.databases.start(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(start.id).await);
    runs(&bed, &database).await;
    assert_eq!(bed.runtime.snapshot().containers[SHOP].networks["stardeck-data"][0], "shop");
}
