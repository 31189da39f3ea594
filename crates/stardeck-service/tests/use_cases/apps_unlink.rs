//! Links of our own apps that are removed, on the fake: a call that fails anywhere leaves app, user and database as they were.

use stardeck_domain::{App, AppStatus, DatabaseId, Operation, OperationState};
use stardeck_service::{
    Error,
    apps::{LogicalFate, UnlinkApp, UserFate},
};
use stardeck_testkit::{Snapshot, StoreSnapshot, TestBed};

use super::{
    apps::{app, bed_with_shop, existing, link},
    support::{everything, refusal, succeeded, undone},
};

async fn unlink(
    bed: &TestBed,
    shop: DatabaseId,
    app: &App,
    (user, database): (UserFate, LogicalFate),
) -> Result<Operation, Error> {
    let connection = bed.services.apps.get(app.id).await?.connections.remove(0);
    let request = UnlinkApp { user, database, confirm: Some("web".to_owned()) };
    let operation = bed.services.apps.unlink(&bed.admin, shop, connection.id, request).await?;
    Ok(bed.wait_for(operation.id).await)
}

#[tokio::test]
async fn unlink_that_fails_anywhere_leaves_app_user_and_database() {
    let kept = (UserFate::Keep, LogicalFate::Keep);
    let revoked = (UserFate::Revoke, LogicalFate::Keep);
    let dropped = (UserFate::Revoke, LogicalFate::Drop);
    for (lose, fates) in [(false, kept), (true, revoked), (false, dropped), (true, dropped)] {
        let (bed, shop) = bed_with_shop().await;
        let web = app(&bed, "web", Some(existing(&shop))).await;
        let mut struck = 0;
        for call in 1..300 {
            let before = all(&bed).await;
            if lose {
                bed.runtime.lose_answer_at(call, refusal());
            } else {
                bed.runtime.fail_at(call, refusal());
            }
            let outcome = unlink(&bed, shop.id, &web, fates).await;
            let has_struck = bed.runtime.has_struck();
            bed.runtime.clear_faults();
            match &outcome {
                Ok(operation) if operation.state == OperationState::Succeeded => {
                    let snapshot = bed.runtime.snapshot();
                    assert_eq!(snapshot.containers.len(), 2, "call {call}: {:?}", snapshot.containers.keys());
                    let entry = bed.services.apps.get(web.id).await.unwrap();
                    assert_eq!(
                        (entry.app.status, entry.connections.len()),
                        (AppStatus::Running, 0),
                        "{call}"
                    );
                    let container = &snapshot.containers[entry.app.container_name.as_str()];
                    assert!(!container.env.contains_key("DB_HOST"), "call {call}");
                    let engine = snapshot.logical.values().next();
                    let has_user = engine.is_some_and(|engine| engine.users.contains_key("web"));
                    let has_database = engine.is_some_and(|engine| engine.databases.contains("web"));
                    assert_eq!(has_user, fates.0 == UserFate::Keep, "call {call}");
                    assert_eq!(has_database, fates.1 == LogicalFate::Keep, "call {call}");
                    succeeded(&relink(&bed, shop.id, &web).await);
                }
                Ok(operation) => {
                    undone(operation);
                    assert_eq!(all(&bed).await, before, "call {call}: {operation:#?}");
                }
                Err(_) => assert_eq!(all(&bed).await, before, "call {call}"),
            }
            if !has_struck {
                break;
            }
            struck += 1;
        }
        assert!(struck > 15, "only {struck} calls were struck");
    }
}

/// Everything. Undo gives a user its password, whether it was taken away or not.
async fn all(bed: &TestBed) -> (Snapshot, StoreSnapshot) {
    let (mut snapshot, store) = everything(bed).await;
    snapshot.logical.values_mut().for_each(|engine| engine.passwords_set.clear());
    (snapshot, store)
}

async fn relink(bed: &TestBed, shop: DatabaseId, web: &App) -> Operation {
    link(bed, shop, web).await.unwrap()
}
