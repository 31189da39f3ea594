//! What others do to the runtime: people, other programs, the host itself.

use std::collections::BTreeSet;

use secrecy::ExposeSecret;
use stardeck_domain::{ContainerId, ImageId, NetworkName, Port};
use stardeck_engines::ImageFacts;
use stardeck_service::runtime::{
    ContainerSetup, ContainerState, ImageDetails, Labels, LogLine, Mount, MountSource, NetworkDetails,
    ObjectKind, PublishedPort, RuntimeError,
};

use super::{
    FakeRuntime,
    objects::{Container, Secret, Volume},
};
use crate::engine::{EngineBehaviour, VolumeContent, registry};

/// The image that every fake runtime has.
pub const POSTGRES_16: &str = "docker.io/library/postgres:16";
/// The image that every fake registry has.
pub const POSTGRES_17: &str = "docker.io/library/postgres:17";

/// A container that somebody else made.
#[derive(Debug, Clone, Default)]
pub struct ForeignContainer {
    /// Its name.
    pub name: String,
    /// Its labels.
    pub labels: Labels,
    /// Its aliases on the data network; None when it is not on that network.
    pub aliases: Option<Vec<String>>,
    /// The host ports it publishes on loopback.
    pub host_ports: Vec<u16>,
    /// The volumes it mounts.
    pub volumes: Vec<String>,
    /// The image it runs, which must be present; None for one that says nothing.
    pub image: Option<String>,
    /// Arguments of its own; empty for the image's.
    pub command: Vec<String>,
    /// Variables besides the image's.
    pub env: Vec<(String, String)>,
    /// What its engine knows: names and passwords, kept in the first volume.
    pub accounts: Vec<(String, String)>,
    /// Files in it, each with its path and text.
    pub files: Vec<(String, String)>,
    /// Directories of the host that it mounts, each with its place.
    pub binds: Vec<(String, String)>,
    /// The pod it belongs to.
    pub pod: Option<String>,
    /// How it is connected; None for a bridge.
    pub network_mode: Option<String>,
    /// What its healthcheck says; None when it has none.
    pub health: Option<bool>,
    /// What of it can not be kept when it is made anew.
    pub unkept: Vec<String>,
}

impl FakeRuntime {
    /// Sets how engines behave from now on.
    pub fn set_engine_behaviour(&self, behaviour: EngineBehaviour) {
        self.inner().lock().objects.engine = behaviour;
    }

    /// From now on it says that it runs without root and can not limit what containers use.
    pub fn run_without_root(&self) {
        self.inner().lock().objects.lacks_limits = true;
    }

    /// Makes an image present that declares itself as the official PostgreSQL image of this major version does.
    pub fn add_image(&self, reference: &str, major: u32) {
        self.inner().lock().objects.images.insert(reference.to_owned(), postgres_image(reference, major));
    }

    /// Makes an image present that declares what is given.
    pub fn add_image_with(&self, reference: &str, facts: ImageFacts) {
        let usual = postgres_image(reference, 0);
        let image = ImageDetails { facts, entrypoint: Vec::new(), command: Vec::new(), ..usual };
        self.inner().lock().objects.images.insert(reference.to_owned(), image);
    }

    /// Makes an image present that declares nothing.
    pub fn add_plain_image(&self, reference: &str) {
        self.add_image_with(reference, ImageFacts::default());
    }

    /// Removes an image that is present.
    pub fn remove_image(&self, reference: &str) {
        self.inner().lock().objects.images.remove(reference);
        self.inner().feed.happened(ObjectKind::Image, "remove", reference);
    }

    /// Sets what the registry answers to a pull; by default it knows PostgreSQL 17 and nothing else.
    pub fn set_registry_error(&self, reference: &str, error: RuntimeError) {
        self.inner().lock().objects.registry.insert(reference.to_owned(), Err(error));
    }

    /// Makes the registry know an image as the official PostgreSQL image of this major version.
    pub fn add_to_registry(&self, reference: &str, major: u32) {
        let image = postgres_image(reference, major);
        self.inner().lock().objects.registry.insert(reference.to_owned(), Ok(image));
    }

    /// Adds a running container that somebody else made.
    pub fn add_foreign_container(&self, foreign: ForeignContainer) {
        let address = registry::register(std::sync::Arc::downgrade(self.inner()), 1);
        let mut state = self.inner().lock();
        let number = state.objects.next_number();
        let image = foreign
            .image
            .as_ref()
            .map(|name| state.objects.images.get(name).cloned().expect("the image is present"));
        if let (Some(volume), false) = (foreign.volumes.first(), foreign.accounts.is_empty()) {
            let content = VolumeContent::Accounts(foreign.accounts.iter().cloned().collect());
            state.objects.volumes.insert(volume.clone(), Volume { content, ..Volume::default() });
        }
        let networks = foreign.aliases.clone().map(|aliases| (NetworkName::data().to_string(), aliases));
        let ports = foreign.host_ports.iter().map(|port| PublishedPort {
            address: std::net::Ipv4Addr::LOCALHOST.into(),
            host_port: Port::parse(i64::from(*port)).expect("a port is not 0"),
            container_port: image
                .as_ref()
                .and_then(|image| image.facts.exposed_ports.first())
                .map_or(Port::fixed(1), |port| Port::fixed(*port)),
        });
        let ports: Vec<PublishedPort> = ports.collect();
        let setup =
            ContainerSetup { published_ports: ports.clone(), ..foreign_setup(&foreign, image.as_ref()) };
        let container = Container {
            id: ContainerId::new(format!("{number:032x}{number:032x}")),
            state: ContainerState::Running,
            exit_code: None,
            oom_killed: false,
            restart_count: 0,
            started_at: None,
            labels: foreign.labels,
            image: image.as_ref().map_or_else(|| ImageId::new("sha256:foreign"), |image| image.id.clone()),
            networks: networks.into_iter().collect(),
            ports,
            setup,
            volumes: foreign.volumes,
            anonymous_volumes: Vec::new(),
            secrets: Vec::new(),
            configs: Vec::new(),
            limits: (None, None),
            env: foreign.env.into_iter().collect(),
            address: image.is_some().then_some(address),
            files: foreign.files.into_iter().map(|(path, text)| (path, text.into())).collect(),
            log: Vec::new(),
            probes: 0,
            health: foreign.health,
            unkept: foreign.unkept,
        };
        state.objects.containers.insert(foreign.name, container);
    }

    /// Adds a volume that somebody else made.
    pub fn add_foreign_volume(&self, name: &str, labels: Labels) {
        let volume = Volume { labels, ..Volume::default() };
        self.inner().lock().objects.volumes.insert(name.to_owned(), volume);
    }

    /// Removes a volume behind Stardeck's back, whatever it holds.
    pub fn remove_volume_by_hand(&self, name: &str) {
        self.inner().lock().objects.volumes.remove(name);
        self.inner().feed.happened(ObjectKind::Volume, "remove", name);
    }

    /// Changes a password inside an engine, in every volume that has the account.
    pub fn change_password(&self, user: &str, password: &str) {
        for volume in self.inner().lock().objects.volumes.values_mut() {
            if let VolumeContent::Accounts(known) = &mut volume.content
                && let Some(known) = known.get_mut(user)
            {
                password.clone_into(known);
            }
        }
    }

    /// Adds a secret that somebody else made.
    pub fn add_foreign_secret(&self, name: &str, labels: Labels) {
        let secret = Secret { labels, value: "foreign".into() };
        self.inner().lock().objects.secrets.insert(name.to_owned(), secret);
    }

    /// Adds a network that somebody else made.
    pub fn add_network(&self, network: NetworkDetails) {
        self.inner().lock().objects.networks.insert(network.name.clone(), network);
    }

    /// The name server misses the next changes, so many: containers that start, or join a network.
    pub fn miss_changes(&self, times: u32) {
        self.inner().lock().objects.changes_to_miss = times;
    }

    /// Takes a container off all its networks behind Stardeck's back.
    pub fn detach_container(&self, name: &str) {
        if let Some(container) = self.inner().lock().objects.containers.get_mut(name) {
            container.networks.clear();
        }
    }

    /// A process of the host listens on this port, as far as the runtime sees when a container starts.
    pub fn occupy_port(&self, port: u16) {
        self.inner().lock().objects.occupied_ports.insert(port);
    }

    /// The process that listened on the port is gone.
    pub fn free_port(&self, port: u16) {
        self.inner().lock().objects.occupied_ports.remove(&port);
    }

    /// Ends a container behind Stardeck's back.
    pub fn end_container(&self, name: &str, exit_code: i32) {
        self.inner().lock().objects.end_container(name, exit_code);
        self.tell_of(name);
    }

    /// Makes a running container fail so often, each time restarted by Podman at once.
    pub fn crash_container(&self, name: &str, times: u32) {
        if let Some(container) = self.inner().lock().objects.containers.get_mut(name) {
            container.restart_count += times;
            container.start_once_more();
        }
        self.tell_of(name);
    }

    /// Removes a container behind Stardeck's back and returns it, so that it can be put back.
    pub fn take_container(&self, name: &str) -> TakenContainer {
        let container = self.inner().lock().objects.containers.remove(name);
        self.tell_of(name);
        TakenContainer { name: name.to_owned(), container: container.expect("the container exists") }
    }

    /// Puts a container back as it was.
    pub fn put_container_back(&self, taken: TakenContainer) {
        let name = taken.name.clone();
        self.inner().lock().objects.containers.insert(taken.name, taken.container);
        self.tell_of(&name);
    }

    /// Ends everything at once and leaves it as Podman finds it after the host was restarted.
    pub fn reboot(&self) {
        for container in self.inner().lock().objects.containers.values_mut() {
            container.state = ContainerState::Created;
            container.exit_code = None;
            container.address = None;
        }
    }

    /// Lets a container write a line.
    pub fn write_log(&self, name: &str, line: &str) {
        if let Some(container) = self.inner().lock().objects.containers.get_mut(name) {
            container.say(line);
        }
    }

    /// The log of a container.
    pub fn log_of(&self, name: &str) -> Vec<LogLine> {
        self.inner().lock().objects.containers.get(name).map(|found| found.log.clone()).unwrap_or_default()
    }

    /// How often somebody logged in to an engine under this name.
    pub fn logins_of(&self, user: &str) -> u32 {
        self.inner().lock().objects.logins.get(user).copied().unwrap_or_default()
    }

    /// How many logins engines refused.
    pub fn refused_logins(&self) -> u32 {
        self.inner().lock().objects.refused_logins
    }

    /// Every password that a secret of the runtime or an engine's account holds now.
    pub fn passwords(&self) -> BTreeSet<String> {
        let state = self.inner().lock();
        let secrets = state.objects.secrets.values().map(|secret| secret.value.expose_secret().to_owned());
        let accounts = state.objects.volumes.values().filter_map(|volume| match &volume.content {
            VolumeContent::Accounts(known) => Some(known.values().cloned()),
            VolumeContent::Empty | VolumeContent::Half => None,
        });
        secrets.chain(accounts.flatten()).collect()
    }

    pub(super) fn add_usual_images(&self) {
        self.add_image(POSTGRES_16, 16);
        self.add_to_registry(POSTGRES_17, 17);
    }
}

/// How Podman shows that somebody else's container was set up. Named volumes are where the image keeps its data.
fn foreign_setup(foreign: &ForeignContainer, image: Option<&ImageDetails>) -> ContainerSetup {
    let data = image.and_then(|image| image.facts.volumes.first()).map_or("/data", String::as_str);
    let volumes = foreign.volumes.iter().enumerate().map(|(at, name)| Mount {
        source: MountSource::Volume(name.clone()),
        path: if at == 0 { data.to_owned() } else { format!("{data}-{at}") },
    });
    let binds = foreign
        .binds
        .iter()
        .map(|(from, path)| Mount { source: MountSource::Bind(from.clone()), path: path.clone() });
    let declared = image.map(|image| image.facts.env.clone()).unwrap_or_default();
    let own = (!foreign.command.is_empty()).then(|| foreign.command.clone());
    ContainerSetup {
        image: foreign.image.clone().unwrap_or_default(),
        entrypoint: image.map(|image| image.entrypoint.clone()).unwrap_or_default(),
        command: own.or_else(|| image.map(|image| image.command.clone())).unwrap_or_default(),
        env: declared.into_iter().chain(foreign.env.iter().cloned()).collect(),
        mounts: volumes.chain(binds).collect(),
        secrets: Vec::new(),
        published_ports: Vec::new(),
        pod: foreign.pod.clone(),
        network_mode: foreign.network_mode.clone().unwrap_or_else(|| "bridge".to_owned()),
        ..ContainerSetup::default()
    }
}

/// A container that was removed behind Stardeck's back.
#[derive(Debug)]
pub struct TakenContainer {
    name: String,
    container: Container,
}

/// What the official image of this major version declares (hub.docker.com/_/postgres).
fn postgres_image(reference: &str, major: u32) -> ImageDetails {
    let (data, volume) = if major >= 18 {
        (format!("/var/lib/postgresql/{major}/docker"), "/var/lib/postgresql")
    } else {
        ("/var/lib/postgresql/data".to_owned(), "/var/lib/postgresql/data")
    };
    let env = [
        ("PG_MAJOR", major.to_string()),
        ("PG_VERSION", format!("{major}.4-1.pgdg12+2")),
        ("PGDATA", data),
        ("LANG", "en_US.utf8".to_owned()),
    ];
    ImageDetails {
        id: ImageId::new(format!("sha256:image-of-{reference}")),
        digest: Some(format!("sha256:digest-of-{reference}")),
        labels: Labels::new(),
        facts: ImageFacts {
            volumes: vec![volume.to_owned()],
            env: env.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
            exposed_ports: vec![5432],
        },
        entrypoint: vec!["docker-entrypoint.sh".to_owned()],
        command: vec!["postgres".to_owned()],
    }
}
