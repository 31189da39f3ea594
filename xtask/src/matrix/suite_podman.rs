//! A Podman of another Debian suite beside the host's: its own root, its own network, its own registry.
//!
//! The host can not reach what it publishes, so the tests run inside its namespaces too.

use super::{privilege::Privilege, root::SuiteRoot};
use crate::host::{self, Conditions};
use crate::images::{StoreInUse, registry};
use crate::podman::{self, REGISTRY_VARIABLE, ROOT_VARIABLE, SOCKET_VARIABLE, SUBNETS_VARIABLE};
use crate::{process, report, workspace};
use anyhow::Context as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

const ENTER: &str = include_str!("enter.sh");
const START_LIMIT: Duration = Duration::from_secs(30);
/// Its network is its own, so any port and any addresses will do.
const REGISTRY_PORT: u16 = 5000;
const SUBNETS: &str = "10.140.0.0/16";
const PATH_INSIDE: &str = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// It ends with [`SuitePodman::stop`], or when it is dropped.
#[derive(Debug)]
pub(crate) struct SuitePodman {
    directory: PathBuf,
    /// The `unshare` whose child is the first process of the namespaces.
    namespaces: Option<Child>,
    root: SuiteRoot,
    privilege: Privilege,
    images: StoreInUse,
    _owner: File,
}

impl SuitePodman {
    /// Starts one, whose registry serves what `images` has. Root's has the images as well.
    ///
    /// # Errors
    /// When it can not be started or does not answer in time.
    pub(crate) fn start(
        root: SuiteRoot,
        privilege: Privilege,
        conditions: Conditions,
        images: StoreInUse,
    ) -> anyhow::Result<Self> {
        let (directory, owner) = podman::make_work_directory()?;
        let mut started = Self { directory, namespaces: None, root, privilege, images, _owner: owner };
        started.write_configuration(conditions)?;
        started.serve()?;
        Ok(started)
    }

    /// A folder that has the same path inside and outside.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// As whom it runs.
    pub(crate) fn privilege(&self) -> Privilege {
        self.privilege
    }

    /// The socket of its API service.
    pub(crate) fn socket(&self) -> PathBuf {
        podman::socket(&self.directory)
    }

    /// A program inside its namespaces, in the checkout, that is told how to reach this Podman. Of the host's
    /// environment it sees nothing.
    pub(crate) fn command_inside(
        &self,
        program: &Path,
        variables: &[(&str, String)],
    ) -> anyhow::Result<Command> {
        let id = self.namespaces.as_ref().context("this Podman was stopped")?.id();
        let mut command = Command::new("nsenter");
        command
            .args(["--target", &id.to_string(), "--mount", "--net", "--ipc", "--uts"])
            // The process that made the namespaces is itself not in the one of processes.
            .arg(format!("--pid=/proc/{id}/ns/pid_for_children"))
            .args(["env", "--ignore-environment", "--chdir"])
            .arg(workspace::root())
            .args([PATH_INSIDE, "LANG=C.UTF-8"])
            .args(self.privilege.variables())
            .arg(format!("{SOCKET_VARIABLE}={}", self.socket().display()))
            .arg(format!("{ROOT_VARIABLE}={}", self.directory.display()))
            .arg(format!("{REGISTRY_VARIABLE}=127.0.0.1:{REGISTRY_PORT}"))
            .arg(format!("{SUBNETS_VARIABLE}={SUBNETS}"))
            .args(variables.iter().map(|(name, value)| format!("{name}={value}")))
            .args(self.privilege.becoming())
            .arg(program);
        Ok(command)
    }

    /// Ends it and removes everything it made.
    ///
    /// # Errors
    /// When something is left behind.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        self.take_down()
    }

    fn write_configuration(&self, conditions: Conditions) -> anyhow::Result<()> {
        let settings = self.directory.join("upper/etc/containers");
        for path in [&settings, &self.directory.join("overlay"), &self.directory.join("merged")] {
            fs::create_dir_all(path).with_context(|| format!("making {}", path.display()))?;
        }
        fs::create_dir_all(self.directory.join("containers"))?;
        // The namespaces have no systemd, whatever the host has.
        let conditions = Conditions { has_systemd: false, ..conditions };
        let engine = host::engine_settings(conditions, "", "events_logger = \"file\"\n");
        fs::write(settings.join("containers.conf"), engine)?;
        let address = format!("127.0.0.1:{REGISTRY_PORT}");
        fs::write(settings.join("registries.conf"), podman::registries(&address))?;
        if let Some(images) = self.privilege.additional_images() {
            fs::write(settings.join("storage.conf"), storage(&images))?;
        }
        let registry =
            registry::configuration(Path::new("/srv/registry"), REGISTRY_PORT, registry::Access::ReadOnly);
        fs::write(self.directory.join("registry.yml"), registry)?;
        podman::write_command(&self.directory, "exec podman \"$@\"\n")
    }

    fn serve(&mut self) -> anyhow::Result<()> {
        let log_path = self.directory.join("service.log");
        let log = File::create(&log_path).with_context(|| format!("making {}", log_path.display()))?;
        // However we end, the namespaces end with us, and with them every process and mount in them.
        let mut command = Command::new("setpriv");
        command
            .args(["--pdeathsig", "KILL", "unshare", "--mount", "--net", "--pid", "--ipc", "--uts"])
            .args(["--fork", "--kill-child", "--propagation", "private", "bash", "-c", ENTER, "enter"])
            .arg(&self.root.directory)
            .arg(&self.directory)
            .arg(workspace::root())
            .arg(registry::program_directory()?)
            .arg(&self.images.registry)
            .arg(&self.images.images)
            .arg(self.privilege.user().to_string())
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log);
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        self.namespaces = Some(command.spawn().context("starting another Podman")?);
        host::wait_until_it_answers(&self.socket(), START_LIMIT).with_context(|| {
            format!("its log says: {}", fs::read_to_string(&log_path).unwrap_or_default().trim())
        })
    }

    fn take_down(&mut self) -> anyhow::Result<()> {
        let Some(mut namespaces) = self.namespaces.take() else { return Ok(()) };
        // Removed by Podman, so that no control group of theirs is left.
        podman::remove_containers(&self.directory);
        namespaces.kill().context("ending the namespaces")?;
        namespaces.wait().context("waiting for the namespaces")?;
        podman::remove_rest(&self.directory)
    }
}

impl Drop for SuitePodman {
    fn drop(&mut self) {
        if let Err(error) = self.take_down() {
            report::line(&format!("could not take down {}: {error:#}", self.directory.display()));
        }
    }
}

/// A `storage.conf` with an additional store of images, which is only read.
fn storage(images: &Path) -> String {
    format!(
        "[storage]\ndriver = \"overlay\"\nrunroot = \"/run/containers/storage\"\n\
         graphroot = \"/var/lib/containers/storage\"\n\n\
         [storage.options]\nadditionalimagestores = [\"{}\"]\n",
        images.display()
    )
}

/// Version of the Podman behind a socket.
///
/// # Errors
/// When it does not answer.
pub(crate) fn version(socket: &Path) -> anyhow::Result<String> {
    process::read(client(socket).args(["version", "--format", "{{.Server.Version}}"]))
}

/// The host's `podman` as a client of another.
pub(crate) fn client(socket: &Path) -> Command {
    let mut command = Command::new("podman");
    command.arg("--url").arg(format!("unix://{}", socket.display()));
    command
}
