//! Apps whose containers were removed behind our back, on the fake.

use stardeck_domain::{AppStatus, ConnectionState};
use stardeck_service::{
    Error,
    apps::{LogicalFate, UnlinkApp, UserFate},
};
use stardeck_testkit::until;

use super::{
    apps::{app, bed_with_shop, existing, link, remove},
    support::{everything, succeeded},
};

#[tokio::test]
async fn link_of_a_removed_app_is_orphaned_and_can_be_revoked_and_dropped() {
    let (bed, shop) = bed_with_shop().await;
    let before = everything(&bed).await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    drop(bed.runtime.take_container("stardeck-app-web"));
    let apps = &bed.services.apps;
    let links = until("the link is orphaned", || async {
        let links = apps.list_connections(shop.id).await.unwrap();
        (links[0].state == ConnectionState::Orphaned).then_some(links)
    })
    .await;
    let entry = apps.get(web.id).await.unwrap();
    assert_eq!((entry.container, entry.connections[0].state), (None, ConnectionState::Orphaned));
    let id = links[0].connection.id;
    let refused = apps.rotate(&bed.admin, shop.id, id).await;
    assert!(matches!(refused, Err(Error::AppContainerMissing { .. })), "{refused:?}");
    let refused = link(&bed, shop.id, &web).await;
    assert!(matches!(refused, Err(Error::AppContainerMissing { .. })), "{refused:?}");

    let request =
        UnlinkApp { user: UserFate::Revoke, database: LogicalFate::Drop, confirm: Some("web".to_owned()) };
    let operation = apps.unlink(&bed.admin, shop.id, id, request).await.unwrap();
    succeeded(&bed.wait_for(operation.id).await);
    let snapshot = bed.runtime.snapshot();
    assert_eq!(
        (snapshot.containers.len(), snapshot.secrets.len()),
        (1, before.0.secrets.len()),
        "no new container"
    );
    assert_eq!(snapshot.logical, before.0.logical);
    let entry = apps.get(web.id).await.unwrap();
    assert_eq!((entry.app.status, entry.connections.len()), (AppStatus::Error, 0));
    remove(&bed, &entry.app).await;
    assert_eq!(everything(&bed).await, before);
}

#[tokio::test]
async fn removed_app_can_be_removed_with_what_is_left_of_it() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    drop(bed.runtime.take_container("stardeck-app-web"));
    remove(&bed, &web).await;
    assert!(bed.services.apps.list_connections(shop.id).await.unwrap().is_empty());
    assert!(bed.runtime.snapshot().logical.values().all(|engine| engine.users.is_empty()));
}
