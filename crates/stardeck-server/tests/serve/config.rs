//! The configuration file, and what comes before it.

use std::{fs, path::Path, process::Command};

use crate::support::{BINARY, Server};

/// Runs the program with a configuration and nothing of ours in its environment. Whether it succeeded, and what it said.
fn run(directory: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (bool, String) {
    let output = Command::new(BINARY)
        .args(arguments)
        .current_dir(directory)
        .env_clear()
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let told = if output.status.success() { output.stdout } else { output.stderr };
    (output.status.success(), String::from_utf8(told).unwrap())
}

fn line<'a>(printed: &'a str, key: &str) -> &'a str {
    printed
        .lines()
        .find(|line| line.starts_with(&format!("{key} =")))
        .unwrap_or_else(|| panic!("{key}: {printed}"))
}

#[test]
fn options_come_before_the_environment_and_that_before_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let file = "listen = \"127.0.0.1:1\"\ndata_dir = \"/srv/one\"\nallowed_host = [\"a.example\", \"b.example\"]\n\
                insecure_http = true\nlog = \"debug\"\nlog_format = \"json\"\n";
    fs::write(directory.path().join("stardeck.toml"), file).unwrap();
    let asked = ["serve", "--config", "stardeck.toml", "--print-config", "--log", "warn"];
    let environment = [("STARDECK_DATA_DIR", "/srv/two"), ("STARDECK_LOG", "error")];
    let (done, printed) = run(directory.path(), &asked, &environment);
    assert!(done, "{printed}");
    assert_eq!(line(&printed, "listen"), "listen = \"127.0.0.1:1\" # stardeck.toml");
    assert_eq!(line(&printed, "data_dir"), "data_dir = \"/srv/two\" # the environment");
    assert_eq!(line(&printed, "log"), "log = \"warn\" # an option");
    assert_eq!(line(&printed, "log_format"), "log_format = \"json\" # stardeck.toml");
    let hosts = line(&printed, "allowed_host");
    assert_eq!(hosts, "allowed_host = [\"a.example\", \"b.example\"] # stardeck.toml");
    assert_eq!(line(&printed, "insecure_http"), "insecure_http = true # stardeck.toml");
    assert!(printed.contains("# tls_cert is not set\n"), "{printed}");

    // What was printed is a configuration itself.
    fs::write(directory.path().join("again.toml"), &printed).unwrap();
    let (done, again) =
        run(directory.path(), &["serve", "--print-config"], &[("STARDECK_CONFIG", "again.toml")]);
    assert!(done, "{again}");
    assert_eq!(line(&again, "data_dir"), "data_dir = \"/srv/two\" # again.toml");
    let (_, nothing) = run(directory.path(), &["serve", "--print-config"], &[]);
    assert_eq!(line(&nothing, "data_dir"), "data_dir = \"/var/lib/stardeck\" # the default");
}

#[test]
fn a_file_that_says_what_it_can_not_say_ends_the_start() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    let (done, said) = run(directory.path(), &["serve", "--config", "missing.toml"], &[]);
    assert!(!done && said.contains("missing.toml"), "{said}");
    for (text, part) in [
        (format!("data_dir = \"{}\"\nlisten = \"nowhere\"", data.display()), "line 2"),
        (format!("data_dir = \"{}\"\nport = 1", data.display()), "unknown field `port`"),
        (format!("data_dir = \"{}\"\nlisten = \"0.0.0.0:1\"", data.display()), "--insecure-http"),
        (format!("data_dir = \"{}\"\ntls_cert = \"/a.pem\"", data.display()), "--tls-key"),
    ] {
        fs::write(directory.path().join("stardeck.toml"), &text).unwrap();
        for more in [None, Some("--print-config")] {
            let asked: Vec<_> = ["serve", "--config", "stardeck.toml"].into_iter().chain(more).collect();
            let (done, said) = run(directory.path(), &asked, &[]);
            assert!(!done && said.contains(part), "{text}: {said}");
        }
    }
    assert!(!data.exists(), "nothing was made");
}

#[tokio::test]
async fn every_command_finds_the_data_directory_that_the_file_names() {
    let directory = tempfile::tempdir().unwrap();
    let (data, file) = (directory.path().join("data"), directory.path().join("stardeck.toml"));
    fs::write(&file, format!("data_dir = \"{}\"\n", data.display())).unwrap();
    let server = Server::start(&data);
    server.set_up().await;
    let backup = ["--config", "stardeck.toml", "backup", "--without-key", "out.tar"];
    let (done, said) = run(directory.path(), &backup, &[]);
    assert!(done && directory.path().join("out.tar").exists(), "{said}");
    let (done, said) = run(directory.path(), &["key", "rotate", "--config", "stardeck.toml"], &[]);
    assert!(!done && said.contains("stop the server first"), "{said}");
}
