//! Accounts.

use stardeck_domain::{AuditAction, Role, UserId};
use stardeck_service::Error;

use crate::support::{OTHER_PASSWORD, PASSWORD, World, name, page, password};

fn is_last_admin<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::LastAdmin))
}

fn audited(action: AuditAction, target: &str) -> (Option<String>, AuditAction, Option<String>) {
    (Some("ada".to_owned()), action, Some(target.to_owned()))
}

#[tokio::test]
async fn created_account_is_listed_audited_and_can_sign_in() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Operator).await;
    assert_eq!(world.last_audited().await, audited(AuditAction::UserCreated, "bob"));
    assert_eq!(world.users.get(bob.id).await.unwrap().username, name("bob"));
    let listed = world.users.list(page()).await.unwrap();
    let names: Vec<_> = listed.items.iter().map(|user| user.username.as_str()).collect();
    assert_eq!((names, listed.next), (vec!["ada", "bob"], None));
    assert_eq!(world.sign_in("bob").await.user.role, Role::Operator);
}

#[tokio::test]
async fn second_account_with_the_name_in_another_case_is_refused() {
    let (world, admin) = World::with_admin().await;
    let refused = world.users.create(&admin, name("ADA"), password(PASSWORD), Role::Viewer).await;
    assert!(matches!(refused, Err(Error::UserNameTaken { name }) if name == "ADA"));
}

#[tokio::test]
async fn password_that_is_the_user_name_is_refused_by_field() {
    let (world, admin) = World::with_admin().await;
    let refused =
        world.users.create(&admin, name("bob.the.builder"), password("bob.the.builder"), Role::Viewer).await;
    let Err(Error::Validation(errors)) = refused else { panic!("must be refused") };
    assert_eq!((errors.0[0].field, errors.0[0].code), ("password", "too_common"));
}

#[tokio::test]
async fn only_administrators_may_change_accounts() {
    let (world, admin) = World::with_admin().await;
    world.account(&admin, "bob", Role::Operator).await;
    let bob = world.sign_in("bob").await;
    let id = admin.user.id;
    let refused = [
        world.users.create(&bob, name("eve"), password(PASSWORD), Role::Viewer).await.map(drop),
        world.users.change_role(&bob, id, Role::Viewer).await.map(drop),
        world.users.delete(&bob, id).await,
        world.users.change_password(&bob, id, Some(PASSWORD.into()), password(OTHER_PASSWORD)).await,
    ];
    for result in refused {
        assert!(matches!(result, Err(Error::Forbidden { needed: Role::Admin })), "{result:?}");
    }
}

#[tokio::test]
async fn missing_account_is_not_found() {
    let (world, admin) = World::with_admin().await;
    let id = UserId::new();
    let results = [
        world.users.get(id).await.map(drop),
        world.users.change_role(&admin, id, Role::Viewer).await.map(drop),
        world.users.delete(&admin, id).await,
        world.users.change_password(&admin, id, None, password(OTHER_PASSWORD)).await,
    ];
    for result in results {
        assert!(matches!(result, Err(Error::NotFound { .. })), "{result:?}");
    }
}

#[tokio::test]
async fn last_administrator_can_neither_be_demoted_nor_deleted() {
    let (world, admin) = World::with_admin().await;
    world.account(&admin, "bob", Role::Operator).await;
    assert!(is_last_admin(&world.users.change_role(&admin, admin.user.id, Role::Operator).await));
    assert!(is_last_admin(&world.users.delete(&admin, admin.user.id).await));
    assert_eq!(world.users.get(admin.user.id).await.unwrap().role, Role::Admin);
}

#[tokio::test]
async fn two_administrators_who_demote_each_other_at_once_leave_one() {
    let (world, ada) = World::with_admin().await;
    world.account(&ada, "bob", Role::Admin).await;
    let bob = world.sign_in("bob").await;
    let (one, two) = tokio::join!(
        world.users.change_role(&ada, bob.user.id, Role::Viewer),
        world.users.change_role(&bob, ada.user.id, Role::Viewer),
    );
    assert!(one.is_ok() != two.is_ok());
    assert!(is_last_admin(if one.is_ok() { &two } else { &one }));
}

#[tokio::test]
async fn lower_role_ends_sessions_and_higher_role_keeps_them() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Viewer).await;
    let login = world.sessions.login("bob", PASSWORD.into(), None).await.unwrap();

    let raised = world.users.change_role(&admin, bob.id, Role::Operator).await.unwrap();
    assert_eq!(raised.role, Role::Operator);
    assert_eq!(world.actor(&login.token).await.unwrap().user.role, Role::Operator);
    assert_eq!(world.last_audited().await, audited(AuditAction::UserChanged, "bob"));

    world.users.change_role(&admin, bob.id, Role::Viewer).await.unwrap();
    assert!(matches!(world.actor(&login.token).await, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn deleted_account_has_no_session_and_can_not_sign_in() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Viewer).await;
    let login = world.sessions.login("bob", PASSWORD.into(), None).await.unwrap();
    world.users.delete(&admin, bob.id).await.unwrap();
    assert!(matches!(world.actor(&login.token).await, Err(Error::Unauthenticated)));
    assert!(matches!(world.sessions.login("bob", PASSWORD.into(), None).await, Err(Error::LoginFailed)));
    assert_eq!(world.last_audited().await.1, AuditAction::LoginFailed);
    assert!(world.audit_log().await.iter().any(|entry| entry.action == AuditAction::UserDeleted));
}

#[tokio::test]
async fn administrator_may_delete_the_own_account_while_another_stays() {
    let (world, admin) = World::with_admin().await;
    world.account(&admin, "bob", Role::Admin).await;
    world.users.delete(&admin, admin.user.id).await.unwrap();
    assert!(is_last_admin(&{
        let bob = world.sign_in("bob").await;
        world.users.delete(&bob, bob.user.id).await
    }));
}

#[tokio::test]
async fn new_own_password_ends_the_other_sessions_and_replaces_the_old_one() {
    let (world, admin) = World::with_admin().await;
    let here = world.sessions.login("ada", PASSWORD.into(), None).await.unwrap();
    let elsewhere = world.sessions.login("ada", PASSWORD.into(), None).await.unwrap();
    let actor = world.actor(&here.token).await.unwrap();
    let id = admin.user.id;
    world.users.change_password(&actor, id, Some(PASSWORD.into()), password(OTHER_PASSWORD)).await.unwrap();

    assert_eq!(world.last_audited().await, audited(AuditAction::PasswordChanged, "ada"));
    assert!(world.actor(&here.token).await.is_ok());
    assert!(matches!(world.actor(&elsewhere.token).await, Err(Error::Unauthenticated)));
    assert!(world.sessions.login("ada", PASSWORD.into(), None).await.is_err());
    assert!(world.sessions.login("ada", OTHER_PASSWORD.into(), None).await.is_ok());
}

#[tokio::test]
async fn new_own_password_needs_the_current_one() {
    let (world, admin) = World::with_admin().await;
    let id = admin.user.id;
    let missing = world.users.change_password(&admin, id, None, password(OTHER_PASSWORD)).await;
    let Err(Error::Validation(errors)) = missing else { panic!("must be refused") };
    assert_eq!((errors.0[0].field, errors.0[0].code), ("current_password", "required"));

    let wrong = world.users.change_password(&admin, id, Some("wrong".into()), password(OTHER_PASSWORD)).await;
    assert!(matches!(wrong, Err(Error::LoginFailed)));
    assert_eq!(world.last_audited().await, audited(AuditAction::LoginFailed, "ada"));
    world.sign_in("ada").await;
}

#[tokio::test]
async fn ten_wrong_current_passwords_lock_even_the_right_one() {
    let (world, admin) = World::with_admin().await;
    let id = admin.user.id;
    for _ in 0..10 {
        let wrong =
            world.users.change_password(&admin, id, Some("no".into()), password(OTHER_PASSWORD)).await;
        assert!(matches!(wrong, Err(Error::LoginFailed)));
    }
    let right =
        world.users.change_password(&admin, id, Some(PASSWORD.into()), password(OTHER_PASSWORD)).await;
    assert!(matches!(right, Err(Error::TooManyAttempts { .. })));
}

#[tokio::test]
async fn administrator_sets_the_password_of_another_and_ends_all_sessions_of_it() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Viewer).await;
    let login = world.sessions.login("bob", PASSWORD.into(), None).await.unwrap();
    world.users.change_password(&admin, bob.id, None, password(OTHER_PASSWORD)).await.unwrap();
    assert_eq!(world.last_audited().await, audited(AuditAction::PasswordChanged, "bob"));
    assert!(matches!(world.actor(&login.token).await, Err(Error::Unauthenticated)));
    assert!(world.sessions.login("bob", OTHER_PASSWORD.into(), None).await.is_ok());
}

#[tokio::test]
async fn anybody_may_change_the_own_password() {
    let (world, admin) = World::with_admin().await;
    world.account(&admin, "bob", Role::Viewer).await;
    let bob = world.sign_in("bob").await;
    let changed =
        world.users.change_password(&bob, bob.user.id, Some(PASSWORD.into()), password(OTHER_PASSWORD)).await;
    assert!(changed.is_ok());
    assert!(world.sessions.login("bob", OTHER_PASSWORD.into(), None).await.is_ok());
}
