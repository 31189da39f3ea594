//! Other people's objects on the same Podman, another Stardeck's among them, are never touched.

use stardeck_domain::{DatabaseStatus, FailureCode, InstanceId, OperationId};
use stardeck_service::{
    databases::DataFate,
    runtime::{Labels, NetworkDetails},
};
use stardeck_testkit::{
    ForeignContainer, Method, ServicesBuilder, TestBed, create_request, delete_request, until,
};

use super::support::{SHOP, delete, deploy, everything, refusal, runs, succeeded, undone};

/// The labels another Stardeck gives to objects of a database with the same id.
fn labels_of_another(database: stardeck_domain::DatabaseId) -> Labels {
    [
        ("stardeck.managed", "true".to_owned()),
        ("stardeck.instance", InstanceId::new().to_string()),
        ("stardeck.database", database.to_string()),
        ("stardeck.operation", OperationId::new().to_string()),
    ]
    .into_iter()
    .map(|(key, value)| (key.to_owned(), value))
    .collect()
}

fn without_one_that_ran(bed: &TestBed) -> stardeck_testkit::Snapshot {
    bed.runtime.snapshot().without_network_and_images()
}

/// A create is held before it makes something; in that moment somebody else makes an object of the same name.
async fn meets(method: Method, make: impl Fn(&TestBed, &str, Labels)) {
    let bed = ServicesBuilder::new().start().await;
    let before = everything(&bed).await.1;
    bed.runtime.hang_method(method);
    let (database, operation) =
        bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    bed.runtime.until_hanging().await;
    let name = bed.runtime.journal().into_iter().rev().find(|call| call.method == method).unwrap().subject;
    make(&bed, &name, labels_of_another(database.id));
    bed.runtime.release();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::NameTaken, "{method:?}");
    let left = without_one_that_ran(&bed);
    assert_eq!(left.containers.len() + left.volumes.len() + left.secrets.len(), 1, "{left:#?}");
    assert_eq!(everything(&bed).await.1, before);
}

#[tokio::test]
async fn container_of_the_same_name_stops_the_create_and_stays() {
    for method in [Method::FindContainer, Method::CreateContainer] {
        meets(method, |bed, _, labels| {
            let name = SHOP.to_owned();
            bed.runtime.add_foreign_container(ForeignContainer { name, labels, ..Default::default() });
        })
        .await;
    }
}

#[tokio::test]
async fn volume_of_the_same_name_stops_the_create_and_stays() {
    for method in [Method::FindVolume, Method::CreateVolume] {
        meets(method, |bed, name, labels| bed.runtime.add_foreign_volume(name, labels)).await;
    }
}

#[tokio::test]
async fn secret_of_the_same_name_stops_the_create_and_stays() {
    for method in [Method::FindSecret, Method::CreateSecret] {
        meets(method, |bed, name, labels| bed.runtime.add_foreign_secret(name, labels)).await;
    }
}

#[tokio::test]
async fn removal_and_undo_take_only_what_carries_our_labels() {
    let bed = ServicesBuilder::new().start().await;
    let database = deploy(&bed, "shop").await;
    let labels = labels_of_another(database.id);
    let unlabelled = Labels::new();
    bed.runtime.add_foreign_volume("theirs", labels.clone());
    bed.runtime.add_foreign_volume("stardeck-shop-data", unlabelled.clone());
    bed.runtime.add_foreign_secret("stardeck-shop", unlabelled);
    let foreign = ForeignContainer { name: "theirs".to_owned(), labels, ..Default::default() };
    bed.runtime.add_foreign_container(foreign);
    delete(&bed, &database).await;
    let (left, _) = everything(&bed).await;
    assert_eq!((left.containers.len(), left.volumes.len(), left.secrets.len()), (1, 2, 1), "{left:#?}");

    bed.runtime.fail_method(Method::StartContainer, refusal(), 1);
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    undone(&bed.wait_for(operation.id).await);
    assert_eq!(everything(&bed).await.0, left);
}

#[tokio::test]
async fn container_of_the_same_name_in_place_of_ours_is_left_alone() {
    let bed = ServicesBuilder::new().observing_every(std::time::Duration::from_millis(20)).start().await;
    let database = deploy(&bed, "shop").await;
    drop(bed.runtime.take_container(SHOP));
    let labels = labels_of_another(database.id);
    bed.runtime.add_foreign_container(ForeignContainer {
        name: SHOP.to_owned(),
        labels,
        ..Default::default()
    });
    let theirs = bed.runtime.snapshot().containers[SHOP].clone();
    until("that ours is missing", || async {
        let row = bed.services.databases.get(database.id).await.unwrap();
        (row.status == DatabaseStatus::Missing).then_some(())
    })
    .await;
    let request = delete_request("shop", DataFate::Delete);
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let (left, _) = everything(&bed).await;
    assert_eq!(left.containers[SHOP], theirs);
    assert!(left.volumes.is_empty() && left.secrets.is_empty());
}

#[tokio::test]
async fn two_stardecks_share_one_podman_and_its_data_network() {
    let one = ServicesBuilder::new().start().await;
    let other = ServicesBuilder::new().runtime(one.runtime.clone()).start().await;
    let shop = deploy(&one, "shop").await;
    let error = other.services.databases.create(&other.admin, create_request("shop")).await.unwrap_err();
    assert!(matches!(error, stardeck_service::Error::NameTaken { .. }), "{error:?}");
    let blog = deploy(&other, "blog").await;
    assert_eq!(one.runtime.snapshot().networks.len(), 1);
    delete(&other, &blog).await;
    runs(&one, &shop).await;
    assert_eq!(one.runtime.snapshot().containers.len(), 1);
}

#[tokio::test]
async fn taken_range_is_passed_over_for_the_data_network() {
    let bed = ServicesBuilder::new().start().await;
    let taken = stardeck_domain::DATA_SUBNET;
    bed.runtime.add_network(NetworkDetails {
        name: "theirs".to_owned(),
        labels: Labels::new(),
        dns_enabled: false,
        subnets: vec![taken],
    });
    deploy(&bed, "shop").await;
    let network = bed.runtime.snapshot().networks["stardeck-data"].clone();
    assert_ne!(network.subnets, [taken]);
    assert_eq!(network.subnets.len(), 1);
}

#[tokio::test]
async fn data_network_without_name_resolution_is_refused_and_left() {
    let bed = ServicesBuilder::new().start().await;
    let theirs = NetworkDetails {
        name: "stardeck-data".to_owned(),
        labels: Labels::new(),
        dns_enabled: false,
        subnets: vec![stardeck_domain::DATA_SUBNET],
    };
    bed.runtime.add_network(theirs.clone());
    let (_, operation) = bed.services.databases.create(&bed.admin, create_request("shop")).await.unwrap();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    assert!(operation.error.unwrap().detail.contains("name resolution"));
    assert_eq!(bed.runtime.snapshot().networks["stardeck-data"], theirs);
}
