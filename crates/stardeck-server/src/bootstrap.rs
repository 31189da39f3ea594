//! From a checked configuration to use cases that run: directory, store, key, vault, runtime.

use std::sync::Arc;

use anyhow::Context as _;
use stardeck_podman::Client;
use stardeck_repository::Db;
use stardeck_service::{
    Services, ServicesConfig, Timings, drivers,
    runtime::{ContainerRuntime as _, podman::PodmanRuntime},
    vault::{MasterKey, Vault},
};

use crate::{
    config::{MasterKeyFile, ServeConfig},
    data_dir::DataDir,
};

/// Everything that runs, and the data directory it runs in.
pub(crate) struct Running {
    /// The use cases.
    pub(crate) services: Services,
    /// Held as long as anything may write to it.
    pub(crate) data_dir: DataDir,
}

/// Starts the use cases: takes up what an earlier run left, and writes the set-up token where it is needed.
///
/// # Errors
/// The data directory is in use or unusable, the store is damaged or newer than this program, or the master key is
/// missing or the wrong one. Podman may be away; it is waited for.
pub(crate) async fn start(config: &ServeConfig) -> anyhow::Result<Running> {
    let data_dir = DataDir::take(&config.data_dir)?;
    let store = data_dir.file("stardeck.db");
    let opening = store.clone();
    let db = tokio::task::spawn_blocking(move || Db::open(&opening))
        .await?
        .with_context(|| format!("open the store {}", store.display()))?;
    let vault = open_vault(&db, config.master_key.clone()).await?;
    let runtime = PodmanRuntime::new(Client::new(&config.podman_socket));
    // It is slow to say what it is for the first time, and the first who needs to know should not wait for it. One that
    // does not answer yet is asked again then.
    let early = runtime.clone();
    tokio::spawn(async move { early.info().await.is_ok() });
    let services = Services::start(ServicesConfig {
        db,
        vault,
        runtime: Arc::new(runtime),
        drivers: drivers(),
        timings: Timings::default(),
        data_dir: data_dir.path().to_owned(),
    })
    .await?;
    tell_setup(&services).await?;
    Ok(Running { services, data_dir })
}

async fn open_vault(db: &Db, file: MasterKeyFile) -> anyhow::Result<Vault> {
    let sealed_with = Vault::sealed_with(db).await?;
    let source = file.clone();
    let key = tokio::task::spawn_blocking(move || match source {
        MasterKeyFile::Given(path) => MasterKey::load(&path),
        MasterKeyFile::Own(path) => MasterKey::load_or_create(&path, sealed_with.as_deref()),
    })
    .await??;
    Ok(Vault::unlock(db, key, file.path()).await?)
}

/// Says where the set-up token is, never what it is.
async fn tell_setup(services: &Services) -> anyhow::Result<()> {
    if services.setup.needed().await? {
        let file = services.setup.token_file().display();
        tracing::warn!(%file, "there is no account yet; make the first one at /setup/ with the token in this file");
    }
    Ok(())
}
