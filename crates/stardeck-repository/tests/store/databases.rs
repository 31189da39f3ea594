//! Queries of `managed_databases`.

use stardeck_domain::{
    ContainerId, ContainerName, DatabaseId, DatabaseStatus, DesiredState, Engine, Health, HostId, ImageId,
    JsonText, NetworkName, Origin, Role,
};
use stardeck_repository::{Constraint, Error, Page, Tx, databases, tombstones};

use crate::fixture::{Store, conflict, loopback, missing, moment, name, new_database, port};

fn with_status(
    id: DatabaseId,
    status: DatabaseStatus,
    reason: Option<&'static str>,
    at: i64,
) -> impl FnOnce(&mut Tx) -> Result<(), Error> + Send {
    move |tx| databases::set_status(tx, id, status, reason, moment(at))
}

#[tokio::test]
async fn new_database_is_creating_and_meant_to_run() {
    let store = Store::new();
    let mut new = new_database("shop");
    new.created_by = Some(store.user("ann", Role::Admin).await);
    let expected = new.clone();
    store.write(move |tx| databases::insert(tx, &new, moment(0))).await.unwrap();
    let found = store.read(move |tx| databases::get(tx, expected.id)).await.unwrap();
    assert_eq!(found.status, DatabaseStatus::Creating);
    assert_eq!(found.desired_state, DesiredState::Running);
    assert_eq!(found.health, Health::Unknown);
    assert_eq!(found.internal_host, "shop");
    assert_eq!((found.internal_port, found.external_port), (port(5432), Some(port(15432))));
    assert_eq!(found.bind_address, loopback());
    assert_eq!((found.engine, found.origin), (Engine::PostgreSql, Origin::Created));
    assert_eq!(found.image.to_string(), "docker.io/library/postgres:16");
    assert_eq!(found.container_name.as_str(), "stardeck-db-shop");
    assert_eq!((found.spec, found.settings), (expected.spec, JsonText::default()));
    assert_eq!((found.created_at, found.updated_at), (moment(0), moment(0)));
    assert_eq!((found.created_by, found.revision), (expected.created_by, 1));
    assert_eq!((found.container_id, found.image_id, found.digest), (None, None, None));
    assert_eq!((found.last_answer_at, found.deleted_at), (None, None));
    assert!(found.is_shared);
}

#[tokio::test]
async fn second_database_of_a_name_is_a_conflict_about_the_name() {
    let store = Store::new();
    store.database("shop").await;
    let twin = new_database("shop");
    let refused = store.write(move |tx| databases::insert(tx, &twin, moment(0))).await;
    assert_eq!(conflict(refused), Constraint::DatabaseName);
}

#[tokio::test]
async fn second_database_in_a_container_is_a_conflict_about_the_container() {
    let store = Store::new();
    store.database("shop").await;
    let mut other = new_database("books");
    other.container_name = ContainerName::of_database(&name("shop"));
    let refused = store.write(move |tx| databases::insert(tx, &other, moment(0))).await;
    assert_eq!(conflict(refused), Constraint::ContainerName);
}

#[tokio::test]
async fn database_on_an_unknown_host_is_a_conflict_about_the_reference() {
    let store = Store::new();
    let mut new = new_database("shop");
    new.host_id = HostId::new("elsewhere");
    let refused = store.write(move |tx| databases::insert(tx, &new, moment(0))).await;
    assert_eq!(conflict(refused), Constraint::Reference);
}

#[tokio::test]
async fn database_is_found_by_its_name_only() {
    let store = Store::new();
    let id = store.database("shop").await;
    let found = store.read(|tx| databases::find_by_name(tx, &name("shop"))).await.unwrap();
    assert_eq!(found.map(|database| database.id), Some(id));
    let none = store.read(|tx| databases::find_by_name(tx, &name("sho"))).await.unwrap();
    assert!(none.is_none());
}

#[tokio::test]
async fn pages_hold_every_database_once_and_in_order() {
    let store = Store::new();
    let mut ids = Vec::new();
    for text in ["e", "d", "c", "b", "a"] {
        ids.push(store.database(text).await);
    }
    let (mut seen, mut page, mut sizes) = (Vec::new(), Page { limit: 2, after: None }, Vec::new());
    loop {
        let asked = page.clone();
        let slice = store.read(move |tx| databases::list(tx, &asked)).await.unwrap();
        sizes.push(slice.items.len());
        seen.extend(slice.items.iter().map(|database| database.id));
        match slice.next {
            Some(next) => page.after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, ids);
    assert_eq!(sizes, [2, 2, 1]);
    let exact = store.read(|tx| databases::list(tx, &Page { limit: 5, after: None })).await.unwrap();
    assert_eq!((exact.items.len(), exact.next), (5, None));
    let none =
        store.read(|tx| databases::list(tx, &Page { limit: 0, after: Some("zzz".into()) })).await.unwrap();
    assert_eq!((none.items.len(), none.next), (0, None));
}

#[tokio::test]
async fn status_and_reason_change_together() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(with_status(id, DatabaseStatus::Error, Some("disk full"), 1)).await.unwrap();
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!((found.status, found.status_reason.as_deref()), (DatabaseStatus::Error, Some("disk full")));
    assert_eq!(found.updated_at, moment(1));
    store.write(with_status(id, DatabaseStatus::Error, None, 2)).await.unwrap();
    assert_eq!(store.read(move |tx| databases::get(tx, id)).await.unwrap().status_reason, None);
}

#[tokio::test]
async fn what_is_recorded_is_read_back() {
    let store = Store::new();
    let id = store.database("shop").await;
    store
        .write(move |tx| {
            databases::set_desired_state(tx, id, DesiredState::Stopped)?;
            databases::record_image(tx, id, &ImageId::new("sha256:aa"), Some("sha256:bb"))?;
            databases::record_plan(tx, id, &JsonText("[1]".to_owned()))?;
            databases::record_container(tx, id, Some(&ContainerId::new("c1")))?;
            databases::record_network(tx, id, &NetworkName::parse("own").unwrap())?;
            databases::set_description(tx, id, Some("the shop's"))
        })
        .await
        .unwrap();
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!(found.desired_state, DesiredState::Stopped);
    assert_eq!(found.image_id, Some(ImageId::new("sha256:aa")));
    assert_eq!(found.digest.as_deref(), Some("sha256:bb"));
    assert_eq!(found.spec.0, "[1]");
    assert_eq!(found.container_id, Some(ContainerId::new("c1")));
    assert_eq!(found.network.as_str(), "own");
    assert_eq!(found.description.as_deref(), Some("the shop's"));
    store.write(move |tx| databases::record_container(tx, id, None)).await.unwrap();
    assert_eq!(store.read(move |tx| databases::get(tx, id)).await.unwrap().container_id, None);
}

#[tokio::test]
async fn plan_that_is_no_json_is_refused() {
    let store = Store::new();
    let id = store.database("shop").await;
    let refused = store.write(move |tx| databases::record_plan(tx, id, &JsonText("{".to_owned()))).await;
    assert!(matches!(refused, Err(Error::Database(_))), "{refused:?}");
}

#[tokio::test]
async fn answer_of_the_engine_makes_it_running_and_healthy() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(with_status(id, DatabaseStatus::Starting, Some("waiting"), 1)).await.unwrap();
    store.write(move |tx| databases::mark_running(tx, id, Some("16.4"), moment(2))).await.unwrap();
    store.write(move |tx| databases::mark_running(tx, id, None, moment(3))).await.unwrap();
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!((found.status, found.health), (DatabaseStatus::Running, Health::Healthy));
    assert_eq!((found.status_reason, found.server_version.as_deref()), (None, Some("16.4")));
    assert_eq!((found.last_answer_at, found.updated_at), (Some(moment(3)), moment(3)));
}

#[tokio::test]
async fn missing_answer_keeps_the_time_of_the_last_one() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(move |tx| databases::mark_health(tx, id, Health::Healthy, Some(moment(5)))).await.unwrap();
    store.write(move |tx| databases::mark_health(tx, id, Health::Unhealthy, None)).await.unwrap();
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!((found.health, found.last_answer_at), (Health::Unhealthy, Some(moment(5))));
    assert_eq!(found.updated_at, moment(0), "being asked is no change");
}

#[tokio::test]
async fn tombstone_frees_the_name_and_is_seen_as_kept_only() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(move |tx| databases::record_container(tx, id, Some(&ContainerId::new("c1")))).await.unwrap();
    store.write(move |tx| tombstones::bury(tx, id, None, moment(9))).await.unwrap();
    store.write(move |tx| tombstones::bury(tx, id, None, moment(10))).await.unwrap();
    assert_eq!(missing(store.read(move |tx| databases::get(tx, id)).await), "database");
    assert_eq!(missing(store.write(with_status(id, DatabaseStatus::Running, None, 11)).await), "database");
    assert!(store.read(databases::list_all).await.unwrap().is_empty());
    assert!(store.read(|tx| databases::list(tx, &Page::default())).await.unwrap().items.is_empty());
    assert!(store.read(|tx| databases::find_by_name(tx, &name("shop"))).await.unwrap().is_none());
    let kept = store.read(tombstones::list_all).await.unwrap();
    assert_eq!(kept.iter().map(|database| database.id).collect::<Vec<_>>(), [id]);
    assert_eq!((kept[0].deleted_at, kept[0].container_id.clone()), (Some(moment(9)), None));

    let successor = store.database("shop").await;
    store.write(move |tx| tombstones::bury(tx, successor, None, moment(12))).await.unwrap();
    assert_eq!(store.read(tombstones::list_all).await.unwrap().len(), 2, "two tombstones may share a name");
}

#[tokio::test]
async fn forgetting_frees_the_name_and_can_be_repeated() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.write(move |tx| databases::forget(tx, id)).await.unwrap();
    store.write(move |tx| databases::forget(tx, id)).await.unwrap();
    assert_eq!(missing(store.read(move |tx| databases::get(tx, id)).await), "database");
    store.database("shop").await;
}

#[tokio::test]
async fn changes_to_an_unknown_database_are_not_found() {
    let store = Store::new();
    let id = DatabaseId::new();
    let image = ImageId::new("i");
    let results = store
        .write(move |tx| {
            Ok([
                databases::set_status(tx, id, DatabaseStatus::Error, None, moment(0)),
                databases::set_desired_state(tx, id, DesiredState::Running),
                databases::record_image(tx, id, &image, None),
                databases::record_plan(tx, id, &JsonText::default()),
                databases::record_container(tx, id, None),
                databases::record_network(tx, id, &NetworkName::data()),
                databases::set_description(tx, id, None),
                databases::mark_running(tx, id, None, moment(0)),
                databases::mark_health(tx, id, Health::Unknown, None),
                tombstones::bury(tx, id, None, moment(0)),
            ])
        })
        .await
        .unwrap();
    for result in results {
        assert_eq!(missing(result), "database");
    }
}

#[tokio::test]
async fn stored_text_that_no_version_writes_is_corrupt() {
    let store = Store::new();
    let id = store.database("shop").await;
    store.tamper("UPDATE managed_databases SET bind_address = 'nowhere'");
    match store.read(move |tx| databases::get(tx, id)).await {
        Err(Error::Corrupt { what }) => assert!(what.contains("managed_databases.bind_address"), "{what}"),
        other => panic!("{other:?}"),
    }
}
