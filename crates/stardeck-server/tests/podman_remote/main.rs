//! `stardeck db` against a server on the tests' own Podman: a real database, from its deployment to its end.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that meets something unexpected should end there and say where"
)]

#[path = "../serve/support.rs"]
#[expect(dead_code, reason = "what the tests of the server itself need besides")]
mod support;

use std::{
    io::{BufRead as _, BufReader},
    path::Path,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use serde_json::Value;
use support::{BINARY, Server};

/// Long enough for a busy machine.
const DEADLINE: Duration = Duration::from_mins(1);

struct Person {
    url: String,
    token: String,
}

impl Person {
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(arguments)
            .env_clear()
            .env("STARDECK_SERVER", &self.url)
            .env("STARDECK_TOKEN", &self.token)
            .stdin(Stdio::null());
        command
    }

    fn does(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn json(&self, arguments: &[&str]) -> Value {
        serde_json::from_str(&self.does(arguments)).unwrap()
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own Podman is told by the environment")]
fn start(data_dir: &Path) -> Server {
    let socket = std::env::var("STARDECK_TEST_PODMAN_SOCKET").unwrap();
    Server::start_with(data_dir, &["--podman-socket", &socket])
}

#[tokio::test]
async fn a_database_is_deployed_used_and_removed_from_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let server = start(&folder.path().join("data"));
    let person = Person { url: server.url.clone(), token: server.set_up().await };
    let name = format!("cli-{}", std::process::id());
    let name = name.as_str();

    let made =
        person.does(&["db", "create", "--type", "redis", "--version", "7", "--name", name, "--expose-port"]);
    assert!(made.starts_with(&format!("{name} runs: redis 7.")), "{made}");
    let list = person.does(&["db", "list"]);
    let line = list.lines().find(|line| line.starts_with(name)).unwrap();
    assert!(line.contains("running") && line.contains(&format!("{name}:6379")), "{list}");

    let url = person.does(&["db", "credentials", name, "--url", "external"]);
    let known = person.json(&["db", "credentials", name, "--json"]);
    assert_eq!(url.trim_end(), known["external_url"]);
    assert!(url.contains("127.0.0.1:"), "where it is");
    let shown = person.json(&["db", "show", name, "--json"]);
    assert_eq!(shown["status"], "running");
    assert!(!shown.to_string().contains(known["password"].as_str().unwrap()));

    let told = person.does(&["db", "logs", name, "--tail", "5", "--timestamps"]);
    assert!((1..=5).contains(&told.lines().count()), "{told}");
    assert!(told.lines().all(|line| line.starts_with("20")), "{told}");

    // What is followed goes on over a restart, and ends with the database.
    let mut follower = person
        .command(&["db", "logs", name, "--follow", "--tail", "0"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let stdout = BufReader::new(follower.stdout.take().unwrap());
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || stdout.lines().map_while(Result::ok).try_for_each(|line| sender.send(line)));
    person.does(&["db", "restart", name]);
    let ready = |line: String| line.contains("Ready to accept connections");
    while !ready(lines.recv_timeout(DEADLINE).unwrap()) {}

    person.does(&["db", "stop", name]);
    assert_eq!(person.json(&["db", "show", name, "--json"])["status"], "stopped");
    let begun = person.does(&["db", "start", name, "--no-wait"]);
    person.does(&["db", "wait", begun.trim_end()]);
    let wrong =
        person.command(&["db", "delete", name, "--data", "delete", "--confirm", "other"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(1), "{wrong:?}");
    person.does(&["db", "delete", name, "--data", "delete", "--confirm", name]);
    assert!(!person.does(&["db", "list"]).contains(name));
    assert!(follower.wait().unwrap().success());

    let (_, audit) = server.ask("GET", "/api/audit", &person.token, None).await;
    let reveals = audit["items"].as_array().unwrap().iter().filter(|entry| {
        entry["action"].as_str().unwrap_or_else(|| panic!("{entry}")).contains("credentials")
    });
    assert_eq!(reveals.count(), 2, "{audit}");
}
