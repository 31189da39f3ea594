//! Queries of `audit_log`.

use diesel::connection::SimpleConnection as _;
use stardeck_domain::{
    AuditAction, AuditEntry, AuditId, AuditOutcome, OperationState, Role, TokenId, UserId,
};
use stardeck_repository::{Page, audit, operations};

use crate::fixture::{Store, moment, new_operation};

fn entry(action: AuditAction) -> AuditEntry {
    AuditEntry {
        id: AuditId::new(),
        at: moment(0),
        user_id: Some(UserId::new()),
        username: Some("ann".to_owned()),
        action,
        target_id: Some("target".to_owned()),
        target_name: Some("shop".to_owned()),
        remote_address: Some("127.0.0.1".to_owned()),
        outcome: AuditOutcome::Refused,
        token_id: Some(TokenId::new()),
        detail: Some("POST /api/databases".to_owned()),
    }
}

#[tokio::test]
async fn entries_come_newest_first_and_in_pages() {
    let store = Store::new();
    let actions = [AuditAction::Setup, AuditAction::Login, AuditAction::DatabaseCreated];
    for action in actions {
        store.write(move |tx| audit::append(tx, &entry(action))).await.unwrap();
    }
    let first = store.read(|tx| audit::list(tx, &Page { limit: 2, after: None })).await.unwrap();
    let seen: Vec<_> = first.items.iter().map(|entry| entry.action).collect();
    assert_eq!(seen, [AuditAction::DatabaseCreated, AuditAction::Login]);
    let page = Page { limit: 2, after: first.next };
    let second = store.read(move |tx| audit::list(tx, &page)).await.unwrap();
    assert_eq!(second.items.iter().map(|entry| entry.action).collect::<Vec<_>>(), [AuditAction::Setup]);
    assert_eq!(second.next, None);
}

#[tokio::test]
async fn entry_about_people_and_things_that_are_gone_is_read_back_whole() {
    let store = Store::new();
    let full = entry(AuditAction::CredentialsRead);
    let mut bare = entry(AuditAction::LoginFailed);
    (bare.user_id, bare.username, bare.target_id) = (None, None, None);
    (bare.target_name, bare.remote_address, bare.token_id, bare.detail) = (None, None, None, None);
    for new in [full.clone(), bare.clone()] {
        store.write(move |tx| audit::append(tx, &new)).await.unwrap();
    }
    let items = store.read(|tx| audit::list(tx, &Page::default())).await.unwrap().items;
    assert_eq!(format!("{items:?}"), format!("{:?}", [bare, full]));
}

#[tokio::test]
async fn every_action_and_outcome_can_be_written() {
    let store = Store::new();
    for outcome in AuditOutcome::ALL {
        let new = AuditEntry { outcome: *outcome, ..entry(AuditAction::OperationEnded) };
        store.write(move |tx| audit::append(tx, &new)).await.unwrap();
    }
    for action in AuditAction::ALL {
        store.write(move |tx| audit::append(tx, &entry(*action))).await.unwrap();
    }
    let all = store.read(|tx| audit::list(tx, &Page::default())).await.unwrap();
    assert_eq!(all.items.len(), AuditAction::ALL.len() + AuditOutcome::ALL.len());
}

#[tokio::test]
async fn entries_are_neither_changed_nor_deleted_by_anybody() {
    let store = Store::new();
    store.write(|tx| audit::append(tx, &entry(AuditAction::Setup))).await.unwrap();
    let before = format!("{:?}", store.read(|tx| audit::list(tx, &Page::default())).await.unwrap());
    for statement in [
        "UPDATE audit_log SET username = 'eve'",
        "UPDATE OR REPLACE audit_log SET outcome = 'done'",
        "DELETE FROM audit_log",
        "DELETE FROM audit_log WHERE action = 'setup'",
    ] {
        let refused = store.raw().batch_execute(statement).unwrap_err().to_string();
        assert!(refused.contains("audit log"), "{statement}: {refused}");
    }
    let after = store.read(|tx| audit::list(tx, &Page::default())).await.unwrap();
    assert_eq!(format!("{after:?}"), before);
}

#[tokio::test]
async fn the_end_of_an_operation_is_told_under_the_name_of_who_asked_for_it() {
    let store = Store::new();
    let (ann, database) = (store.user("ann", Role::Admin).await, store.database("shop").await);
    for (state, outcome) in [
        (OperationState::Succeeded, AuditOutcome::Done),
        (OperationState::Failed, AuditOutcome::Failed),
        (OperationState::Cancelled, AuditOutcome::Cancelled),
    ] {
        let mut operation = new_operation(database);
        operation.requested_by = Some(ann);
        let id = operation.id;
        store
            .write(move |tx| {
                operations::insert(tx, &operation, moment(0))?;
                operations::finish(tx, id, state, None, None, moment(1))
            })
            .await
            .unwrap();
        let newest = Page { limit: 1, after: None };
        let told = store.read(move |tx| audit::list(tx, &newest)).await.unwrap().items.remove(0);
        assert_eq!((told.action, told.outcome), (AuditAction::OperationEnded, outcome));
        assert_eq!((told.user_id, told.username.as_deref()), (Some(ann), Some("ann")));
        assert_eq!(told.target_name.as_deref(), Some("shop"));
        assert_eq!((told.detail, told.at), (Some(format!("create {id}")), moment(1)));
    }
}

#[tokio::test]
async fn entries_can_be_read_from_the_first_on() {
    let store = Store::new();
    for action in [AuditAction::Setup, AuditAction::Login, AuditAction::Logout] {
        store.write(move |tx| audit::append(tx, &entry(action))).await.unwrap();
    }
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = Page { limit: 2, after };
        let part = store.read(move |tx| audit::list_oldest_first(tx, &page)).await.unwrap();
        seen.extend(part.items.iter().map(|entry| entry.action));
        after = part.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, [AuditAction::Setup, AuditAction::Login, AuditAction::Logout]);
}
