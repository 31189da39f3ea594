//! Queries of `volumes`.

use stardeck_domain::{DatabaseId, Volume, VolumeId, VolumeKind, VolumeState};
use stardeck_repository::{Constraint, Error, databases, tombstones, volumes};

use crate::fixture::{Store, conflict, moment};

fn volume(database: DatabaseId, mount_path: &str) -> Volume {
    Volume {
        id: VolumeId::new(),
        database_id: database,
        name: format!("stardeck-{database}"),
        mount_path: mount_path.to_owned(),
        kind: VolumeKind::Named,
        major: Some(16),
        owned: true,
        initialised: false,
        state: VolumeState::Attached,
        created_at: moment(0),
    }
}

async fn insert(store: &Store, volume: &Volume) -> Result<(), Error> {
    let volume = volume.clone();
    store.write(move |tx| volumes::insert(tx, &volume)).await
}

async fn of(store: &Store, database: DatabaseId) -> Vec<Volume> {
    store.read(move |tx| volumes::list_of(tx, database)).await.unwrap()
}

#[tokio::test]
async fn volumes_are_read_back_whole_and_in_order() {
    let store = Store::new();
    let database = store.database("shop").await;
    let data = volume(database, "/var/lib/data");
    let mut config = volume(database, "/etc/config");
    (config.kind, config.major, config.owned) = (VolumeKind::Bind, None, false);
    insert(&store, &data).await.unwrap();
    insert(&store, &config).await.unwrap();
    assert_eq!(of(&store, database).await, [data, config]);
}

#[tokio::test]
async fn second_volume_at_a_mount_path_is_a_conflict() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    insert(&store, &volume(one, "/data")).await.unwrap();
    insert(&store, &volume(other, "/data")).await.unwrap();
    assert_eq!(conflict(insert(&store, &volume(one, "/data")).await), Constraint::VolumeMount);
    let lost = volume(DatabaseId::new(), "/data");
    assert_eq!(conflict(insert(&store, &lost).await), Constraint::Reference);
}

#[tokio::test]
async fn login_marks_all_volumes_of_that_database_initialised() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    insert(&store, &volume(one, "/data")).await.unwrap();
    insert(&store, &volume(one, "/wal")).await.unwrap();
    insert(&store, &volume(other, "/data")).await.unwrap();
    store.write(move |tx| volumes::mark_initialised(tx, one)).await.unwrap();
    assert!(of(&store, one).await.iter().all(|volume| volume.initialised));
    assert!(of(&store, other).await.iter().all(|volume| !volume.initialised));
}

#[tokio::test]
async fn kept_volumes_outlive_the_deletion_until_they_are_deleted_themselves() {
    let store = Store::new();
    let (one, other) = (store.database("one").await, store.database("other").await);
    let kept = volume(one, "/data");
    insert(&store, &kept).await.unwrap();
    insert(&store, &volume(other, "/data")).await.unwrap();
    store
        .write(move |tx| {
            volumes::mark_kept(tx, one)?;
            tombstones::bury(tx, one, None, moment(1))
        })
        .await
        .unwrap();
    assert_eq!(of(&store, one).await, [Volume { state: VolumeState::Kept, ..kept.clone() }]);
    assert_eq!(of(&store, other).await[0].state, VolumeState::Attached);
    store.write(move |tx| volumes::mark_attached(tx, one)).await.unwrap();
    assert_eq!(of(&store, one).await, std::slice::from_ref(&kept));
    store.write(move |tx| volumes::delete(tx, kept.id)).await.unwrap();
    store.write(move |tx| volumes::delete(tx, kept.id)).await.unwrap();
    assert!(of(&store, one).await.is_empty());
    assert_eq!(of(&store, other).await.len(), 1);
}

#[tokio::test]
async fn forgotten_database_has_no_volumes() {
    let store = Store::new();
    let database = store.database("shop").await;
    insert(&store, &volume(database, "/data")).await.unwrap();
    store.write(move |tx| databases::forget(tx, database)).await.unwrap();
    assert!(of(&store, database).await.is_empty());
}
