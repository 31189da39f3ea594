//! Podman secrets, and where their values show.

use std::collections::BTreeMap;

use stardeck_podman::{CreateContainer, ErrorKind, ExecOptions, Filters, SecretMount};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;

use super::scope::{Scope, socket};

const VALUE: &str = "s3cr3t-%41&=\n";

async fn make(scope: &Scope, name: &str) -> String {
    let labels = BTreeMap::from([("sdp.scope".to_owned(), scope.name(""))]);
    let value = VALUE.as_bytes().to_vec().into();
    scope.client.secrets().create(&scope.name(name), &labels, &value).await.unwrap();
    scope.name(name)
}

#[tokio::test]
async fn secret_is_made_found_with_its_labels_and_removed() {
    let scope = Scope::new().await;
    let secrets = scope.client.secrets();
    let name = make(&scope, "s").await;
    let inspected = secrets.inspect(&name).await.unwrap();
    assert_eq!(
        (inspected.name.as_str(), inspected.labels["sdp.scope"].as_str()),
        (name.as_str(), scope.name("").as_str())
    );
    let listed = secrets.list(&Filters::new()).await.unwrap();
    let found = listed.iter().find(|secret| secret.name == name).unwrap();
    assert_eq!(found.labels, inspected.labels);
    let error = secrets.create(&name, &BTreeMap::new(), &b"x".to_vec().into()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NameInUse, "{error:?}");
    assert!(secrets.exists(&name).await.unwrap());
    secrets.remove(&name).await.unwrap();
    assert!(!secrets.exists(&name).await.unwrap());
    let error = secrets.remove(&name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SecretMissing, "{error:?}");
    assert!(error.is_not_found());
}

#[tokio::test]
async fn mounted_secret_is_in_the_container_and_nowhere_in_its_inspection() {
    let scope = Scope::new().await;
    let source = make(&scope, "s").await;
    let secret =
        SecretMount { source, target: "/run/secrets/pw".into(), mode: 0o444, ..SecretMount::default() };
    let name = scope.run(&CreateContainer { secrets: vec![secret], ..scope.sleeper("holder") }).await;
    let read = ExecOptions::new(["cat", "/run/secrets/pw"]);
    assert_eq!(scope.client.exec().run(&name, &read, None).await.unwrap().stdout, VALUE);
    let mut stream = UnixStream::connect(socket()).await.unwrap();
    let request =
        format!("GET /v4.0.0/libpod/containers/{name}/json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.contains(&name) && !answer.contains("s3cr3t"), "{answer}");
}

#[tokio::test]
async fn secret_of_a_variable_is_read_at_each_start() {
    let scope = Scope::new().await;
    let source = make(&scope, "s").await;
    let secret_env = BTreeMap::from([("PW".to_owned(), source.clone())]);
    let name = scope.run(&CreateContainer { secret_env, ..scope.sleeper("holder") }).await;
    let read = ExecOptions::new(["sh", "-c", "printf %s \"$PW\""]);
    assert_eq!(scope.client.exec().run(&name, &read, None).await.unwrap().stdout, VALUE);
    scope.client.containers().stop(&name, std::time::Duration::ZERO).await.unwrap();
    scope.client.secrets().remove(&source).await.unwrap();
    let error = scope.client.containers().start(&name).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::SecretMissing, "{error:?}");
    assert!(!error.is_not_found());
}
