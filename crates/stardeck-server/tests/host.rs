//! `stardeck doctor` and `stardeck install`, as a person at a terminal meets them.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that meets something unexpected should end there"
)]

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Output},
    sync::LazyLock,
};

use serde_json::Value;

/// The program: where it was compiled, or where nextest has put it when these tests run elsewhere.
static BINARY: LazyLock<String> = LazyLock::new(|| {
    #[expect(clippy::disallowed_methods, reason = "nextest says it in the environment, and nowhere else")]
    let moved = std::env::var("NEXTEST_BIN_EXE_stardeck");
    moved.unwrap_or_else(|_| env!("CARGO_BIN_EXE_stardeck").to_owned())
});

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(BINARY.as_str());
    for variable in ["STARDECK_DATA_DIR", "STARDECK_PODMAN_SOCKET", "XDG_RUNTIME_DIR"] {
        command.env_remove(variable);
    }
    command.args(arguments).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// The findings by their check.
fn findings(output: &Output) -> Value {
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let by_check = |finding: &Value| (finding["check"].as_str().unwrap().to_owned(), finding.clone());
    Value::Object(report["findings"].as_array().unwrap().iter().map(by_check).collect())
}

#[test]
fn units_are_ones_that_systemd_takes() {
    let directory = tempfile::tempdir().unwrap();
    let units = directory.path().to_str().unwrap();
    for data_dir in ["/var/lib/stardeck", "/mnt/elsewhere"] {
        // What they run has to be there for systemd to be content.
        let written = run(&[
            "install",
            "--unit-dir",
            units,
            "--binary",
            BINARY.as_str(),
            "--podman",
            "/bin/true",
            "--data-dir",
            data_dir,
        ]);
        assert!(written.status.success(), "{written:?}");
        assert!(text(&written).contains("systemctl enable --now podman.socket"));
        let verified = Command::new("systemd-analyze")
            .arg("verify")
            .args(["--man=no", "--recursive-errors=no"])
            .args(["stardeck.service", "stardeck-databases.service"].map(|name| directory.path().join(name)))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&verified.stderr);
        assert!(verified.status.success(), "{said}");
        assert!(!said.contains("stardeck"), "{said}");
    }
    let server = fs::read_to_string(directory.path().join("stardeck.service")).unwrap();
    for line in
        ["KillMode=process", "ProtectSystem=strict", "ReadWritePaths=/mnt/elsewhere", "NoNewPrivileges=yes"]
    {
        assert!(server.lines().any(|found| found == line), "{line}: {server}");
    }
    // The server never stops a database, and the unit that does is not part of the server's.
    assert!(!server.contains("ExecStop"));
    let databases = fs::read_to_string(directory.path().join("stardeck-databases.service")).unwrap();
    assert!(databases.contains("ExecStop=/bin/true stop --filter label=stardeck.managed=true"));
    for word in ["PartOf", "BindsTo", "Requires"] {
        assert!(!databases.contains(word) && !server.contains(word), "{word}");
    }
}

#[test]
fn printed_units_are_the_written_ones_and_a_wrong_path_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let printed = run(&["install", "--print", "--binary", "/usr/bin/stardeck"]);
    run(&["install", "--unit-dir", directory.path().to_str().unwrap(), "--binary", "/usr/bin/stardeck"]);
    for name in ["stardeck.service", "stardeck-databases.service"] {
        let written = fs::read_to_string(directory.path().join(name)).unwrap();
        assert!(text(&printed).contains(&written), "{name}");
    }
    assert!(!run(&["install", "--print", "--binary", "relative/path"]).status.success());
}

/// The server reads the file that the installation read, and what it says stands there alone.
#[test]
fn unit_starts_the_server_with_the_configuration_that_was_given() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("own.toml");
    fs::write(&file, "listen = \"127.0.0.1:9999\"\ndata_dir = \"/srv/stardeck\"\n").unwrap();
    let file = file.to_str().unwrap();
    let print = |more: &[&str]| {
        let arguments = [&["install", "--print", "--binary", "/usr/bin/stardeck"], more].concat();
        text(&run(&arguments))
    };
    for (more, line) in [
        (&[][..], "ExecStart=/usr/bin/stardeck serve".to_owned()),
        (&["--config", file], format!("ExecStart=/usr/bin/stardeck serve --config {file}")),
        (&["--data-dir", "/srv/x"], "ExecStart=/usr/bin/stardeck serve --data-dir /srv/x".to_owned()),
    ] {
        let printed = print(more);
        assert!(printed.lines().any(|found| found == line), "{line}: {printed}");
    }
    assert!(print(&["--config", file]).contains("ReadWritePaths=/srv/stardeck\n"));
    assert!(print(&[]).contains("StateDirectory=stardeck\n"));
}

#[test]
fn without_podman_the_doctor_says_so_and_fails() {
    let directory = tempfile::tempdir().unwrap();
    let arguments = ["doctor", "--podman-socket", "/nowhere/podman.sock", "--data-dir"];
    let told = run(&[&arguments[..], &[directory.path().to_str().unwrap()]].concat());
    assert_eq!(told.status.code(), Some(1));
    let words = text(&told);
    assert!(
        words.contains("FAILURE  podman") && words.contains("systemctl enable --now podman.socket"),
        "{words}"
    );
    assert!(words.lines().last().unwrap().starts_with("doctor: "), "{words}");
}

#[test]
#[expect(clippy::disallowed_methods, reason = "the tests' own Podman is told by the environment")]
fn the_doctor_of_the_tests_own_podman_finds_it_in_order() {
    let socket = std::env::var("STARDECK_TEST_PODMAN_SOCKET").unwrap();
    let directory = tempfile::tempdir().unwrap();
    fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o700)).unwrap();
    let data_dir = directory.path().to_str().unwrap();
    let told = run(&["doctor", "--json", "--podman-socket", &socket, "--data-dir", data_dir]);
    let found = findings(&told);
    for check in ["podman", "netavark", "aardvark-dns", "network", "images", "clock", "store"] {
        assert_eq!(found[check]["verdict"], "ok", "{check}: {found:#}");
    }
    for check in ["bridge", "boot", "disk"] {
        assert!(found[check]["says"].is_string(), "{check}: {found:#}");
    }
    assert_eq!(
        told.status.success(),
        found.as_object().unwrap().values().all(|one| one["verdict"] != "failure")
    );
}

#[test]
fn a_damaged_store_is_a_failure() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("stardeck.db"),
        "this is no store, and it is long enough to be taken for one".repeat(100),
    )
    .unwrap();
    let told = run(&["doctor", "--json", "--podman-socket", "/nowhere", "--data-dir", at(directory.path())]);
    let store = &findings(&told)["store"];
    assert_eq!(store["verdict"], "failure", "{store}");
    assert!(store["advice"].as_str().unwrap().contains("backup"), "{store}");
}

fn at(path: &Path) -> &str {
    path.to_str().unwrap()
}
