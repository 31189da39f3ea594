//! Adopted databases whose containers are made anew by hand, without labels by which they could be known.

use stardeck_domain::DatabaseStatus;
use stardeck_service::Page;
use stardeck_testkit::{ForeignContainer, ServicesBuilder, until};

use super::adoption::{adopt, foreign};

#[tokio::test]
async fn a_stranger_of_its_name_is_left_alone() {
    let bed = ServicesBuilder::new().telling_events().start().await;
    bed.runtime.add_foreign_container(ForeignContainer {
        binds: vec![("/etc/localtime".to_owned(), "/etc/localtime".to_owned())],
        ..foreign("blog-db")
    });
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    drop(bed.runtime.take_container("blog-db"));
    bed.runtime.add_foreign_container(ForeignContainer {
        volumes: vec!["another".to_owned()],
        binds: vec![("/etc/localtime".to_owned(), "/etc/localtime".to_owned())],
        ..foreign("blog-db")
    });
    let before = bed.runtime.snapshot();
    let missing = until("the loss", || async {
        let row = bed.services.databases.get(database.id).await.unwrap();
        let is_told = row.status_reason.as_deref().is_some_and(|reason| reason.contains("another one"));
        (row.status == DatabaseStatus::Missing && is_told).then_some(row)
    })
    .await;
    assert!(missing.status_reason.unwrap().contains("whoever made it has to make it again"));
    assert_eq!(bed.services.databases.detect(Page::default()).await.unwrap().items.len(), 1);
    bed.services.databases.release(&bed.admin, database.id).await.unwrap();
    until("the release", || async { bed.services.databases.get(database.id).await.err() }).await;
    assert_eq!(bed.runtime.snapshot(), before, "the other one is as it was");
}

#[tokio::test]
async fn one_on_the_same_data_is_found() {
    let bed = ServicesBuilder::new().telling_events().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let first = bed.services.databases.get(database.id).await.unwrap().container_id;
    drop(bed.runtime.take_container("blog-db"));
    bed.runtime.add_foreign_container(foreign("blog-db"));
    until("the new container", || async {
        let row = bed.services.databases.get(database.id).await.unwrap();
        (row.status == DatabaseStatus::Running && row.container_id != first).then_some(())
    })
    .await;
}
