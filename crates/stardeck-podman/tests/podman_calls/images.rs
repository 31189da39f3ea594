//! Images in the local storage.

use stardeck_podman::{CreateContainer, ErrorKind, Filters};

use super::scope::{IMAGE, Scope};
use super::tar::image_archive;

#[tokio::test]
async fn loaded_image_is_there_with_its_configuration() {
    let scope = Scope::new().await;
    let reference = scope.reference("loaded");
    let names = scope.client.images().load(image_archive(&reference).into()).await.unwrap();
    assert_eq!(names, [reference.as_str()]);
    assert!(scope.client.images().exists(&reference).await.unwrap());
    let image = scope.client.images().inspect(&reference).await.unwrap();
    assert_eq!(image.id.len(), 64);
    assert!(image.digest.starts_with("sha256:"));
    let config = &image.config;
    assert_eq!(config.env.get("PG_MAJOR"), Some("16"));
    assert_eq!(
        (config.entrypoint.as_slice(), config.cmd.as_slice()),
        (&["/hello".into()][..], &["world".into()][..])
    );
    assert_eq!(config.tcp_ports(), [5432]);
    assert!(config.volumes.contains("/var/data"));
    assert_eq!(config.labels["salt"], reference);
    assert_eq!((config.user.as_str(), config.stop_signal.as_str()), ("999", "SIGINT"));
    let list = scope.client.images().list(&Filters::new()).await.unwrap();
    let listed = list.iter().find(|listed| listed.id == image.id).unwrap();
    assert!(listed.repo_tags.contains(&reference));
}

#[tokio::test]
async fn image_stays_until_its_last_name_is_taken() {
    let scope = Scope::new().await;
    let images = scope.client.images();
    let (first, second) = (scope.reference("first"), scope.reference("second"));
    images.load(image_archive(&first).into()).await.unwrap();
    let (repository, tag) = second.rsplit_once(':').unwrap();
    images.tag(&first, repository, tag).await.unwrap();
    let removed = images.remove(&first).await.unwrap();
    assert_eq!((removed.untagged.len(), removed.deleted.len()), (1, 0));
    assert!(images.exists(&second).await.unwrap());
    let removed = images.remove(&second).await.unwrap();
    assert_eq!(removed.deleted.len(), 1);
    assert!(!images.exists(&second).await.unwrap());
}

#[tokio::test]
async fn missing_image_is_image_missing_by_every_call() {
    let scope = Scope::new().await;
    let reference = scope.reference("none");
    assert!(!scope.client.images().exists(&reference).await.unwrap());
    for error in [
        scope.client.images().inspect(&reference).await.unwrap_err(),
        scope.client.images().remove(&reference).await.unwrap_err(),
        scope.client.images().tag(&reference, "localhost/x", "1").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::ImageMissing, "{error:?}");
        assert!(error.is_not_found());
    }
}

#[tokio::test]
async fn image_in_use_is_not_removed() {
    let scope = Scope::new().await;
    let reference = scope.reference("used");
    scope.client.images().load(image_archive(&reference).into()).await.unwrap();
    let spec =
        CreateContainer { image: reference.clone(), name: scope.name("user"), ..CreateContainer::default() };
    scope.create(&spec).await.unwrap();
    let error = scope.client.images().remove(&reference).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ImageInUse, "{error:?}");
    assert!(error.is_conflict());
}

#[tokio::test]
async fn image_of_the_tests_is_there() {
    let scope = Scope::new().await;
    assert!(scope.client.images().exists(IMAGE).await.unwrap(), "`cargo xtask test` provides {IMAGE}");
}
