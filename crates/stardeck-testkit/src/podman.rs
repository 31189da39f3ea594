//! The tests' own Podman. `cargo xtask test` starts it and says in the environment where it is; a test that lacks it
//! fails.

use std::{path::PathBuf, process::Command};

use stardeck_podman::Client;

/// The variable that names the socket.
const SOCKET: &str = "STARDECK_TEST_PODMAN_SOCKET";

/// An image that stands for an app: it has a shell, psql and `probe`, which tries a database URL.
pub const APP_PROBE: &str = "localhost/app-probe:1";

/// The tests' own Podman.
#[derive(Debug, Clone)]
pub struct PodmanEnv {
    socket: PathBuf,
}

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// Whether it ended with 0.
    pub is_success: bool,
    /// Its standard output and standard error, one after the other, without white space around.
    pub text: String,
}

impl PodmanEnv {
    /// Where it is.
    ///
    /// # Panics
    /// When the environment does not say.
    pub fn new() -> Self {
        #[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
        let socket = std::env::var_os(SOCKET);
        let Some(socket) = socket else {
            panic!(
                "{SOCKET} is not set: this test needs the tests' own Podman; run it with `cargo xtask test`"
            );
        };
        let env = Self { socket: socket.into() };
        let pong = env.run(&["version", "--format", "{{.Server.Version}}"]);
        assert!(
            pong.is_success,
            "the tests' own Podman does not answer on {}: {}; run this test with `cargo xtask test`",
            env.socket.display(),
            pong.text,
        );
        env
    }

    /// A client of it.
    pub fn client(&self) -> Client {
        Client::new(self.socket.clone())
    }

    /// Whether it runs without root, so that the host reaches only what containers publish.
    ///
    /// # Panics
    /// When it does not say.
    pub fn is_rootless(&self) -> bool {
        self.must(&["info", "--format", "{{.Host.Security.Rootless}}"]) == "true"
    }

    /// Whether it can limit what a container uses: without root, only by controllers that its user was given.
    ///
    /// # Panics
    /// When it does not say.
    pub fn has_limits(&self) -> bool {
        let said =
            self.must(&["info", "--format", "{{.Host.Security.Rootless}} {{.Host.CgroupControllers}}"]);
        !said.starts_with("true") || (said.contains("memory") && said.contains("cpu"))
    }

    /// Runs `podman` against it.
    ///
    /// # Panics
    /// When there is no such program.
    pub fn run(&self, arguments: &[&str]) -> Said {
        let output = Command::new("podman")
            .arg("--url")
            .arg(format!("unix://{}", self.socket.display()))
            .args(arguments)
            .output()
            .expect("podman is installed; `cargo xtask test` does it");
        let text = [output.stdout, output.stderr].concat();
        Said { is_success: output.status.success(), text: String::from_utf8_lossy(&text).trim().to_owned() }
    }

    /// Runs `podman` against it and returns what it said.
    ///
    /// # Panics
    /// When it fails.
    pub fn must(&self, arguments: &[&str]) -> String {
        let said = self.run(arguments);
        assert!(said.is_success, "podman {} failed: {}", arguments.join(" "), said.text);
        said.text
    }

    /// Runs `probe` in a container of its own on a network, with these arguments, and returns what it printed.
    pub fn probe(&self, network: &str, arguments: &[&str]) -> Said {
        let run = ["run", "--rm", "--network", network, APP_PROBE, "probe"];
        self.run(&[&run, arguments].concat())
    }

    /// The names of the containers, volumes and secrets whose name contains the text.
    pub fn names_with(&self, text: &str) -> Vec<String> {
        let lists: [&[&str]; 3] = [
            &["ps", "-a", "--format", "{{.Names}}"],
            &["volume", "ls", "--format", "{{.Name}}"],
            &["secret", "ls", "--format", "{{.Name}}"],
        ];
        let mut names: Vec<String> = lists
            .iter()
            .flat_map(|list| self.must(list).lines().map(str::to_owned).collect::<Vec<_>>())
            .filter(|name| name.contains(text))
            .collect();
        names.sort();
        names
    }
}

impl Default for PodmanEnv {
    fn default() -> Self {
        Self::new()
    }
}

/// Removes, when it is dropped, what a test left of a database: the container and volumes that carry its id.
#[derive(Debug)]
pub struct Leftovers {
    podman: PodmanEnv,
    label: String,
}

impl Leftovers {
    /// Of the database with this id.
    pub fn of_database(podman: &PodmanEnv, id: &str) -> Self {
        Self { podman: podman.clone(), label: format!("label=stardeck.database={id}") }
    }
}

impl Drop for Leftovers {
    fn drop(&mut self) {
        let lists: [(&[&str], &[&str]); 2] = [
            (&["ps", "-aq", "--filter", &self.label], &["rm", "--force", "--time", "0"]),
            (&["volume", "ls", "-q", "--filter", &self.label], &["volume", "rm"]),
        ];
        for (list, remove) in lists {
            for name in self.podman.run(list).text.lines() {
                self.podman.run(&[remove, &[name]].concat());
            }
        }
        // Podman 4.3 can not filter secrets by label; their names hold the id.
        let id = self.label.rsplit('=').next().unwrap_or_default();
        for name in self.podman.run(&["secret", "ls", "--format", "{{.Name}}"]).text.lines() {
            if name.contains(id) {
                self.podman.run(&["secret", "rm", name]);
            }
        }
    }
}
