//! A registry on loopback that serves the stand-ins under their official names, so that pulls in tests are real:
//! layers arrive over HTTP, and what is not there is answered with the registry protocol's own error.
//!
//! The program is Debian's `docker-registry`, only unpacked: installing it would start a service on the host.

use super::{Image, ImageStore};
use crate::report::Step;
use crate::{environment, interrupt, process, report};
use anyhow::{Context as _, bail};
use serde_json::json;
use std::fs::{self, File};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PACKAGE: &str = "docker-registry";
/// The program, in the package.
const PROGRAM: &str = "usr/bin/docker-registry";
const START_LIMIT: Duration = Duration::from_secs(20);
const OFFICIAL: &str = "docker.io/";

/// Whether a registry may be written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// For filling it.
    ReadWrite,
    /// For the tests.
    ReadOnly,
}

/// A running registry. It ends with [`Registry::stop`], or when it is dropped.
#[derive(Debug)]
pub(crate) struct Registry {
    port: u16,
    process: Option<Child>,
}

impl Registry {
    /// Serves `content` on a free port of 127.0.0.1; configuration and log are written to `work`.
    ///
    /// # Errors
    /// When the program can not be had or does not answer in time.
    pub(crate) fn start(content: &Path, work: &Path, access: Access) -> anyhow::Result<Self> {
        let program = program_directory()?.join(PROGRAM);
        let port = free_port()?;
        let path = work.join("registry.yml");
        fs::write(&path, configuration(content, port, access))
            .with_context(|| format!("writing {}", path.display()))?;
        let log = File::create(work.join("registry.log")).context("making the registry's log")?;
        let process = Command::new(program)
            .arg("serve")
            .arg(&path)
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting the registry")?;
        let mut registry = Self { port, process: Some(process) };
        registry.wait_until_it_answers()?;
        Ok(registry)
    }

    /// Where it is reached, as `address:port`.
    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Ends it. Doing so twice is fine.
    ///
    /// # Errors
    /// When the process can not be waited for.
    pub(crate) fn stop(&mut self) -> anyhow::Result<()> {
        match self.process.take() {
            Some(mut process) => process::terminate(&mut process),
            None => Ok(()),
        }
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let deadline = Instant::now() + START_LIMIT;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_err() {
            interrupt::check()?;
            let has_ended = match &mut self.process {
                Some(process) => process.try_wait()?.is_some(),
                None => true,
            };
            if has_ended || Instant::now() > deadline {
                bail!("the registry does not answer on {}", self.address());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    }
}

impl Drop for Registry {
    fn drop(&mut self) {
        if let Err(error) = self.stop() {
            report::line(&format!("could not end the registry: {error:#}"));
        }
    }
}

/// Puts images of the storage into the registry's content.
///
/// # Errors
/// When one can not be pushed.
pub(crate) fn fill(store: &ImageStore, images: &[&Image]) -> anyhow::Result<()> {
    let content = store.registry();
    fs::create_dir_all(&content).with_context(|| format!("making {}", content.display()))?;
    let work = tempfile::tempdir().context("making a scratch directory")?;
    let mut registry = Registry::start(&content, work.path(), Access::ReadWrite)?;
    let step = Step::start("putting the images into a registry for the tests");
    for image in images {
        for tag in std::iter::once(&image.reference).chain(&image.served_as) {
            // What has no official name is only in the storage.
            let Some(path) = tag.strip_prefix(OFFICIAL) else { continue };
            let target = format!("docker://{}/{path}", registry.address());
            let mut push = store.podman();
            push.args(["push", "--quiet", "--tls-verify=false", &image.reference, &target]);
            if let Err(error) = process::run_hidden(&mut push) {
                step.failed();
                return Err(error).with_context(|| format!("pushing {tag}"));
            }
        }
    }
    step.done();
    registry.stop()
}

/// A port that nobody listens on now. Another program may take it before the registry does; then the start fails.
fn free_port() -> anyhow::Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port")?;
    Ok(listener.local_addr()?.port())
}

/// What the program reads: serve `content` on a port of 127.0.0.1.
pub(crate) fn configuration(content: &Path, port: u16, access: Access) -> String {
    // Every JSON document is a YAML document, which is what the program wants.
    json!({
        "version": "0.1",
        "log": { "level": "warn", "accesslog": { "disabled": true } },
        "storage": {
            "filesystem": { "rootdirectory": content },
            "maintenance": { "readonly": { "enabled": access == Access::ReadOnly } },
        },
        "http": { "addr": format!("127.0.0.1:{port}") },
    })
    .to_string()
}

/// The folder with the registry's package, downloaded and unpacked once.
///
/// # Errors
/// When the package can not be had.
pub(crate) fn program_directory() -> anyhow::Result<PathBuf> {
    let downloads = environment::cache_directory()?.join("downloads");
    let target = downloads.join(PACKAGE);
    let program = target.join(PROGRAM);
    if program.is_file() {
        return Ok(target);
    }
    fs::create_dir_all(&downloads).with_context(|| format!("making {}", downloads.display()))?;
    let scratch = tempfile::Builder::new().prefix("partial-").tempdir_in(&downloads)?;
    let mut download = Command::new("apt-get");
    download.current_dir(scratch.path()).args(["-q", "-o", "APT::Sandbox::User=root", "download", PACKAGE]);
    if process::run_hidden(&mut download).is_err() {
        interrupt::check()?;
        report::change("fetches new package lists (apt-get update), since the present ones do not serve");
        process::run_hidden(Command::new("apt-get").args(["-q", "update"]))?;
        process::run_hidden(&mut download)?;
    }
    let package = fs::read_dir(scratch.path())?
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .find(|path| path.extension().is_some_and(|extension| extension == "deb"))
        .with_context(|| format!("apt-get downloaded no {PACKAGE}"))?;
    let unpacked = scratch.path().join("unpacked");
    process::run_hidden(Command::new("dpkg-deb").arg("--extract").arg(&package).arg(&unpacked))?;
    match fs::rename(&unpacked, &target) {
        Err(error) if !program.is_file() => {
            Err(error).with_context(|| format!("making {}", target.display()))
        }
        _ => Ok(target),
    }
}
