//! Apps with a database that somebody else runs, on the fake.

use secrecy::SecretString;
use stardeck_domain::{Delivery, OperationState};
use stardeck_service::{Error, Page, apps::DatabaseChoice};
use stardeck_testkit::TestBed;

use super::{
    apps::{app, bed_with_shop, remove, request, strike},
    support::everything,
};

fn external(url: &str) -> DatabaseChoice {
    let connection_string = SecretString::from(url.to_owned());
    DatabaseChoice::External { connection_string, accept_untested: false }
}

/// A login that the server of the database `shop` takes.
async fn url(bed: &TestBed) -> String {
    let shop = bed.services.databases.list(Page::default()).await.unwrap().items.remove(0);
    let admin = bed.services.databases.credentials(&bed.admin, shop.id).await.unwrap();
    // Engines of the fake listen on port 1.
    secrecy::ExposeSecret::expose_secret(&admin.internal_url).replacen(":5432/", ":1/", 1)
}

#[tokio::test]
async fn app_gets_the_string_and_its_parts_and_nobody_else_sees_it() {
    let (bed, _) = bed_with_shop().await;
    let url = url(&bed).await;
    let before = everything(&bed).await;
    let web = app(&bed, "web", Some(external(&url))).await;
    let snapshot = bed.runtime.snapshot();
    let env = &snapshot.containers["stardeck-app-web"].env;
    assert_eq!((env["DB_HOST"].as_str(), env["DB_PORT"].as_str()), ("shop", "1"));
    assert_eq!(env["DATABASE_URL_FILE"], "/run/secrets/DATABASE_URL");
    assert_eq!(snapshot.secrets.len() - before.0.secrets.len(), 2, "{:?}", snapshot.secrets.keys());
    let entry = bed.services.apps.get(web.id).await.unwrap();
    let facts = entry.spec.external.unwrap();
    assert_eq!((facts.host.as_str(), facts.delivery), ("shop", Delivery::File));
    assert!(entry.connections.is_empty());
    remove(&bed, &web).await;
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn string_that_does_not_work_from_the_apps_network_is_refused() {
    let (bed, _) = bed_with_shop().await;
    let url = url(&bed).await;
    let before = everything(&bed).await;
    let wrong_password = url.replacen("@shop", "x@shop", 1);
    for (given, field, code) in [
        (wrong_password.as_str(), "database.connection_string", "credentials_rejected"),
        (&url.replacen("shop", "no-such-host.invalid", 1), "database.connection_string", "unknown_host"),
        (&url.replacen("shop", "localhost", 1), "database.connection_string", "host_is_the_app"),
        (&url.replacen(":1/", ":2/", 1), "database.connection_string", "unreachable"),
        (&format!("{url}?sslmode=require"), "accept_untested", "confirmation_needed"),
    ] {
        let refused = bed.services.apps.create(&bed.admin, request("web", Some(external(given)))).await;
        let Err(Error::Validation(errors)) = refused else { panic!("{given}: {refused:?}") };
        assert_eq!((errors.0[0].field, errors.0[0].code), (field, code));
        assert!(!format!("{errors:?}").contains(&wrong_password[20..40]), "{errors:?}");
    }
    let mut clash = request("web", Some(external(&url)));
    clash.env.push(("DB_HOST".to_owned(), "mine".to_owned().into()));
    let refused = bed.services.apps.create(&bed.admin, clash).await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn deployment_with_an_external_database_is_all_or_nothing() {
    for lose in [false, true] {
        let (bed, _) = bed_with_shop().await;
        let url = url(&bed).await;
        let attempt = || async {
            let request = request("web", Some(external(&url)));
            let (_, _, operation) = bed.services.apps.create(&bed.admin, request).await?;
            Ok(bed.wait_for(operation.id).await)
        };
        let clean = || async {
            let apps = bed.services.apps.list(Page::default()).await.unwrap().items;
            remove(&bed, &apps[0].app).await;
        };
        let struck = strike(&bed, lose, attempt, clean).await;
        assert!(struck > 10, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn second_database_of_such_an_app_needs_a_prefix() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(external(&url(&bed).await))).await;
    let refused = super::apps::link(&bed, shop.id, &web).await;
    assert!(matches!(refused, Err(Error::Validation(_))), "{refused:?}");
    let mut options = super::apps::options();
    options.env_prefix = Some("STATS".to_owned());
    let request = stardeck_service::apps::LinkApp { app: web.id, options };
    let (_, operation) = bed.services.apps.link(&bed.admin, shop.id, request).await.unwrap();
    assert_eq!(bed.wait_for(operation.id).await.state, OperationState::Succeeded);
    let snapshot = bed.runtime.snapshot();
    let (_, container) = snapshot.containers.iter().find(|(name, _)| name.contains("web")).unwrap();
    assert!(container.env.contains_key("DATABASE_URL_FILE") && container.env.contains_key("STATS_DB_HOST"));
}
