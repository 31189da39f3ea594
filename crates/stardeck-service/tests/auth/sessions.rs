//! Signing in and out.

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use stardeck_domain::{AuditAction, Role};
use stardeck_service::{Access, Error, auth::Login};

use crate::support::{PASSWORD, World, page};

async fn login_from(world: &World, username: &str, password: &str, address: &str) -> Result<Login, Error> {
    world.sessions.login(username, password.into(), Some(address.to_owned())).await
}

async fn fails(world: &World, username: &str, address: &str) -> bool {
    matches!(login_from(world, username, "wrong", address).await, Err(Error::LoginFailed))
}

fn is_throttled<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::TooManyAttempts { .. }))
}

#[tokio::test]
async fn right_password_gives_a_session_of_twelve_hours() {
    let (world, admin) = World::with_admin().await;
    let login = login_from(&world, "ada", PASSWORD, "192.0.2.7").await.unwrap();
    assert_eq!(login.user.id, admin.user.id);
    assert_eq!(login.user.last_login_at.map(|at| at + TimeDelta::hours(12)), Some(login.expires_at));

    let actor =
        world.sessions.authenticate(login.token.expose_secret(), Some("::1".to_owned())).await.unwrap();
    assert_eq!(actor.user.id, admin.user.id);
    assert_ne!(actor.access, admin.access);
    assert_eq!(actor.remote_address.as_deref(), Some("::1"));
}

#[tokio::test]
async fn wrong_password_unknown_name_and_impossible_name_give_the_same_answer() {
    let (world, _) = World::with_admin().await;
    for username in ["ada", "nobody", "not a name", ""] {
        assert!(fails(&world, username, "192.0.2.7").await, "{username}");
    }
}

#[tokio::test]
async fn login_before_set_up_says_so() {
    let world = World::new();
    assert!(matches!(login_from(&world, "ada", PASSWORD, "::1").await, Err(Error::SetupNeeded)));
}

#[tokio::test]
async fn session_ends_by_itself_after_twelve_hours() {
    let (world, _) = World::with_admin().await;
    let login = login_from(&world, "ada", PASSWORD, "::1").await.unwrap();
    world.pass(TimeDelta::hours(12) - TimeDelta::seconds(1));
    let actor = world.actor(&login.token).await.unwrap();
    assert!(world.sessions.is_open(&actor).await.unwrap());
    world.pass(TimeDelta::seconds(1));
    assert!(!world.sessions.is_open(&actor).await.unwrap(), "what goes on after a request ends as well");
    assert!(matches!(world.actor(&login.token).await, Err(Error::Unauthenticated)));
}

#[tokio::test]
async fn unknown_token_is_unauthenticated() {
    let (world, _) = World::with_admin().await;
    for token in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"] {
        assert!(matches!(world.sessions.authenticate(token, None).await, Err(Error::Unauthenticated)));
    }
}

#[tokio::test]
async fn logout_ends_this_session_and_no_other() {
    let (world, _) = World::with_admin().await;
    let one = login_from(&world, "ada", PASSWORD, "::1").await.unwrap();
    let two = login_from(&world, "ada", PASSWORD, "::1").await.unwrap();
    world.sessions.logout(&world.actor(&one.token).await.unwrap()).await.unwrap();
    assert!(matches!(world.actor(&one.token).await, Err(Error::Unauthenticated)));
    assert!(world.actor(&two.token).await.is_ok());
    assert_eq!(world.last_audited().await, (Some("ada".to_owned()), AuditAction::Logout, None));
}

#[tokio::test]
async fn neither_password_nor_token_is_stored_or_shown() {
    let (world, _) = World::with_admin().await;
    let login = login_from(&world, "ada", PASSWORD, "::1").await.unwrap();
    assert!(!world.is_stored(PASSWORD) && !world.is_stored(login.token.expose_secret()));
    assert!(world.is_stored("argon2id"), "the search must be able to find something");
    assert!(!format!("{login:?}").contains(login.token.expose_secret()));
}

#[tokio::test]
async fn ten_failures_lock_the_name_for_five_minutes_from_everywhere() {
    let (world, _) = World::with_admin().await;
    for number in 0..10 {
        let spelling = if number % 2 == 0 { "ada" } else { "Ada" };
        assert!(fails(&world, spelling, &format!("192.0.2.{number}")).await);
    }
    assert!(is_throttled(&login_from(&world, "ada", PASSWORD, "198.51.100.1").await));
    world.pass(TimeDelta::minutes(5));
    assert!(login_from(&world, "ada", PASSWORD, "198.51.100.1").await.is_ok());
}

#[tokio::test]
async fn success_forgives_the_name_its_failures() {
    let (world, _) = World::with_admin().await;
    for _ in 0..2 {
        for _ in 0..9 {
            assert!(fails(&world, "ada", "192.0.2.7").await);
        }
        login_from(&world, "ada", PASSWORD, "192.0.2.7").await.unwrap();
    }
}

#[tokio::test]
async fn thirty_failures_lock_the_address_for_all_names_and_no_other_address() {
    let (world, _) = World::with_admin().await;
    for number in 0..30 {
        assert!(fails(&world, &format!("nobody{number}"), "192.0.2.7").await);
    }
    assert!(is_throttled(&login_from(&world, "ada", PASSWORD, "192.0.2.7").await));
    assert!(login_from(&world, "ada", PASSWORD, "192.0.2.8").await.is_ok());
}

#[tokio::test]
async fn many_tries_at_once_do_not_slip_past_the_limit() {
    let (world, _) = World::with_admin().await;
    let mut tries = tokio::task::JoinSet::new();
    for _ in 0..25 {
        let sessions = world.sessions.clone();
        tries.spawn(async move { sessions.login("ada", "wrong".into(), None).await });
    }
    let results = tries.join_all().await;
    assert_eq!(results.iter().filter(|result| is_throttled(result)).count(), 15);
    assert_eq!(results.iter().filter(|result| matches!(result, Err(Error::LoginFailed))).count(), 10);
}

#[tokio::test]
async fn success_and_failure_are_audited() {
    let (world, admin) = World::with_admin().await;
    login_from(&world, "ada", PASSWORD, "192.0.2.7").await.unwrap();
    let entry = world.audit_log().await.into_iter().next().unwrap();
    assert_eq!((entry.action, entry.user_id), (AuditAction::Login, Some(admin.user.id)));
    assert_eq!(entry.remote_address.as_deref(), Some("192.0.2.7"));

    assert!(fails(&world, "nobody", "192.0.2.8").await);
    let entry = world.audit_log().await.into_iter().next().unwrap();
    assert_eq!((entry.action, entry.user_id), (AuditAction::LoginFailed, None));
    assert_eq!(entry.username.as_deref(), Some("nobody"));
}

#[tokio::test]
async fn password_typed_into_the_name_field_is_not_audited() {
    let (world, _) = World::with_admin().await;
    assert!(fails(&world, PASSWORD, "192.0.2.7").await);
    assert_eq!(world.last_audited().await, (None, AuditAction::LoginFailed, None));
    assert!(!world.is_stored(PASSWORD));
}

#[tokio::test]
async fn sessions_are_listed_with_their_origin_and_ended_one_by_one() {
    let (world, admin) = World::with_admin().await;
    let other = login_from(&world, "ada", PASSWORD, "192.0.2.9").await.unwrap();
    let actor = world.actor(&other.token).await.unwrap();
    let listed = world.sessions.list(&admin, None, page()).await.unwrap().items;
    assert_eq!(listed.len(), 2);
    assert_eq!(listed[1].remote_address.as_deref(), Some("192.0.2.9"));
    assert!(listed[1].last_used_at.is_some());
    assert_eq!(actor.access, Access::Session(listed[1].id));
    world.sessions.revoke(&admin, listed[1].id).await.unwrap();
    assert!(matches!(world.actor(&other.token).await, Err(Error::Unauthenticated)));
    assert!(world.sessions.is_open(&admin).await.unwrap());
    let last = world.last_audited().await;
    assert_eq!(last, (Some("ada".to_owned()), AuditAction::SessionRevoked, Some("ada".to_owned())));
}

#[tokio::test]
async fn sessions_of_others_are_for_administrators() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Operator).await;
    let bobs = world.sign_in("bob").await;
    let refused = world.sessions.list(&bobs, Some(admin.user.id), page()).await;
    assert!(matches!(refused, Err(Error::Forbidden { needed: Role::Admin })));
    let Access::Session(admins) = admin.access else { panic!("signed in by {:?}", admin.access) };
    assert!(matches!(world.sessions.revoke(&bobs, admins).await, Err(Error::NotFound { .. })));
    assert!(world.sessions.is_open(&admin).await.unwrap());
    let listed = world.sessions.list(&admin, Some(bob.id), page()).await.unwrap().items;
    world.sessions.revoke(&admin, listed[0].id).await.unwrap();
    assert!(!world.sessions.is_open(&bobs).await.unwrap());
}
