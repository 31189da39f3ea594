//! A server and an app on a network of their own, on the tests' own Podman.

use crate::contract::{Configuration, Contract, Start};
use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The image that stands for an app.
pub(crate) const APP: &str = "localhost/app-probe:1";
/// Long enough for a first initialisation beside another one on two cores.
const READY_SECONDS: u64 = 120;

/// One image's containers, volume, secret and network; removed at the end.
pub(crate) struct Scene {
    contract: &'static Contract,
    name: String,
    app: String,
}

impl Scene {
    /// Makes the network, the secret and the app.
    pub(crate) fn set(contract: &'static Contract, purpose: &str) -> Self {
        let tag = contract.image.rsplit('/').next().unwrap().replace([':', '.'], "-");
        let name = format!("{purpose}-{tag}");
        let scene = Self { contract, app: format!("{name}-app"), name };
        scene.podman(&["network", "create", &scene.name]);
        scene.make_secret(&scene.name, &scene.password_file());
        scene.podman(&["run", "--detach", "--name", &scene.app, "--network", &scene.name, APP]);
        scene
    }

    /// The server's container, whose name is also how the app reaches it.
    pub(crate) fn server(&self) -> &str {
        &self.name
    }

    /// Starts a new server on the volume, which is made when it is not there.
    pub(crate) fn start_new(&self) {
        self.start_new_with(&[], &[]);
    }

    /// The same with a configuration file, which is a secret of its own.
    pub(crate) fn start_configured(&self, configuration: &Configuration) {
        let name = self.configuration_secret();
        self.make_secret(&name, configuration.text);
        let secret = format!("{name},target={}", configuration.path);
        self.start_new_with(&["--secret", &secret], configuration.command);
    }

    fn start_new_with(&self, options: &[&str], command: &[&str]) {
        let volume = format!("{}:{}", self.name, self.contract.data);
        let secret = format!("/run/secrets/{}", self.name);
        let mut arguments = vec!["run", "--detach", "--name", &self.name, "--network", &self.name];
        arguments.extend(["--volume", &volume, "--secret", &self.name]);
        arguments.extend(options);
        let files: Vec<String> = match self.contract.start {
            Start::Variables { files, .. } => files.iter().map(|name| format!("{name}={secret}")).collect(),
            Start::Configuration { .. } => Vec::new(),
        };
        for file in &files {
            arguments.extend(["--env", file]);
        }
        match self.contract.start {
            Start::Variables { others, .. } => {
                for other in others {
                    arguments.extend(["--env", other]);
                }
                arguments.push(self.contract.image);
            }
            Start::Configuration { program } => arguments.extend([self.contract.image, program, &secret]),
        }
        arguments.extend(command);
        self.podman(&arguments);
    }

    /// Waits until a login over TCP succeeds; fails at once when the server has ended.
    pub(crate) fn wait_until_ready(&self) {
        let deadline = Instant::now() + Duration::from_secs(READY_SECONDS);
        loop {
            let answer = self.probe(self.contract.password, &["wait", "3"]);
            if !answer.starts_with("fail") {
                return;
            }
            self.repair_name();
            let running = self.podman(&["inspect", "--format", "{{.State.Running}}", &self.name]);
            if running != "true" || Instant::now() > deadline {
                let log = self.command(&["logs", "--tail", "30", &self.name]);
                panic!(
                    "{answer}\nrunning: {running}\n{}{}",
                    String::from_utf8_lossy(&log.stdout),
                    String::from_utf8_lossy(&log.stderr)
                );
            }
        }
    }

    /// Podman 4.3's name server misses a change now and then when containers start and stop at once, or ends. A container
    /// that joins its network anew is another change.
    fn repair_name(&self) {
        if self.command(&["exec", &self.app, "getent", "hosts", &self.name]).status.success() {
            return;
        }
        // Fails with the name server gone, and has taken the container off the network nevertheless.
        self.command(&["network", "disconnect", &self.name, &self.name]);
        self.command(&["network", "connect", &self.name, &self.name]);
    }

    /// What `probe` prints in the app, which has the URL with this password in its environment.
    pub(crate) fn probe(&self, password: &str, arguments: &[&str]) -> String {
        let url =
            self.contract.url.replace("{host}", &self.name).replace("{password}", &percent_encoded(password));
        // Writing says nothing when all is well.
        let is_silent = arguments.first() == Some(&"write");
        let mut command = podman();
        command
            .env("DATABASE_URL", url)
            .args(["exec", "--env", "DATABASE_URL", &self.app, "probe"])
            .args(arguments);
        answer(command, is_silent)
    }

    /// What a program in the server's container prints.
    pub(crate) fn in_server(&self, command: &[&str]) -> String {
        let mut podman = podman();
        podman.args(["exec", &self.name]).args(command);
        answer(podman, false)
    }

    /// What a Podman command prints, which has to succeed.
    pub(crate) fn podman(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments);
        assert!(output.status.success(), "podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A Podman command that may fail.
    #[expect(clippy::unused_self, reason = "commands belong to a scene")]
    pub(crate) fn command(&self, arguments: &[&str]) -> Output {
        podman().args(arguments).output().unwrap()
    }

    fn configuration_secret(&self) -> String {
        format!("{}-configuration", self.name)
    }

    fn password_file(&self) -> String {
        match self.contract.start {
            Start::Variables { .. } => self.contract.password.to_owned(),
            Start::Configuration { .. } => {
                let quoted = self.contract.password.replace('\\', "\\\\").replace('"', "\\\"");
                format!("requirepass \"{quoted}\"\nappendonly yes\n")
            }
        }
    }

    #[expect(clippy::unused_self, reason = "secrets belong to a scene")]
    fn make_secret(&self, name: &str, content: &str) {
        let mut child = podman()
            .args(["secret", "create", name, "-"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(content.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }
}

impl Drop for Scene {
    #[expect(clippy::print_stderr, reason = "a test that has failed already must not panic again")]
    fn drop(&mut self) {
        // Most scenes have none.
        self.command(&["secret", "rm", &self.configuration_secret()]);
        for arguments in [
            vec!["rm", "--force", "--ignore", "--volumes", "--time", "0", &self.name, &self.app],
            vec!["volume", "rm", &self.name],
            vec!["secret", "rm", &self.name],
            vec!["network", "rm", &self.name],
        ] {
            let output = self.command(&arguments);
            if !output.status.success() {
                eprintln!("podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
            }
        }
    }
}

fn podman() -> Command {
    #[expect(clippy::disallowed_methods, reason = "tests have no configuration but the environment")]
    let socket = std::env::var("STARDECK_TEST_PODMAN_SOCKET");
    let Ok(socket) = socket else {
        panic!("STARDECK_TEST_PODMAN_SOCKET is not set; run this test with `cargo xtask test`");
    };
    let mut command = Command::new("podman");
    command.args(["--url", &format!("unix://{socket}")]);
    command
}

/// What an exec prints. Podman 4.3 loses the output of a short one now and then (7 of 150 on two busy cores), with exit
/// code 0; so one that never says nothing is asked again. All of them may be done twice.
fn answer(mut command: Command, is_silent: bool) -> String {
    const TRIES: u32 = 10;
    for _ in 0..TRIES {
        let output = command.output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap().trim().to_owned();
        if !text.is_empty() || is_silent && output.status.success() {
            return text;
        }
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "exec: {error}");
    }
    panic!("an exec said nothing {TRIES} times");
}

/// For the password of a URL: everything but letters and digits.
fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
