//! The calls of a runtime, as the service makes them.

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use async_trait::async_trait;
use chrono::Utc;
use secrecy::SecretString;
use stardeck_domain::{
    ContainerId, ContainerName, ImageId, ImageReference, NetworkName, Port, SecretName, VolumeName,
};
use stardeck_engines::SeedFile;
use stardeck_service::runtime::{
    Alteration, AppContainerSpec, ContainerDetails, ContainerRuntime, ContainerSpec, ContainerState,
    ContainerSummary, ContainerUsage, ImageDetails, Labels, LogFollow, LogLine, LogQuery, NamedObject,
    NetworkDetails, NetworkSpec, PullProgress, Reach, RegistryLogin, RuntimeError, RuntimeEvent, RuntimeInfo,
    RuntimeResult, UnkeptField, Way,
};
use tokio::sync::mpsc;

use super::{
    FakeRuntime, Method, Objects, apps,
    effects::{addresses, create_container, create_network, details, info, named, pull, summary, usage},
    follow::{follow_log, last_lines},
    objects::{Secret, Volume},
    recreation,
};
use crate::engine::{registry, started};

/// Exit status of a process ended by SIGTERM that ends cleanly.
const CLEAN_EXIT: i32 = 0;

/// What every volume is said to take on the disk.
const VOLUME_BYTES: u64 = 40_000_000;

#[async_trait]
impl ContainerRuntime for FakeRuntime {
    async fn info(&self) -> RuntimeResult<RuntimeInfo> {
        self.inner().call(Method::Info, "", |objects| Ok(info(objects))).await
    }

    fn watch(&self) -> mpsc::Receiver<RuntimeEvent> {
        self.inner().feed.listen()
    }

    async fn list_containers(&self) -> RuntimeResult<Vec<ContainerSummary>> {
        self.inner()
            .call(Method::ListContainers, "", |objects| {
                Ok(objects.containers.iter().map(|(name, container)| summary(name, container)).collect())
            })
            .await
    }

    async fn find_container(&self, name: &str) -> RuntimeResult<Option<ContainerDetails>> {
        self.inner()
            .call(Method::FindContainer, name, |objects| {
                let found = objects.container_name(name);
                Ok(found.and_then(|name| objects.containers.get(&name).map(|found| details(&name, found))))
            })
            .await
    }

    async fn create_container(&self, spec: &ContainerSpec) -> RuntimeResult<ContainerId> {
        self.inner()
            .call(Method::CreateContainer, spec.name.as_str(), |objects| create_container(objects, spec))
            .await
    }

    async fn create_app_container(&self, spec: &AppContainerSpec) -> RuntimeResult<ContainerId> {
        let name = spec.name.as_str();
        self.inner().call(Method::CreateContainer, name, |objects| apps::create(objects, spec)).await
    }

    async fn list_unkept(&self, name: &str, _alteration: &Alteration) -> RuntimeResult<Vec<UnkeptField>> {
        self.inner().call(Method::ListUnkept, name, |objects| recreation::unkept(objects, name)).await
    }

    async fn recreate_container(&self, name: &str, alteration: &Alteration) -> RuntimeResult<ContainerId> {
        let new = alteration.name.as_str();
        let effect = |objects: &mut Objects| recreation::recreate(objects, name, alteration);
        self.inner().call(Method::CreateContainer, new, effect).await
    }

    async fn check_health(&self, name: &str) -> RuntimeResult<Option<bool>> {
        self.inner().call(Method::CheckHealth, name, |objects| Ok(objects.container(name)?.health)).await
    }

    async fn put_file(&self, name: &str, file: &SeedFile) -> RuntimeResult<()> {
        self.inner()
            .call(Method::PutFile, name, |objects| {
                let volume = objects.container(name)?.volumes.first().cloned().unwrap_or_default();
                if let Some(volume) = objects.volumes.get_mut(&volume) {
                    volume.files.insert(file.path.clone(), file.content.clone());
                }
                Ok(())
            })
            .await
    }

    async fn read_file(&self, name: &str, path: &str) -> RuntimeResult<Option<SecretString>> {
        self.inner()
            .call(Method::ReadFile, name, |objects| Ok(objects.container(name)?.files.get(path).cloned()))
            .await
    }

    async fn start_container(&self, name: &str) -> RuntimeResult<()> {
        let inner = Arc::downgrade(self.inner());
        self.inner()
            .call(Method::StartContainer, name, move |objects| {
                let name = objects
                    .container_name(name)
                    .ok_or_else(|| RuntimeError::NotFound { what: format!("container {name}") })?;
                if objects.containers.get(&name).is_some_and(|c| c.state == ContainerState::Running) {
                    return Ok(());
                }
                objects.check_ports(&name)?;
                // The engine's own port does not matter: nobody but the fake driver ever connects.
                let address = registry::register(inner, 1);
                let container = objects.container(&name)?;
                container.state = ContainerState::Running;
                container.exit_code = None;
                container.oom_killed = false;
                container.started_at = Some(Utc::now());
                container.restart_count = 0;
                container.address = Some(address);
                container.probes = 0;
                objects.name_is_known(&name);
                started(objects, &name);
                Ok(())
            })
            .await
    }

    async fn stop_container(&self, name: &str, _grace: Duration) -> RuntimeResult<()> {
        self.inner()
            .call(Method::StopContainer, name, |objects| {
                objects.container(name)?;
                if let Some(name) = objects.container_name(name) {
                    objects.end_container(&name, CLEAN_EXIT);
                }
                Ok(())
            })
            .await
    }

    async fn rename_container(&self, name: &str, new_name: &ContainerName) -> RuntimeResult<()> {
        self.inner()
            .call(Method::RenameContainer, name, |objects| {
                objects.container(name)?;
                if objects.containers.contains_key(new_name.as_str()) {
                    let detail = format!("the name {new_name} is already in use");
                    return Err(RuntimeError::Conflict { detail });
                }
                let container =
                    objects.container_name(name).and_then(|name| objects.containers.remove(&name));
                objects.containers.extend(container.map(|container| (new_name.to_string(), container)));
                Ok(())
            })
            .await
    }

    async fn remove_container(&self, name: &str) -> RuntimeResult<()> {
        self.inner()
            .call(Method::RemoveContainer, name, |objects| {
                objects.remove_container(name);
                Ok(())
            })
            .await
    }

    async fn container_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<Vec<LogLine>> {
        self.inner()
            .call(Method::ContainerLogs, name, |objects| Ok(last_lines(&objects.container(name)?.log, query)))
            .await
    }

    async fn follow_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<LogFollow> {
        let inner = Arc::downgrade(self.inner());
        self.inner()
            .call(Method::FollowLogs, name, |objects| {
                let log = &objects.container(name)?.log;
                Ok(follow_log(inner, name.to_owned(), last_lines(log, query), log.len()))
            })
            .await
    }

    async fn container_usage(&self, name: &str) -> RuntimeResult<Option<ContainerUsage>> {
        self.inner()
            .call(Method::ContainerUsage, name, |objects| {
                let container = objects.container(name)?;
                Ok((container.state == ContainerState::Running).then(|| usage(container)))
            })
            .await
    }

    async fn reach(&self, name: &str, _port: Port) -> RuntimeResult<Reach> {
        self.inner()
            .call(Method::Reach, name, |objects| {
                let address = objects.container(name)?.address;
                let addr = address.ok_or_else(|| RuntimeError::Rejected {
                    detail: format!("container {name} has no address"),
                })?;
                Ok(Reach { addr })
            })
            .await
    }

    /// The engines of the fake are nowhere but here, so that there is no other place to try them from.
    async fn way_out(&self, name: &str, _to: std::net::SocketAddr) -> RuntimeResult<Option<Way>> {
        self.inner().call(Method::WayOut, name, |_| Ok(None)).await
    }

    async fn find_image(&self, reference: &str) -> RuntimeResult<Option<ImageDetails>> {
        self.inner()
            .call(Method::FindImage, reference, |objects| {
                let by_id = || objects.images.values().find(|image| image.id.as_str() == reference);
                Ok(objects.images.get(reference).or_else(by_id).cloned())
            })
            .await
    }

    async fn pull_image(
        &self,
        reference: &ImageReference,
        _login: Option<&RegistryLogin>,
        progress: mpsc::Sender<PullProgress>,
    ) -> RuntimeResult<ImageId> {
        let reference = reference.to_string();
        for current in [0, 40_000_000, 80_000_000] {
            let report = PullProgress {
                layer: Some("5a73".to_owned()),
                status: "Downloading".to_owned(),
                current: Some(current),
                total: Some(80_000_000),
            };
            // Nobody listening is no reason to end the pull.
            drop(progress.send(report).await);
        }
        self.inner().call(Method::PullImage, &reference, |objects| pull(objects, &reference)).await
    }

    async fn list_volumes(&self) -> RuntimeResult<Vec<NamedObject>> {
        self.inner()
            .call(Method::ListVolumes, "", |objects| {
                Ok(objects.volumes.iter().map(|(name, volume)| named(name, &volume.labels)).collect())
            })
            .await
    }

    async fn find_volume(&self, name: &str) -> RuntimeResult<Option<NamedObject>> {
        self.inner()
            .call(Method::FindVolume, name, |objects| {
                Ok(objects.volumes.get(name).map(|volume| named(name, &volume.labels)))
            })
            .await
    }

    async fn list_volume_users(&self, name: &str) -> RuntimeResult<Vec<ContainerSummary>> {
        self.inner()
            .call(Method::ListVolumeUsers, name, |objects| {
                let users = objects.containers.iter().filter(|(_, container)| container.mounts(name));
                Ok(users.map(|(name, container)| summary(name, container)).collect())
            })
            .await
    }

    async fn volume_sizes(&self) -> RuntimeResult<BTreeMap<String, u64>> {
        self.inner()
            .call(Method::VolumeSizes, "", |objects| {
                Ok(objects.volumes.keys().map(|name| (name.clone(), VOLUME_BYTES)).collect())
            })
            .await
    }

    async fn create_volume(&self, name: &VolumeName, labels: &Labels) -> RuntimeResult<()> {
        self.inner()
            .call(Method::CreateVolume, name.as_str(), |objects| {
                if objects.volumes.contains_key(name.as_str()) {
                    return Err(RuntimeError::Conflict { detail: format!("volume {name} already exists") });
                }
                let volume = Volume { labels: labels.clone(), ..Volume::default() };
                objects.volumes.insert(name.to_string(), volume);
                Ok(())
            })
            .await
    }

    async fn remove_volume(&self, name: &str) -> RuntimeResult<()> {
        self.inner()
            .call(Method::RemoveVolume, name, |objects| {
                if objects.is_volume_used(name) {
                    return Err(RuntimeError::Conflict { detail: format!("volume {name} is being used") });
                }
                objects.volumes.remove(name);
                Ok(())
            })
            .await
    }

    async fn list_networks(&self) -> RuntimeResult<Vec<NetworkDetails>> {
        self.inner()
            .call(Method::ListNetworks, "", |objects| Ok(objects.networks.values().cloned().collect()))
            .await
    }

    async fn create_network(&self, spec: &NetworkSpec) -> RuntimeResult<()> {
        self.inner()
            .call(Method::CreateNetwork, spec.name.as_str(), |objects| create_network(objects, spec))
            .await
    }

    async fn remove_network(&self, name: &str) -> RuntimeResult<()> {
        self.inner()
            .call(Method::RemoveNetwork, name, |objects| {
                if objects.containers.values().any(|container| container.networks.contains_key(name)) {
                    return Err(RuntimeError::Conflict { detail: format!("network {name} is being used") });
                }
                objects.networks.remove(name);
                Ok(())
            })
            .await
    }

    async fn connect_network(
        &self,
        network: &NetworkName,
        container: &str,
        aliases: &[String],
    ) -> RuntimeResult<()> {
        self.inner()
            .call(Method::ConnectNetwork, container, |objects| {
                if !objects.networks.contains_key(network.as_str()) {
                    return Err(RuntimeError::NotFound { what: format!("network {network}") });
                }
                let networks = &mut objects.container(container)?.networks;
                networks.entry(network.to_string()).or_insert_with(|| aliases.to_vec());
                let name = objects.container_name(container).unwrap_or_default();
                objects.name_is_known(&name);
                Ok(())
            })
            .await
    }

    async fn list_secrets(&self) -> RuntimeResult<Vec<NamedObject>> {
        self.inner()
            .call(Method::ListSecrets, "", |objects| {
                Ok(objects.secrets.iter().map(|(name, secret)| named(name, &secret.labels)).collect())
            })
            .await
    }

    async fn disconnect_network(&self, network: &NetworkName, container: &str) -> RuntimeResult<()> {
        self.inner()
            .call(Method::DisconnectNetwork, container, |objects| {
                objects.container(container)?.networks.remove(network.as_str());
                Ok(())
            })
            .await
    }

    async fn resolve(&self, network: &NetworkName, name: &str) -> RuntimeResult<Option<Vec<IpAddr>>> {
        self.inner().call(Method::Resolve, name, |objects| Ok(Some(addresses(objects, network, name)))).await
    }

    async fn find_secret(&self, name: &str) -> RuntimeResult<Option<NamedObject>> {
        self.inner()
            .call(Method::FindSecret, name, |objects| {
                Ok(objects.secrets.get(name).map(|secret| named(name, &secret.labels)))
            })
            .await
    }

    async fn create_secret(
        &self,
        name: &SecretName,
        labels: &Labels,
        value: &SecretString,
    ) -> RuntimeResult<()> {
        self.inner()
            .call(Method::CreateSecret, name.as_str(), |objects| {
                if objects.secrets.contains_key(name.as_str()) {
                    return Err(RuntimeError::Conflict { detail: format!("secret {name} exists") });
                }
                let secret = Secret { labels: labels.clone(), value: value.clone() };
                objects.secrets.insert(name.to_string(), secret);
                Ok(())
            })
            .await
    }

    async fn remove_secret(&self, name: &str) -> RuntimeResult<()> {
        self.inner()
            .call(Method::RemoveSecret, name, |objects| {
                objects.secrets.remove(name);
                Ok(())
            })
            .await
    }
}
