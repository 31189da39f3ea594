//! `stardeck db` against a server that says what the test wants: what takes long, goes wrong or comes in parts.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use crate::remote::Person;

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";
const OPERATION: &str = "01890a5d-ac96-774b-bcce-b302099a8059";
const NOW: &str = "2026-01-31T12:00:00Z";

type Answer = Box<dyn Fn(&str) -> (u16, Value) + Send + Sync>;

/// A server that answers by the request's first line, such as `GET /api/databases`. It keeps what it was asked.
struct Canned {
    person: Person,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Canned {
    fn new(answer: impl Fn(&str) -> (u16, Value) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let person = Person::new(&format!("http://{}", listener.local_addr().unwrap()), Some("stardeck_x"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (kept, answer): (_, Arc<Answer>) = (Arc::clone(&asked), Arc::new(Box::new(answer)));
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                thread::spawn(move || serve(stream, &kept, &answer));
            }
        });
        Self { person, asked }
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

/// Answers until the client goes away.
fn serve(stream: TcpStream, kept: &Mutex<Vec<String>>, answer: &Answer) {
    let mut reader = BufReader::new(stream);
    loop {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        let asked = lines[0].trim_end_matches(" HTTP/1.1").to_owned();
        kept.lock().unwrap().push(format!("{asked} {}", String::from_utf8_lossy(&body)));
        let (status, value) = answer(&asked);
        let text = value.to_string();
        let head = format!("HTTP/1.1 {status} x\r\ncontent-length: {}\r\n\r\n", text.len());
        if reader.get_mut().write_all(format!("{head}{text}").as_bytes()).is_err() {
            return;
        }
    }
}

fn database(id: &str, name: &str) -> Value {
    json!({
        "id": id, "name": name, "type": "postgresql", "version": "16", "server_version": "16.15", "flavor": null,
        "image": "docker.io/library/postgres:16", "status": "running", "status_reason": "a \u{1b}[31mreason",
        "health": "healthy", "desired_state": "running", "origin": "created", "network": "stardeck-data",
        "internal_host": name, "internal_port": 5432, "external_host": "127.0.0.1", "external_port": 5433,
        "external_addresses": ["127.0.0.1"], "bind_address": "127.0.0.1", "is_shared": true, "admin_user": "postgres",
        "allowed_actions": ["stop"], "color": null, "connection_count": 2, "container_id": null, "created_at": NOW,
        "updated_at": NOW, "created_by": null, "description": null, "last_answer_at": NOW, "latency_ms": 3, "revision": 1,
        "settings": {"applied_settings": [], "cpus": null, "engine_settings": {}, "memory_bytes": null},
        "of_a_newer_server": [1],
    })
}

fn operation(state: &str, steps: &[(&str, &str)], error: &Value) -> Value {
    let steps: Vec<_> = steps
        .iter()
        .map(|(name, state)| {
            json!({"name": name, "state": state, "detail": null, "started_at": null, "finished_at": null})
        })
        .collect();
    let undone = (state == "failed").then_some(true);
    json!({
        "id": OPERATION, "kind": "create", "state": state, "steps": steps, "error": error, "undone": undone, "target": ID,
        "target_type": "database", "cancel_requested_at": null, "created_at": NOW, "finished_at": null,
        "requested_by": null,
    })
}

fn not_found() -> (u16, Value) {
    (404, problem(404, "not_found", "there is none"))
}

fn problem(status: u16, code: &str, detail: &str) -> Value {
    json!({"type": "/docs/problems/x", "title": "t", "status": status, "detail": detail, "code": code})
}

#[test]
fn every_part_of_a_list_is_shown_and_a_database_is_found_by_name_or_id() {
    let canned = Canned::new(|asked| match asked {
        "GET /api/databases?limit=1000" => {
            (200, json!({"items": [database(ID, "shop")], "next_cursor": "next one"}))
        }
        "GET /api/databases?limit=1000&cursor=next+one" => {
            (200, json!({"items": [database(OTHER, ID)], "next_cursor": null}))
        }
        _ if asked == format!("GET /api/databases/{OTHER}") => (200, database(OTHER, ID)),
        _ => not_found(),
    });
    let list = canned.person.does(&["db", "list"]);
    let lines: Vec<&str> = list.lines().collect();
    assert_eq!(lines.len(), 3, "{list}");
    let cells = |line: &str| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).count();
    assert!(lines.iter().all(|line| cells(line) == 8), "{list}");
    assert!(lines[1].contains("shop:5432") && lines[1].contains("127.0.0.1:5433"), "{list}");
    let at = |line: &str, text: &str| line.find(text).unwrap();
    assert_eq!(at(lines[0], "TYPE"), at(lines[1], "postgresql"));
    assert_eq!(at(lines[0], "STATUS"), at(lines[2], "running"));

    let all: Value = serde_json::from_str(&canned.person.does(&["db", "list", "--json"])).unwrap();
    assert_eq!(all["items"][1]["id"], OTHER);
    assert_eq!(all["items"][0]["of_a_newer_server"], json!([1]), "nothing of the answer is lost");

    let shown = canned.person.does(&["db", "show", "shop"]);
    assert!(shown.contains(ID) && shown.contains("running (a \\u{1b}[31mreason)"), "{shown}");
    assert!(canned.person.does(&["db", "show", OTHER]).contains(&format!("name           {ID}")));
    // A name that looks like an id.
    assert!(canned.person.does(&["db", "show", ID]).contains(&format!("name           {ID}")));
}

#[test]
fn a_deployment_is_followed_step_by_step_and_its_failure_is_told() {
    let polls = AtomicUsize::new(0);
    let canned = Canned::new(move |asked| match asked {
        "POST /api/databases" => {
            let begun = operation("queued", &[("image", "pending"), ("ready", "pending")], &Value::Null);
            (202, json!({"database": database(ID, "shop"), "operation": begun}))
        }
        _ if asked.starts_with("GET /api/operations/") => match polls.fetch_add(1, Ordering::SeqCst) {
            0 => (200, operation("running", &[("image", "running"), ("ready", "pending")], &Value::Null)),
            // As while the server is started again.
            1 => (503, problem(503, "busy", "wait")),
            _ => {
                let mut error = problem(502, "engine_exited", "the server ended with 1");
                error["step"] = json!("ready");
                error["log_tail"] = json!(["FATAL:  \u{1b}[2Jno space"]);
                (200, operation("failed", &[("image", "succeeded"), ("ready", "failed")], &error))
            }
        },
        _ => not_found(),
    });
    let secret = canned.person.home.path().join("password");
    std::fs::write(&secret, "hush-hush\n").unwrap();
    let create = [
        "db",
        "create",
        "--type",
        "postgresql",
        "--name",
        "shop",
        "--version",
        "16",
        "--expose-port",
        "--external-port",
        "5433",
        "--dedicated",
        "--memory",
        "1G",
        "--cpus",
        "0.5",
        "--setting",
        "max_connections=20",
        "--admin-password-file",
        secret.to_str().unwrap(),
    ];
    let told = canned.person.fails(1, &create);
    let wanted = "1/2 image\n2/2 ready\nstardeck: the operation failed (create, at the step ready), and everything it did was taken \
                  back: the server ended with 1 (engine_exited)\n  the database server said:\n  | FATAL:  \
                  \\u{1b}[2Jno space\n";
    assert_eq!(told, wanted);
    let asked = canned.asked();
    let body: Value = serde_json::from_str(asked[0].strip_prefix("POST /api/databases ").unwrap()).unwrap();
    let sent = json!({
        "type": "postgresql", "name": "shop", "version": "16", "expose_port": true, "external_port": 5433,
        "is_shared": false, "memory_bytes": 1_073_741_824, "cpus": 0.5, "engine_settings": {"max_connections": "20"},
        "admin_password": "hush-hush",
    });
    assert_eq!(body, sent);
    // Without waiting, the id of the operation is all there is on standard output.
    let begun = canned.person.does(&["db", "create", "--type", "postgresql", "--name", "shop", "--no-wait"]);
    assert_eq!(begun, format!("{OPERATION}\n"));
}

#[test]
fn ctrl_c_ends_the_waiting_and_says_that_the_operation_goes_on() {
    let canned = Canned::new(|asked| match asked {
        "GET /api/databases?limit=1000" => {
            (200, json!({"items": [database(ID, "shop")], "next_cursor": null}))
        }
        _ if asked == format!("POST /api/databases/{ID}/stop") => (
            202,
            json!({"database": database(ID, "shop"), "operation": operation("queued", &[], &Value::Null)}),
        ),
        _ if asked.starts_with("GET /api/operations/") => (200, operation("running", &[], &Value::Null)),
        _ => not_found(),
    });
    let child = canned.person.command(&["db", "stop", "shop"]).spawn().unwrap();
    let end = Instant::now() + Duration::from_secs(30);
    while canned.asked().iter().filter(|asked| asked.starts_with("GET /api/operations/")).count() < 2 {
        assert!(Instant::now() < end, "{:?}", canned.asked());
        thread::sleep(Duration::from_millis(20));
    }
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("goes on") && told.contains(&format!("stardeck db wait {OPERATION}")), "{told}");
    assert!(!canned.asked().iter().any(|asked| asked.contains("cancel")));
}

#[test]
fn a_removal_sends_the_name_and_the_fate_of_the_data() {
    let canned = Canned::new(|asked| match asked {
        "GET /api/databases?limit=1000" => {
            (200, json!({"items": [database(ID, "shop")], "next_cursor": null}))
        }
        _ if asked.starts_with("DELETE ") => {
            (202, json!({"operation": operation("queued", &[], &Value::Null)}))
        }
        _ if asked.starts_with("GET /api/operations/") => (200, operation("succeeded", &[], &Value::Null)),
        _ => not_found(),
    });
    canned.person.does(&["db", "delete", "shop", "--data", "keep", "--confirm", "shop"]);
    let asked = canned.asked();
    assert!(asked.contains(&format!("DELETE /api/databases/{ID}?data=keep&confirm=shop ")), "{asked:?}");
    canned.person.does(&[
        "db",
        "delete",
        "shop",
        "--data",
        "delete",
        "--confirm",
        "shop",
        "--force",
        "--no-wait",
    ]);
    let asked = canned.asked();
    let wanted = format!("DELETE /api/databases/{ID}?data=delete&confirm=shop&force=true ");
    assert!(asked.contains(&wanted), "{asked:?}");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let canned = Canned::new(|asked| {
        if asked == "GET /api/databases?limit=1000" {
            return (200, json!({"items": [database(ID, "shop")], "next_cursor": null}));
        }
        let lines = vec![json!({"at": NOW, "line": "x".repeat(1000), "stream": "stdout"}); 1000];
        (200, json!({"items": lines, "next_cursor": null}))
    });
    let mut child = canned.person.command(&["db", "logs", "shop"]).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), &output.stderr[..]), (Some(0), &b""[..]), "{output:?}");
}
