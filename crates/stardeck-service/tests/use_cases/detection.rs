//! Finding what nobody manages yet: what is asked of the runtime for it, and what is left out.

use std::collections::BTreeSet;

use stardeck_domain::{Confidence, Engine};
use stardeck_service::{DetectedDatabase, Error, Page};
use stardeck_testkit::{ForeignContainer, Method, POSTGRES_16, ServicesBuilder, TestBed};

use super::support::{deploy, silence};

/// A container of the official image.
fn foreign(name: &str) -> ForeignContainer {
    ForeignContainer { name: name.to_owned(), image: Some(POSTGRES_16.to_owned()), ..Default::default() }
}

async fn detect(bed: &TestBed) -> Vec<DetectedDatabase> {
    let page = Page { limit: 1000, after: None };
    let slice = bed.services.databases.detect(page).await.unwrap();
    assert_eq!(slice.next, None);
    slice.items
}

fn names(found: &[DetectedDatabase]) -> BTreeSet<&str> {
    found.iter().map(|found| found.container_name.as_str()).collect()
}

#[tokio::test]
async fn what_others_made_is_found_and_what_we_made_is_not() {
    let bed = ServicesBuilder::new().start().await;
    deploy(&bed, "shop").await;
    bed.runtime.add_foreign_container(ForeignContainer { host_ports: vec![15_432], ..foreign("blog-db") });
    bed.runtime.add_foreign_container(ForeignContainer { name: "proxy".to_owned(), ..Default::default() });
    bed.runtime.add_foreign_container(ForeignContainer {
        command: vec!["pg_dump".to_owned(), "shop".to_owned()],
        ..foreign("nightly-dump")
    });
    let another = [("stardeck.managed".to_owned(), "true".to_owned())];
    bed.runtime
        .add_foreign_container(ForeignContainer { labels: another.into(), ..foreign("of-another-stardeck") });
    let found = detect(&bed).await;
    assert_eq!(names(&found), BTreeSet::from(["blog-db"]));
    let found = &found[0];
    assert_eq!((found.engine, found.confidence), (Engine::PostgreSql, Confidence::High));
    assert_eq!(found.version.as_ref().map(ToString::to_string).as_deref(), Some("16"));
    assert_eq!(found.ports.iter().map(|port| port.host_port.get()).collect::<Vec<_>>(), [15_432]);
    assert!(found.reasons.len() >= 4, "{:?}", found.reasons);
}

#[tokio::test]
async fn containers_and_images_are_looked_at_once() {
    let bed = ServicesBuilder::new().start().await;
    for number in 0..40 {
        bed.runtime.add_foreign_container(foreign(&format!("db-{number}")));
    }
    let counts = || {
        [Method::ListContainers, Method::FindImage, Method::FindContainer]
            .map(|method| bed.runtime.count(method))
    };
    let [lists, images, containers] = counts();
    assert_eq!(detect(&bed).await.len(), 40);
    assert_eq!(counts(), [lists + 1, images + 1, containers + 40]);
    assert_eq!(detect(&bed).await.len(), 40);
    assert_eq!(counts(), [lists + 2, images + 1, containers + 40], "everything is known now");
    bed.runtime.add_foreign_container(foreign("one-more"));
    drop(bed.runtime.take_container("db-7"));
    assert_eq!(detect(&bed).await.len(), 40);
    assert_eq!(counts(), [lists + 3, images + 1, containers + 41]);
}

#[tokio::test]
async fn long_lists_come_in_parts_without_gaps() {
    let bed = ServicesBuilder::new().start().await;
    for number in 0..7 {
        bed.runtime.add_foreign_container(foreign(&format!("db-{number}")));
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let slice = bed.services.databases.detect(Page { limit: 3, after }).await.unwrap();
        assert!(slice.items.len() <= 3);
        seen.extend(slice.items);
        after = slice.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!((seen.len(), names(&seen).len()), (7, 7));
}

#[tokio::test]
async fn silence_of_the_runtime_is_told_and_nothing_wrong_is_remembered() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    for method in [Method::ListContainers, Method::FindImage, Method::FindContainer] {
        bed.runtime.fail_method(method, silence(), 1);
        let failed = bed.services.databases.detect(Page::default()).await;
        assert!(matches!(failed, Err(Error::RuntimeUnavailable { .. })), "{method:?}: {failed:?}");
    }
    assert_eq!(names(&detect(&bed).await), BTreeSet::from(["blog-db"]));
}
