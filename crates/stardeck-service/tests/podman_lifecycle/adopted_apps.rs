//! Apps on databases that somebody else made.

use stardeck_domain::{Delivery, Engine, ManagedDatabase};
use stardeck_service::{Error, Page, apps::DatabaseChoice};

use crate::{
    apps::{app_request, deployed, probe, removed},
    world::{World, unique_name},
};

/// An app gets a database and a user of its own in it, writes and reads, and leaves. A Redis without a file for its users
/// would forget the app's at its next start, so that is refused beforehand.
pub(crate) async fn serves_an_app(world: &World, database: &ManagedDatabase) {
    let existing = Some(DatabaseChoice::Existing { database: database.id });
    let request = app_request(&unique_name("guest"), existing, Delivery::File);
    if database.engine == Engine::Redis {
        let refused = world.services.apps.create(&world.admin, request).await.unwrap_err();
        assert!(matches!(refused, Error::EngineRefused { .. }), "{refused}");
        assert!(refused.to_string().contains("lost at its next start"), "{refused}");
        assert!(world.services.apps.list(Page::default()).await.unwrap().items.is_empty());
        return;
    }
    let guest = deployed(world, request).await;
    assert_eq!(probe(world, &guest, &["write", "greeting", "hello"]).await, "");
    assert_eq!(probe(world, &guest, &["read", "greeting"]).await, "hello");
    let name = world.services.logical.list_databases(database.id).await.unwrap();
    assert!(name.iter().any(|facts| facts.name == "app_probe"), "{name:?}");
    removed(world, &guest).await;
}
