//! Podman's API service on the host's own socket.

use super::Conditions;
use crate::{interrupt, process, report};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// Where a root Podman serves its API by custom, and where systemd's `podman.socket` listens.
pub(crate) const SOCKET: &str = "/run/podman/podman.sock";

const LOG: &str = "/run/podman/stardeck-api-service.log";
const START_LIMIT: Duration = Duration::from_secs(30);
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// Starts the service when nothing answers on [`SOCKET`], and gives the socket's path.
///
/// # Errors
/// When it can not be started or does not answer in time.
pub(crate) fn ensure_api_service(conditions: Conditions) -> anyhow::Result<PathBuf> {
    let socket = PathBuf::from(SOCKET);
    if answers(&socket) {
        return Ok(socket);
    }
    if conditions.has_systemd {
        report::change("enables and starts podman.socket (systemctl enable --now podman.socket)");
        process::run_hidden(Command::new("systemctl").args(["enable", "--now", "podman.socket"]))?;
    } else {
        report::change(&format!(
            "starts `podman system service` on {SOCKET} (no systemd here); its log is {LOG}"
        ));
        fs::create_dir_all("/run/podman").context("making /run/podman")?;
        let log = File::create(LOG).with_context(|| format!("making {LOG}"))?;
        // `setsid` takes it out of our process group: a Ctrl-C here must not end the host's Podman.
        Command::new("setsid")
            .args(["podman", "system", "service", "--time", "0"])
            .arg(format!("unix://{SOCKET}"))
            // A directory that is deleted later would make every container start fail.
            .current_dir("/")
            .stdin(Stdio::null())
            .stdout(log.try_clone()?)
            .stderr(log)
            .spawn()
            .context("starting podman system service")?;
    }
    wait_until_it_answers(&socket, START_LIMIT)?;
    Ok(socket)
}

/// Waits for an API service to answer on `socket`.
///
/// # Errors
/// When it does not within `limit`, or the end was asked for.
pub(crate) fn wait_until_it_answers(socket: &Path, limit: Duration) -> anyhow::Result<()> {
    let deadline = Instant::now() + limit;
    while !answers(socket) {
        interrupt::check()?;
        if Instant::now() > deadline {
            bail!("no Podman answers on {} after {} s", socket.display(), limit.as_secs());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Ok(())
}

/// True when an API service answers `/_ping` on `socket`.
pub(crate) fn answers(socket: &Path) -> bool {
    ping(socket).unwrap_or(false)
}

fn ping(socket: &Path) -> std::io::Result<bool> {
    let mut stream = UnixStream::connect(socket)?;
    stream.set_read_timeout(Some(ANSWER_LIMIT))?;
    stream.set_write_timeout(Some(ANSWER_LIMIT))?;
    stream.write_all(b"GET /_ping HTTP/1.0\r\nHost: podman\r\n\r\n")?;
    let mut answer = Vec::new();
    stream.take(64).read_to_end(&mut answer)?;
    Ok(answer.starts_with(b"HTTP/1.0 200") || answer.starts_with(b"HTTP/1.1 200"))
}
