//! Deleting an adopted database with its data, of which the user takes ownership.

use stardeck_domain::{ManagedDatabase, Operation, OperationState, Origin};
use stardeck_service::{
    Error,
    databases::{DataFate, DeleteDatabase},
};
use stardeck_testkit::{
    ForeignContainer, Method, ServicesBuilder, TestBed, count_credentials, delete_request,
};

use super::{
    adoption::{adopt, foreign},
    support::{everything, refusal, succeeded},
};

/// A removal with the data, of which the user takes ownership.
async fn delete_all(bed: &TestBed, database: &ManagedDatabase) -> Result<Operation, Error> {
    let request =
        DeleteDatabase { take_ownership: true, ..delete_request(database.name.as_str(), DataFate::Delete) };
    let operation = bed.services.databases.delete(&bed.admin, database.id, request).await?;
    Ok(bed.wait_for(operation.id).await)
}

#[tokio::test]
async fn adopted_database_goes_with_its_data_when_the_user_takes_ownership() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    bed.runtime.add_foreign_container(ForeignContainer {
        volumes: vec!["blog-db-data".to_owned()],
        ..foreign("backup")
    });
    bed.runtime.add_foreign_container(foreign("other"));
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let before = everything(&bed).await;
    let refused = delete_all(&bed, &database).await;
    let Err(Error::VolumeInUse { holder }) = refused else { panic!("{refused:?}") };
    assert_eq!(holder, "container backup mounts blog-db-data");
    assert_eq!(everything(&bed).await, before);

    drop(bed.runtime.take_container("backup"));
    bed.runtime.fail_method(Method::RemoveVolume, refusal(), 1);
    let failed = delete_all(&bed, &database).await.unwrap();
    assert_eq!(failed.state, OperationState::Failed, "{failed:?}");
    assert_eq!(bed.services.databases.get(database.id).await.unwrap().origin, Origin::Adopted);
    succeeded(&delete_all(&bed, &database).await.unwrap());
    let after = bed.runtime.snapshot();
    assert_eq!(after.containers.keys().collect::<Vec<_>>(), ["other"]);
    assert_eq!(after.volumes.keys().collect::<Vec<_>>(), ["other-data"]);
    assert!(matches!(bed.services.databases.get(database.id).await, Err(Error::NotFound { .. })));
    assert_eq!(count_credentials(&bed.db, database.id).await, 0);
}

#[tokio::test]
async fn what_systemd_runs_is_not_deleted_here() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(ForeignContainer {
        labels: [("PODMAN_SYSTEMD_UNIT".to_owned(), "blog-db.service".to_owned())].into(),
        ..foreign("blog-db")
    });
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let before = everything(&bed).await;
    let refused = delete_all(&bed, &database).await;
    let Err(Error::ManagedElsewhere { lines }) = refused else { panic!("{refused:?}") };
    assert_eq!(
        lines,
        ["systemctl stop blog-db.service", "podman rm --force blog-db", "podman volume rm blog-db-data"]
    );
    assert_eq!(everything(&bed).await, before);
}
