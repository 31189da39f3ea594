//! What apps use is not taken away or given to others under their feet, on the fake.

use stardeck_domain::{LogicalName, LoginName};
use stardeck_service::{Error, apps::LinkApp, databases::ChangeDatabase};

use super::apps::{app, bed_with_shop, existing, options, remove};

fn field_of<T: std::fmt::Debug>(outcome: Result<T, Error>) -> (&'static str, &'static str, String) {
    let Err(Error::Validation(mut errors)) = outcome else { panic!("it was not refused: {outcome:?}") };
    let error = errors.0.remove(0);
    (error.field, error.code, error.reason)
}

#[tokio::test]
async fn logical_database_and_user_of_a_linked_app_are_removed_by_its_link_only() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    let logical = &bed.services.logical;
    let name = LogicalName::parse("web").unwrap();
    let user = LoginName::parse("web").unwrap();
    for refused in [
        logical.delete_database(&bed.admin, shop.id, name.clone(), "web").await,
        logical.delete_user(&bed.admin, shop.id, user, "web").await,
    ] {
        assert!(matches!(&refused, Err(Error::AppsLinked { apps }) if apps == &["web"]), "{refused:?}");
    }
    let engine = bed.runtime.snapshot().logical.into_values().next().unwrap();
    assert!(engine.databases.contains("web") && engine.users.contains_key("web"));

    remove(&bed, &web).await;
    logical.delete_database(&bed.admin, shop.id, name, "web").await.unwrap();
}

#[tokio::test]
async fn database_of_several_apps_does_not_become_one_apps_own() {
    let (bed, shop) = bed_with_shop().await;
    app(&bed, "web", Some(existing(&shop))).await;
    let wiki = app(&bed, "wiki", Some(existing(&shop))).await;
    let request = ChangeDatabase { is_shared: Some(false), ..ChangeDatabase::default() };
    let databases = &bed.services.databases;
    for is_dry in [true, false] {
        let refused = databases.change_settings(&bed.admin, shop.id, None, request.clone(), is_dry).await;
        let (field, code, reason) = field_of(refused);
        assert_eq!((field, code), ("is_shared", "apps_linked"));
        assert!(reason.ends_with("web, wiki"), "{reason}");
    }
    remove(&bed, &wiki).await;
    let changed = databases.change_settings(&bed.admin, shop.id, None, request, false).await.unwrap();
    assert!(!changed.database.is_shared);
}

#[tokio::test]
async fn look_at_a_link_is_refused_where_the_link_is() {
    let (bed, shop) = bed_with_shop().await;
    let web = app(&bed, "web", Some(existing(&shop))).await;
    let request = LinkApp { app: web.id, options: options() };
    let looked = bed.services.apps.examine_link(shop.id, &request).await;
    let (field, code, _) = field_of(looked.map(|report| report.changes.len()));
    assert_eq!((field, code), ("env_prefix", "prefix_taken"));
    let linked = bed.services.apps.link(&bed.admin, shop.id, request).await;
    assert_eq!(field_of(linked.map(|(connection, _)| connection.id)).1, "prefix_taken");
}
