//! Files in and out of containers.

use stardeck_podman::{ErrorKind, Upload};

use super::scope::Scope;
use super::tar::{first_file, tar};

#[tokio::test]
async fn files_go_into_a_container_that_never_ran_and_come_out_again() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    let name = scope.name("files");
    scope.create(&scope.sleeper("files")).await.unwrap();
    let archive = tar(&[("a file.txt", b"content")]);
    let upload = Upload::from_reader(std::io::Cursor::new(archive));
    containers.archive_put(&name, "/tmp", upload).await.unwrap();
    let stat = containers.archive_stat(&name, "/tmp/a file.txt").await.unwrap();
    assert_eq!((stat.name.as_str(), stat.size, stat.is_dir), ("a file.txt", 7, false));
    assert!(containers.archive_stat(&name, "/tmp").await.unwrap().is_dir);
    let archive = containers.archive_get(&name, "/tmp/a file.txt").await.unwrap();
    assert_eq!(first_file(&archive.collect(1 << 20).await.unwrap()), b"content");
}

#[tokio::test]
async fn path_that_is_not_there_is_told_apart_from_a_missing_container() {
    let scope = Scope::new().await;
    let containers = scope.client.containers();
    let name = scope.name("bare");
    scope.create(&scope.sleeper("bare")).await.unwrap();
    for error in [
        containers.archive_get(&name, "/nowhere").await.unwrap_err(),
        containers.archive_stat(&name, "/nowhere").await.unwrap_err(),
    ] {
        assert_eq!(error.kind(), ErrorKind::PathMissing, "{error:?}");
    }
    let error = containers.archive_get(&scope.name("none"), "/").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound, "{error:?}");
}
