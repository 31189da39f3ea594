//! Servers whose data or configuration somebody spoils: they end again and again, which is shown with the reason in words.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use stardeck_domain::DatabaseStatus;
use stardeck_service::databases::{CreateDatabase, DataFate};
use stardeck_testkit::{EngineRow, create_request, engine_row, until_within};

use crate::world::{World, succeeded, unique_name};

/// How long until it is shown: three starts of the slowest server, on a machine that is busy with others.
const SOON: Duration = Duration::from_mins(1);

/// What spoils it, as a script in its container, and what of the server's own words is shown.
struct Harm {
    script: &'static str,
    words: &'static str,
}

const WRONG_VERSION: Harm = Harm { script: "echo 9.4 > \"$PGDATA/PG_VERSION\"", words: "version" };
const UNKNOWN_SETTING: Harm = Harm {
    script: "printf '[mysqld]\nno_such_setting=1\n' > /etc/mysql/conf.d/zz-spoiled.cnf",
    words: "no_such_setting",
};
const BROKEN_MANIFEST: Harm = Harm {
    script: "echo spoiled > /data/appendonlydir/appendonly.aof.manifest",
    words: "append-only file is damaged",
};
const BROKEN_STORAGE: Harm =
    Harm { script: "echo spoiled > /data/db/storage.bson", words: "data files are damaged" };

async fn ends_again_and_again(row: &EngineRow, harm: Harm) {
    let world = World::new().await;
    let request = CreateDatabase {
        engine: row.engine,
        version: row.version(),
        image: row.image(),
        ..create_request(&unique_name("loop"))
    };
    let (database, operation, _leftovers) = world.deploy(request).await;
    succeeded(&operation);
    let container = database.container_name.as_str();
    world.podman.must(&["exec", "--user", "0", container, "sh", "-c", harm.script]);
    // It may end as Podman's own rules have it; they start it again, spoiled.
    let pid = world.podman.must(&["inspect", "--format", "{{.State.Pid}}", container]);
    // The shell's own `kill`: a host need not have the program.
    let kill = Command::new("sh").args(["-c", "kill -s KILL \"$1\"", "sh", pid.trim()]).status();
    assert!(kill.unwrap().success());
    let began = Instant::now();
    // That it ended once is shown as well, for a moment.
    let reason = until_within(SOON, "the loop to be shown", || async {
        let row = world.row(database.id).await;
        // Three times are enough; Podman may have been quicker.
        let reason = row.status_reason.filter(|reason| reason.contains(" times within a minute"));
        reason.filter(|_| row.status == DatabaseStatus::Error)
    })
    .await;
    assert!(reason.contains(harm.words), "after {:?}: {reason}", began.elapsed());
    until_within(SOON, "its stop", || async {
        let state = world.podman.must(&["inspect", "--format", "{{.State.Status}}", container]);
        (state.trim() == "exited").then_some(())
    })
    .await;
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_on_data_of_another_version_says_so() {
    ends_again_and_again(engine_row("postgres:16"), WRONG_VERSION).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mariadb_with_an_unknown_setting_says_so() {
    ends_again_and_again(engine_row("mariadb:10.11"), UNKNOWN_SETTING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mysql_with_an_unknown_setting_says_so() {
    ends_again_and_again(engine_row("mysql:9"), UNKNOWN_SETTING).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_with_a_broken_manifest_says_so() {
    ends_again_and_again(engine_row("redis:7"), BROKEN_MANIFEST).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn mongodb_with_broken_data_says_so() {
    ends_again_and_again(engine_row("mongo:6"), BROKEN_STORAGE).await;
}
