//! Volumes, named and anonymous.

use std::collections::BTreeMap;

use stardeck_podman::{
    CreateContainer, CreateVolume, ErrorKind, Filters, ListContainers, NamedVolume, RemoveContainer,
};

use super::scope::Scope;
use super::tar::image_archive;

#[tokio::test]
async fn volume_is_made_found_and_removed() {
    let scope = Scope::new().await;
    let volumes = scope.client.volumes();
    let labels = BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))]);
    let spec = CreateVolume { name: scope.name("v"), labels, ..CreateVolume::default() };
    let created = volumes.create(&spec).await.unwrap();
    assert!(created.mountpoint.ends_with("/_data") && created.created_at.is_some());
    let inspected = volumes.inspect(&spec.name).await.unwrap();
    assert_eq!((&inspected.labels, inspected.anonymous), (&spec.labels, false));
    let filters = Filters::from([("label".to_owned(), vec![format!("sdp.scope={}", scope.name(""))])]);
    assert_eq!(volumes.list(&filters).await.unwrap().len(), 1);
    let error = volumes.create(&spec).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameInUse, "{error:?}");
    assert!(volumes.exists(&spec.name).await.unwrap());
    volumes.remove(&spec.name).await.unwrap();
    assert!(!volumes.exists(&spec.name).await.unwrap());
    for error in
        [volumes.remove(&spec.name).await.unwrap_err(), volumes.inspect(&spec.name).await.unwrap_err()]
    {
        assert_eq!(error.kind(), ErrorKind::VolumeMissing, "{error:?}");
        assert!(error.is_not_found());
    }
}

#[tokio::test]
async fn volume_in_use_is_not_removed() {
    let scope = Scope::new().await;
    let volume = NamedVolume { name: scope.name("v"), dest: "/data".into(), options: vec![] };
    scope.create(&CreateContainer { volumes: vec![volume], ..scope.sleeper("user") }).await.unwrap();
    let error = scope.client.volumes().remove(&scope.name("v")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::VolumeInUse, "{error:?}");
    assert!(error.is_conflict());
}

#[tokio::test]
async fn removal_with_volumes_takes_anonymous_ones_and_leaves_named_ones() {
    let scope = Scope::new().await;
    let reference = scope.reference("volumes");
    scope.client.images().load(image_archive(&reference).into()).await.unwrap();
    let spec = CreateContainer {
        name: scope.name("user"),
        image: reference,
        volumes: vec![NamedVolume { name: scope.name("named"), dest: "/named".into(), options: vec![] }],
        ..CreateContainer::default()
    };
    scope.create(&spec).await.unwrap();
    let mounts = scope.client.containers().inspect(&spec.name).await.unwrap().mounts;
    let anonymous = mounts.iter().find(|mount| mount.destination == "/var/data").unwrap().name.clone();
    assert!(scope.client.volumes().exists(&anonymous).await.unwrap());
    let remove = RemoveContainer { volumes: true, ..RemoveContainer::default() };
    scope.client.containers().remove(&spec.name, &remove).await.unwrap();
    assert!(!scope.client.volumes().exists(&anonymous).await.unwrap());
    assert!(scope.client.volumes().exists(&scope.name("named")).await.unwrap());
}

#[tokio::test]
async fn users_of_a_volume_are_found_by_its_name_and_its_size_is_told() {
    let scope = Scope::new().await;
    let volume = NamedVolume { name: scope.name("v"), dest: "/data".into(), options: vec![] };
    let other = NamedVolume { name: scope.name("v2"), dest: "/data".into(), options: vec![] };
    let script = "head -c 300000 /dev/zero > /data/zeros";
    let writer = CreateContainer { volumes: vec![volume], ..scope.shell("writer", script) };
    scope.run(&writer).await;
    scope.create(&CreateContainer { volumes: vec![other], ..scope.sleeper("bystander") }).await.unwrap();

    let filters = Filters::from([("volume".to_owned(), vec![scope.name("v")])]);
    let options = ListContainers { all: true, filters };
    let users = scope.client.containers().list(&options).await.unwrap();
    let names: Vec<_> = users.iter().filter_map(|user| user.name()).collect();
    assert_eq!(
        names,
        [scope.name("writer")],
        "one that ended counts, one on a volume of a similar name does not"
    );

    let usage = scope.client.system().disk_usage().await.unwrap();
    let found = usage.volumes.iter().find(|volume| volume.name == scope.name("v")).unwrap();
    assert!((300_000..400_000).contains(&found.size), "{found:?}");
    assert_eq!(found.links, 1);
}
