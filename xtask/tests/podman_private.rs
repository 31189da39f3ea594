//! The tests' own Podman comes and goes without a trace, also when its owner is killed.
#![expect(clippy::unwrap_used, reason = "a broken set-up fails the test")]

use rustix::process::{Pid, Signal};
use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const LIMIT: Duration = Duration::from_mins(1);

/// `cargo xtask podman` in a process of its own.
struct Running {
    owner: Child,
    variables: BTreeMap<String, String>,
}

impl Running {
    /// Starts it and reads the lines that it prints for a shell.
    fn start() -> Self {
        let mut owner = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("podman")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let output = BufReader::new(owner.stdout.take().unwrap());
        let variables: BTreeMap<String, String> = output
            .lines()
            .take(4)
            .filter_map(|line| {
                let line = line.unwrap();
                let (name, value) = line.strip_prefix("export ")?.split_once('=')?;
                Some((name.to_owned(), value.to_owned()))
            })
            .collect();
        assert_eq!(variables.len(), 4, "`cargo xtask podman` did not start; it says why above");
        Self { owner, variables }
    }

    fn directory(&self) -> PathBuf {
        PathBuf::from(self.variables.get("STARDECK_TEST_PODMAN_ROOT").unwrap())
    }

    /// A Podman command on its socket.
    fn command(&self, arguments: &[&str]) -> Output {
        let url = format!("unix://{}", self.variables.get("STARDECK_TEST_PODMAN_SOCKET").unwrap());
        Command::new("podman").args(["--url", &url]).args(arguments).output().unwrap()
    }

    /// What a Podman command on its socket prints.
    fn podman(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        assert!(output.status.success(), "podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Whether a container resolves a name.
    fn resolves(&self, container: &str, name: &str) -> bool {
        self.command(&["exec", container, "getent", "hosts", name]).status.success()
    }

    /// Starts a container that stays, on a network that every Podman may have, and gives the container's id.
    fn run_container(&self) -> String {
        self.podman(&["network", "create", "stardeck-data"]);
        self.podman(&[
            "run",
            "--detach",
            "--network",
            "stardeck-data",
            "localhost/app-probe:1",
            "sleep",
            "600",
        ])
    }

    fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(self.owner.id()).unwrap()).unwrap();
        rustix::process::kill_process(pid, signal).unwrap();
    }
}

fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let deadline = Instant::now() + LIMIT;
    while !is_so() {
        assert!(Instant::now() < deadline, "{what} did not happen within {} s", LIMIT.as_secs());
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Processes whose command line or control group names `text`.
fn processes_naming(text: &str) -> Vec<String> {
    fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| {
            let path = entry.unwrap().path();
            path.file_name()?.to_str()?.parse::<u32>().ok()?;
            let command_line = fs::read(path.join("cmdline")).unwrap_or_default();
            let command_line = String::from_utf8_lossy(&command_line).replace('\0', " ");
            let groups = fs::read_to_string(path.join("cgroup")).unwrap_or_default();
            (command_line.contains(text) || groups.contains(text)).then_some(command_line)
        })
        .collect()
}

fn assert_nothing_is_left(directory: &Path, container: &str) {
    assert!(!directory.exists(), "{} is still there", directory.display());
    let name = directory.to_str().unwrap();
    assert_eq!(processes_naming(name), Vec::<String>::new());
    assert_eq!(processes_naming(container), Vec::<String>::new());
    let mounts = fs::read_to_string("/proc/self/mountinfo").unwrap();
    assert!(!mounts.contains(name), "something is still mounted in {name}");
}

#[test]
fn stopped_podman_leaves_nothing() {
    let mut running = Running::start();
    let (directory, container) = (running.directory(), running.run_container());
    running.signal(Signal::TERM);
    assert!(running.owner.wait().unwrap().success());
    assert_nothing_is_left(&directory, &container);
}

#[test]
fn killed_owners_podman_is_taken_down_by_the_next_run() {
    let mut killed = Running::start();
    let (directory, container) = (killed.directory(), killed.run_container());
    killed.signal(Signal::KILL);
    killed.owner.wait().unwrap();
    let mut next = Running::start();
    assert_nothing_is_left(&directory, &container);
    next.signal(Signal::TERM);
    assert!(next.owner.wait().unwrap().success());
}

#[test]
fn two_podmans_do_not_see_each_other() {
    let (mut first, mut second) = (Running::start(), Running::start());
    let container = first.run_container();
    assert_eq!(second.podman(&["ps", "--all", "--quiet"]), "");
    // The same network name in both: each has its own subnet, and names of one are unknown in the other.
    let other = second.run_container();
    let subnet = |running: &Running| {
        running.podman(&["network", "inspect", "stardeck-data", "--format", "{{.Subnets}}"])
    };
    assert_ne!(subnet(&first), subnet(&second));
    // Every container's name server knows it by its short id.
    let (name, other_name) = (container.get(..12).unwrap(), other.get(..12).unwrap());
    wait_until("resolving a name in the first", || first.resolves(&container, name));
    wait_until("resolving a name in the second", || second.resolves(&other, other_name));
    assert!(!first.resolves(&container, other_name));
    assert!(!second.resolves(&other, name));
    for running in [&mut first, &mut second] {
        running.signal(Signal::TERM);
        assert!(running.owner.wait().unwrap().success());
    }
}
