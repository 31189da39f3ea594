//! Every stand-in keeps the contract of the official image that it stands for: what its configuration declares, the
//! first start with a password from a file, logins from another container, a clean stop, and data that stays.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a broken set-up fails the test")]

mod contract;
mod scene;

use contract::{CONTRACTS, Contract};
use scene::{PASSWORD, Scene};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// What the official images' documentation promises about stopping: nobody has to be killed.
const STOP_SECONDS: &str = "30";

fn contract(image: &str) -> &'static Contract {
    CONTRACTS.iter().find(|contract| contract.image == image).unwrap()
}

/// Starts the image as its documentation says and goes through the life of a database.
fn keeps_the_contract(image: &str) {
    let contract = contract(image);
    let scene = Scene::set(contract);
    assert_declares(contract, &scene);
    assert_needs_a_password(contract, &scene);

    scene.start_new();
    scene.wait_until_ready();
    assert!(scene.probe(PASSWORD, &["check"]).starts_with("ok "));
    let refused = scene.probe("wrong", &["check"]);
    assert!(refused.contains(contract.refusal), "a wrong password: {refused}");
    let refused = scene.probe("", &["check"]);
    assert!(refused.starts_with("fail "), "no password: {refused}");
    assert_eq!(scene.probe(PASSWORD, &["write", "fruit", "apple"]), "");
    assert_eq!(scene.in_server(&["stat", "--format", "%u", "/proc/1"]), "999");

    scene.podman(&["stop", "--time", STOP_SECONDS, scene.server()]);
    let exit = scene.podman(&["inspect", "--format", "{{.State.ExitCode}}", scene.server()]);
    assert_eq!(exit, "0", "it did not stop by itself");
    scene.podman(&["start", scene.server()]);
    scene.wait_until_ready();
    assert_eq!(scene.probe(PASSWORD, &["read", "fruit"]), "apple", "after a restart");

    scene.podman(&["rm", "--force", "--volumes", "--time", STOP_SECONDS, scene.server()]);
    scene.start_new();
    scene.wait_until_ready();
    assert_eq!(scene.probe(PASSWORD, &["read", "fruit"]), "apple", "in a new container on the same volume");
}

fn assert_declares(contract: &Contract, scene: &Scene) {
    let text = scene.podman(&["image", "inspect", "--format", "{{json .Config}}", contract.image]);
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let keys = |field: &str| -> BTreeSet<String> {
        config
            .get(field)
            .and_then(|value| value.as_object())
            .map(|object| object.keys().cloned().collect())
            .unwrap_or_default()
    };
    let expected = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(keys("Volumes"), expected(contract.volumes), "volumes");
    assert_eq!(keys("ExposedPorts"), expected(contract.ports), "exposed ports");
    assert_eq!(config.get("Entrypoint"), Some(&serde_json::json!(["docker-entrypoint.sh"])));
    assert_eq!(config.get("Cmd"), Some(&serde_json::json!([contract.command])));
    assert_eq!(config.get("User").and_then(|user| user.as_str()).unwrap_or_default(), "");
    assert_eq!(
        config.get("StopSignal").and_then(|signal| signal.as_str()).unwrap_or("SIGTERM"),
        contract.stop_signal
    );
    let variables: Vec<&str> =
        config.get("Env").unwrap().as_array().unwrap().iter().filter_map(|entry| entry.as_str()).collect();
    for (name, start) in contract.version_variables {
        let value = variables.iter().find_map(|entry| entry.strip_prefix(name)?.strip_prefix('='));
        assert!(value.is_some_and(|value| value.starts_with(start)), "{name} is {value:?}, not {start}…");
    }
}

/// What refuses to start without a password says which variable it wants.
fn assert_needs_a_password(contract: &Contract, scene: &Scene) {
    let Some(wanted) = contract.without_password else { return };
    let output = scene.command(&["run", "--rm", contract.image]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && said.contains(wanted), "without a password: {said}");
}

#[test]
fn every_image_of_the_catalogue_has_a_contract() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("images/catalogue.toml");
    let catalogue: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let images = catalogue.get("image").unwrap().as_array().unwrap();
    let built: BTreeSet<&str> = images
        .iter()
        .map(|image| image.get("reference").unwrap().as_str().unwrap())
        .filter(|reference| *reference != scene::APP)
        .collect();
    assert_eq!(built, CONTRACTS.iter().map(|contract| contract.image).collect());
}

macro_rules! images {
    ($($test:ident: $image:literal,)*) => {
        $(
            #[test]
            fn $test() {
                keeps_the_contract($image);
            }
        )*
    };
}

images! {
    postgres_16: "docker.io/library/postgres:16",
    postgres_17: "docker.io/library/postgres:17",
    postgres_18: "docker.io/library/postgres:18",
    mariadb_10_11: "docker.io/library/mariadb:10.11",
    mariadb_11_8: "docker.io/library/mariadb:11.8",
    mysql_9: "docker.io/library/mysql:9",
    redis_7: "docker.io/library/redis:7",
    redis_8: "docker.io/library/redis:8",
    valkey_8: "docker.io/valkey/valkey:8",
    mongo_6: "docker.io/library/mongo:6",
}
