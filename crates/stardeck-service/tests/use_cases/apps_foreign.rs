//! Apps that somebody else made, on the fake: their containers are made anew with the variables and back again, and a call
//! that fails anywhere leaves them as they were.
#![expect(clippy::indexing_slicing, reason = "a test that can not go on has failed")]

use stardeck_domain::{App, ConnectionState, DatabaseId, Delivery, FailureCode, Operation, OperationState};
use stardeck_service::{
    Error, Page,
    apps::{LinkContainer, LinkOptions, LogicalFate, UnlinkApp, UserFate},
    runtime::{ContainerState, Labels},
};
use stardeck_testkit::{ForeignContainer, Method, Snapshot, StoreSnapshot, TestBed, until};

use super::{
    apps::{bed_with_shop, options},
    support::{everything, refusal, succeeded, undone},
};

const IMAGE: &str = "docker.io/acme/web:1";

fn blog() -> ForeignContainer {
    ForeignContainer {
        name: "blog".to_owned(),
        labels: Labels::from([("team".to_owned(), "writers".to_owned())]),
        host_ports: vec![8_088],
        volumes: vec!["blog-posts".to_owned()],
        image: Some(IMAGE.to_owned()),
        env: vec![("GREETING".to_owned(), "hello".to_owned())],
        health: Some(true),
        ..ForeignContainer::default()
    }
}

fn request() -> LinkContainer {
    LinkContainer { container: "blog".to_owned(), options: options() }
}

async fn link(bed: &TestBed, shop: DatabaseId) -> Result<Operation, Error> {
    let (_, operation) = bed.services.apps.link_container(&bed.admin, shop, request()).await?;
    Ok(bed.wait_for(operation.id).await)
}

async fn known(bed: &TestBed) -> App {
    bed.services.apps.list(Page::default()).await.unwrap().items.remove(0).app
}

async fn unlink(bed: &TestBed, shop: DatabaseId, database: LogicalFate) -> Result<Operation, Error> {
    let connection = bed.services.apps.list_connections(shop).await?.remove(0).connection;
    let request = UnlinkApp { user: UserFate::Revoke, database, confirm: Some("blog".to_owned()) };
    let operation = bed.services.apps.unlink(&bed.admin, shop, connection.id, request).await?;
    Ok(bed.wait_for(operation.id).await)
}

/// Everything, without the labels that say which operation gave a container back.
async fn all(bed: &TestBed) -> (Snapshot, StoreSnapshot) {
    let (mut snapshot, store) = everything(bed).await;
    // Undo gives a user its password, whether it was taken away or not.
    snapshot.logical.values_mut().for_each(|engine| engine.passwords_set.clear());
    if let Some(blog) = snapshot.containers.get_mut("blog") {
        blog.labels.retain(|name, _| !name.starts_with("stardeck."));
    }
    (snapshot, store)
}

#[tokio::test]
async fn linked_container_has_the_variables_and_all_that_it_had_and_is_given_back_without_them() {
    let (bed, shop) = bed_with_shop().await;
    bed.runtime.add_foreign_container(blog());
    let before = all(&bed).await;
    succeeded(&link(&bed, shop.id).await.unwrap());
    let snapshot = bed.runtime.snapshot();
    assert_eq!(snapshot.containers.len(), 2, "{:?}", snapshot.containers.keys());
    let container = &snapshot.containers["blog"];
    assert_eq!(container.state, ContainerState::Running);
    assert_eq!((container.env["GREETING"].as_str(), container.env["DB_HOST"].as_str()), ("hello", "shop"));
    assert_eq!(container.env["DATABASE_URL_FILE"], "/run/secrets/DATABASE_URL");
    assert_eq!((container.labels["team"].as_str(), &container.host_ports[..]), ("writers", &[8_088][..]));
    assert!(container.networks.contains_key("stardeck-data"));
    let app = known(&bed).await;
    let entry = bed.services.apps.get(app.id).await.unwrap();
    assert!(entry.spec.is_foreign && entry.spec.env_names == ["GREETING"], "{:?}", entry.spec);
    assert_eq!((app.name.as_str(), app.container_name.as_str()), ("blog", "blog"));
    assert_eq!(entry.connections[0].state, ConnectionState::Active);

    let refused = bed.services.apps.delete(&bed.admin, app.id, "blog", false).await;
    assert!(matches!(refused, Err(Error::ManagedElsewhere { .. })), "{refused:?}");
    succeeded(&unlink(&bed, shop.id, LogicalFate::Drop).await.unwrap());
    assert_eq!(all(&bed).await, before);
    assert!(bed.services.apps.list(Page::default()).await.unwrap().items.is_empty());
    let labels = &bed.runtime.snapshot().containers["blog"].labels;
    assert!(!labels.contains_key("stardeck.managed") && labels.contains_key("stardeck.operation"));
    succeeded(&link(&bed, shop.id).await.unwrap());
}

#[tokio::test]
async fn second_database_and_a_new_password_are_given_in_place() {
    let (bed, shop) = bed_with_shop().await;
    let other = super::support::deploy(&bed, "stats").await;
    bed.runtime.add_foreign_container(blog());
    succeeded(&link(&bed, shop.id).await.unwrap());
    let second = LinkContainer {
        container: "blog".to_owned(),
        options: LinkOptions { env_prefix: Some("STATS".to_owned()), ..options() },
    };
    let (_, operation) = bed.services.apps.link_container(&bed.admin, other.id, second).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let connection = bed.services.apps.list_connections(shop.id).await.unwrap().remove(0).connection.id;
    let (_, operation) = bed.services.apps.rotate(&bed.admin, shop.id, connection).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let snapshot = bed.runtime.snapshot();
    let env = &snapshot.containers["blog"].env;
    assert_eq!((env["DB_HOST"].as_str(), env["STATS_DB_HOST"].as_str()), ("shop", "stats"));
    assert_eq!(snapshot.containers.len(), 3, "{:?}", snapshot.containers.keys());
    succeeded(&unlink(&bed, shop.id, LogicalFate::Keep).await.unwrap());
    let snapshot = bed.runtime.snapshot();
    let container = &snapshot.containers["blog"];
    assert!(!container.env.contains_key("DB_HOST") && container.env.contains_key("STATS_DB_HOST"));
    assert!(container.networks.contains_key("stardeck-data"), "the other database is there");
    assert_eq!(known(&bed).await.container_name.as_str(), "blog");
}

#[tokio::test]
async fn dry_run_tells_what_would_change_and_what_can_not_be_kept() {
    let (bed, shop) = bed_with_shop().await;
    bed.runtime.add_foreign_container(ForeignContainer {
        unkept: vec!["HostConfig.Privileged".to_owned()],
        ..blog()
    });
    let before = all(&bed).await;
    let report = bed.services.apps.examine_container(shop.id, &request()).await.unwrap();
    assert_eq!(report.unkept[0].field, "HostConfig.Privileged");
    let names: Vec<_> = report.changes.iter().map(|change| change.name.as_str()).collect();
    assert!(names.contains(&"DATABASE_URL_FILE") && names.contains(&"stardeck-data"), "{names:?}");
    assert!(names.contains(&"stardeck.app"), "{names:?}");
    let Err(Error::Validation(errors)) = link(&bed, shop.id).await else { panic!("it is not kept") };
    assert_eq!((errors.0[0].field, errors.0[0].code), ("container_id", "not_kept"));
    assert!(errors.0[0].reason.contains("HostConfig.Privileged"), "{errors:?}");
    assert_eq!(all(&bed).await, before);
}

#[tokio::test]
async fn containers_that_a_program_makes_are_refused_with_the_lines_for_it() {
    let (bed, shop) = bed_with_shop().await;
    let labelled = |name: &str, value: &str| Labels::from([(name.to_owned(), value.to_owned())]);
    for (foreign, expected) in [
        (
            ForeignContainer { labels: labelled("io.podman.compose.service", "web"), ..blog() },
            "services.web.environment",
        ),
        (
            ForeignContainer { labels: labelled("PODMAN_SYSTEMD_UNIT", "blog.service"), ..blog() },
            "Network=stardeck-data",
        ),
        (
            ForeignContainer { pod: Some("4ad1".to_owned()), ..blog() },
            "the network of the pod: stardeck-data",
        ),
    ] {
        bed.runtime.add_foreign_container(foreign);
        let before = all(&bed).await;
        let refused = link(&bed, shop.id).await;
        let Err(Error::ManagedElsewhere { lines }) = &refused else { panic!("{refused:?}") };
        assert!(lines.iter().any(|line| line.contains(expected)), "{lines:?}");
        assert!(lines.iter().any(|line| line.contains("DB_HOST")), "{lines:?}");
        let told = bed.services.apps.examine_container(shop.id, &request()).await;
        assert!(matches!(told, Err(Error::ManagedElsewhere { .. })), "{told:?}");
        assert_eq!(all(&bed).await, before);
    }
}

#[tokio::test]
async fn databases_and_names_that_lead_to_them_are_refused() {
    let (bed, shop) = bed_with_shop().await;
    let of = |container: &str| LinkContainer { container: container.to_owned(), options: options() };
    let apps = &bed.services.apps;
    let refused = apps.link_container(&bed.admin, shop.id, of("stardeck-db-shop")).await;
    assert!(matches!(refused, Err(Error::AlreadyManaged { .. })), "{refused:?}");
    let refused = apps.link_container(&bed.admin, shop.id, of("nobody")).await;
    assert!(matches!(refused, Err(Error::NotFound { .. })), "{refused:?}");
    bed.runtime.add_foreign_container(ForeignContainer { name: "shop".to_owned(), ..blog() });
    let refused = apps.link_container(&bed.admin, shop.id, of("shop")).await;
    assert!(matches!(refused, Err(Error::NameTaken { .. })), "{refused:?}");
    let own = ("DB_HOST".to_owned(), "mine".to_owned());
    bed.runtime.add_foreign_container(ForeignContainer { env: vec![own], ..blog() });
    let refused = link(&bed, shop.id).await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    let odd = ForeignContainer { name: "My_Blog.1".to_owned(), host_ports: Vec::new(), ..blog() };
    bed.runtime.add_foreign_container(odd);
    let (connection, operation) = apps.link_container(&bed.admin, shop.id, of("My_Blog.1")).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(connection.app.as_str(), "my-blog-1");
    assert!(bed.runtime.snapshot().containers.contains_key("My_Blog.1"), "it keeps its name");
}

#[tokio::test]
async fn app_that_is_not_healthy_with_the_variables_comes_back_without_them() {
    let (bed, shop) = bed_with_shop().await;
    bed.runtime.add_foreign_container(blog());
    let before = all(&bed).await;
    bed.runtime.recreate_unhealthy();
    let operation = link(&bed, shop.id).await.unwrap();
    undone(&operation);
    assert_eq!(operation.error.unwrap().code, FailureCode::AppExited);
    assert_eq!(all(&bed).await, before);
}

#[tokio::test]
async fn stopped_app_is_linked_and_stays_stopped() {
    let (bed, shop) = bed_with_shop().await;
    bed.runtime.add_foreign_container(blog());
    bed.runtime.end_container("blog", 0);
    let starts = bed.runtime.count(Method::StartContainer);
    succeeded(&link(&bed, shop.id).await.unwrap());
    assert_eq!(bed.runtime.count(Method::StartContainer), starts);
    assert_eq!(bed.runtime.snapshot().containers["blog"].env["DB_HOST"], "shop");
}

#[tokio::test]
async fn container_that_was_removed_outside_is_forgotten_with_its_last_link() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    bed.runtime.add_foreign_container(blog());
    succeeded(&link(&bed, shop.id).await.unwrap());
    drop(bed.runtime.take_container("blog"));
    bed.runtime.add_foreign_container(ForeignContainer { volumes: Vec::new(), ..blog() });
    until("the link is orphaned, though another container has its name", || async {
        let links = bed.services.apps.list_connections(shop.id).await.unwrap();
        (links[0].state == ConnectionState::Orphaned).then_some(())
    })
    .await;
    succeeded(&unlink(&bed, shop.id, LogicalFate::Drop).await.unwrap());
    drop(bed.runtime.take_container("blog"));
    assert_eq!(everything(&bed).await, before);
}

/// Strikes every call of the change in turn. One that fails leaves everything as it was; one that comes through is taken
/// back by the opposite change.
async fn strike(bed: &TestBed, shop: DatabaseId, lose: bool, links: bool) -> u32 {
    let change = async || {
        if links { link(bed, shop).await } else { unlink(bed, shop, LogicalFate::Drop).await }
    };
    for (struck, call) in (0..).zip(1..300) {
        let before = all(bed).await;
        if lose {
            bed.runtime.lose_answer_at(call, refusal());
        } else {
            bed.runtime.fail_at(call, refusal());
        }
        let outcome = change().await;
        let has_struck = bed.runtime.has_struck();
        bed.runtime.clear_faults();
        match &outcome {
            Ok(operation) if operation.state == OperationState::Succeeded => {
                let snapshot = bed.runtime.snapshot();
                let names: Vec<_> = snapshot.containers.keys().map(String::as_str).collect();
                assert_eq!(names, ["blog", "stardeck-db-shop"], "call {call}");
                assert_eq!(snapshot.containers["blog"].env.contains_key("DB_HOST"), links, "call {call}");
                assert_eq!(snapshot.containers["blog"].state, ContainerState::Running, "call {call}");
                let back =
                    if links { unlink(bed, shop, LogicalFate::Drop).await } else { link(bed, shop).await };
                succeeded(&back.unwrap());
            }
            Ok(operation) => {
                undone(operation);
                assert_eq!(all(bed).await, before, "call {call}: {operation:#?}");
            }
            Err(_) => assert_eq!(all(bed).await, before, "call {call}"),
        }
        if !has_struck {
            return struck;
        }
    }
    panic!("it never ended")
}

#[tokio::test]
async fn link_that_fails_anywhere_leaves_the_container_as_it_was() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        bed.runtime.add_foreign_container(blog());
        let struck = strike(&bed, shop.id, lose, true).await;
        assert!(struck > 30, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn unlink_that_fails_anywhere_leaves_the_link_as_it_was() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        bed.runtime.add_foreign_container(blog());
        succeeded(&link(&bed, shop.id).await.unwrap());
        let struck = strike(&bed, shop.id, lose, false).await;
        assert!(struck > 30, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn password_is_told_by_files_only_where_podman_shows_variables() {
    let (bed, shop) = bed_with_shop().await;
    bed.runtime.add_foreign_container(blog());
    let visible =
        LinkContainer { options: LinkOptions { delivery: Some(Delivery::Env), ..options() }, ..request() };
    let refused = bed.services.apps.link_container(&bed.admin, shop.id, visible).await;
    let Err(Error::Validation(errors)) = refused else { panic!("{refused:?}") };
    assert_eq!(errors.0[0].field, "accept_visible_env");
}
