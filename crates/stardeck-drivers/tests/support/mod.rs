//! Containers for the real tests, on the tests' own Podman, by its command line.

use std::{
    io::Write,
    net::SocketAddr,
    process::{Command, Output, Stdio},
    time::Duration,
};

use stardeck_domain::{
    DatabaseSettings, Engine, ImageReference, LoginName, Password, PasswordRules, VersionTag,
};
use stardeck_drivers::{EngineClient, Login, Probe, client};
use stardeck_engines::{ContainerPlan, DeploySpec, EngineAdapter, ImageFacts, adapter};
use tokio::time::Instant;

/// How long a server may take to come up on a busy machine.
const DEADLINE: Duration = Duration::from_secs(150);
/// How long one call may take.
const CALL: Duration = Duration::from_secs(30);

/// A server in a container of the tests' own Podman, made by the plan. Dropping it removes all of it.
pub(crate) struct Server {
    pub(crate) name: String,
    pub(crate) admin: LoginName,
    pub(crate) bootstrap: Password,
    pub(crate) plan: ContainerPlan,
}

impl Server {
    /// A running container, which may still be initialising.
    pub(crate) fn start(major: &str, admin: &str) -> Self {
        let server = Self::create(major, admin, &[]);
        server.run();
        server
    }

    /// A container that is not started, with arguments for the server.
    pub(crate) fn create(major: &str, admin: &str, arguments: &[&str]) -> Self {
        let name = format!("stardeck-test-drivers-{}", uuid::Uuid::now_v7().simple());
        let admin = LoginName::parse(admin).unwrap();
        let version = VersionTag::parse(major).unwrap();
        let image = engine().choose_image(Some(&version), None).unwrap().reference;
        let settings = DatabaseSettings::default();
        let spec = DeploySpec { version, admin_user: admin.clone(), settings };
        let plan = engine().plan(&spec, &facts(&image)).unwrap();
        let server = Self { bootstrap: password(&format!("bootstrap-{name}")), name, admin, plan };
        server.make_secret();
        server.make_container(&image, arguments, &server.name);
        server
    }

    /// Another container on this one's volume, which is stopped first.
    pub(crate) fn succeed(&self, major: &str) -> Self {
        podman(&["stop", &self.name]);
        let name = format!("{}-next", self.name);
        let image = ImageReference::parse(&format!("postgres:{major}")).unwrap();
        let next = Self {
            name,
            admin: self.admin.clone(),
            bootstrap: self.bootstrap.clone(),
            plan: self.plan.clone(),
        };
        next.make_secret();
        next.make_container(&image, &[], &self.name);
        next
    }

    /// Puts a file into the container, which need not run.
    pub(crate) fn put(&self, path: &str, content: &str) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        std::fs::write(&file, content).unwrap();
        podman(&["cp", file.to_str().unwrap(), &format!("{}:{path}", self.name)]);
    }

    /// Starts the container.
    pub(crate) fn run(&self) {
        podman(&["start", &self.name]);
    }

    /// Where the server is reached from here.
    pub(crate) fn addr(&self) -> SocketAddr {
        podman(&["port", &self.name, "5432/tcp"]).trim().parse().unwrap()
    }

    /// A login over TCP.
    pub(crate) fn login(&self, user: &LoginName, password: &Password) -> Login {
        let (user, password) = (user.clone(), password.clone());
        Login { addr: self.addr(), user, password, database: None, timeout: CALL }
    }

    /// The login the server is initialised with.
    pub(crate) fn bootstrap_login(&self) -> Login {
        self.login(&self.admin, &self.bootstrap)
    }

    /// Waits until the probe says that the server answers.
    pub(crate) async fn answers(&self) {
        let addr = self.addr();
        let give_up = Instant::now() + DEADLINE;
        loop {
            match driver().probe(addr, CALL).await {
                Probe::Answers => return,
                Probe::NotYet { reason } => {
                    let state = podman(&["inspect", "--format", "{{.State.Status}}", &self.name]);
                    assert_eq!(state.trim(), "running", "{}", self.log());
                    assert!(Instant::now() < give_up, "still not ready: {reason}\n{}", self.log());
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Waits until a command in the container succeeds.
    pub(crate) async fn succeeds(&self, command: &[&str]) {
        let give_up = Instant::now() + DEADLINE;
        while !self.exec(command).status.success() {
            assert!(Instant::now() < give_up, "{command:?} never succeeded\n{}", self.log());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Runs a command in the container.
    pub(crate) fn exec(&self, command: &[&str]) -> Output {
        run(&[&["exec", &self.name], command].concat(), None)
    }

    /// The answer to a query, asked on the server's own socket.
    pub(crate) fn ask(&self, query: &str) -> String {
        let shell = engine().shell_command(&self.admin);
        let shell: Vec<_> = shell.iter().map(String::as_str).chain(["-XAtqc", query]).collect();
        let output = self.exec(&shell);
        assert!(output.status.success(), "{query}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Everything the container has written.
    pub(crate) fn log(&self) -> String {
        let output = run(&["logs", &self.name], None);
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
    }

    /// Waits until the container has ended, and tells its exit status.
    pub(crate) fn end(&self) -> i32 {
        podman(&["wait", &self.name]).trim().parse().unwrap()
    }

    fn make_secret(&self) {
        let output = run(&["secret", "create", &self.name, "-"], Some(self.bootstrap.expose()));
        assert!(output.status.success(), "{output:?}");
    }

    fn make_container(&self, image: &ImageReference, arguments: &[&str], volume_prefix: &str) {
        let mut command: Vec<String> =
            ["create", "--name", &self.name, "--init", "--publish", "127.0.0.1::5432"]
                .map(str::to_owned)
                .to_vec();
        command.extend(self.plan.env.iter().map(|(name, value)| format!("--env={name}={value}")));
        command.extend(
            self.plan
                .volumes
                .iter()
                .enumerate()
                .map(|(number, mount)| format!("--volume={volume_prefix}-{number}:{}", mount.path)),
        );
        command.extend(self.plan.secret_files.iter().map(|file| {
            let (uid, gid, mode, target) = (file.uid, file.gid, file.mode, &file.target);
            format!("--secret={},target={target},uid={uid},gid={gid},mode={mode:o}", self.name)
        }));
        command.push(format!("--shm-size={}", self.plan.shm_bytes));
        command.push(image.to_string());
        command.extend(arguments.iter().map(|&argument| argument.to_owned()));
        podman(&command.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // A test that fails must not leave anything behind, and must fail with its own words.
        run(&["rm", "--force", "--time", "0", "--volumes", &self.name], None);
        for number in 0..self.plan.volumes.len() {
            run(&["volume", "rm", &format!("{}-{number}", self.name)], None);
        }
        run(&["secret", "rm", &self.name], None);
    }
}

pub(crate) fn driver() -> &'static dyn EngineClient {
    client(Engine::PostgreSql).unwrap()
}

pub(crate) fn engine() -> &'static dyn EngineAdapter {
    adapter(Engine::PostgreSql)
}

pub(crate) fn password(text: &str) -> Password {
    Password::parse(text.to_owned(), PasswordRules::ENGINE).unwrap()
}

pub(crate) fn user(text: &str) -> LoginName {
    LoginName::parse(text).unwrap()
}

/// What an image declares.
fn facts(image: &ImageReference) -> ImageFacts {
    let reference = image.to_string();
    let lines = |template: &str| -> Vec<String> {
        podman(&["image", "inspect", "--format", template, &reference])
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect()
    };
    let env = lines("{{range .Config.Env}}{{println .}}{{end}}");
    let ports = lines("{{range $port, $_ := .Config.ExposedPorts}}{{println $port}}{{end}}");
    ImageFacts {
        volumes: lines("{{range $path, $_ := .Config.Volumes}}{{println $path}}{{end}}"),
        env: env
            .iter()
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        exposed_ports: ports.iter().filter_map(|port| port.split('/').next()?.parse().ok()).collect(),
    }
}

/// What a Podman command prints; it must succeed.
fn podman(arguments: &[&str]) -> String {
    let output = run(arguments, None);
    assert!(output.status.success(), "podman {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "the tests' own Podman is named by the environment")]
fn run(arguments: &[&str], input: Option<&str>) -> Output {
    let socket = std::env::var("STARDECK_TEST_PODMAN_SOCKET")
        .expect("STARDECK_TEST_PODMAN_SOCKET names no Podman; `cargo xtask test` starts one and sets it");
    let mut child = Command::new("podman")
        .arg("--url")
        .arg(format!("unix://{socket}"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("podman can not be run; `cargo xtask test` installs it");
    child.stdin.take().unwrap().write_all(input.unwrap_or_default().as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}
