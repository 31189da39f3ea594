//! A server of the real binary, and ways to ask it.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

/// The password of the first administrator.
pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_stardeck");
/// Long enough for a busy machine.
const DEADLINE: Duration = Duration::from_secs(30);

/// A server that runs; ended when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    data_dir: PathBuf,
    /// The log's lines until now.
    seen: Vec<String>,
    log: mpsc::Receiver<String>,
}

impl Server {
    /// Starts a server on a free port and waits until it listens.
    pub(crate) fn start(data_dir: &Path) -> Self {
        Self::start_with(data_dir, &[])
    }

    pub(crate) fn start_with(data_dir: &Path, more: &[&str]) -> Self {
        let mut child = command(data_dir).args(more).spawn().unwrap();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let (sender, log) = mpsc::channel();
        thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let mut server =
            Self { child, url: String::new(), data_dir: data_dir.to_owned(), seen: Vec::new(), log };
        let line = server.wait_for("listening on http");
        line.strip_prefix("listening on ").unwrap().clone_into(&mut server.url);
        server
    }

    /// Waits for a line that begins like this.
    pub(crate) fn wait_for(&mut self, beginning: &str) -> String {
        let end = Instant::now() + DEADLINE;
        loop {
            let left = end.saturating_duration_since(Instant::now());
            match self.log.recv_timeout(left) {
                Ok(line) if line.starts_with(beginning) => return line,
                Ok(line) => self.seen.push(line),
                Err(error) => panic!("no line {beginning:?}: {error}"),
            }
        }
    }

    /// Waits for a line that holds this.
    pub(crate) fn wait_for_text(&mut self, text: &str) {
        let end = Instant::now() + DEADLINE;
        while !self.seen.iter().any(|line| line.contains(text)) {
            match self.log.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(line) => self.seen.push(line),
                Err(error) => panic!("no line with {text:?}: {error}"),
            }
        }
    }

    /// Asks, signed in with a token.
    pub(crate) async fn ask(
        &self,
        method: &str,
        path: &str,
        token: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let url = format!("{}{path}", self.url);
        let mut request = http().request(method.parse().unwrap(), url).bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        let answer = request.send().await.unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap_or(Value::Null))
    }

    /// Asks as nobody.
    pub(crate) async fn get(&self, path: &str) -> Value {
        http().get(format!("{}{path}", self.url)).send().await.unwrap().json().await.unwrap()
    }

    /// How many threads it has.
    pub(crate) fn threads(&self) -> usize {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("Threads:")).unwrap();
        line.trim().parse().unwrap()
    }

    /// Makes the first administrator, `admin`, and signs in as it.
    pub(crate) async fn set_up(&self) -> String {
        let token = fs::read_to_string(self.data_dir.join("setup-token")).unwrap().trim().to_owned();
        let body = json!({"token": token, "username": "admin", "password": PASSWORD});
        let (status, answer) = post(format!("{}/api/setup", self.url), body).await;
        assert_eq!(status, 201, "{answer}");
        self.sign_in("admin", PASSWORD).await
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> String {
        let body = json!({"username": username, "password": password});
        let (status, login) = post(format!("{}/api/auth/login", self.url), body).await;
        assert_eq!(status, 200, "{login}");
        login["token"].as_str().unwrap().to_owned()
    }

    /// Sends SIGTERM and returns how it ended, with its log.
    pub(crate) fn terminate(mut self) -> (ExitStatus, Vec<String>) {
        let pid = i32::try_from(self.child.id()).unwrap();
        rustix::process::kill_process(
            rustix::process::Pid::from_raw(pid).unwrap(),
            rustix::process::Signal::TERM,
        )
        .unwrap();
        let status = wait(&mut self.child);
        self.seen.extend(self.log.iter());
        (status, std::mem::take(&mut self.seen))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended before.
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn command(data_dir: &Path) -> Command {
    let mut command = Command::new(BINARY);
    command
        .arg("serve")
        .env("STARDECK_LISTEN", "127.0.0.1:0")
        .env("STARDECK_PODMAN_SOCKET", "/nowhere/podman.sock")
        .env("STARDECK_DATA_DIR", data_dir)
        .env_remove("CREDENTIALS_DIRECTORY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

fn wait(child: &mut Child) -> ExitStatus {
    let end = Instant::now() + DEADLINE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status;
        }
        assert!(Instant::now() < end, "the server did not end");
        thread::sleep(Duration::from_millis(20));
    }
}

/// Runs a server that must not start, and returns what it said.
pub(crate) fn refused(data_dir: &Path, more: &[&str]) -> String {
    let mut child = command(data_dir).args(more).spawn().unwrap();
    let status = wait(&mut child);
    assert!(!status.success());
    let mut text = String::new();
    child.stderr.take().unwrap().read_to_string(&mut text).unwrap();
    text
}

pub(crate) async fn post(url: String, body: Value) -> (u16, Value) {
    let answer = http().post(url).json(&body).send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

/// A client for plain HTTP. reqwest wants to know what TLS is made with, even where none is spoken.
pub(crate) fn http() -> reqwest::Client {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    reqwest::Client::builder().tls_backend_preconfigured(tls).build().unwrap()
}
