//! `stardeck serve`.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::support::{BINARY, Server, http, post, refused};

fn directory() -> (tempfile::TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let path = parent.path().join("data");
    (parent, path)
}

fn mode_of(path: &Path) -> u32 {
    fs::metadata(path).unwrap().mode() & 0o777
}

#[tokio::test]
async fn the_first_administrator_is_made_with_the_token_from_the_file() {
    let (_parent, data) = directory();
    let server = Server::start(&data);
    for (file, mode) in [("", 0o700), ("setup-token", 0o600), ("master.key", 0o600), ("stardeck.db", 0o600)] {
        assert_eq!(mode_of(&data.join(file)), mode, "{file}");
    }
    let token = fs::read_to_string(data.join("setup-token")).unwrap().trim().to_owned();
    let body = json!({"token": token, "username": "admin", "password": "correct horse battery"});
    let (status, user) = post(format!("{}/api/setup", server.url), body).await;
    assert_eq!((status, &user["username"]), (201, &json!("admin")), "{user}");
    let body = json!({"username": "admin", "password": "correct horse battery"});
    let (status, login) = post(format!("{}/api/auth/login?secret=in-the-query", server.url), body).await;
    assert_eq!(status, 200, "{login}");
    let bearer = login["token"].as_str().unwrap().to_owned();
    let client = http();
    let database = json!({"type": "postgresql", "name": "shop"});
    let create = client.post(format!("{}/api/databases", server.url)).bearer_auth(&bearer).json(&database);
    assert_eq!(create.send().await.unwrap().status(), 503);

    let (status, log) = server.terminate();
    assert_eq!(status.code(), Some(0));
    let log = log.join("\n");
    assert!(log.contains("told to end") && log.contains("/api/auth/login"), "{log}");
    for secret in [token.as_str(), bearer.as_str(), "correct horse", "in-the-query"] {
        assert!(!log.contains(secret), "{log}");
    }
}

#[tokio::test]
async fn what_was_written_is_there_after_a_restart() {
    let (_parent, data) = directory();
    let server = Server::start(&data);
    let token = fs::read_to_string(data.join("setup-token")).unwrap().trim().to_owned();
    let body = json!({"token": token, "username": "admin", "password": "correct horse battery"});
    assert_eq!(post(format!("{}/api/setup", server.url), body).await.0, 201);
    assert_eq!(server.terminate().0.code(), Some(0));

    let server = Server::start(&data);
    let body = json!({"username": "admin", "password": "correct horse battery"});
    assert_eq!(post(format!("{}/api/auth/login", server.url), body).await.0, 200);
    assert!(!data.join("setup-token").exists());
}

#[test]
fn the_log_names_the_file_of_the_token() {
    let (_parent, data) = directory();
    let (_, log) = Server::start_with(&data, &["--log", "warn", "--log-format", "json"]).terminate();
    let told = log.iter().find(|line| line.contains("setup-token")).unwrap();
    let told: Value = serde_json::from_str(told).unwrap();
    assert_eq!(told["file"], data.join("setup-token").to_str().unwrap());
}

#[tokio::test]
async fn every_line_of_a_request_in_the_log_has_the_id_that_its_answer_has() {
    let (_parent, data) = directory();
    let server = Server::start_with(&data, &["--log-format", "json"]);
    let url = format!("{}/api/auth/me", server.url);
    let client = http();
    let given = client.get(&url).header("x-request-id", "trace-me-0123").send().await.unwrap();
    assert_eq!(given.headers()["x-request-id"], "trace-me-0123");
    let made = client.get(&url).send().await.unwrap().headers()["x-request-id"].to_str().unwrap().to_owned();
    let (_, log) = server.terminate();
    for id in ["trace-me-0123", &made] {
        let lines: Vec<Value> = log
            .iter()
            .filter(|line| line.contains(id))
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        let answered = lines.iter().find(|line| line["message"] == "answered").unwrap();
        assert_eq!((&answered["span"]["request_id"], &answered["status"]), (&json!(id), &json!(401)));
        assert_eq!(answered["span"]["path"], "/api/auth/me");
    }
}

#[tokio::test]
async fn without_podman_it_serves_and_is_not_ready() {
    let (_parent, data) = directory();
    let server = Server::start(&data);
    let live = http().get(format!("{}/api/health/live", server.url)).send().await.unwrap();
    assert_eq!(live.status(), 200);
    let ready = http().get(format!("{}/api/health/ready", server.url)).send().await.unwrap();
    assert_eq!(ready.status(), 503);
    assert_eq!(ready.json::<Value>().await.unwrap()["checks"], json!({"store": "ok", "runtime": "failed"}));
}

#[tokio::test(flavor = "multi_thread")]
async fn many_clients_at_once_are_all_answered_with_few_threads() {
    let (_parent, data) = directory();
    let server = Server::start(&data);
    let token = server.set_up().await;
    let (client, url) = (http(), format!("{}/api/operations", server.url));
    let mut clients = tokio::task::JoinSet::new();
    for _ in 0..200 {
        let (client, url, token) = (client.clone(), url.clone(), token.clone());
        clients.spawn(async move {
            for _ in 0..20 {
                let answer = client.get(&url).bearer_auth(&token).send().await.unwrap();
                assert_eq!(answer.status(), 200);
                answer.bytes().await.unwrap();
            }
        });
    }
    while let Some(ended) = clients.join_next().await {
        ended.unwrap();
    }
    // Of each processor one that answers, one that works beside that, and those for what blocks; and a few of its own.
    let processors = std::thread::available_parallelism().unwrap().get();
    let threads = server.threads();
    assert!(threads <= processors * (2 + 12) + 16, "{threads} threads on {processors} processors");
}

#[test]
fn a_second_server_on_the_same_directory_is_refused() {
    let (_parent, data) = directory();
    let _first = Server::start(&data);
    assert!(refused(&data, &[]).contains("another stardeck server uses this data directory"));
}

#[test]
fn an_address_that_others_can_reach_is_refused_unless_accepted() {
    let (_parent, data) = directory();
    let said = refused(&data, &["--listen", "0.0.0.0:0"]);
    assert!(said.contains("--insecure-http"), "{said}");
    assert!(!data.exists());
}

#[test]
fn a_port_in_use_is_told_and_changes_nothing() {
    let (_parent, data) = directory();
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let said = refused(&data, &["--listen", &other.local_addr().unwrap().to_string()]);
    assert!(said.contains("listen on 127.0.0.1:"), "{said}");
    assert!(!data.exists());
}

#[test]
fn a_missing_or_wrong_master_key_ends_the_start_and_makes_no_new_one() {
    let (_parent, data) = directory();
    assert_eq!(Server::start(&data).terminate().0.code(), Some(0));
    let key = data.join("master.key");
    let right = fs::read(&key).unwrap();
    fs::remove_file(&key).unwrap();
    assert!(refused(&data, &[]).contains("is missing, but secrets sealed with it are stored"));
    assert!(!key.exists());

    let (_other_parent, other) = directory();
    assert_eq!(Server::start(&other).terminate().0.code(), Some(0));
    fs::copy(other.join("master.key"), &key).unwrap();
    assert!(refused(&data, &[]).contains("is not the one the stored secrets are sealed with"));

    let given = data.join("given.key");
    fs::write(&given, right).unwrap();
    fs::set_permissions(&given, fs::Permissions::from_mode(0o400)).unwrap();
    fs::remove_file(&key).unwrap();
    let server = Server::start_with(&data, &["--master-key-file", given.to_str().unwrap()]);
    assert_eq!(server.terminate().0.code(), Some(0));
}

#[test]
fn the_document_is_printed_in_both_versions() {
    for (arguments, version) in [(vec!["openapi"], "3.1.0"), (vec!["openapi", "--v3-0"], "3.0.3")] {
        let output = Command::new(BINARY).args(arguments).output().unwrap();
        assert!(output.status.success());
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(document["openapi"], version);
    }
}

/// The brake on guessing and the audit log know whoever is behind the proxy, and nobody else is believed.
#[tokio::test]
async fn who_is_behind_a_trusted_proxy_is_told_by_it_and_nobody_else_is_believed() {
    for (more, expected) in [(&["--trusted-proxy", "127.0.0.1"][..], "192.0.2.9"), (&[], "127.0.0.1")] {
        let directory = tempfile::tempdir().unwrap();
        let server = Server::start_with(directory.path(), more);
        let token = server.set_up().await;
        let answer = http()
            .post(format!("{}/api/auth/login", server.url))
            .header("x-forwarded-for", "10.9.9.9, 192.0.2.9")
            .json(&json!({"username": "admin", "password": "not the password"}))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
        let log = server.ask("GET", "/api/audit?limit=1", &token, None).await.1;
        let entry = &log["items"][0];
        assert_eq!((&entry["action"], &entry["remote_address"]), (&json!("login_failed"), &json!(expected)));
    }
}
