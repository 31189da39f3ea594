//! What a real server writes and uses.

use stardeck_domain::DatabaseId;
use stardeck_service::{
    databases::DataFate,
    logs::{LogEvent, LogFollower},
    runtime::{LogLine, LogQuery},
};
use stardeck_testkit::{password, until, within_deadline};

use crate::world::{World, exposed, log_in, succeeded, unique_name};

/// What is told until a line has this text in it, which is included.
async fn until_line(follower: &mut LogFollower, wanted: &str) -> Vec<LogLine> {
    let mut lines = Vec::new();
    while let Some(event) = within_deadline("a line", follower.next()).await {
        let LogEvent::Line { line, .. } = event else { continue };
        lines.push((*line).clone());
        if line.line.contains(wanted) {
            break;
        }
    }
    lines
}

async fn follow(world: &World, id: DatabaseId, tail: u32) -> LogFollower {
    world.services.logs.follow(id, &LogQuery { tail, since: None }).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn log_is_followed_line_by_line_over_a_restart() {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(exposed(&unique_name("log"), "16")).await;
    succeeded(&operation);
    let mut early = follow(&world, database.id, 10_000).await;
    // The engine writes down whom it refuses; it refused our own proof that the one-time password is gone, too.
    let user = database.admin_user.clone();
    for _ in 0..3 {
        assert!(log_in(&database, &user, password("wrong")).await.is_err());
    }
    world.stop(database.id).await;
    let mut told = until_line(&mut early, "database system is shut down").await;
    while told.iter().filter(|line| line.line.contains("database system is shut down")).count() < 2 {
        // The temporary server of the initialisation says it, too.
        told.extend(until_line(&mut early, "database system is shut down").await);
    }
    succeeded(&world.start(database.id).await);
    told.extend(until_line(&mut early, "ready to accept connections").await);
    assert!(log_in(&database, &user, password("wrong")).await.is_err());
    told.extend(until_line(&mut early, "password authentication failed").await);

    // Exactly what Podman has of it: nothing twice, nothing left out, both streams in the order they were written.
    let query = LogQuery { tail: 10_000, since: None };
    let whole = world.services.databases.logs(database.id, query).await.unwrap();
    assert_eq!(whole[..told.len()], told[..]);
    let refusals = told.iter().filter(|line| line.line.contains("password authentication failed")).count();
    assert_eq!(refusals, 5);
    world.delete(&database, DataFate::Delete).await;
    while within_deadline("the end", early.next()).await.is_some() {}
    world.services.shut_down().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn stats_are_what_the_container_uses() {
    let world = World::new().await;
    let (database, operation, _leftovers) = world.deploy(exposed(&unique_name("stats"), "16")).await;
    succeeded(&operation);
    let usage = world.services.stats.of(database.id).await.unwrap();
    let running = usage.running.unwrap();
    assert!((0.0..16.0).contains(&running.cores), "{running:?}");
    let container = running.container;
    assert!(container.memory_bytes > 5_000_000, "{container:?}");
    assert!(container.memory_limit_bytes > container.memory_bytes, "{container:?}");
    assert!(container.network_received_bytes > 0 && container.network_sent_bytes > 0, "{container:?}");
    assert!(container.processes > 3, "{container:?}");
    let (bytes, _) =
        until("the size on the disk", || async { world.services.stats.of(database.id).await.unwrap().disk })
            .await;
    assert!(bytes > 20_000_000, "{bytes}");
    world.stop(database.id).await;
    let stopped = until("the end of its use", || async {
        let found = world.services.stats.of(database.id).await.unwrap();
        found.running.is_none().then_some(found)
    })
    .await;
    assert!(stopped.disk.is_some(), "{stopped:?}");
    world.delete(&database, DataFate::Delete).await;
    world.services.shut_down().await;
}
