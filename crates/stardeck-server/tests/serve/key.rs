//! `stardeck key rotate`, as a person on the host meets it.

use std::{fs, path::Path, process::Command};

use serde_json::json;

use crate::support::{BINARY, Server};

fn rotate(data_dir: &Path, more: &[&str]) -> (bool, String) {
    let output = Command::new(BINARY)
        .args(["key", "rotate", "--data-dir"])
        .arg(data_dir)
        .args(more)
        .env_remove("CREDENTIALS_DIRECTORY")
        .output()
        .unwrap();
    let told = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(told).unwrap())
}

#[tokio::test]
async fn another_key_takes_the_place_of_the_present_one_while_no_server_runs() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (done, said) = rotate(&data, &[]);
    assert!(!done && said.contains("there is no store") && !data.exists(), "{said}");

    let server = Server::start(&data);
    let token = server.set_up().await;
    let body = json!({"host": "registry.example", "username": "ci", "password": "the registry's password"});
    assert_eq!(server.ask("POST", "/api/registries", &token, Some(body)).await.0, 201);
    let (done, said) = rotate(&data, &[]);
    assert!(!done && said.contains("stop the server first"), "{said}");
    assert_eq!(server.terminate().0.code(), Some(0));

    let key = data.join("master.key");
    let before = fs::read_to_string(&key).unwrap();
    let new = directory.path().join("new.key");
    let (done, said) = rotate(&data, &["--new-key-file", new.to_str().unwrap()]);
    assert!(!done && said.contains("leave out --new-key-file"), "{said}");
    let (done, said) = rotate(&data, &[]);
    assert!(done && said.contains("sealed 1 secrets anew"), "{said}");
    let after = fs::read_to_string(&key).unwrap();
    assert_ne!(before, after);
    assert!(!said.contains(after.trim()), "a key is never printed");
    let server = Server::start(&data);
    let log = server.ask("GET", "/api/audit", &token, None).await.1;
    let actions: Vec<_> = log["items"].as_array().unwrap().iter().map(|entry| &entry["action"]).collect();
    assert!(actions.contains(&&json!("master_key_replaced")), "{actions:?}");
    assert_eq!(server.terminate().0.code(), Some(0));

    // A key that was given comes from a place that Stardeck can not write to.
    let given = directory.path().join("given.key");
    fs::rename(&key, &given).unwrap();
    let from = ["--master-key-file", given.to_str().unwrap()];
    let (done, said) = rotate(&data, &from);
    assert!(!done && said.contains("--new-key-file"), "{said}");
    let (done, said) = rotate(&data, &[from[0], from[1], "--new-key-file", new.to_str().unwrap()]);
    assert!(done && said.contains("from now on the server needs"), "{said}");
    fs::rename(&new, &key).unwrap();
    Server::start(&data);
}
