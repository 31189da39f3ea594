//! Removing what nobody uses, of one owner only.

use std::collections::BTreeMap;

use stardeck_podman::{
    CreateContainer, CreateNetwork, CreateVolume, Error, Filters, NamedVolume, NetworkAttachment,
};

use super::scope::Scope;

fn owned(scope: &Scope) -> BTreeMap<String, String> {
    BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))])
}

fn filters(scope: &Scope) -> Filters {
    Filters::from([("label".to_owned(), vec![format!("sdp.scope={}", scope.name(""))])])
}

#[tokio::test]
async fn only_stopped_containers_of_the_owner_are_pruned() {
    let scope = Scope::new().await;
    let labelled = |name: &str| CreateContainer { labels: owned(&scope), ..scope.sleeper(name) };
    let running = scope.run(&labelled("running")).await;
    let idle = scope.create(&labelled("idle")).await.unwrap();
    scope.create(&scope.sleeper("foreign")).await.unwrap();
    assert_eq!(scope.client.containers().prune(&filters(&scope)).await.unwrap(), [idle.id]);
    for name in [running, scope.name("foreign")] {
        assert!(scope.client.containers().exists(&name).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn only_unused_volumes_and_networks_of_the_owner_are_pruned() {
    let scope = Scope::new().await;
    for name in ["used", "unused", "foreign"] {
        let labels = if name == "foreign" { BTreeMap::new() } else { owned(&scope) };
        let volume =
            CreateVolume { name: scope.name(name), labels: labels.clone(), ..CreateVolume::default() };
        scope.client.volumes().create(&volume).await.unwrap();
        let network = CreateNetwork { name: scope.name(name), labels, ..CreateNetwork::default() };
        scope.client.networks().create(&network).await.unwrap();
    }
    let volume = NamedVolume { name: scope.name("used"), dest: "/data".into(), ..NamedVolume::default() };
    let networks = [(scope.name("used"), NetworkAttachment::default())].into();
    // Not even started: its data is its own all the same.
    scope
        .create(&CreateContainer { volumes: vec![volume], networks, ..scope.sleeper("user") })
        .await
        .unwrap();
    assert_eq!(scope.client.volumes().prune(&filters(&scope)).await.unwrap(), [scope.name("unused")]);
    assert_eq!(scope.client.networks().prune(&filters(&scope)).await.unwrap(), [scope.name("unused")]);
    for name in ["used", "foreign"] {
        assert!(scope.client.volumes().exists(&scope.name(name)).await.unwrap(), "{name}");
        assert!(scope.client.networks().exists(&scope.name(name)).await.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn only_images_that_no_container_uses_are_pruned() {
    let scope = Scope::new().await;
    let images = scope.client.images();
    let (used, unused) = (scope.reference("used"), scope.reference("unused"));
    // Each archive's image is labelled with its own reference.
    let only = |reference: &str| Filters::from([("label".to_owned(), vec![format!("salt={reference}")])]);
    for reference in [&used, &unused] {
        images.load(super::tar::image_archive(reference).into()).await.unwrap();
    }
    let spec =
        CreateContainer { image: used.clone(), name: scope.name("user"), ..CreateContainer::default() };
    scope.create(&spec).await.unwrap();
    assert!(!images.prune(&only(&unused)).await.unwrap().is_empty());
    assert!(!images.exists(&unused).await.unwrap());
    assert!(images.prune(&only(&used)).await.unwrap().is_empty());
    assert!(images.exists(&used).await.unwrap());
}

#[tokio::test]
async fn prune_of_everything_is_refused() {
    let scope = Scope::new().await;
    let none = Filters::new();
    for refused in [
        scope.client.containers().prune(&none).await,
        scope.client.images().prune(&none).await,
        scope.client.networks().prune(&none).await,
        scope.client.volumes().prune(&none).await,
    ] {
        assert!(matches!(refused, Err(Error::InvalidInput { .. })), "{refused:?}");
    }
}
