//! Queries of `audit_log`.

use stardeck_domain::{AuditAction, AuditEntry, AuditId, UserId};
use stardeck_repository::{Page, audit};

use crate::fixture::{Store, moment};

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
    (bare.target_name, bare.remote_address) = (None, None);
    for new in [full.clone(), bare.clone()] {
        store.write(move |tx| audit::append(tx, &new)).await.unwrap();
    }
    let items = store.read(|tx| audit::list(tx, &Page::default())).await.unwrap().items;
    assert_eq!(format!("{items:?}"), format!("{:?}", [bare, full]));
}

#[tokio::test]
async fn every_action_can_be_written() {
    let store = Store::new();
    for action in AuditAction::ALL {
        store.write(move |tx| audit::append(tx, &entry(*action))).await.unwrap();
    }
    let all = store.read(|tx| audit::list(tx, &Page::default())).await.unwrap();
    assert_eq!(all.items.len(), AuditAction::ALL.len());
}
