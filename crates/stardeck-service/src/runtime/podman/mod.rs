//! The runtime that is Podman, reached over libpod's REST API.
//!
//! Puts the service's words into libpod's and back, and adds what every container of ours has. What is *not* here:
//! anything about databases.

mod apps;
mod errors;
mod facts;
mod files;
mod names;
mod pull;
mod recreation;
mod rootless;
mod translate;
mod turns;
mod watch;
mod way;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use futures_util::{StreamExt as _, stream};
use secrecy::{ExposeSecret, SecretSlice, SecretString};
use stardeck_domain::{
    ContainerId, ContainerName, ImageId, ImageReference, NetworkName, Port, SecretName, VolumeName,
};
use stardeck_engines::SeedFile;
use stardeck_podman::{
    Client, CreateVolume, Error, ErrorKind, ListContainers, NetworkAttachment, RemoveContainer, StartOutcome,
    StopOutcome, Upload,
};
use tokio::sync::{Mutex, mpsc};

use self::{
    errors::{list_error, runtime_error},
    files::{SMALL_FILE, archive_of, only_file},
};
use super::{
    Alteration, AppContainerSpec, ContainerDetails, ContainerRuntime, ContainerSpec, ContainerState,
    ContainerSummary, ContainerUsage, ImageDetails, Labels, LogFollow, LogLine, LogQuery, NamedObject,
    NetworkDetails, NetworkSpec, PullProgress, Reach, RegistryLogin, RuntimeError, RuntimeEvent, RuntimeInfo,
    RuntimeResult, UnkeptField, Way,
};

/// Podman as a runtime. Cheap to clone.
#[derive(Clone)]
pub struct PodmanRuntime {
    client: Client,
    facts: facts::Facts,
    /// Held while a port is chosen and taken, so that two containers do not choose the same.
    choosing: Arc<Mutex<()>>,
    turns: turns::Turns,
}

/// How long a container gets to end by itself when it is removed: it is killed at once, because a stop in the middle of
/// an initialisation takes its full grace (measured).
const REMOVE_GRACE: Duration = Duration::ZERO;

impl PodmanRuntime {
    /// Podman behind this client.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            facts: facts::Facts::default(),
            choosing: Arc::default(),
            turns: turns::Turns::default(),
        }
    }

    async fn is_paused(&self, name: &str) -> RuntimeResult<bool> {
        Ok(self.find_container(name).await?.is_some_and(|found| found.state == ContainerState::Paused))
    }
}

#[async_trait]
impl ContainerRuntime for PodmanRuntime {
    async fn info(&self) -> RuntimeResult<RuntimeInfo> {
        self.facts.info(&self.client).await
    }

    fn watch(&self) -> mpsc::Receiver<RuntimeEvent> {
        watch::watch(&self.client)
    }

    async fn list_containers(&self) -> RuntimeResult<Vec<ContainerSummary>> {
        let options = ListContainers { all: true, ..ListContainers::default() };
        let list = self.client.containers().list(&options).await.map_err(list_error("containers"))?;
        Ok(list.into_iter().map(translate::summary).collect())
    }

    async fn list_labelled(&self, key: &str, value: &str) -> RuntimeResult<Vec<ContainerSummary>> {
        let filters = [("label".to_owned(), vec![format!("{key}={value}")])].into();
        let options = ListContainers { all: true, filters };
        let list = self.client.containers().list(&options).await.map_err(list_error("containers"))?;
        Ok(list.into_iter().map(translate::summary).collect())
    }

    async fn find_container(&self, name: &str) -> RuntimeResult<Option<ContainerDetails>> {
        found(self.client.containers().inspect(name).await, name).map(|found| found.map(translate::details))
    }

    async fn create_container(&self, spec: &ContainerSpec) -> RuntimeResult<ContainerId> {
        let _turn = self.turns.take().await;
        let (mut body, info) = (translate::create(spec), self.facts.recalled(&self.client).await?);
        rootless::leave_out_limits(&mut body, &info);
        let _choosing = if info.rootless {
            Some(rootless::open(&self.client, &self.choosing, &mut body, spec.port).await?)
        } else {
            None
        };
        let created = self.client.containers().create(&body).await;
        let created = created.map_err(runtime_error(spec.name.as_str()))?;
        for warning in created.warnings {
            tracing::warn!(container = %spec.name, %warning, "Podman warns");
        }
        Ok(ContainerId::new(created.id))
    }

    async fn create_app_container(&self, spec: &AppContainerSpec) -> RuntimeResult<ContainerId> {
        let _turn = self.turns.take().await;
        let mut body = apps::create(spec);
        rootless::leave_out_limits(&mut body, &self.facts.recalled(&self.client).await?);
        let created = self.client.containers().create(&body).await;
        let created = created.map_err(runtime_error(spec.name.as_str()))?;
        Ok(ContainerId::new(created.id))
    }

    async fn list_unkept(&self, name: &str, alteration: &Alteration) -> RuntimeResult<Vec<UnkeptField>> {
        recreation::list_unkept(&self.client, name, alteration).await
    }

    async fn recreate_container(&self, name: &str, alteration: &Alteration) -> RuntimeResult<ContainerId> {
        let _turn = self.turns.take().await;
        recreation::recreate(&self.client, name, alteration).await
    }

    async fn check_health(&self, name: &str) -> RuntimeResult<Option<bool>> {
        recreation::check_health(&self.client, name).await
    }

    async fn put_file(&self, name: &str, file: &SeedFile) -> RuntimeResult<()> {
        let _turn = self.turns.take().await;
        let (folder, file_name) = file
            .path
            .rsplit_once('/')
            .ok_or_else(|| rejected(format!("{} is not an absolute path", file.path)))?;
        let archive = archive_of(file_name, file).map_err(|error| rejected(error.to_string()))?;
        let folder = if folder.is_empty() { "/" } else { folder };
        let upload = Upload::from_bytes(archive);
        self.client.containers().archive_put(name, folder, upload).await.map_err(runtime_error(name))
    }

    async fn read_file(&self, name: &str, path: &str) -> RuntimeResult<Option<SecretString>> {
        let archive = match self.client.containers().archive_get(name, path).await {
            Ok(archive) => archive,
            Err(error) if error.is_not_found() || error.kind() == ErrorKind::PathMissing => return Ok(None),
            Err(error) => return Err(runtime_error(name)(error)),
        };
        let bytes = archive.collect(SMALL_FILE).await.map_err(runtime_error(name))?;
        Ok(only_file(&bytes))
    }

    async fn start_container(&self, name: &str) -> RuntimeResult<()> {
        let _turn = self.turns.take().await;
        match self.client.containers().start(name).await.map_err(runtime_error(name))? {
            StartOutcome::Started | StartOutcome::AlreadyRunning => Ok(()),
        }
    }

    async fn stop_container(&self, name: &str, grace: Duration) -> RuntimeResult<()> {
        let mut stopped = self.client.containers().stop(name, grace).await;
        // Podman does not stop what is frozen, and a frozen engine could not end cleanly.
        if stopped.is_err() && self.is_paused(name).await? {
            self.client.containers().unpause(name).await.map_err(runtime_error(name))?;
            stopped = self.client.containers().stop(name, grace).await;
        }
        match stopped.map_err(runtime_error(name))? {
            StopOutcome::Stopped | StopOutcome::AlreadyStopped => Ok(()),
        }
    }

    async fn rename_container(&self, name: &str, new_name: &ContainerName) -> RuntimeResult<()> {
        self.client.containers().rename(name, new_name.as_str()).await.map_err(runtime_error(name))
    }

    async fn remove_container(&self, name: &str) -> RuntimeResult<()> {
        let _turn = self.turns.take().await;
        let options =
            RemoveContainer { force: true, volumes: true, grace: Some(REMOVE_GRACE), ignore_missing: true };
        gone(self.client.containers().remove(name, &options).await, name)
    }

    async fn container_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<Vec<LogLine>> {
        let options = translate::log_options(query, false);
        let mut stream = self.client.containers().logs(name, &options).await.map_err(runtime_error(name))?;
        let mut lines = Vec::new();
        while let Some(line) = stream.next().await {
            lines.push(translate::log_line(line.map_err(runtime_error(name))?));
        }
        Ok(lines)
    }

    async fn follow_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<LogFollow> {
        let options = translate::log_options(query, true);
        let log = self.client.containers().logs(name, &options).await.map_err(runtime_error(name))?;
        let name = name.to_owned();
        let lines = stream::unfold((log, name), |(mut log, name)| async {
            let line = log.next().await?.map(translate::log_line).map_err(runtime_error(&name));
            Some((line, (log, name)))
        });
        Ok(lines.boxed())
    }

    async fn container_usage(&self, name: &str) -> RuntimeResult<Option<ContainerUsage>> {
        let found = found(self.client.containers().stats(&[name]).await, name)?.unwrap_or_default();
        // Of one that does not run, Podman 4.3 tells zeros, the time included.
        Ok(found.into_iter().find(|stats| stats.at_nanos > 0).map(translate::usage))
    }

    async fn reach(&self, name: &str, port: Port) -> RuntimeResult<Reach> {
        let container = found(self.client.containers().inspect(name).await, name)?
            .ok_or_else(|| RuntimeError::NotFound { what: format!("container {name}") })?;
        if self.facts.recalled(&self.client).await?.rootless {
            let addr = rootless::way_in(&container, port).map_err(rejected)?;
            return Ok(Reach { addr });
        }
        // Rootful Podman: the host has an address on the bridge, so the container's own address is in reach.
        let address = translate::details(container).addresses.into_values().next().ok_or_else(|| {
            rejected(format!(
                "container {name} has no address: it is not running, or not on a bridge network"
            ))
        })?;
        Ok(Reach { addr: (address, port.get()).into() })
    }

    async fn way_out(&self, name: &str, to: SocketAddr) -> RuntimeResult<Option<Way>> {
        way::way_out(&self.client, name, to).await
    }

    async fn find_image(&self, reference: &str) -> RuntimeResult<Option<ImageDetails>> {
        found(self.client.images().inspect(reference).await, reference)
            .map(|found| found.map(translate::image))
    }

    async fn pull_image(
        &self,
        reference: &ImageReference,
        login: Option<&RegistryLogin>,
        progress: mpsc::Sender<PullProgress>,
    ) -> RuntimeResult<ImageId> {
        pull::pull(&self.client, reference, login, progress).await
    }

    async fn list_volumes(&self) -> RuntimeResult<Vec<NamedObject>> {
        let list = self
            .client
            .volumes()
            .list(&stardeck_podman::Filters::new())
            .await
            .map_err(list_error("volumes"))?;
        Ok(list.into_iter().map(translate::volume).collect())
    }

    async fn find_volume(&self, name: &str) -> RuntimeResult<Option<NamedObject>> {
        found(self.client.volumes().inspect(name).await, name).map(|found| found.map(translate::volume))
    }

    async fn list_volume_users(&self, name: &str) -> RuntimeResult<Vec<ContainerSummary>> {
        let filters = [("volume".to_owned(), vec![name.to_owned()])].into();
        let options = ListContainers { all: true, filters };
        let list = self.client.containers().list(&options).await.map_err(list_error("containers"))?;
        Ok(list.into_iter().map(translate::summary).collect())
    }

    async fn volume_sizes(&self) -> RuntimeResult<BTreeMap<String, u64>> {
        let usage = self.client.system().disk_usage().await.map_err(list_error("volumes"))?;
        Ok(usage.volumes.into_iter().map(|volume| (volume.name, volume.size)).collect())
    }

    async fn create_volume(&self, name: &VolumeName, labels: &Labels) -> RuntimeResult<()> {
        let spec = CreateVolume { name: name.to_string(), labels: labels.clone(), ..CreateVolume::default() };
        self.client.volumes().create(&spec).await.map_err(runtime_error(name.as_str()))?;
        Ok(())
    }

    async fn remove_volume(&self, name: &str) -> RuntimeResult<()> {
        gone(self.client.volumes().remove(name).await, name)
    }

    async fn list_networks(&self) -> RuntimeResult<Vec<NetworkDetails>> {
        let list = self
            .client
            .networks()
            .list(&stardeck_podman::Filters::new())
            .await
            .map_err(list_error("networks"))?;
        Ok(list.into_iter().map(translate::network).collect())
    }

    async fn create_network(&self, spec: &NetworkSpec) -> RuntimeResult<()> {
        let body = translate::create_network(spec);
        self.client.networks().create(&body).await.map_err(runtime_error(spec.name.as_str()))?;
        Ok(())
    }

    async fn remove_network(&self, name: &str) -> RuntimeResult<()> {
        gone(self.client.networks().remove(name).await, name)
    }

    async fn connect_network(
        &self,
        network: &NetworkName,
        container: &str,
        aliases: &[String],
    ) -> RuntimeResult<()> {
        let _turn = self.turns.take().await;
        let attachment = NetworkAttachment { aliases: aliases.to_vec(), ..NetworkAttachment::default() };
        match self.client.networks().connect(network.as_str(), container, &attachment).await {
            Err(error) if error.kind() == ErrorKind::AlreadyConnected => Ok(()),
            connected => connected.map_err(runtime_error(container)),
        }
    }

    async fn disconnect_network(&self, network: &NetworkName, container: &str) -> RuntimeResult<()> {
        let _turn = self.turns.take().await;
        match self.client.networks().disconnect(network.as_str(), container).await {
            Err(error) if error.kind() == ErrorKind::NotConnected => Ok(()),
            disconnected => disconnected.map_err(runtime_error(container)),
        }
    }

    async fn resolve(&self, network: &NetworkName, name: &str) -> RuntimeResult<Option<Vec<IpAddr>>> {
        // Its networks' addresses may be those of another network here, whose name server must not be asked instead.
        if self.facts.recalled(&self.client).await?.rootless {
            return Ok(None);
        }
        let found = self.client.networks().inspect(network.as_str()).await;
        let network = found.map_err(runtime_error(network.as_str()))?;
        Ok(match network.subnets.iter().find_map(|subnet| subnet.gateway) {
            Some(gateway) => names::ask(gateway, name).await,
            None => None,
        })
    }

    async fn list_secrets(&self) -> RuntimeResult<Vec<NamedObject>> {
        let list = self
            .client
            .secrets()
            .list(&stardeck_podman::Filters::new())
            .await
            .map_err(list_error("secrets"))?;
        Ok(list.into_iter().map(translate::secret).collect())
    }

    async fn find_secret(&self, name: &str) -> RuntimeResult<Option<NamedObject>> {
        found(self.client.secrets().inspect(name).await, name).map(|found| found.map(translate::secret))
    }

    async fn create_secret(
        &self,
        name: &SecretName,
        labels: &Labels,
        value: &SecretString,
    ) -> RuntimeResult<()> {
        let bytes = SecretSlice::from(value.expose_secret().as_bytes().to_vec());
        self.client
            .secrets()
            .create(name.as_str(), labels, &bytes)
            .await
            .map_err(runtime_error(name.as_str()))?;
        Ok(())
    }

    async fn remove_secret(&self, name: &str) -> RuntimeResult<()> {
        gone(self.client.secrets().remove(name).await, name)
    }
}

fn rejected(detail: String) -> RuntimeError {
    RuntimeError::Rejected { detail }
}

/// Absent is an answer, not an error.
fn found<T>(result: Result<T, Error>, what: &str) -> RuntimeResult<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.is_not_found() => Ok(None),
        Err(error) => Err(runtime_error(what)(error)),
    }
}

/// Removing what is gone already has done its work.
fn gone<T>(result: Result<T, Error>, what: &str) -> RuntimeResult<()> {
    found(result, what).map(|_| ())
}
