//! `stardeck backup`, `restore` and `user`, and a start after an end that was none, as a person on the host meets them.

use std::{
    fs,
    io::Read as _,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::support::{BINARY, PASSWORD, Server, refused};

const PASSPHRASE: &str = "a passphrase for the safe";

struct World {
    directory: tempfile::TempDir,
}

impl World {
    fn new() -> Self {
        let world = Self { directory: tempfile::tempdir().unwrap() };
        fs::write(world.path("passphrase"), format!("{PASSPHRASE}\n")).unwrap();
        world
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn run(&self, command: &str, arguments: &[&str], data_dir: &str) -> Output {
        Command::new(BINARY)
            .arg(command)
            .args(arguments)
            .arg("--data-dir")
            .arg(self.path(data_dir))
            .current_dir(self.directory.path())
            .env_remove("CREDENTIALS_DIRECTORY")
            .output()
            .unwrap()
    }

    fn does(&self, command: &str, arguments: &[&str], data_dir: &str) -> String {
        let output = self.run(command, arguments, data_dir);
        assert!(output.status.success(), "{command} {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    fn is_refused(&self, command: &str, arguments: &[&str], data_dir: &str) -> String {
        let output = self.run(command, arguments, data_dir);
        assert!(!output.status.success(), "{command} {arguments:?}: {output:?}");
        String::from_utf8(output.stderr).unwrap()
    }
}

fn holds(file: &Path, text: &str) -> bool {
    fs::read(file).unwrap().windows(text.len()).any(|window| window == text.as_bytes())
}

/// A login for a registry is a secret that the store has, whether Podman is there or not; a pull would use it.
async fn save_registry(server: &Server, token: &str) {
    let body = json!({"host": "registry.example", "username": "ci", "password": "the registry's password"});
    let (status, answer) = server.ask("POST", "/api/registries", token, Some(body)).await;
    assert_eq!(status, 201, "{answer}");
}

#[tokio::test]
async fn a_backup_of_a_running_server_brings_everything_back_on_an_empty_host() {
    let world = World::new();
    let server = Server::start(&world.path("data"));
    let token = server.set_up().await;
    save_registry(&server, &token).await;
    let api_token = json!({"name": "ci", "scope": "read"});
    let api_token = server.ask("POST", "/api/tokens", &token, Some(api_token)).await.1;
    let api_token = api_token["token"].as_str().unwrap();

    let told = world.does("backup", &["--passphrase-file", "passphrase", "out.tar"], "data");
    assert!(told.contains("passphrase opens it"), "{told}");
    let file = world.path("out.tar");
    assert_eq!(fs::metadata(&file).unwrap().mode() & 0o777, 0o600);
    let key = fs::read_to_string(world.path("data/master.key")).unwrap();
    for secret in [key.trim(), "the registry's password", PASSWORD, PASSPHRASE, &token, api_token] {
        assert!(!holds(&file, secret), "the backup holds {secret}");
    }
    // What comes after the backup is not in it.
    let body = json!({"username": "late", "password": PASSWORD, "role": "viewer"});
    assert_eq!(server.ask("POST", "/api/users", &token, Some(body)).await.0, 201);
    assert_eq!(server.terminate().0.code(), Some(0));

    let told = world.does("restore", &["--passphrase-file", "passphrase", "out.tar"], "other");
    assert!(told.contains("sign in again"), "{told}");
    assert_eq!(fs::read_to_string(world.path("other/master.key")).unwrap(), key);
    for (name, mode) in [("master.key", 0o600), ("stardeck.db", 0o600), ("", 0o700)] {
        assert_eq!(fs::metadata(world.path("other").join(name)).unwrap().mode() & 0o777, mode, "{name}");
    }
    let server = Server::start(&world.path("other"));
    assert_eq!(server.ask("GET", "/api/auth/me", &token, None).await.0, 401, "sessions ended");
    assert_eq!(server.ask("GET", "/api/auth/me", api_token, None).await.0, 200, "tokens go on");
    assert!(!world.path("other/setup-token").exists());
    let token = server.sign_in("admin", PASSWORD).await;
    let registries = server.ask("GET", "/api/registries", &token, None).await.1;
    assert_eq!(registries["items"][0]["username"], "ci");
    let users = server.ask("GET", "/api/users", &token, None).await.1;
    assert_eq!(users["items"].as_array().unwrap().len(), 1);
    let log = server.ask("GET", "/api/audit", &token, None).await.1;
    let restored = |entry: &&Value| entry["action"] == "store_restored";
    assert_eq!(log["items"].as_array().unwrap().iter().filter(restored).count(), 1);
}

#[tokio::test]
async fn a_stolen_backup_opens_to_its_passphrase_only_and_one_without_the_key_to_the_key_only() {
    let world = World::new();
    let server = Server::start(&world.path("data"));
    server.set_up().await;
    world.does("backup", &["--passphrase-file", "passphrase", "with.tar"], "data");
    let told = world.does("backup", &["--without-key", "without.tar"], "data");
    assert!(told.contains("NOT in it"), "{told}");
    assert!(!holds(&world.path("without.tar"), "ciphertext"));
    drop(server);

    fs::write(world.path("wrong"), "another passphrase").unwrap();
    let said = world.is_refused("restore", &["--passphrase-file", "wrong", "with.tar"], "new");
    assert!(said.contains("the passphrase is wrong"), "{said}");
    let said = world.is_refused("restore", &["--passphrase-file", "passphrase", "without.tar"], "new");
    assert!(said.contains("the key is not in it"), "{said}");
    // Another installation's key opens nothing either.
    drop(Server::start(&world.path("stranger")));
    let stranger = world.path("stranger/master.key");
    let said =
        world.is_refused("restore", &["--master-key-file", stranger.to_str().unwrap(), "without.tar"], "new");
    assert!(said.contains("another key"), "{said}");
    let left: Vec<_> =
        fs::read_dir(world.path("new")).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["lock"], "a refused restore leaves nothing");

    let key = world.path("data/master.key");
    world.does("restore", &["--master-key-file", key.to_str().unwrap(), "without.tar"], "new");
    Server::start(&world.path("new")).sign_in("admin", PASSWORD).await;
}

#[test]
fn a_restore_replaces_nothing_and_takes_no_damaged_backup() {
    let world = World::new();
    let server = Server::start(&world.path("data"));
    let with_key = ["--passphrase-file", "passphrase", "out.tar"];
    world.does("backup", &with_key, "data");
    let said = world.is_refused("backup", &with_key, "data");
    assert!(said.contains("there is a file of this name already"), "{said}");
    let said = world.is_refused("restore", &with_key, "data");
    assert!(said.contains("another stardeck server uses this data directory"), "{said}");
    drop(server);
    let said = world.is_refused("restore", &with_key, "data");
    assert!(said.contains("has a store already"), "{said}");

    let whole = fs::read(world.path("out.tar")).unwrap();
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 0x55;
    for (name, bytes) in [
        ("changed.tar", changed.as_slice()),
        ("short.tar", &whole[..whole.len() / 2]),
        ("empty.tar", b"".as_slice()),
        ("text.tar", b"this is no archive".repeat(100).as_slice()),
    ] {
        fs::write(world.path(name), bytes).unwrap();
        let said = world.is_refused("restore", &["--passphrase-file", "passphrase", name], "new");
        assert!(said.contains("the backup"), "{name}: {said}");
    }
    assert!(!world.path("new/stardeck.db").exists() && !world.path("new/master.key").exists());
    fs::write(world.path("short"), "short").unwrap();
    let said = world.is_refused("backup", &["--passphrase-file", "short", "other.tar"], "data");
    assert!(said.contains("at least 10 characters"), "{said}");
    assert!(!world.path("other.tar").exists());
}

/// With its checksum made anew, as whoever can write the file would.
#[test]
fn a_backup_that_somebody_changed_or_made_is_refused() {
    let world = World::new();
    let server = Server::start(&world.path("data"));
    world.does("backup", &["--passphrase-file", "passphrase", "out.tar"], "data");
    world.does("backup", &["--without-key", "without.tar"], "data");
    drop(server);
    let key = world.path("data/master.key");
    let key = ["--master-key-file", key.to_str().unwrap()];
    for (name, opened_by) in [("out.tar", ["--passphrase-file", "passphrase"]), ("without.tar", key)] {
        let parts = parts(&world.path(name));
        let manifest = parts.iter().find(|(part, _)| part == "manifest.json").unwrap();
        let manifest: Value = serde_json::from_slice(&manifest.1).unwrap();
        let mut store = parts.iter().find(|(part, _)| part == "stardeck.db").unwrap().1.clone();
        // The last byte of the last page.
        *store.last_mut().unwrap() ^= 1;
        let sum = Sha256::digest(&store).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let late = "2030-01-01T00:00:00Z";
        for (field, value, store) in [
            ("store_sha256", json!(sum), Some(store)),
            ("created_at", json!(late), None),
            ("proof", json!(""), None),
            ("proof", json!("v1|00000000|AAAA|AAAA"), None),
            ("format", json!(1), None),
        ] {
            let mut changed = manifest.clone();
            changed[field] = value;
            write(&world.path("changed.tar"), &parts, &changed, store.as_deref());
            let said = world.is_refused("restore", &[opened_by[0], opened_by[1], "changed.tar"], "new");
            assert!(
                said.contains("was changed since it was made") || said.contains("anybody could change"),
                "{said}"
            );
        }
        write(&world.path("same.tar"), &parts, &manifest, None);
        world.does("restore", &[opened_by[0], opened_by[1], "same.tar"], &format!("from-{name}"));
    }
}

fn parts(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let mut archive = tar::Archive::new(fs::File::open(archive).unwrap());
    let part = |entry: std::io::Result<tar::Entry<'_, fs::File>>| {
        let mut entry = entry.unwrap();
        let name = entry.path().unwrap().display().to_string();
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).unwrap();
        (name, bytes)
    };
    archive.entries().unwrap().map(part).collect()
}

fn write(to: &Path, parts: &[(String, Vec<u8>)], manifest: &Value, store: Option<&[u8]>) {
    let mut archive = tar::Builder::new(fs::File::create(to).unwrap());
    let manifest = serde_json::to_vec(manifest).unwrap();
    for (name, bytes) in parts {
        let bytes = match (name.as_str(), store) {
            ("manifest.json", _) => &manifest,
            ("stardeck.db", Some(store)) => store,
            _ => bytes.as_slice(),
        };
        let mut header = tar::Header::new_gnu();
        header.set_size(u64::try_from(bytes.len()).unwrap());
        archive.append_data(&mut header, name, bytes).unwrap();
    }
    archive.into_inner().unwrap();
}

#[tokio::test]
async fn a_lost_password_is_replaced_on_the_host_and_ends_every_session() {
    let world = World::new();
    let server = Server::start(&world.path("data"));
    let token = server.set_up().await;
    let said = world.is_refused("user", &["reset-password", "admin"], "data");
    assert!(said.contains("stop the server first"), "{said}");
    assert_eq!(server.terminate().0.code(), Some(0));
    let said = world.is_refused("user", &["reset-password", "nobody"], "data");
    assert!(said.contains("there is no user nobody"), "{said}");
    let said = world.is_refused("user", &["reset-password", "admin"], "nothing-here");
    assert!(said.contains("there is no store") && !world.path("nothing-here").exists(), "{said}");
    let password = world.does("user", &["reset-password", "admin"], "data").trim().to_owned();
    assert_eq!(password.len(), 32);

    let server = Server::start(&world.path("data"));
    assert_eq!(server.ask("GET", "/api/auth/me", &token, None).await.0, 401);
    let token = server.sign_in("admin", &password).await;
    let log = server.ask("GET", "/api/audit?limit=2", &token, None).await.1;
    let entry = &log["items"][1];
    assert_eq!((&entry["action"], &entry["detail"]), (&json!("password_changed"), &json!("on the host")));
    assert_eq!(entry["username"], Value::Null);
}

#[tokio::test]
async fn after_an_end_that_was_none_the_store_is_looked_at_and_after_a_clean_one_it_is_not() {
    let world = World::new();
    let data = world.path("data");
    let looks = |log: &[String]| log.iter().any(|line| line.contains("did not end cleanly"));
    let (_, log) = Server::start(&data).terminate();
    assert!(!looks(&log), "{log:?}");
    drop(Server::start(&data)); // which kills it
    let mut server = Server::start(&data);
    server.wait_for_text("the store is whole");
    let ready = server.get("/api/health/ready").await;
    assert_eq!(ready["checks"]["store"], "ok");
    let (_, log) = server.terminate();
    assert!(looks(&log), "{log:?}");
    let (_, log) = Server::start(&data).terminate();
    assert!(!looks(&log), "{log:?}");
}

/// The newest version of the schema stands in the file as text, so that another of the same length makes it a newer one.
#[test]
fn a_store_of_a_newer_version_is_refused_in_words_and_left_alone() {
    let world = World::new();
    let data = world.path("data");
    assert_eq!(Server::start(&data).terminate().0.code(), Some(0));
    // A server that ends may leave its log beside the store; whoever opens it next takes that in.
    world.is_refused("user", &["reset-password", "nobody"], "data");
    let store = data.join("stardeck.db");
    let mut bytes = fs::read(&store).unwrap();
    let newest = bytes
        .windows(14)
        .filter(|text| text.starts_with(b"20") && text.iter().all(u8::is_ascii_digit))
        .max()
        .unwrap()
        .to_vec();
    let places: Vec<_> = (0..bytes.len() - 14).filter(|at| bytes[*at..*at + 14] == newest[..]).collect();
    for at in places {
        bytes[at..at + 14].copy_from_slice(b"99991231235959");
    }
    fs::write(&store, &bytes).unwrap();
    fs::set_permissions(&store, fs::Permissions::from_mode(0o600)).unwrap();
    let said = refused(&data, &[]);
    assert!(
        said.contains("made by a newer version of this program (schema 99991231235959, known 20"),
        "{said}"
    );
    assert!(said.contains("run that version"), "{said}");
    assert_eq!(fs::read(&store).unwrap(), bytes);
    let said = world.is_refused("backup", &["--without-key", "out.tar"], "data");
    assert!(said.contains("newer version"), "{said}");
}
