//! What the service needs of whatever runs containers, in the service's words.
//!
//! One implementation speaks to Podman ([`podman::PodmanRuntime`]); another, in the test kit, fails on demand. What is
//! *not* here: anything about databases.

mod app_container;
mod error;
mod list;
mod objects;
pub mod podman;
mod recreation;
mod setup;
mod usage;
mod watch;
mod way;

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use async_trait::async_trait;
use secrecy::SecretString;
use stardeck_domain::{
    ContainerId, ContainerName, ImageId, ImageReference, NetworkName, Port, SecretName, VolumeName,
};
use stardeck_engines::SeedFile;
use tokio::sync::mpsc;

pub use app_container::AppContainerSpec;
pub use error::{ImageProblem, RuntimeError, RuntimeResult};
pub(crate) use list::ContainerList;
pub use objects::{
    ContainerDetails, ContainerSpec, ContainerState, ContainerSummary, ImageDetails, Labels, LogLine,
    LogQuery, LogStream, NamedObject, NetworkDetails, NetworkSpec, PublishedPort, PullProgress, Reach,
    RegistryLogin, RuntimeInfo, SecretFileSpec,
};
pub use recreation::{Alteration, UnkeptField};
pub use setup::{ContainerSetup, Environment, Mount, MountSource};
pub use usage::{ContainerUsage, LogFollow};
pub use watch::{ObjectKind, RuntimeChange, RuntimeEvent};
pub use way::{Tunnel, Way};

/// Something that runs containers. Every call is bounded in time; every `ensure` and `remove` may be repeated.
#[async_trait]
pub trait ContainerRuntime: Send + Sync {
    /// Asks whether it answers, and what it is.
    async fn info(&self) -> RuntimeResult<RuntimeInfo>;

    /// Tells what happens from now on, across everything that keeps the runtime from being heard.
    fn watch(&self) -> mpsc::Receiver<RuntimeEvent>;

    /// All containers of the host, running or not, whoever made them.
    async fn list_containers(&self) -> RuntimeResult<Vec<ContainerSummary>>;
    /// The containers that have this label, running or not. The whole list has to wait for every container that is just
    /// being started or removed, this one only for those that it tells.
    async fn list_labelled(&self, key: &str, value: &str) -> RuntimeResult<Vec<ContainerSummary>> {
        let has =
            |container: &ContainerSummary| container.labels.get(key).is_some_and(|found| found == value);
        Ok(self.list_containers().await?.into_iter().filter(has).collect())
    }
    /// One container by name or id.
    async fn find_container(&self, name: &str) -> RuntimeResult<Option<ContainerDetails>>;
    /// Makes a container. The image must be present.
    async fn create_container(&self, spec: &ContainerSpec) -> RuntimeResult<ContainerId>;
    /// Makes the container of an app. The image must be present.
    async fn create_app_container(&self, spec: &AppContainerSpec) -> RuntimeResult<ContainerId>;
    /// What can not be kept of a container that is made anew with this alteration; nothing when all can.
    async fn list_unkept(&self, name: &str, alteration: &Alteration) -> RuntimeResult<Vec<UnkeptField>>;
    /// Makes a container like another one but for the alteration, and does not start it; the other stays as it is. Refused
    /// when anything else would differ; what was made by then can be there.
    async fn recreate_container(&self, name: &str, alteration: &Alteration) -> RuntimeResult<ContainerId>;
    /// Runs its own healthcheck, and says whether it is healthy; None when it has none.
    async fn check_health(&self, name: &str) -> RuntimeResult<Option<bool>>;
    /// Puts a file into it, also before its first start, into volumes too; an older one is replaced.
    async fn put_file(&self, name: &str, file: &SeedFile) -> RuntimeResult<()>;
    /// A small file in it, as text, where it runs or not; None when there is none.
    async fn read_file(&self, name: &str, path: &str) -> RuntimeResult<Option<SecretString>>;
    /// Starts it; done already is success.
    async fn start_container(&self, name: &str) -> RuntimeResult<()>;
    /// Stops it cleanly within the grace, then kills it; stopped already is success.
    async fn stop_container(&self, name: &str, grace: Duration) -> RuntimeResult<()>;
    /// Gives it another name.
    async fn rename_container(&self, name: &str, new_name: &ContainerName) -> RuntimeResult<()>;
    /// Kills and removes it with its anonymous volumes; gone already is success.
    async fn remove_container(&self, name: &str) -> RuntimeResult<()>;
    /// Its last log lines, oldest first.
    async fn container_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<Vec<LogLine>>;
    /// Its log as [`Self::container_logs`] tells it, and whatever it writes from then on, until it ends. Dropping the
    /// stream ends the call.
    async fn follow_logs(&self, name: &str, query: &LogQuery) -> RuntimeResult<LogFollow>;
    /// What it uses at this moment; None while it does not run.
    async fn container_usage(&self, name: &str) -> RuntimeResult<Option<ContainerUsage>>;
    /// A way to a port of it from here.
    async fn reach(&self, name: &str, port: Port) -> RuntimeResult<Reach>;

    /// A way from a running container's own network to an address, as its program has it; None when there is none for us.
    async fn way_out(&self, name: &str, to: SocketAddr) -> RuntimeResult<Option<Way>>;

    /// An image that is present.
    async fn find_image(&self, reference: &str) -> RuntimeResult<Option<ImageDetails>>;
    /// Pulls an image, telling how far it is. Dropping the future ends the pull.
    async fn pull_image(
        &self,
        reference: &ImageReference,
        login: Option<&RegistryLogin>,
        progress: mpsc::Sender<PullProgress>,
    ) -> RuntimeResult<ImageId>;

    /// All volumes.
    async fn list_volumes(&self) -> RuntimeResult<Vec<NamedObject>>;
    /// One volume.
    async fn find_volume(&self, name: &str) -> RuntimeResult<Option<NamedObject>>;
    /// The containers that mount a volume, running or not, whoever made them.
    async fn list_volume_users(&self, name: &str) -> RuntimeResult<Vec<ContainerSummary>>;
    /// The bytes that each volume takes on the disk. Slow, since it looks at every file.
    async fn volume_sizes(&self) -> RuntimeResult<BTreeMap<String, u64>>;
    /// Makes a volume.
    async fn create_volume(&self, name: &VolumeName, labels: &Labels) -> RuntimeResult<()>;
    /// Removes a volume that nothing uses; gone already is success.
    async fn remove_volume(&self, name: &str) -> RuntimeResult<()>;

    /// All networks.
    async fn list_networks(&self) -> RuntimeResult<Vec<NetworkDetails>>;
    /// Makes a bridge network with name resolution.
    async fn create_network(&self, spec: &NetworkSpec) -> RuntimeResult<()>;
    /// Removes one that no container is on; gone already is success.
    async fn remove_network(&self, name: &str) -> RuntimeResult<()>;
    /// Puts a container on a network under these names, also while it runs; on it already is success.
    async fn connect_network(
        &self,
        network: &NetworkName,
        container: &str,
        aliases: &[String],
    ) -> RuntimeResult<()>;
    /// Takes a container off a network, also while it runs; off it already is success.
    async fn disconnect_network(&self, network: &NetworkName, container: &str) -> RuntimeResult<()>;
    /// The addresses that a network's name server tells its containers for a name. None when it does not answer us.
    async fn resolve(&self, network: &NetworkName, name: &str) -> RuntimeResult<Option<Vec<IpAddr>>>;

    /// All secrets, without their values. Podman 4.3 can not filter them by label.
    async fn list_secrets(&self) -> RuntimeResult<Vec<NamedObject>>;
    /// One secret, without its value.
    async fn find_secret(&self, name: &str) -> RuntimeResult<Option<NamedObject>>;
    /// Stores a secret.
    async fn create_secret(
        &self,
        name: &SecretName,
        labels: &Labels,
        value: &SecretString,
    ) -> RuntimeResult<()>;
    /// Removes a secret; gone already is success.
    async fn remove_secret(&self, name: &str) -> RuntimeResult<()>;
}
