//! The stardeck server that the demo starts, watches and stops.

use crate::{frontend, interrupt, process, report, workspace};
use anyhow::{Context as _, bail};
use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Where the server listens when nothing else does.
const PREFERRED: &str = "127.0.0.1:8080";
/// Where it listens otherwise: the system chooses the port.
const FALLBACK: &str = "127.0.0.1:0";
/// How long the server may take to listen. It opens its store and takes up what an earlier run left.
const LISTENS_WITHIN: Duration = Duration::from_secs(30);
/// What the server says before its address.
const LISTENING: &str = "listening on ";

/// A running server; ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    url: String,
    log: PathBuf,
}

impl Server {
    /// Starts the server and waits until it listens.
    ///
    /// # Errors
    /// When it ends at once or does not listen in time; its last log lines are in the error.
    pub(crate) fn start(binary: &Path, data_dir: &Path, socket: &Path) -> anyhow::Result<Self> {
        fs::create_dir_all(data_dir).with_context(|| format!("creating {}", data_dir.display()))?;
        let log = data_dir.join("server.log");
        let output = File::create(&log).with_context(|| format!("creating {}", log.display()))?;
        let is_free = std::net::TcpListener::bind(PREFERRED).is_ok();
        let listen = if is_free { PREFERRED } else { FALLBACK };
        let child = Command::new(binary)
            .args(["serve", "--listen", listen, "--data-dir"])
            .arg(data_dir)
            .arg("--podman-socket")
            .arg(socket)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("starting {}", binary.display()))?;
        let mut server = Self { child, url: String::new(), log };
        server.url = server.wait_until_it_listens()?;
        Ok(server)
    }

    /// Where it answers, such as `http://127.0.0.1:8080`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Waits until Ctrl-C or until the server ends by itself.
    ///
    /// # Errors
    /// When it ends by itself.
    pub(crate) fn stay(&mut self) -> anyhow::Result<()> {
        while !interrupt::is_requested() {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended by itself ({status}):\n{}", self.log_tail());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Ok(())
    }

    /// Stops it cleanly. Databases keep running.
    ///
    /// # Errors
    /// When it can not be waited for.
    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        process::terminate(&mut self.child)
    }

    fn wait_until_it_listens(&mut self) -> anyhow::Result<String> {
        let deadline = Instant::now() + LISTENS_WITHIN;
        loop {
            interrupt::check()?;
            if let Some(url) = find_address(&self.read_log()) {
                return Ok(url);
            }
            if let Some(status) = self.child.try_wait()? {
                bail!("the server did not start ({status}):\n{}", self.log_tail());
            }
            if Instant::now() > deadline {
                bail!(
                    "the server did not listen within {} s:\n{}",
                    LISTENS_WITHIN.as_secs(),
                    self.log_tail()
                );
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn read_log(&self) -> String {
        let mut text = String::new();
        match File::open(&self.log).and_then(|mut file| file.read_to_string(&mut text)) {
            Ok(_) => text,
            Err(error) => format!("({}: {error})", self.log.display()),
        }
    }

    fn log_tail(&self) -> String {
        let text = self.read_log();
        let lines: Vec<_> = text.lines().collect();
        let skip = lines.len().saturating_sub(15);
        lines.into_iter().skip(skip).collect::<Vec<_>>().join("\n")
    }
}

/// Builds the server with its web UI, where there is Node. The UI is built beside the crates below the server, which alone
/// embeds it and waits for it.
///
/// # Errors
/// When one of them does not build.
pub(super) fn build_with_ui() -> anyhow::Result<PathBuf> {
    let ui = std::thread::spawn(frontend::build_if_stale);
    let below = cargo_build("stardeck-api", &[]);
    let built = ui.join().unwrap_or_else(|_| bail!("the build of the web UI broke off"))?;
    below?;
    if let Err(missing) = built {
        report::line(&format!("without the web UI: {missing}"));
    }
    build()
}

/// Builds the server, with the web UI that is there.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build() -> anyhow::Result<PathBuf> {
    cargo_build("stardeck-server", &[])?;
    Ok(workspace::root().join("target/debug/stardeck"))
}

/// Builds the server as it is shipped, with the web UI that is there.
///
/// # Errors
/// When it does not compile.
pub(crate) fn build_optimised() -> anyhow::Result<PathBuf> {
    report::line("building the server with optimisation …");
    cargo_build("stardeck-server", &["--release"])?;
    Ok(workspace::root().join("target/release/stardeck"))
}

fn cargo_build(package: &str, more: &[&str]) -> anyhow::Result<()> {
    let status =
        process::run_in_view(workspace::cargo().args(["build", "--quiet", "--package", package]).args(more))?;
    if !status.success() {
        bail!("the server could not be built");
    }
    Ok(())
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(error) = process::terminate(&mut self.child) {
            report::line(&format!("the server could not be stopped: {error:#}"));
        }
    }
}

/// The address in the line the server prints once it listens.
fn find_address(log: &str) -> Option<String> {
    let rest = log.split_once(LISTENING)?.1;
    let end = rest.find(|c: char| c.is_whitespace() || c == '"')?;
    rest.get(..end).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_found_in_the_log_once_its_line_is_complete() {
        assert_eq!(find_address("INFO starting\nINFO listening on http://127.0.0.1:8080"), None);
        assert_eq!(
            find_address("INFO starting\nINFO listening on http://127.0.0.1:8080\n").as_deref(),
            Some("http://127.0.0.1:8080")
        );
    }
}
