//! Pulls, from a registry of the tests and from none.

use std::time::Duration;

use stardeck_podman::{Error, ErrorKind, PullEvent, PullOptions, PullPolicy, RegistryAuth};

use super::registry::{Mood, Registry};
use super::scope::Scope;

/// The fake registry has no TLS, which only the libpod pull can be told.
fn plain() -> PullOptions {
    PullOptions { tls_verify: Some(false), ..PullOptions::default() }
}

async fn pull(scope: &Scope, reference: &str, options: &PullOptions) -> Result<String, Error> {
    scope.client.images().pull(reference, options).await?.finish().await
}

#[tokio::test]
async fn pull_from_a_registry_ends_with_the_image() {
    let scope = Scope::new().await;
    let registry = Registry::start(Mood::Open, &scope.name("open")).await;
    let reference = registry.reference(&scope.name("open"));
    let mut stream = scope.client.images().pull(&reference, &plain()).await.unwrap();
    let mut events = Vec::new();
    while let Some(event) = stream.next().await {
        events.push(event.unwrap());
    }
    let image = scope.client.images().inspect(&reference).await.unwrap();
    assert_eq!(events.pop(), Some(PullEvent::Done { image_id: image.id }));
    assert!(
        events
            .iter()
            .any(|event| matches!(event, PullEvent::Progress { status, .. } if status.contains("blob")))
    );
}

#[tokio::test]
async fn pull_of_a_tag_that_is_not_there_is_manifest_unknown() {
    let scope = Scope::new().await;
    let registry = Registry::start(Mood::Open, "x").await;
    let reference = registry.reference("x").strip_suffix(":1").map(|name| format!("{name}:nope")).unwrap();
    let error = pull(&scope, &reference, &plain()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ManifestUnknown, "{error:?}");
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn guarded_registry_opens_to_the_right_password_only() {
    let scope = Scope::new().await;
    let registry = Registry::start(Mood::Guarded, &scope.name("guarded")).await;
    let reference = registry.reference(&scope.name("guarded"));
    let error = pull(&scope, &reference, &plain()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error:?}");
    let with = |password: &str| {
        let auth = RegistryAuth { username: "reader".into(), password: password.into() };
        PullOptions { auth: Some(auth), ..plain() }
    };
    let error = pull(&scope, &reference, &with("wr0ng")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unauthorized, "{error:?}");
    assert!(!format!("{error:?}").contains("wr0ng"));
    pull(&scope, &reference, &with("let-me")).await.unwrap();
}

#[tokio::test]
async fn registry_that_is_not_there_is_unreachable() {
    let scope = Scope::new().await;
    for options in [plain(), PullOptions::default()] {
        // Port 1 is nobody's.
        let error = pull(&scope, "127.0.0.1:1/x/y:1", &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::RegistryUnreachable, "{error:?}");
        assert!(error.is_retryable());
    }
}

#[tokio::test]
async fn malformed_reference_is_told() {
    let scope = Scope::new().await;
    for options in [plain(), PullOptions::default()] {
        let error = pull(&scope, "localhost/BAD::ref", &options).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BadReference, "{error:?}");
    }
}

#[tokio::test]
async fn short_name_is_a_bad_reference() {
    let scope = Scope::new().await;
    let error = pull(&scope, &scope.name("short:1"), &plain()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadReference, "{error:?}");
}

#[tokio::test]
async fn pull_that_may_not_ask_the_registry_needs_the_image() {
    let scope = Scope::new().await;
    let never = PullOptions { policy: PullPolicy::Never, ..PullOptions::default() };
    let error = pull(&scope, &scope.reference("none"), &never).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::ImageMissing, "{error:?}");
    let missing = PullOptions { policy: PullPolicy::Missing, ..PullOptions::default() };
    let present = scope.client.images().inspect(super::scope::IMAGE).await.unwrap();
    assert_eq!(pull(&scope, super::scope::IMAGE, &missing).await.unwrap(), present.id);
}

#[tokio::test]
async fn dropped_pull_is_given_up() {
    let scope = Scope::new().await;
    let registry = Registry::start(Mood::Stalling, &scope.name("stalling")).await;
    let reference = registry.reference(&scope.name("stalling"));
    let mut stream = scope.client.images().pull(&reference, &plain()).await.unwrap();
    let follow = async {
        while let Some(event) = stream.next().await {
            event.unwrap();
        }
    };
    tokio::select! {
        () = follow => panic!("the pull ended"),
        () = registry.stalled.notified() => {}
    }
    drop(stream);
    tokio::time::timeout(Duration::from_secs(30), registry.abandoned.notified()).await.unwrap();
    assert!(!scope.client.images().exists(&reference).await.unwrap());
}

#[tokio::test]
async fn compatible_pull_ends_with_the_full_id() {
    let scope = Scope::new().await;
    let reference = "docker.io/library/postgres:16";
    let id = pull(&scope, reference, &PullOptions::default()).await.unwrap();
    assert_eq!(id, scope.client.images().inspect(reference).await.unwrap().id);
    assert_eq!(id.len(), 64);
}

#[tokio::test]
async fn compatible_pull_of_an_unknown_image_is_manifest_unknown() {
    let scope = Scope::new().await;
    for reference in ["docker.io/library/postgres:nope", "docker.io/library/no-such-image:1"] {
        let error = pull(&scope, reference, &PullOptions::default()).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ManifestUnknown, "{error:?}");
    }
}
