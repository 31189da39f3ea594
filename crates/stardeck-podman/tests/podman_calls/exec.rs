//! Processes in running containers: their ends, their input and output, and giving them up.

use std::time::{Duration, Instant};

use stardeck_podman::{ErrorKind, ExecOptions, ExecOutcome, OutputSource, Upload};
use tokio::io::AsyncWriteExt;

use super::scope::{Scope, eventually};

async fn run(scope: &Scope, name: &str, script: &str, input: Option<Upload>) -> ExecOutcome {
    scope.client.exec().run(name, &ExecOptions::new(["sh", "-c", script]), input).await.unwrap()
}

/// Is a process with this in its command line still there?
async fn lives(scope: &Scope, name: &str, text: &str) -> bool {
    let script =
        format!("cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c '[{}]{}'", &text[..1], &text[1..]);
    run(scope, name, &script, None).await.exit_code == 0
}

#[tokio::test]
async fn exit_codes_are_told() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    assert_eq!(run(&scope, &name, "exit 0", None).await.exit_code, 0);
    assert_eq!(run(&scope, &name, "exit 3", None).await.exit_code, 3);
    let nothing = ExecOptions::new(["/nope"]);
    assert_eq!(scope.client.exec().run(&name, &nothing, None).await.unwrap().exit_code, 127);
}

#[tokio::test]
async fn both_outputs_are_kept_apart() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let outcome = run(&scope, &name, "echo out; echo err >&2", None).await;
    assert_eq!((&outcome.stdout[..], &outcome.stderr[..]), (&b"out\n"[..], &b"err\n"[..]));
}

#[tokio::test]
async fn user_directory_and_environment_are_those_asked_for() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let options = ExecOptions {
        env: [("FOO".to_owned(), "b a=r".to_owned())].into(),
        user: Some("65534:65534".into()),
        working_dir: Some("/tmp".into()),
        ..ExecOptions::new(["sh", "-c", "id -u; pwd; echo $FOO"])
    };
    let outcome = scope.client.exec().run(&name, &options, None).await.unwrap();
    assert_eq!(outcome.stdout, "65534\n/tmp\nb a=r\n");
}

#[tokio::test]
async fn large_input_arrives_whole_and_ends() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let input = Upload::from(vec![b'x'; 50_000_000]);
    assert_eq!(run(&scope, &name, "wc -c", Some(input)).await.stdout, "50000000\n");
}

#[tokio::test]
async fn large_output_arrives_whole() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    assert_eq!(run(&scope, &name, "head -c 50000000 /dev/zero", None).await.stdout.len(), 50_000_000);
}

#[tokio::test]
async fn large_input_comes_back_while_it_is_sent() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let outcome = run(&scope, &name, "cat", Some(Upload::from(vec![b'x'; 20_000_000]))).await;
    assert_eq!(outcome.stdout.len(), 20_000_000);
}

#[tokio::test]
async fn process_that_ends_before_its_input_is_judged_by_its_exit_code() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let outcome = run(&scope, &name, "head -c 5; exit 4", Some(Upload::from(vec![b'x'; 20_000_000]))).await;
    assert_eq!(outcome.exit_code, 4);
}

#[tokio::test]
async fn output_of_a_failure_is_whole_when_the_rest_of_the_input_is_read() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let script = "(head -c 5; exit 4); code=$?; cat >/dev/null; exit $code";
    let outcome = run(&scope, &name, script, Some(Upload::from(vec![b'x'; 20_000_000]))).await;
    assert_eq!((outcome.exit_code, &outcome.stdout[..]), (4, &b"xxxxx"[..]));
}

#[tokio::test]
async fn process_without_input_reads_the_end() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    assert_eq!(run(&scope, &name, "wc -c", None).await.stdout, "0\n");
}

#[tokio::test]
async fn conversation_goes_back_and_forth() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let script = "while read line; do echo got $line; done; echo end";
    let options = ExecOptions { stdin: true, ..ExecOptions::new(["sh", "-c", script]) };
    let mut process = scope.client.exec().start(&name, &options).await.unwrap();
    let mut input = process.take_input().unwrap();
    assert!(process.take_input().is_none());
    for word in ["one", "two"] {
        input.write_all(format!("{word}\n").as_bytes()).await.unwrap();
        let (source, piece) = process.next().await.unwrap().unwrap();
        assert_eq!((source, piece), (OutputSource::Stdout, format!("got {word}\n").into()));
    }
    assert!(scope.client.exec().inspect(process.id()).await.unwrap().running);
    drop(input);
    assert_eq!(process.next().await.unwrap().unwrap().1, "end\n");
    assert_eq!(process.wait().await.unwrap(), 0);
}

#[tokio::test]
async fn given_up_run_ends_its_process_and_its_children() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let exec = scope.client.exec();
    let options = ExecOptions::new(["sh", "-c", "sleep 7654 & wait"]);
    let run = exec.run(&name, &options, None);
    let given_up = tokio::time::timeout(Duration::from_secs(2), run).await;
    assert!(given_up.is_err());
    eventually("the process and its child are gone", async || !lives(&scope, &name, "sleep 7654").await)
        .await;
}

/// Podman goes on with a start whose client has gone away.
#[tokio::test]
async fn start_given_up_at_any_moment_leaves_no_process() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let exec = scope.client.exec();
    let options = ExecOptions::new(["sleep", "5432"]);
    let mut given_up = 0;
    for wait in (0..200).step_by(10).map(Duration::from_millis) {
        given_up += usize::from(tokio::time::timeout(wait, exec.start(&name, &options)).await.is_err());
    }
    assert!(given_up > 5, "a start was quicker than its waits: {given_up}");
    // One that is still to be started is no process yet, so it has to stay quiet for longer than a start takes.
    let mut since = Instant::now();
    eventually("no process came out of it", async || {
        if lives(&scope, &name, "sleep 5432").await {
            since = Instant::now();
        }
        since.elapsed() > Duration::from_secs(3)
    })
    .await;
}

#[tokio::test]
async fn process_deaf_to_the_first_signal_is_ended_all_the_same() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let options = ExecOptions::new(["sh", "-c", "trap '' TERM; echo ready; sleep 8765; sleep 8765"]);
    let mut process = scope.client.exec().start(&name, &options).await.unwrap();
    assert_eq!(process.next().await.unwrap().unwrap().1, "ready\n");
    let id = process.id().to_owned();
    process.terminate().await.unwrap();
    assert!(!scope.client.exec().inspect(&id).await.unwrap().running);
    assert!(!lives(&scope, &name, "sleep 8765").await);
}

#[tokio::test]
async fn process_of_another_user_is_ended_without_capabilities() {
    let scope = Scope::new().await;
    let bare = stardeck_podman::CreateContainer { cap_drop: vec!["ALL".into()], ..scope.sleeper("bare") };
    let name = scope.run(&bare).await;
    let options = ExecOptions { user: Some("65534".into()), ..ExecOptions::new(["sleep", "9876"]) };
    let process = scope.client.exec().start(&name, &options).await.unwrap();
    process.terminate().await.unwrap();
    assert!(!lives(&scope, &name, "sleep 9876").await);
}

#[tokio::test]
async fn detached_process_lives_on() {
    let scope = Scope::new().await;
    let name = scope.run(&scope.sleeper("host")).await;
    let process = scope.client.exec().start(&name, &ExecOptions::new(["sleep", "6543"])).await.unwrap();
    let id = process.id().to_owned();
    process.detach();
    assert!(lives(&scope, &name, "sleep 6543").await);
    scope.client.exec().terminate(&name, &id).await.unwrap();
    assert!(!lives(&scope, &name, "sleep 6543").await);
}

#[tokio::test]
async fn container_that_does_not_run_takes_no_process() {
    let scope = Scope::new().await;
    scope.create(&scope.sleeper("idle")).await.unwrap();
    let error =
        scope.client.exec().start(&scope.name("idle"), &ExecOptions::new(["true"])).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::StateImproper, "{error:?}");
    let error =
        scope.client.exec().start(&scope.name("none"), &ExecOptions::new(["true"])).await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
    let error = scope.client.exec().inspect("0123abcd").await.unwrap_err();
    assert!(error.is_not_found(), "{error:?}");
}
