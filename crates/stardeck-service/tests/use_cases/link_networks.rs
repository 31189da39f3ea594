//! Links with networks of their own: on each are one app and one database, and it goes with the link.

use stardeck_domain::{App, DatabaseStatus, LinkNetwork, ManagedDatabase, NetworkName, Operation};
use stardeck_service::{
    Error,
    apps::{CreateApp, LinkApp, LinkOptions, LogicalFate, UnlinkApp, UserFate},
    databases::{ChangeDatabase, DataFate},
};
use stardeck_testkit::{ServicesBuilder, TestBed, delete_request, until};

use super::{
    apps::{IMAGE, app, bed_with_shop, dedicated, existing, options, remove, request, strike},
    interference::{follow, next_reason},
    support::{SHOP, change, deploy, engine_settings, everything, succeeded},
};

fn alone() -> LinkOptions {
    LinkOptions { network: Some(LinkNetwork::Own), ..options() }
}

fn request_alone(shop: &ManagedDatabase) -> CreateApp {
    CreateApp { link: alone(), ..request("web", Some(existing(shop))) }
}

async fn create_alone(bed: &TestBed, shop: &ManagedDatabase) -> Result<Operation, Error> {
    let (_, _, operation) = bed.services.apps.create(&bed.admin, request_alone(shop)).await?;
    Ok(bed.wait_for(operation.id).await)
}

async fn link_alone(bed: &TestBed, shop: &ManagedDatabase, app: &App) {
    let request = LinkApp { app: app.id, options: alone() };
    let (_, operation) = bed.services.apps.link(&bed.admin, shop.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

async fn unlink(bed: &TestBed, shop: &ManagedDatabase, app: &App, database: LogicalFate) {
    let connection = bed.services.apps.get(app.id).await.unwrap().connections.remove(0);
    let request = UnlinkApp { user: UserFate::Revoke, database, confirm: Some("web".to_owned()) };
    let operation = bed.services.apps.unlink(&bed.admin, shop.id, connection.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
}

/// The networks that a container is on, without the shared one.
fn own_networks(bed: &TestBed, container: &str) -> Vec<String> {
    let snapshot = bed.runtime.snapshot();
    let networks = snapshot.containers.get(container).unwrap().networks.keys();
    networks.filter(|name| *name != NetworkName::data().as_str()).cloned().collect()
}

async fn container(bed: &TestBed, app: &App) -> String {
    bed.services.apps.get(app.id).await.unwrap().app.container_name.to_string()
}

async fn drop_logical(bed: &TestBed, shop: &ManagedDatabase) {
    let name = stardeck_domain::LogicalName::parse("web").unwrap();
    bed.services.logical.delete_database(&bed.admin, shop.id, name, "web").await.unwrap();
}

#[tokio::test]
async fn app_and_database_meet_where_nobody_else_is_and_the_network_goes_with_the_link() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    succeeded(&create_alone(&bed, &shop).await.unwrap());
    let web = bed.services.apps.list(stardeck_service::Page::default()).await.unwrap().items.remove(0).app;
    let own = own_networks(&bed, SHOP);
    assert_eq!(own.len(), 1, "{own:?}");
    let snapshot = bed.runtime.snapshot();
    let on: Vec<_> = snapshot.containers["stardeck-app-web"].networks.keys().cloned().collect();
    assert_eq!(on, own, "the app is on no other network");
    assert!(snapshot.containers[SHOP].networks[&own[0]].contains(&"shop".to_owned()));

    unlink(&bed, &shop, &web, LogicalFate::Drop).await;
    assert!(
        own_networks(&bed, SHOP).is_empty() && own_networks(&bed, &container(&bed, &web).await).is_empty()
    );
    assert!(!bed.runtime.snapshot().networks.contains_key(&own[0]));

    link_alone(&bed, &shop, &web).await;
    let again = own_networks(&bed, SHOP);
    assert_eq!(own_networks(&bed, &container(&bed, &web).await), again);
    assert_ne!(again, own);
    remove(&bed, &web).await;
    drop_logical(&bed, &shop).await;
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn link_of_its_own_that_fails_anywhere_leaves_no_network() {
    for lose in [false, true] {
        let (bed, shop) = bed_with_shop().await;
        let attempt = || create_alone(&bed, &shop);
        let clean = || async {
            let apps = bed.services.apps.list(stardeck_service::Page::default()).await.unwrap().items;
            remove(&bed, &apps[0].app).await;
            drop_logical(&bed, &shop).await;
        };
        let struck = strike(&bed, lose, attempt, clean).await;
        assert!(struck > 20, "only {struck} calls were struck");
    }
}

#[tokio::test]
async fn database_that_is_made_anew_meets_its_apps_again() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", None).await;
    link_alone(&bed, &shop, &web).await;
    let own = own_networks(&bed, SHOP);
    let container_id = bed.services.databases.get(shop.id).await.unwrap().container_id;
    let request = ChangeDatabase {
        engine_settings: engine_settings(&[("work_mem", "8MB")]),
        ..ChangeDatabase::default()
    };
    succeeded(&change(&bed, &shop, request).await);
    assert_ne!(bed.services.databases.get(shop.id).await.unwrap().container_id, container_id);
    assert_eq!(own_networks(&bed, SHOP), own);
    assert!(bed.runtime.snapshot().containers[SHOP].networks[&own[0]].contains(&"shop".to_owned()));
}

#[tokio::test]
async fn database_that_was_taken_off_the_network_of_a_link_is_put_back() {
    let bed = ServicesBuilder::new().telling_events().start().await;
    bed.runtime.add_plain_image(IMAGE);
    let shop = deploy(&bed, "shop").await;
    let web = app(&bed, "web", None).await;
    link_alone(&bed, &shop, &web).await;
    let own = own_networks(&bed, SHOP);
    let mut follower = follow(&bed).await;
    bed.runtime.take_off_network(SHOP, &own[0]);
    let back = || async { (own_networks(&bed, SHOP) == own).then_some(()) };
    until("a database back on the network of a link", back).await;
    // It is told while it is healed; the next look may show that all is well again.
    let reason = next_reason(&mut follower).await;
    assert!(reason.contains(&own[0]), "{reason}");
    assert_eq!(bed.services.databases.get(shop.id).await.unwrap().status, DatabaseStatus::Running);
}

#[tokio::test]
async fn network_goes_with_a_database_that_is_removed_by_force_and_its_app() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", None).await;
    link_alone(&bed, &shop, &web).await;
    let own = own_networks(&bed, SHOP);
    let mut request = delete_request("shop", DataFate::Delete);
    request.force = true;
    let operation = bed.services.databases.delete(&bed.admin, shop.id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    remove(&bed, &web).await;
    assert!(!bed.runtime.snapshot().networks.contains_key(&own[0]));
}

#[tokio::test]
async fn dedicated_database_has_a_network_of_its_own_already() {
    let (bed, _) = bed_with_shop().await;
    let request = CreateApp { link: alone(), ..request("web", Some(dedicated())) };
    let (app, _, operation) = bed.services.apps.create(&bed.admin, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let own = own_networks(&bed, "stardeck-db-web-db");
    assert_eq!((own.len(), own_networks(&bed, &container(&bed, &app).await)), (1, own.clone()));
    assert!(own_networks(&bed, SHOP).is_empty());
}
