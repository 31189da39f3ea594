//! Logs of containers.

use chrono::{TimeDelta, Utc};
use stardeck_podman::{
    CreateContainer, ErrorKind, LogConfig, LogDriver, LogLine, LogOptions, LogStream, OutputSource,
};

use super::scope::Scope;

async fn all(mut log: LogStream) -> Vec<LogLine> {
    let mut lines = Vec::new();
    while let Some(line) = log.next().await {
        lines.push(line.unwrap());
    }
    lines
}

fn texts(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

async fn ended(scope: &Scope, script: &str) -> String {
    let log = Some(LogConfig { driver: LogDriver::K8sFile, size: None });
    let name = scope.run(&CreateContainer { log, ..scope.shell("log", script) }).await;
    scope.client.containers().wait(&name, &[]).await.unwrap();
    name
}

#[tokio::test]
async fn lines_of_both_streams_come_with_their_source() {
    let scope = Scope::new().await;
    let name = ended(&scope, "echo one; echo two >&2; echo three; printf four").await;
    let log = scope.client.containers().logs(&name, &LogOptions::default()).await.unwrap();
    let lines = all(log).await;
    let error: Vec<_> = lines.iter().filter(|line| line.source == OutputSource::Stderr).collect();
    assert_eq!((error.len(), error[0].text.as_str()), (1, "two"));
    let output: Vec<_> = lines.iter().filter(|line| line.source == OutputSource::Stdout).cloned().collect();
    assert_eq!(texts(&output), ["one", "three", "four"]);
    assert_eq!(output.iter().map(|line| line.complete).collect::<Vec<_>>(), [true, true, false]);
    let errors_only = LogOptions { stdout: false, ..LogOptions::default() };
    let log = scope.client.containers().logs(&name, &errors_only).await.unwrap();
    assert_eq!(texts(&all(log).await), ["two"]);
}

#[tokio::test]
async fn tail_and_times_and_since_are_honoured() {
    let scope = Scope::new().await;
    let begin = Utc::now();
    let name = ended(&scope, "for i in 1 2 3 4 5; do echo line $i; done").await;
    let options = LogOptions { tail: Some(2), timestamps: true, ..LogOptions::default() };
    let log = scope.client.containers().logs(&name, &options).await.unwrap();
    let lines = all(log).await;
    assert_eq!(texts(&lines), ["line 4", "line 5"]);
    let time = lines[0].time.unwrap();
    assert!(time >= begin - TimeDelta::seconds(1) && time <= Utc::now(), "{time}");
    let later = LogOptions { since: Some(Utc::now() + TimeDelta::hours(1)), ..LogOptions::default() };
    let log = scope.client.containers().logs(&name, &later).await.unwrap();
    assert!(all(log).await.is_empty());
    let earlier = LogOptions { since: Some(begin - TimeDelta::hours(1)), ..LogOptions::default() };
    let log = scope.client.containers().logs(&name, &earlier).await.unwrap();
    assert_eq!(all(log).await.len(), 5);
}

#[tokio::test]
async fn long_line_comes_in_incomplete_pieces() {
    let scope = Scope::new().await;
    let name = ended(&scope, "head -c 20000 /dev/zero | tr '\\0' a; echo; echo end").await;
    let log = scope.client.containers().logs(&name, &LogOptions::default()).await.unwrap();
    let lines = all(log).await;
    let (last, pieces) = lines.split_last().unwrap();
    assert_eq!((last.text.as_str(), last.complete), ("end", true));
    assert_eq!(pieces.iter().map(|line| line.text.len()).sum::<usize>(), 20_000);
    assert!(pieces[..pieces.len() - 1].iter().all(|line| !line.complete));
}

#[tokio::test]
async fn followed_log_delivers_as_it_is_written_and_ends_with_the_container() {
    let scope = Scope::new().await;
    let script = "echo first; until [ -e /tmp/go ]; do sleep 0.05; done; echo second";
    let log = Some(LogConfig { driver: LogDriver::K8sFile, size: None });
    let name = scope.run(&CreateContainer { log, ..scope.shell("follow", script) }).await;
    let options = LogOptions { follow: true, ..LogOptions::default() };
    let mut log = scope.client.containers().logs(&name, &options).await.unwrap();
    assert_eq!(log.next().await.unwrap().unwrap().text, "first");
    let go = stardeck_podman::ExecOptions::new(["touch", "/tmp/go"]);
    assert_eq!(scope.client.exec().run(&name, &go, None).await.unwrap().exit_code, 0);
    assert_eq!(texts(&all(log).await), ["second"]);
}

#[tokio::test]
async fn log_that_can_not_be_read_says_why() {
    let scope = Scope::new().await;
    let log = Some(LogConfig { driver: LogDriver::None, size: None });
    let spec = CreateContainer { log, ..scope.sleeper("mute") };
    let name = scope.run(&spec).await;
    let error = scope.client.containers().logs(&name, &LogOptions::default()).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoLog, "{error:?}");
    let neither = LogOptions { stdout: false, stderr: false, ..LogOptions::default() };
    let error = scope.client.containers().logs(&name, &neither).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::BadParameter, "{error:?}");
}
