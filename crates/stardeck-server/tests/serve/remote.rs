//! `stardeck db` and `stardeck token` against a server, as a person elsewhere meets them.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpListener,
    path::Path,
    process::{Command, Output, Stdio},
};

use crate::{
    support::{BINARY, Server},
    tls::certificate,
};

/// Somebody who works on a server, with nothing in the environment but what is said here.
pub(crate) struct Person {
    pub(crate) home: tempfile::TempDir,
    pub(crate) url: String,
    pub(crate) token: Option<String>,
}

impl Person {
    pub(crate) fn new(url: &str, token: Option<&str>) -> Self {
        Self { home: tempfile::tempdir().unwrap(), url: url.to_owned(), token: token.map(str::to_owned) }
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(BINARY);
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.home.path())
            .env("STARDECK_SERVER", &self.url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        if let Some(token) = &self.token {
            command.env("STARDECK_TOKEN", token);
        }
        command
    }

    /// Runs a command that succeeds. What it wrote to standard output.
    pub(crate) fn does(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Runs a command that ends with this status. What it wrote to standard error.
    pub(crate) fn fails(&self, status: i32, arguments: &[&str]) -> String {
        told(status, arguments, &self.command(arguments).output().unwrap())
    }
}

fn told(status: i32, arguments: &[&str], output: &Output) -> String {
    assert_eq!(output.status.code(), Some(status), "{arguments:?}: {output:?}");
    assert!(output.stdout.is_empty(), "{arguments:?}: {output:?}");
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// A server, and its administrator with an API token for everything.
pub(crate) async fn server(folder: &Path) -> (Server, Person) {
    let server = Server::start(&folder.join("data"));
    let session = server.set_up().await;
    let admin = Person::new(&server.url, Some(&session));
    let token = admin.does(&["token", "create", "--name", "all", "--scope", "admin"]);
    let admin = Person { token: Some(token.trim().to_owned()), ..admin };
    (server, admin)
}

#[tokio::test]
async fn a_token_is_printed_alone_and_is_good_until_it_is_revoked() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = server(folder.path()).await;
    let made = admin.does(&["token", "create", "--name", "ci", "--scope", "read", "--expires", "2w"]);
    let token = made.strip_suffix('\n').unwrap();
    assert!(token.starts_with("stardeck_") && !token.contains(char::is_whitespace), "{made:?}");

    let program = Person::new(&server.url, Some(token));
    assert_eq!(program.does(&["db", "list"]), "");
    assert_eq!(program.does(&["db", "list", "--json"]), "{\n  \"items\": [],\n  \"next_cursor\": null\n}\n");
    let refused = program.fails(3, &["db", "create", "--type", "redis", "--name", "cache"]);
    assert!(refused.contains("(forbidden)") && refused.contains("scope"), "{refused}");

    let list = admin.does(&["token", "list"]);
    assert!(list.starts_with("ID  ") && list.contains("LAST USED"), "{list}");
    let line = list.lines().find(|line| line.contains("  ci  ")).unwrap();
    let [id, name, scope, _, used, _] = line.split_whitespace().collect::<Vec<_>>()[..] else {
        panic!("{line}")
    };
    assert_eq!((name, scope), ("ci", "read"));
    assert!(used.ends_with('Z'), "{line}");
    assert!(!list.contains(token), "{list}");
    admin.does(&["token", "revoke", id]);
    let refused = program.fails(3, &["db", "list"]);
    assert!(refused.contains("(unauthenticated)") && !refused.contains(token), "{refused}");
    assert!(!admin.does(&["token", "list", "--json"]).contains(id));
    admin.fails(1, &["token", "revoke", id]);
}

#[tokio::test]
async fn the_exit_status_tells_a_refusal_from_a_wrong_line_and_from_a_server_that_lets_nobody_in() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = server(folder.path()).await;
    // Podman is away.
    let refused = admin.fails(1, &["db", "create", "--type", "postgresql", "--name", "shop"]);
    assert!(refused.contains("(runtime_unavailable)") && refused.contains("the request "), "{refused}");
    let refused = admin.fails(1, &["db", "create", "--type", "postgresql", "--name", "Big Shop"]);
    assert!(
        refused.starts_with("stardeck: name: use lower-case") && refused.lines().count() == 1,
        "{refused}"
    );
    let limits = ["db", "create", "--type", "postgresql", "--name", "shop", "--memory", "1", "--cpus", "0"];
    let refused = admin.fails(1, &limits);
    assert!(refused.contains("(invalid_fields)\n  memory_bytes: must be from 16777216"), "{refused}");
    assert!(refused.contains("\n  cpus: must be "), "{refused}");
    for command in ["show", "start", "stop", "restart", "logs", "credentials"] {
        let refused = admin.fails(1, &["db", command, "nobody"]);
        assert_eq!(refused, "stardeck: there is no database \"nobody\" on this server\n");
    }
    let id = "01890a5d-ac96-774b-bcce-b302099a8057";
    assert!(admin.fails(1, &["db", "show", id]).contains("there is no database"));
    assert!(admin.fails(1, &["db", "wait", id]).contains("(not_found)"));
    admin.fails(1, &["db", "delete", "nobody", "--data", "keep", "--confirm", "nobody"]);

    for (line, told) in [
        (vec!["db", "delete", "shop", "--confirm", "shop"], "--data"),
        (vec!["db", "delete", "shop", "--data", "keep"], "--confirm NAME"),
        (vec!["db", "create", "--type", "oracle", "--name", "shop"], "[possible values: postgresql, "),
        (vec!["db", "create", "--type", "redis", "--name", "a", "--memory", "lots"], "512M"),
        (vec!["db", "create", "--type", "redis", "--name", "a", "--external-port", "7"], "--expose-port"),
        (vec!["db", "logs", "shop", "--since", "yesterday"], "10m"),
        (vec!["db", "list", "--token", "stardeck_x"], "--token-file"),
        (vec!["db", "list", "--server", "ftp://x"], "https://"),
        (vec!["token", "create", "--name", "x"], "--scope"),
        (vec!["token", "create", "--name", "x", "--scope", "read", "--expires", "30"], "30d"),
        (vec!["login"], "--password-file"),
    ] {
        let said = admin.fails(2, &line);
        assert!(said.contains(told), "{line:?}: {said}");
    }

    let stranger = Person::new(&server.url, Some("stardeck_made_up"));
    assert!(stranger.fails(3, &["db", "list"]).contains("(unauthenticated)"));
    let nobody = Person::new(&server.url, None);
    assert!(nobody.fails(3, &["db", "list"]).contains("STARDECK_TOKEN"));
    drop(server);
    assert!(admin.fails(3, &["db", "list"]).contains("can not be reached"));
}

#[tokio::test]
async fn a_token_comes_from_a_file_or_standard_input_before_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let (server, admin) = server(folder.path()).await;
    let file = folder.path().join("token");
    fs::write(&file, format!("{}\nmore\n", admin.token.as_ref().unwrap())).unwrap();
    let stranger = Person::new(&server.url, Some("stardeck_made_up"));
    stranger.does(&["db", "list", "--token-file", file.to_str().unwrap()]);
    let mut piped = stranger.command(&["--log", "debug", "db", "--token-file", "-", "list"]);
    let mut child = piped.stdin(fs::File::open(&file).unwrap()).spawn().unwrap();
    assert!(child.wait().unwrap().success());
    fs::write(&file, "two words\n").unwrap();
    let refused = stranger.fails(2, &["db", "list", "--token-file", file.to_str().unwrap()]);
    assert!(refused.contains("--token-file has no API token") && !refused.contains("words"), "{refused}");
    assert!(stranger.fails(1, &["db", "list", "--token-file", "/no/such"]).contains("/no/such"));
    let both =
        ["db", "create", "--type", "redis", "--name", "a", "--token-file", "-", "--admin-password-file", "-"];
    assert!(stranger.fails(2, &both).contains("standard input"));
}

#[test]
fn nothing_is_sent_in_clear_to_another_host_unless_accepted() {
    let far = Person::new("http://stardeck.invalid:8080", Some("stardeck_x"));
    for command in [&["db", "list"][..], &["token", "list"], &["login"], &["logout"]] {
        let refused = far.fails(2, command);
        assert!(refused.contains("in clear") && refused.contains("--insecure-http"), "{refused}");
    }
    // What the server's own configuration accepts says nothing about what a client may send.
    let file = far.home.path().join("stardeck.toml");
    fs::write(&file, "insecure_http = true\n").unwrap();
    far.fails(2, &["--config", file.to_str().unwrap(), "db", "list"]);
    // Loopback by another name, where nobody listens.
    let accepted = ["db", "list", "--insecure-http", "--server", "http://[::ffff:127.0.0.1]:1"];
    far.fails(2, &[&accepted[..2], &accepted[3..]].concat());
    let unreached = far.fails(3, &accepted);
    assert!(unreached.contains("can not be reached") && !unreached.contains("stardeck_x"), "{unreached}");
}

#[test]
fn the_token_is_in_no_command_line_and_goes_to_the_server_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let person = Person::new(&format!("http://{}", listener.local_addr().unwrap()), Some("stardeck_hush"));
    let child = person.command(&["db", "list"]).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut request = [0; 4096];
    let count = stream.read(&mut request).unwrap();
    let request = String::from_utf8_lossy(&request[..count]).into_owned();
    assert!(request.contains("authorization: Bearer stardeck_hush\r\n"), "{request}");
    let line = fs::read(format!("/proc/{}/cmdline", child.id())).unwrap();
    assert!(line.starts_with(BINARY.as_bytes()) && !String::from_utf8_lossy(&line).contains("hush"));
    // Somebody who answers with a redirect does not get it sent elsewhere, nor repeated.
    let elsewhere = TcpListener::bind("127.0.0.1:0").unwrap();
    let answer = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
        elsewhere.local_addr().unwrap()
    );
    stream.write_all(answer.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let said = told(3, &["db", "list"], &output);
    assert!(said.contains("302") && !said.contains("hush"), "{said}");
    elsewhere.set_nonblocking(true).unwrap();
    assert!(elsewhere.accept().is_err());
}

#[tokio::test]
async fn a_certificate_is_always_checked_and_may_come_from_a_private_authority() {
    let folder = tempfile::tempdir().unwrap();
    let (_, [cert, key]) = certificate(folder.path());
    let more = ["--tls-cert", &cert, "--tls-key", &key];
    let server = Server::start_with(&folder.path().join("data"), &more);
    let port = server.url.rsplit_once(':').unwrap().1;
    let person = Person::new(&format!("https://localhost:{port}"), Some("stardeck_x"));
    // One that this host trusts may be missing altogether, so there is one to begin with.
    let other = tempfile::tempdir().unwrap();
    let (_, [stranger, _]) = certificate(other.path());
    let refused = person.fails(3, &["db", "list", "--ca-cert", &stranger]);
    assert!(refused.contains("certificate"), "{refused}");
    let answered = person.fails(3, &["db", "list", "--ca-cert", &cert]);
    assert!(answered.contains("(unauthenticated)"), "{answered}");
    // Under an address that is not in the certificate.
    let by_address = Person::new(&format!("https://127.0.0.1:{port}"), Some("stardeck_x"));
    let refused = by_address.fails(3, &["db", "list", "--ca-cert", &cert]);
    assert!(refused.contains("certificate"), "{refused}");
    assert!(person.fails(2, &["db", "list", "--ca-cert", &key]).contains("CERTIFICATE"));
}

#[test]
fn manual_pages_and_completions_have_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    let person = Person::new("http://127.0.0.1:1", Some("stardeck_hush"));
    person.does(&["man", folder.path().to_str().unwrap()]);
    for (page, text) in [
        ("stardeck-db-create.1", "initial\\-database"),
        ("stardeck-db-logs.1", "follow"),
        ("stardeck-token-revoke.1", "TOKEN"),
        ("stardeck-login.1", "ca\\-cert"),
        ("stardeck-db-list.1", "STARDECK_SERVER"),
        ("stardeck-serve.1", "STARDECK_LISTEN"),
    ] {
        let page = fs::read_to_string(folder.path().join(page)).unwrap();
        assert!(page.contains(text) || page.contains(&text.to_lowercase()), "{page}");
        assert!(!page.contains("hush"));
    }
    for shell in ["bash", "zsh", "fish"] {
        let script = person.does(&["completions", shell]);
        for word in ["credentials", "initial-database", "revoke", "ca-cert", "mariadb"] {
            assert!(script.contains(word), "{shell}: {word}");
        }
    }
    assert!(!person.does(&["db", "list", "--help"]).contains("hush"));
}
