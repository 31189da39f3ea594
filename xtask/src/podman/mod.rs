//! A Podman of the tests' own: invisible to the host's Podman, and gone without a trace when it ends.
//!
//! Its API service runs in a mount namespace of its own, because rootful Podmans otherwise share the address database
//! and the name server's files below `/run/containers/networks`, where two networks of one name would be mixed up.
//! So its mounts also vanish with its processes. The network namespace is the host's: published ports and bridges are
//! reachable from the tests, and addresses are chosen so that they collide with nobody's.

mod addresses;
mod files;
mod teardown;

pub(crate) use files::{registries, socket, write_command};
pub(crate) use teardown::{remove_containers, remove_rest};

use crate::host::{self, Conditions};
use crate::images::{Access, Registry, StoreInUse};
use crate::{environment, process, report};
use addresses::AddressClaim;
use anyhow::Context as _;
use std::fs::{self, File};
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Name of the variable that tells the tests the socket of their Podman.
pub(crate) const SOCKET_VARIABLE: &str = "STARDECK_TEST_PODMAN_SOCKET";
/// Name of the variable that tells the tests the work directory of their Podman.
pub(crate) const ROOT_VARIABLE: &str = "STARDECK_TEST_PODMAN_ROOT";
/// Name of the variable that tells the tests the registry that stands for docker.io, as `address:port`.
pub(crate) const REGISTRY_VARIABLE: &str = "STARDECK_TEST_REGISTRY";
/// Name of the variable that tells the tests which addresses their networks may take, as one IPv4 prefix of 16 bits.
pub(crate) const SUBNETS_VARIABLE: &str = "STARDECK_TEST_SUBNETS";

const START_LIMIT: Duration = Duration::from_secs(30);

/// Run by a shell in the new mount namespace: `$1` is the work directory, the rest is the command.
const ENTER: &str = r#"
set -eu
directory=$1
shift
mkdir -p /run/containers/networks /run/netns
mount --bind "$directory/networks" /run/containers/networks
mkdir -p /var/lib/containers/cache
mount --bind "$directory/cache" /var/lib/containers/cache
mount -t tmpfs tmpfs /run/netns
mount -t tmpfs tmpfs /dev/shm
exec "$@"
"#;

/// A running Podman of the tests' own. It ends with [`PrivatePodman::stop`], or when it is dropped.
#[derive(Debug)]
pub(crate) struct PrivatePodman {
    directory: PathBuf,
    addresses: AddressClaim,
    service: Option<Child>,
    registry: Registry,
    images: StoreInUse,
    _owner: File,
}

impl PrivatePodman {
    /// Starts one whose additional image store is `images`.
    ///
    /// # Errors
    /// When it can not be started or does not answer in time.
    pub(crate) fn start(conditions: Conditions, images: StoreInUse) -> anyhow::Result<Self> {
        let (directory, owner) = make_work_directory()?;
        let addresses = AddressClaim::take()?;
        let registry = Registry::start(&images.registry, &directory, Access::ReadOnly)?;
        let mut podman = Self { directory, addresses, service: None, registry, images, _owner: owner };
        files::write_configuration(
            &podman.directory,
            conditions,
            &podman.addresses,
            &podman.registry.address(),
        )?;
        podman.serve()?;
        podman.write_command()?;
        Ok(podman)
    }

    /// The socket of its API service.
    pub(crate) fn socket(&self) -> PathBuf {
        socket(&self.directory)
    }

    /// What tests have to be told, as names and values of environment variables.
    pub(crate) fn environment(&self) -> [(&'static str, String); 4] {
        [
            (SOCKET_VARIABLE, self.socket().display().to_string()),
            (ROOT_VARIABLE, self.directory.display().to_string()),
            (REGISTRY_VARIABLE, self.registry.address()),
            (SUBNETS_VARIABLE, self.addresses.prefix()),
        ]
    }

    /// True while its service runs.
    ///
    /// # Errors
    /// When the process can not be looked at.
    pub(crate) fn is_running(&mut self) -> anyhow::Result<bool> {
        match &mut self.service {
            Some(service) => Ok(service.try_wait().context("looking at podman system service")?.is_none()),
            None => Ok(false),
        }
    }

    /// Ends it and removes everything it made.
    ///
    /// # Errors
    /// When something is left behind.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.take_down()
    }

    fn serve(&mut self) -> anyhow::Result<()> {
        let socket = self.socket();
        let log_path = self.directory.join("service.log");
        let log = File::create(&log_path).with_context(|| format!("making {}", log_path.display()))?;
        let mut command = Command::new("unshare");
        command
            .args(["--mount", "--propagation", "private", "sh", "-c", ENTER, "enter"])
            .arg(&self.directory)
            .arg("podman")
            .args(files::podman_arguments(&self.directory, &self.images.images))
            .args(["system", "service", "--time", "0"])
            .arg(format!("unix://{}", socket.display()))
            // A directory that is deleted later would make every container start fail.
            .current_dir("/")
            .env("CONTAINERS_CONF", self.directory.join("containers.conf"))
            .env("CONTAINERS_REGISTRIES_CONF", self.directory.join("registries.conf"))
            // A Ctrl-C at the terminal must reach us, not it: it is needed for taking down what the tests left.
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        self.service = Some(command.spawn().context("starting the tests' own Podman")?);
        host::wait_until_it_answers(&socket, START_LIMIT).with_context(|| {
            format!("its log says: {}", fs::read_to_string(&log_path).unwrap_or_default().trim())
        })
    }

    /// The program of [`files::write_command`] enters the service's mount namespace, where its mounts and locks are.
    fn write_command(&self) -> anyhow::Result<()> {
        let service = self.service.as_ref().context("the tests' own Podman has no service")?.id();
        let arguments: Vec<String> = files::podman_arguments(&self.directory, &self.images.images)
            .iter()
            .map(|argument| format!("'{}'", argument.display()))
            .collect();
        let script = format!(
            "export CONTAINERS_CONF='{directory}/containers.conf'\n\
             export CONTAINERS_REGISTRIES_CONF='{directory}/registries.conf'\n\
             exec nsenter --mount=/proc/{service}/ns/mnt podman {} \"$@\"\n",
            arguments.join(" "),
            directory = self.directory.display(),
        );
        write_command(&self.directory, &script)
    }

    fn take_down(&mut self) -> anyhow::Result<()> {
        let Some(mut service) = self.service.take() else { return Ok(()) };
        remove_containers(&self.directory);
        process::terminate(&mut service)?;
        self.registry.stop()?;
        remove_rest(&self.directory)
    }
}

/// Makes a work directory, which stays until it is removed or its owner is dead, and gives the owner's lock with it.
///
/// # Errors
/// When it can not be made.
pub(crate) fn make_work_directory() -> anyhow::Result<(PathBuf, File)> {
    let all = environment::cache_directory()?.join("podman");
    fs::create_dir_all(&all).with_context(|| format!("making {}", all.display()))?;
    // One run at a time makes or sweeps, so that a directory without its lock yet is not taken for abandoned.
    let making = File::create(all.join("making.lock")).context("making a lock")?;
    making.lock().context("waiting for another run that starts a Podman")?;
    teardown::sweep_abandoned(&all);
    let directory = tempfile::Builder::new()
        .prefix("run-")
        .rand_bytes(4)
        .tempdir_in(&all)
        .context("making a work directory")?
        .keep();
    let owner = files::take_ownership(&directory)?;
    Ok((directory, owner))
}

impl Drop for PrivatePodman {
    fn drop(&mut self) {
        if let Err(error) = self.take_down() {
            report::line(&format!("could not take down {}: {error:#}", self.directory.display()));
        }
    }
}
