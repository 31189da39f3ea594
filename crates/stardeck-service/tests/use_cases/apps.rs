//! Apps and their links on the fake: what is made, and that a call that fails anywhere leaves all or nothing.

use std::collections::BTreeMap;

use stardeck_domain::{
    App, AppRestart, AppStatus, ConnectionState, DatabaseId, DatabaseName, Delivery, FailureCode,
    ManagedDatabase, Operation, OperationState,
};
use stardeck_service::{
    Error, Page,
    apps::{CreateApp, DatabaseChoice, LinkApp, LinkOptions, LogicalFate, UnlinkApp, UserFate},
    databases::DataFate,
};
use stardeck_testkit::{Method, ServicesBuilder, TestBed, create_request, delete_request, image, version};

use super::support::{deploy, everything, refusal, succeeded, undone};

pub(super) const IMAGE: &str = "docker.io/acme/web:1";

pub(super) fn request(name: &str, database: Option<DatabaseChoice>) -> CreateApp {
    CreateApp {
        image: image(IMAGE),
        name: DatabaseName::parse(name).unwrap(),
        command: Vec::new(),
        env: vec![("GREETING".to_owned(), "hello".to_owned().into())],
        ports: Vec::new(),
        volumes: Vec::new(),
        restart: AppRestart::OnFailure,
        memory_bytes: None,
        cpu_millis: None,
        labels: BTreeMap::new(),
        database,
        link: options(),
    }
}

pub(super) fn options() -> LinkOptions {
    LinkOptions { delivery: Some(Delivery::File), ..LinkOptions::default() }
}

pub(super) fn existing(database: &ManagedDatabase) -> DatabaseChoice {
    DatabaseChoice::Existing { database: database.id }
}

pub(super) fn dedicated() -> DatabaseChoice {
    DatabaseChoice::New {
        engine: create_request("x").engine,
        version: Some(version("16")),
        image: None,
        name: None,
    }
}

pub(super) async fn bed_with_shop() -> (TestBed, ManagedDatabase) {
    let bed = ServicesBuilder::new().start().await;
    bed.runtime.add_plain_image(IMAGE);
    let shop = deploy(&bed, "shop").await;
    (bed, shop)
}

pub(super) async fn app(bed: &TestBed, name: &str, database: Option<DatabaseChoice>) -> App {
    let (app, _, operation) = bed.services.apps.create(&bed.admin, request(name, database)).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    bed.services.apps.get(app.id).await.unwrap().app
}

pub(super) async fn remove(bed: &TestBed, app: &App) {
    let operation = bed.services.apps.delete(&bed.admin, app.id, app.name.as_str(), true).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

pub(super) async fn link(bed: &TestBed, shop: DatabaseId, app: &App) -> Result<Operation, Error> {
    let request = LinkApp { app: app.id, options: options() };
    let (_, operation) = bed.services.apps.link(&bed.admin, shop, request).await?;
    Ok(bed.wait_for(operation.id).await)
}

#[tokio::test]
async fn app_with_a_shared_database_has_its_own_user_and_reads_its_password_from_files() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    let snapshot = bed.runtime.snapshot();
    let container = &snapshot.containers["stardeck-app-web"];
    assert_eq!(container.env["GREETING"], "hello");
    assert_eq!(container.env["DB_HOST"], "shop");
    assert_eq!(container.env["DB_NAME"], "web");
    assert_eq!(container.env["DATABASE_URL_FILE"], "/run/secrets/DATABASE_URL");
    assert!(!container.env.contains_key("DATABASE_URL") && !container.env.contains_key("DB_PASSWORD"));
    let engine = snapshot.logical.values().next().unwrap();
    assert_eq!(engine.users["web"].0, "web");
    let entry = bed.services.apps.get(web.id).await.unwrap();
    assert_eq!((entry.app.status, entry.connections[0].state), (AppStatus::Running, ConnectionState::Active));
    assert_eq!(bed.services.databases.get(shop.id).await.unwrap().connection_count, 1);

    let refused =
        bed.services.databases.delete(&bed.admin, shop.id, delete_request("shop", DataFate::Delete)).await;
    assert!(matches!(refused, Err(Error::AppsLinked { .. })), "{refused:?}");
    remove(&bed, &web).await;
    let mut after = everything(&bed).await;
    // The logical database stays, with what the app wrote.
    assert!(
        after.0.logical.values().all(|engine| engine.users.is_empty() && engine.databases.contains("web"))
    );
    after.0.logical.clear();
    assert_eq!(after.1.logical.iter().filter(|name| *name == "web").count(), 1);
    after.1.logical.retain(|name| name != "web");
    assert_eq!(after, before);
    assert_eq!(bed.services.databases.get(shop.id).await.unwrap().connection_count, 0);
}

#[tokio::test]
async fn dedicated_database_is_deployed_with_its_app_and_is_no_others() {
    let (bed, _) = bed_with_shop().await;
    let web = app(&bed, "web", Some(dedicated())).await;
    let databases = bed.services.databases.list(Page::default()).await.unwrap().items;
    let own = databases.iter().find(|database| database.name.as_str() == "web-db").unwrap();
    assert!(!own.is_shared && own.connection_count == 1, "{own:?}");
    let other = app(&bed, "other", None).await;
    let refused = link(&bed, own.id, &other).await;
    assert!(matches!(refused, Err(Error::DatabaseDedicated { .. })), "{refused:?}");
    remove(&bed, &web).await;
}

/// Strikes every call of an operation in turn. After each that failed, everything must be as before; after one that came
/// through, `clean` brings it back.
pub(super) async fn strike<F, G>(
    bed: &TestBed,
    lose: bool,
    attempt: impl Fn() -> F,
    clean: impl Fn() -> G,
) -> u32
where
    F: Future<Output = Result<Operation, Error>>,
    G: Future<Output = ()>,
{
    let before = everything(bed).await;
    for (struck, call) in (0..).zip(1..500) {
        if lose {
            bed.runtime.lose_answer_at(call, refusal());
        } else {
            bed.runtime.fail_at(call, refusal());
        }
        let outcome = attempt().await;
        let has_struck = bed.runtime.has_struck();
        bed.runtime.clear_faults();
        match &outcome {
            Err(_) => {}
            Ok(operation) if operation.state == OperationState::Succeeded => clean().await,
            Ok(operation) => undone(operation),
        }
        assert_eq!(everything(bed).await, before, "call {call}: {outcome:#?}");
        if !has_struck {
            return struck;
        }
    }
    panic!("it never ended")
}

#[tokio::test]
async fn deployment_with_an_existing_database_is_all_or_nothing() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        let attempt = || async {
            let (_, _, operation) =
                bed.services.apps.create(&bed.admin, request("web", Some(existing(&shop)))).await?;
            Ok(bed.wait_for(operation.id).await)
        };
        let clean = || async {
            let apps = bed.services.apps.list(Page::default()).await.unwrap().items;
            remove(&bed, &apps[0].app).await;
            let name = stardeck_domain::LogicalName::parse("web").unwrap();
            bed.services.logical.delete_database(&bed.admin, shop.id, name, "web").await.unwrap();
        };
        let struck = strike(&bed, lose, attempt, clean).await;
        assert!(struck > 15, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn deployment_with_a_new_database_is_all_or_nothing() {
    for lose in [false, true] {
        let (bed, _) = bed_with_shop().await;
        let attempt = || async {
            let (_, _, operation) =
                bed.services.apps.create(&bed.admin, request("web", Some(dedicated()))).await?;
            Ok(bed.wait_for(operation.id).await)
        };
        let clean = || async {
            let apps = bed.services.apps.list(Page::default()).await.unwrap().items;
            let database = apps[0].connections[0].database_id;
            remove(&bed, &apps[0].app).await;
            let request = delete_request("web-db", DataFate::Delete);
            let operation = bed.services.databases.delete(&bed.admin, database, request).await.unwrap();
            succeeded(&bed.wait_for(operation.id).await);
        };
        let struck = strike(&bed, lose, attempt, clean).await;
        assert!(struck > 30, "only {struck} calls were struck");
    }
}

async fn unlink(
    bed: &TestBed,
    shop: DatabaseId,
    app: &App,
    database: LogicalFate,
) -> Result<Operation, Error> {
    let connection = bed.services.apps.get(app.id).await.unwrap().connections.remove(0);
    let request = UnlinkApp { user: UserFate::Revoke, database, confirm: Some("web".to_owned()) };
    let operation = bed.services.apps.unlink(&bed.admin, shop, connection.id, request).await?;
    Ok(bed.wait_for(operation.id).await)
}

#[tokio::test]
async fn link_that_fails_anywhere_leaves_the_app_as_it_was() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        let web = app(&bed, "web", None).await;
        // A container made anew has another name; the one before is what is compared.
        let mut struck = 0;
        for call in 1..200 {
            let before = everything(&bed).await;
            if lose {
                bed.runtime.lose_answer_at(call, refusal());
            } else {
                bed.runtime.fail_at(call, refusal());
            }
            let outcome = link(&bed, shop.id, &web).await;
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            match outcome {
                Ok(operation) if operation.state == OperationState::Succeeded => {
                    let entry = bed.services.apps.get(web.id).await.unwrap();
                    assert_eq!(entry.connections[0].state, ConnectionState::Active);
                    succeeded(&unlink(&bed, shop.id, &web, LogicalFate::Drop).await.unwrap());
                    let after = bed.runtime.snapshot();
                    assert_eq!(after.containers.len(), 2, "call {call}: {:?}", after.containers.keys());
                    assert!(
                        after.secrets.len() == before.0.secrets.len() && after.logical == before.0.logical
                    );
                }
                Ok(operation) => {
                    undone(&operation);
                    assert_eq!(everything(&bed).await, before, "call {call}");
                }
                Err(_) => assert_eq!(everything(&bed).await, before, "call {call}"),
            }
            if !has_struck {
                break;
            }
            struck += 1;
        }
        assert!(struck > 15, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn rotation_that_fails_anywhere_leaves_engine_and_app_with_one_password() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    let apps = &bed.services.apps;
    let connection = apps.get(web.id).await.unwrap().connections.remove(0).id;
    let mut rotated = 0;
    for call in 1..200 {
        let before = apps.connection_credentials(&bed.admin, shop.id, connection).await.unwrap();
        bed.runtime.fail_at(call, refusal());
        let outcome = match apps.rotate(&bed.admin, shop.id, connection).await {
            Ok((_, operation)) => Some(bed.wait_for(operation.id).await),
            Err(_) => None,
        };
        let has_struck = bed.runtime.has_struck();
        bed.runtime.clear_faults();
        let after = apps.connection_credentials(&bed.admin, shop.id, connection).await.unwrap();
        let is_new = before.password.expose() != after.password.expose();
        let is_done = outcome.as_ref().is_some_and(|operation| operation.state == OperationState::Succeeded);
        assert_eq!(is_new, is_done, "call {call}: {outcome:#?}");
        if let Some(operation) = outcome.filter(|_| !is_done) {
            undone(&operation);
        }
        // Whatever happened, the password that is stored opens it: an app that is started again comes in.
        let entry = apps.get(web.id).await.unwrap();
        assert_eq!(entry.app.status, AppStatus::Running, "call {call}");
        let snapshot = bed.runtime.snapshot();
        assert_eq!(snapshot.containers.len(), 2, "call {call}: {:?}", snapshot.containers.keys());
        assert_eq!(snapshot.secrets.len(), 3, "call {call}: {:?}", snapshot.secrets.keys());
        rotated += u32::from(is_new);
        if !has_struck {
            break;
        }
    }
    assert!(rotated >= 1);
}

#[tokio::test]
async fn app_that_ends_at_once_is_told_with_its_last_words_and_taken_back() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    bed.runtime.hang_method(Method::StartContainer);
    let (_, _, operation) =
        bed.services.apps.create(&bed.admin, request("web", Some(existing(&shop)))).await.unwrap();
    bed.runtime.until_hanging().await;
    bed.runtime.set_engine_behaviour(stardeck_testkit::EngineBehaviour {
        ends_with: Some((3, vec!["no configuration".to_owned()])),
        ..Default::default()
    });
    bed.runtime.release();
    let operation = bed.wait_for(operation.id).await;
    undone(&operation);
    let failure = operation.error.unwrap();
    assert_eq!(
        (failure.code, failure.log_tail),
        (FailureCode::AppExited, vec!["no configuration".to_owned()])
    );
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn names_and_variables_that_clash_are_refused_before_anything_is_made() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    let apps = &bed.services.apps;
    let taken = apps.create(&bed.admin, request("shop", None)).await;
    assert!(matches!(taken, Err(Error::NameTaken { .. })), "{taken:?}");
    let mut clash = request("web", Some(existing(&shop)));
    clash.env.push(("DB_HOST".to_owned(), "mine".to_owned().into()));
    let wrong = apps.create(&bed.admin, clash).await;
    assert!(matches!(wrong, Err(Error::Validation(_))), "{wrong:?}");
    let mut visible = request("web", Some(existing(&shop)));
    visible.link.delivery = None;
    let wrong = apps.create(&bed.admin, visible).await;
    let Err(Error::Validation(errors)) = wrong else { panic!("{wrong:?}") };
    assert_eq!(errors.0[0].field, "accept_visible_env", "Podman 4.3 shows variables");
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn app_is_stopped_started_and_restarted() {
    let (bed, _) = bed_with_shop().await;
    let web = app(&bed, "web", None).await;
    let apps = &bed.services.apps;
    let (_, operation) = apps.stop(&bed.admin, web.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(apps.get(web.id).await.unwrap().app.status, AppStatus::Stopped);
    let (_, operation) = apps.start(&bed.admin, web.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let (_, operation) = apps.restart(&bed.admin, web.id).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    assert_eq!(apps.get(web.id).await.unwrap().app.status, AppStatus::Running);
}
