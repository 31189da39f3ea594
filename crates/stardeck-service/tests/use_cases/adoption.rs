//! Adopting what somebody else made, and giving it back: all or nothing at every call, and nothing of the container is
//! ever changed but its place on our network.

use stardeck_domain::{
    DatabaseName, DatabaseStatus, ManagedDatabase, Operation, OperationState, Origin, Port, VolumeKind,
};
use stardeck_repository::volumes;
use stardeck_service::{
    Error, Page,
    databases::{AdoptDatabase, Change, ChangeDatabase, DataFate},
    runtime::{ContainerState, RuntimeError},
};
use stardeck_testkit::{
    FakeRuntime, ForeignContainer, Method, POSTGRES_16, ServicesBuilder, TestBed, count_credentials,
    delete_request, password, until,
};

use super::support::{deploy, everything, refusal, silence, succeeded, undone};

const SECRET: &str = "hush-hush";

/// A server of somebody else's, with the official image's variables.
pub(crate) fn foreign(name: &str) -> ForeignContainer {
    ForeignContainer {
        name: name.to_owned(),
        image: Some(POSTGRES_16.to_owned()),
        host_ports: vec![15_432],
        volumes: vec![format!("{name}-data")],
        env: vec![("POSTGRES_PASSWORD".to_owned(), SECRET.to_owned())],
        accounts: vec![("postgres".to_owned(), SECRET.to_owned())],
        ..ForeignContainer::default()
    }
}

fn request(name: &str) -> AdoptDatabase {
    AdoptDatabase {
        name: DatabaseName::parse(name).unwrap(),
        is_shared: true,
        admin_user: None,
        admin_password: None,
    }
}

pub(crate) async fn adopt(
    bed: &TestBed,
    container: &str,
    name: &str,
) -> Result<(ManagedDatabase, Operation), Error> {
    let (database, operation) = bed.services.databases.adopt(&bed.admin, container, request(name)).await?;
    let operation = bed.wait_for(operation.id).await;
    Ok((bed.services.databases.get(database.id).await.unwrap_or(database), operation))
}

async fn release(bed: &TestBed, database: &ManagedDatabase) -> Operation {
    let (_, operation) = bed.services.databases.release(&bed.admin, database.id).await.unwrap();
    bed.wait_for(operation.id).await
}

#[tokio::test]
async fn adopted_database_is_known_by_what_it_is_and_given_back_as_it_was() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let before = everything(&bed).await;
    let (database, operation) = adopt(&bed, "blog-db", "blog").await.unwrap();
    succeeded(&operation);
    assert_eq!((database.origin, database.status), (Origin::Adopted, DatabaseStatus::Running));
    assert_eq!((database.container_name.as_str(), database.internal_host.as_str()), ("blog-db", "blog"));
    assert_eq!(database.server_version.as_deref(), Some("16.4"));
    assert_eq!(database.external_port, Some(Port::fixed(15_432)));
    assert_eq!(database.admin_user.as_str(), "postgres");
    let id = database.id;
    let held = bed.db.read(move |tx| volumes::list_of(tx, id)).await.unwrap();
    let held: Vec<_> = held.iter().map(|volume| (volume.kind, volume.name.as_str(), volume.owned)).collect();
    assert_eq!(held, [(VolumeKind::Named, "blog-db-data", false)]);
    let credentials = bed.services.databases.credentials(&bed.admin, id).await.unwrap();
    assert_eq!(credentials.password.expose(), SECRET);
    let container = bed.runtime.snapshot().containers.remove("blog-db").unwrap();
    let alias = format!("db-{}", id.short());
    assert_eq!(container.networks["stardeck-data"], ["blog".to_owned(), alias]);

    succeeded(&release(&bed, &database).await);
    assert_eq!(everything(&bed).await, before);
    assert_eq!(count_credentials(&bed.db, id).await, 0);
    assert!(matches!(bed.services.databases.get(id).await, Err(Error::NotFound { .. })));
    // Nothing of it stands in the way of the next time.
    succeeded(&adopt(&bed, "blog-db", "blog").await.unwrap().1);
}

#[tokio::test]
async fn adopted_database_is_stopped_started_and_restarted_and_never_started_by_itself() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let (_, operation) = databases.restart(admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let (_, operation) = databases.stop(admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(databases.get(database.id).await.unwrap().status, DatabaseStatus::Stopped);
    let (_, operation) = databases.start(admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    bed.runtime.end_container("blog-db", 0);
    let starts = bed.runtime.count(Method::StartContainer);
    let bed = bed.restart().await;
    assert_eq!(bed.runtime.count(Method::StartContainer), starts, "whoever made it starts it");
}

#[tokio::test]
async fn adopted_database_in_a_crash_loop_says_so_and_is_neither_stopped_nor_started() {
    let bed = ServicesBuilder::new().telling_events().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let (database, operation) = adopt(&bed, "blog-db", "blog").await.unwrap();
    succeeded(&operation);
    let becomes = async |status| {
        until("its status", || async {
            let row = bed.services.databases.get(database.id).await.unwrap();
            Some(row).filter(|row| row.status == status)
        })
        .await
    };
    // Only ends after it was first looked at are counted.
    bed.runtime.pause_container("blog-db");
    becomes(DatabaseStatus::Paused).await;
    bed.runtime.unpause_container("blog-db");
    becomes(DatabaseStatus::Running).await;
    bed.runtime.crash_container("blog-db", 3);
    let reason = becomes(DatabaseStatus::Error).await.status_reason.unwrap();
    assert!(reason.starts_with("ended 3 times within a minute"), "{reason}");
    assert!(!reason.contains("not started again"), "{reason}");
    assert_eq!(bed.runtime.snapshot().containers["blog-db"].state, ContainerState::Running);
    // Nothing is told of it any more, and it runs.
    assert_eq!(becomes(DatabaseStatus::Running).await.status_reason, None);
    assert_eq!(bed.runtime.count(Method::StopContainer), 0);
}

#[tokio::test]
async fn nothing_is_written_when_the_look_refuses() {
    let bed = ServicesBuilder::new().start().await;
    let rootless_like = |name: &str, mode: &str| ForeignContainer {
        network_mode: Some(mode.to_owned()),
        host_ports: Vec::new(),
        ..foreign(name)
    };
    bed.runtime.add_foreign_container(foreign("blog-db"));
    bed.runtime.add_foreign_container(ForeignContainer { host_ports: Vec::new(), ..foreign("ended") });
    bed.runtime.end_container("ended", 0);
    bed.runtime.add_foreign_container(rootless_like("of-the-host", "host"));
    bed.runtime.add_foreign_container(rootless_like("of-another", "container:0123"));
    bed.runtime.add_foreign_container(ForeignContainer {
        pod: Some("p1".to_owned()),
        host_ports: Vec::new(),
        ..foreign("of-a-pod")
    });
    bed.runtime.add_foreign_container(ForeignContainer { name: "proxy".to_owned(), ..Default::default() });
    let before = everything(&bed).await;
    for (container, words) in [
        ("ended", "does not run"),
        ("of-the-host", "host's network"),
        ("of-another", "another container"),
        ("of-a-pod", "pod"),
        ("proxy", "database server"),
    ] {
        let refused = adopt(&bed, container, "blog").await;
        assert!(
            matches!(&refused, Err(Error::NotAdoptable { reason }) if reason.contains(words)),
            "{container}: {refused:?}"
        );
    }
    let wrong = AdoptDatabase { admin_password: Some(password("not-it")), ..request("blog") };
    let refused = bed.services.databases.adopt(&bed.admin, "blog-db", wrong).await;
    let Err(Error::CredentialsRejected { detail }) = refused else { panic!("{refused:?}") };
    assert!(!detail.contains("not-it"), "{detail}");
    let taken = adopt(&bed, "blog-db", "proxy").await;
    assert!(matches!(taken, Err(Error::NameTaken { .. })), "{taken:?}");
    assert_eq!(everything(&bed).await, before);
    succeeded(&adopt(&bed, "blog-db", "blog-db").await.unwrap().1);
    let twice = adopt(&bed, "blog-db", "other").await;
    assert!(matches!(twice, Err(Error::AlreadyManaged { .. })), "{twice:?}");
}

#[tokio::test]
async fn two_adoptions_at_once_are_one() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let (one, two) = tokio::join!(adopt(&bed, "blog-db", "one"), adopt(&bed, "blog-db", "two"));
    let outcomes = [one, two];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let lost = outcomes.iter().find_map(|outcome| outcome.as_ref().err());
    assert!(matches!(lost, Some(Error::AlreadyManaged { .. })), "{lost:?}");
}

#[tokio::test]
async fn login_is_found_wherever_images_take_it_from() {
    let bed = ServicesBuilder::new().start().await;
    let env = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    };
    let file = |path: &str| vec![(path.to_owned(), format!("{SECRET}\n"))];
    let cases = [
        ("official", env(&[("POSTGRES_USER", "ada"), ("POSTGRES_PASSWORD", SECRET)]), Vec::new(), "ada"),
        (
            "by-file",
            env(&[("POSTGRES_PASSWORD_FILE", "/run/secrets/pw")]),
            file("/run/secrets/pw"),
            "postgres",
        ),
        ("by-s6", env(&[("FILE__POSTGRES_PASSWORD", "/s/pw")]), file("/s/pw"), "postgres"),
        ("packaged", env(&[("POSTGRESQL_PASSWORD", SECRET)]), Vec::new(), "postgres"),
        (
            "packaged-admin",
            env(&[
                ("POSTGRESQL_USERNAME", "app"),
                ("POSTGRESQL_PASSWORD", "apps"),
                ("POSTGRESQL_POSTGRES_PASSWORD", SECRET),
            ]),
            Vec::new(),
            "postgres",
        ),
        ("by-scl", env(&[("POSTGRESQL_ADMIN_PASSWORD", SECRET)]), Vec::new(), "postgres"),
    ];
    for (name, env, files, user) in cases {
        bed.runtime.add_foreign_container(ForeignContainer {
            env,
            files,
            host_ports: Vec::new(),
            accounts: vec![(user.to_owned(), SECRET.to_owned())],
            ..foreign(name)
        });
        let (database, operation) = adopt(&bed, name, name).await.unwrap();
        succeeded(&operation);
        assert_eq!(database.admin_user.as_str(), user, "{name}");
    }
    let open = ForeignContainer {
        env: Vec::new(),
        host_ports: Vec::new(),
        accounts: vec![("postgres".to_owned(), String::new())],
        ..foreign("open")
    };
    bed.runtime.add_foreign_container(open);
    let (database, operation) = adopt(&bed, "open", "open-to-all").await.unwrap();
    succeeded(&operation);
    assert!(bed.services.databases.credentials(&bed.admin, database.id).await.unwrap().password.is_none());
}

#[tokio::test]
async fn container_made_anew_by_its_runner_is_found_again_and_a_stranger_is_not() {
    let bed = ServicesBuilder::new().start().await;
    let composed = |name: &str, service: &str| ForeignContainer {
        labels: [
            ("com.docker.compose.project".to_owned(), "blog".to_owned()),
            ("com.docker.compose.service".to_owned(), service.to_owned()),
        ]
        .into(),
        ..foreign(name)
    };
    bed.runtime.add_foreign_container(composed("blog-db", "db"));
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    drop(bed.runtime.take_container("blog-db"));
    bed.runtime.add_foreign_container(composed("blog-db", "db"));
    let items = bed.services.databases.detect(Page::default()).await.unwrap().items;
    assert!(items.is_empty(), "{items:?}");
    let (_, operation) = bed.services.databases.restart(&bed.admin, database.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    drop(bed.runtime.take_container("blog-db"));
    bed.runtime.add_foreign_container(ForeignContainer {
        volumes: vec!["another".to_owned()],
        ..composed("blog-db", "something-else")
    });
    let items = bed.services.databases.detect(Page::default()).await.unwrap().items;
    assert_eq!(items.len(), 1, "a stranger of the same name is not ours");
}

#[tokio::test]
async fn removal_of_an_adopted_database_is_its_release_and_never_takes_data() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(foreign("blog-db"));
    let before = everything(&bed).await;
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let refused = databases.delete(admin, database.id, delete_request("blog", DataFate::Delete)).await;
    let Err(Error::ManagedElsewhere { lines }) = refused else { panic!("{refused:?}") };
    assert_eq!(lines, ["podman rm --force blog-db", "podman volume rm blog-db-data"]);
    let operation =
        databases.delete(admin, database.id, delete_request("blog", DataFate::Keep)).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(everything(&bed).await, before);
    assert!(databases.list_kept(Page::default()).await.unwrap().items.is_empty());
    let shop = deploy(&bed, "shop").await;
    assert!(matches!(databases.release(admin, shop.id).await, Err(Error::NotAdopted)));
}

#[tokio::test]
async fn what_would_need_another_container_is_told_and_a_note_is_taken() {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_foreign_container(ForeignContainer {
        labels: [
            ("com.docker.compose.project".to_owned(), "blog".to_owned()),
            ("com.docker.compose.service".to_owned(), "db".to_owned()),
        ]
        .into(),
        ..foreign("blog-db")
    });
    let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
    let (databases, admin) = (&bed.services.databases, &bed.admin);
    let memory = ChangeDatabase { memory_bytes: Change::To(1 << 30), ..ChangeDatabase::default() };
    let refused = databases.change_settings(admin, database.id, None, memory, false).await;
    let Err(Error::ManagedElsewhere { lines }) = refused else { panic!("{refused:?}") };
    assert_eq!(lines, ["memory_bytes becomes 1073741824", "engine_settings.shared_buffers becomes 256MB"]);
    let note =
        ChangeDatabase { description: Change::To("of the blog".to_owned()), ..ChangeDatabase::default() };
    let changed = databases.change_settings(admin, database.id, None, note, false).await.unwrap();
    assert_eq!(changed.database.description.as_deref(), Some("of the blog"));
    assert!(changed.operation.is_none());
    drop(bed.runtime.take_container("blog-db"));
    let refused = databases.recreate(admin, database.id).await;
    let Err(Error::ManagedElsewhere { lines }) = refused else { panic!("{refused:?}") };
    assert_eq!(lines, ["podman-compose --project-name blog up --detach db"]);
    assert!(!bed.runtime.snapshot().containers.contains_key("blog-db"));
    succeeded(&release(&bed, &database).await);
}

#[tokio::test]
async fn container_that_was_on_the_network_before_stays_there() {
    let bed = ServicesBuilder::new().start().await;
    deploy(&bed, "shop").await;
    let aliases = Some(vec!["blog".to_owned()]);
    bed.runtime.add_foreign_container(ForeignContainer { aliases, ..foreign("blog-db") });
    let before = everything(&bed).await;
    let refused = adopt(&bed, "blog-db", "other").await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    let (database, operation) = adopt(&bed, "blog-db", "blog").await.unwrap();
    succeeded(&operation);
    succeeded(&release(&bed, &database).await);
    assert_eq!(everything(&bed).await, before);
}

/// A way for a call to fail.
type Arm = fn(&FakeRuntime, u32, RuntimeError);
const ARMS: [Arm; 2] = [FakeRuntime::fail_at, FakeRuntime::lose_answer_at];

#[tokio::test]
async fn adoption_that_fails_at_any_call_leaves_the_container_as_it_was() {
    for arm in ARMS {
        for error in [refusal, silence] {
            for call in 1.. {
                let bed = ServicesBuilder::new().start().await;
                bed.runtime.add_foreign_container(foreign("blog-db"));
                let before = everything(&bed).await;
                arm(&bed.runtime, call, error());
                let outcome = adopt(&bed, "blog-db", "blog").await;
                let has_struck = bed.runtime.has_struck();
                bed.runtime.clear_faults();
                match &outcome {
                    Ok((database, operation)) if operation.state == OperationState::Succeeded => {
                        succeeded(&release(&bed, database).await);
                    }
                    Ok((_, operation)) => undone(operation),
                    Err(_) => {}
                }
                assert_eq!(everything(&bed).await, before, "call {call}: {outcome:?}");
                if !has_struck {
                    assert!(call > 8, "only {call} calls were struck");
                    break;
                }
            }
        }
    }
}

#[tokio::test]
async fn release_that_fails_at_any_call_can_be_repeated_and_leaves_nothing() {
    for arm in ARMS {
        for error in [refusal, silence] {
            for call in 1.. {
                let bed = ServicesBuilder::new().start().await;
                bed.runtime.add_foreign_container(foreign("blog-db"));
                let before = everything(&bed).await;
                let (database, _) = adopt(&bed, "blog-db", "blog").await.unwrap();
                arm(&bed.runtime, call, error());
                let begun = bed.services.databases.release(&bed.admin, database.id).await;
                if let Ok((_, operation)) = &begun {
                    assert!(bed.wait_for(operation.id).await.state.is_final());
                }
                let has_struck = bed.runtime.has_struck();
                bed.runtime.clear_faults();
                if bed.services.databases.get(database.id).await.is_ok() {
                    succeeded(&release(&bed, &database).await);
                }
                assert_eq!(everything(&bed).await, before, "call {call}");
                if !has_struck {
                    assert!(call > 2, "only {call} calls were struck");
                    break;
                }
            }
        }
    }
}
