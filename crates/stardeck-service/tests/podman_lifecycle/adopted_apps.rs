//! Apps on databases that somebody else made.

use stardeck_domain::{Delivery, Engine, ManagedDatabase, OperationState};
use stardeck_service::{Page, apps::DatabaseChoice};
use stardeck_testkit::wait_for;

use crate::{
    apps::{app_request, deployed, probe, removed},
    world::{World, unique_name},
};

/// An app gets a database and a user of its own in it, writes and reads, and leaves. A Redis without a file for its users
/// would forget the app's at its next start, so that is refused and leaves nothing.
pub(crate) async fn serves_an_app(world: &World, database: &ManagedDatabase) {
    let existing = Some(DatabaseChoice::Existing { database: database.id });
    let request = app_request(&unique_name("guest"), existing, Delivery::File);
    if database.engine == Engine::Redis {
        let (_, _, operation) = world.services.apps.create(&world.admin, request).await.unwrap();
        let ended = wait_for(&world.services.operations, operation.id).await;
        assert_eq!((ended.state, ended.undone), (OperationState::Failed, Some(true)), "{ended:#?}");
        let told = ended.error.unwrap().detail;
        assert!(told.contains("lost at its next start"), "{told}");
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
