//! Queries about databases that were deleted with their data kept.

use stardeck_domain::{
    ContainerName, DatabaseId, DatabaseStatus, DesiredState, Health, ImageId, ManagedDatabase, NewDatabase,
    Role, Tombstone, VersionTag,
};
use stardeck_repository::{Constraint, Error, Page, databases, tombstones};

use crate::fixture::{Store, conflict, missing, moment, name, new_database, port};

/// A tombstone that was a database with an image and a note.
async fn buried(store: &Store, text: &str) -> ManagedDatabase {
    let id = store.database(text).await;
    store
        .write(move |tx| {
            databases::record_image(tx, id, &ImageId::new("image-1"), Some("digest-1"))?;
            databases::set_description(tx, id, Some("the old one"))?;
            databases::mark_running(tx, id, Some("16.4"), moment(1))?;
            tombstones::bury(tx, id, None, moment(2))
        })
        .await
        .unwrap();
    find(store, id).await.unwrap()
}

async fn find(store: &Store, id: DatabaseId) -> Option<ManagedDatabase> {
    store.read(move |tx| tombstones::find(tx, id)).await.unwrap()
}

fn successor(of: &ManagedDatabase, text: &str) -> NewDatabase {
    NewDatabase {
        id: of.id,
        version: VersionTag::parse("16.9").unwrap(),
        external_port: Some(port(5499)),
        is_shared: false,
        ..new_database(text)
    }
}

async fn revive(store: &Store, new: NewDatabase) -> Result<(), Error> {
    store.write(move |tx| tombstones::revive(tx, &new, None, moment(5))).await
}

#[tokio::test]
async fn tombstones_say_when_and_by_whom_and_are_listed_in_parts() {
    let store = Store::new();
    let ann = store.user("ann", Role::Admin).await;
    let ids = [store.database("one").await, store.database("two").await, store.database("three").await];
    store.database("living").await;
    for id in ids {
        store.write(move |tx| tombstones::bury(tx, id, Some(ann), moment(3))).await.unwrap();
    }
    let kept = find(&store, ids[0]).await.unwrap();
    assert_eq!((kept.deleted_at, kept.deleted_by), (Some(moment(3)), Some(ann)));

    let first = store.read(|tx| tombstones::list(tx, &Page { limit: 2, after: None })).await.unwrap();
    assert_eq!(first.items.iter().map(|kept| kept.id).collect::<Vec<_>>(), ids[..2]);
    let page = Page { limit: 2, after: first.next };
    let second = store.read(move |tx| tombstones::list(tx, &page)).await.unwrap();
    assert_eq!(second.items.iter().map(|kept| kept.id).collect::<Vec<_>>(), ids[2..]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn living_or_unknown_databases_are_no_tombstones() {
    let store = Store::new();
    let id = store.database("shop").await;
    assert!(find(&store, id).await.is_none());
    assert!(find(&store, DatabaseId::new()).await.is_none());
    let mut living = new_database("other");
    living.id = id;
    assert_eq!(missing(revive(&store, living).await), "kept volume");
    assert_eq!(missing(revive(&store, new_database("ghost")).await), "kept volume");
}

#[tokio::test]
async fn revived_tombstone_is_a_new_database_with_its_old_id_and_administrator() {
    let store = Store::new();
    let kept = buried(&store, "shop").await;
    revive(&store, successor(&kept, "store")).await.unwrap();
    assert!(find(&store, kept.id).await.is_none());
    let id = kept.id;
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!((found.name.as_str(), found.internal_host.as_str()), ("store", "store"));
    assert_eq!(found.container_name, ContainerName::of_database(&name("store")));
    assert_eq!((found.status, found.desired_state), (DatabaseStatus::Creating, DesiredState::Running));
    assert_eq!((found.health, found.last_answer_at), (Health::Unknown, None));
    assert_eq!((found.version.as_str(), found.external_port), ("16.9", Some(port(5499))));
    assert_eq!((found.image_id, found.digest), (None, None), "another image was asked for");
    assert_eq!((found.deleted_at, found.deleted_by), (None, None));
    assert_eq!((found.created_at, found.admin_user), (kept.created_at, kept.admin_user));
    assert!(!found.is_shared);
}

#[tokio::test]
async fn recorded_image_stays_when_it_is_given() {
    let store = Store::new();
    let kept = buried(&store, "shop").await;
    let (id, new) = (kept.id, successor(&kept, "shop"));
    store
        .write(move |tx| {
            tombstones::revive(tx, &new, Some((&ImageId::new("image-1"), Some("digest-1"))), moment(5))
        })
        .await
        .unwrap();
    let found = store.read(move |tx| databases::get(tx, id)).await.unwrap();
    assert_eq!((found.image_id, found.digest.as_deref()), (Some(ImageId::new("image-1")), Some("digest-1")));
}

#[tokio::test]
async fn name_of_a_living_database_can_not_be_taken_by_a_tombstone() {
    let store = Store::new();
    let kept = buried(&store, "shop").await;
    store.database("shop").await;
    let result = revive(&store, successor(&kept, "shop")).await;
    assert_eq!(conflict(result), Constraint::DatabaseName);
    assert!(find(&store, kept.id).await.is_some());
}

#[tokio::test]
async fn restored_tombstone_is_as_it_was_and_can_be_restored_again() {
    let store = Store::new();
    let kept = buried(&store, "shop").await;
    let tombstone = Tombstone::of(&kept, Vec::new()).unwrap();
    revive(&store, successor(&kept, "store")).await.unwrap();
    let id = kept.id;
    for _ in 0..2 {
        let again = tombstone.clone();
        store.write(move |tx| tombstones::restore(tx, id, &again)).await.unwrap();
        let restored = find(&store, id).await.unwrap();
        assert_eq!(Tombstone::of(&restored, Vec::new()), Some(tombstone.clone()));
        assert_eq!(
            (&restored.internal_host, &restored.container_name),
            (&kept.internal_host, &kept.container_name)
        );
        assert_eq!((restored.desired_state, restored.external_port), (DesiredState::Absent, None));
    }
    let unknown = DatabaseId::new();
    let result = store.write(move |tx| tombstones::restore(tx, unknown, &tombstone)).await;
    assert_eq!(missing(result), "kept volume");
}
