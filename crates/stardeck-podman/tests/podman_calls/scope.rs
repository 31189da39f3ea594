//! The tests' Podman, and names in it that belong to one test and vanish with it.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use stardeck_podman::{
    Client, ContainerStatus, CreateContainer, CreatedContainer, Error, Filters, ListContainers,
    RemoveContainer,
};
use tokio::time::Instant;

/// The image containers are made of: a Debian with a shell.
pub(crate) const IMAGE: &str = "localhost/app-probe:1";
/// Longest wait for something that happens soon.
const SOON: Duration = Duration::from_secs(30);

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// What one test makes. All of it is removed when the test ends, however it ends.
pub(crate) struct Scope {
    pub(crate) client: Client,
    prefix: String,
}

/// Where the tests' Podman listens.
pub(crate) fn socket() -> PathBuf {
    #[expect(
        clippy::disallowed_methods,
        reason = "the test set-up says it in the environment, and nowhere else"
    )]
    let socket = std::env::var_os("STARDECK_TEST_PODMAN_SOCKET");
    match socket {
        Some(socket) => socket.into(),
        None => panic!("STARDECK_TEST_PODMAN_SOCKET is not set: run these tests by `cargo xtask test`"),
    }
}

impl Scope {
    /// Fails the test when no Podman answers.
    pub(crate) async fn new() -> Self {
        let client = Client::new(socket());
        if let Err(error) = client.system().ping().await {
            panic!("no Podman for the tests ({error}): run these tests by `cargo xtask test`");
        }
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        Self { client, prefix: format!("sdp-{}-{number}-", std::process::id()) }
    }

    /// A name that is this test's own.
    pub(crate) fn name(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    /// An image reference that is this test's own.
    pub(crate) fn reference(&self, name: &str) -> String {
        format!("localhost/{}:1", self.name(name))
    }

    /// A container that runs `script` in a shell.
    pub(crate) fn shell(&self, name: &str, script: &str) -> CreateContainer {
        CreateContainer {
            name: self.name(name),
            image: IMAGE.into(),
            entrypoint: Some(vec!["/bin/sh".into(), "-c".into(), script.into()]),
            init: true,
            ..CreateContainer::default()
        }
    }

    /// A container that does nothing for a long time.
    pub(crate) fn sleeper(&self, name: &str) -> CreateContainer {
        self.shell(name, "sleep 1000")
    }

    /// Makes and starts a container, and returns its name.
    pub(crate) async fn run(&self, spec: &CreateContainer) -> String {
        self.create(spec).await.unwrap();
        self.client.containers().start(&spec.name).await.unwrap();
        spec.name.clone()
    }

    pub(crate) async fn create(&self, spec: &CreateContainer) -> Result<CreatedContainer, Error> {
        self.client.containers().create(spec).await
    }

    /// Whether it has control groups, by which containers are measured and frozen: an ordinary user's has none of v1.
    pub(crate) async fn has_cgroups(&self) -> bool {
        let host = self.client.system().info().await.unwrap().host;
        !host.security.rootless || host.cgroup_version == "v2"
    }

    /// Whether it can limit memory and processor time: an ordinary user's can by controllers that it was given.
    pub(crate) async fn has_limits(&self) -> bool {
        let host = self.client.system().info().await.unwrap().host;
        let has = |name: &str| host.cgroup_controllers.iter().any(|controller| controller == name);
        !host.security.rootless || (has("memory") && has("cpu") && has("pids"))
    }

    pub(crate) async fn status(&self, name: &str) -> ContainerStatus {
        self.client.containers().inspect(name).await.unwrap().state.status
    }
}

/// Removes a container at once.
pub(crate) fn at_once() -> RemoveContainer {
    RemoveContainer { force: true, volumes: true, grace: Some(Duration::ZERO), ignore_missing: true }
}

/// Waits until `check` says yes; fails the test when it does not say so soon.
pub(crate) async fn eventually(what: &str, mut check: impl AsyncFnMut() -> bool) {
    let deadline = Instant::now() + SOON;
    while !check().await {
        assert!(Instant::now() < deadline, "not within {SOON:?}: {what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Drop for Scope {
    fn drop(&mut self) {
        let (client, prefix) = (self.client.clone(), self.prefix.clone());
        // The test's own runtime can not be waited for here.
        let sweeper = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(sweep(&client, &prefix)).unwrap();
        });
        let swept = sweeper.join().is_ok();
        assert!(swept || std::thread::panicking(), "the test left something behind");
    }
}

async fn sweep(client: &Client, prefix: &str) -> Result<(), Error> {
    let ours = |name: &str| name.starts_with(prefix);
    let all = ListContainers { all: true, ..ListContainers::default() };
    for container in client.containers().list(&all).await? {
        if container.name().is_some_and(ours) {
            client.containers().remove(&container.id, &at_once()).await?;
        }
    }
    for network in client.networks().list(&Filters::new()).await?.iter().filter(|network| ours(&network.name))
    {
        client.networks().remove(&network.name).await?;
    }
    for volume in client.volumes().list(&Filters::new()).await?.iter().filter(|volume| ours(&volume.name)) {
        client.volumes().remove(&volume.name).await?;
    }
    for secret in client.secrets().list(&Filters::new()).await?.iter().filter(|secret| ours(&secret.name)) {
        client.secrets().remove(&secret.name).await?;
    }
    for image in client.images().list(&Filters::new()).await? {
        for tag in image.repo_tags.iter().filter(|tag| tag.contains(prefix)) {
            client.images().remove(tag).await?;
        }
    }
    Ok(())
}
