//! Setting up the first administrator.

use std::{fs, os::unix::fs::PermissionsExt as _};

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use stardeck_domain::{AuditAction, Role, User};
use stardeck_service::Error;

use crate::support::{PASSWORD, World, name, password};

async fn complete(world: &World, token: &str) -> Result<User, Error> {
    let remote = Some("192.0.2.7".to_owned());
    world.setup.complete(token, name("ada"), password(PASSWORD), remote).await
}

fn written_token(world: &World) -> String {
    fs::read_to_string(world.setup.token_file()).unwrap().trim().to_owned()
}

#[tokio::test]
async fn first_start_writes_a_token_that_only_its_owner_can_read() {
    let world = World::new();
    let token = world.setup.start().await.unwrap().unwrap();
    assert_eq!(world.setup.token_file(), world.path().join("setup-token"));
    assert_eq!(written_token(&world), token.expose_secret());
    assert_eq!(token.expose_secret().len(), 43);
    assert_eq!(fs::metadata(world.setup.token_file()).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(world.setup.needed().await.unwrap());
}

#[tokio::test]
async fn right_token_makes_an_administrator_and_goes_away() {
    let world = World::new();
    world.setup.start().await.unwrap();
    let user = complete(&world, &written_token(&world)).await.unwrap();
    assert_eq!((user.username.as_str(), user.role), ("ada", Role::Admin));
    assert!(!world.setup.token_file().exists());
    assert!(!world.setup.needed().await.unwrap());
    assert_eq!(world.sign_in("ada").await.user.id, user.id);
}

#[tokio::test]
async fn setup_is_audited_with_its_address() {
    let world = World::new();
    world.setup.start().await.unwrap();
    complete(&world, &written_token(&world)).await.unwrap();
    let log = world.audit_log().await;
    assert_eq!(log.len(), 1);
    assert_eq!((log[0].action, log[0].username.as_deref()), (AuditAction::Setup, Some("ada")));
    assert_eq!(log[0].remote_address.as_deref(), Some("192.0.2.7"));
}

#[tokio::test]
async fn restart_renews_the_token() {
    let world = World::new();
    let old = world.setup.start().await.unwrap().unwrap();
    world.setup.start().await.unwrap();
    assert!(matches!(complete(&world, old.expose_secret()).await, Err(Error::SetupTokenRejected)));
    assert!(complete(&world, &written_token(&world)).await.is_ok());
}

#[tokio::test]
async fn token_before_the_start_is_rejected() {
    let world = World::new();
    assert!(matches!(complete(&world, "").await, Err(Error::SetupTokenRejected)));
}

#[tokio::test]
async fn token_older_than_a_day_is_rejected() {
    let world = World::new();
    world.setup.start().await.unwrap();
    world.pass(TimeDelta::hours(24));
    assert!(matches!(complete(&world, &written_token(&world)).await, Err(Error::SetupTokenRejected)));
}

#[tokio::test]
async fn five_wrong_tokens_lock_for_a_minute() {
    let world = World::new();
    world.setup.start().await.unwrap();
    let token = written_token(&world);
    for _ in 0..5 {
        assert!(matches!(complete(&world, "wrong").await, Err(Error::SetupTokenRejected)));
    }
    let Err(Error::TooManyAttempts { retry_after }) = complete(&world, &token).await else {
        panic!("must be locked");
    };
    assert!((60..=61).contains(&retry_after.as_secs()), "{retry_after:?}");
    world.pass(TimeDelta::seconds(61));
    assert!(complete(&world, &token).await.is_ok());
}

#[tokio::test]
async fn refused_password_leaves_the_token_good_and_no_account() {
    let world = World::new();
    world.setup.start().await.unwrap();
    let token = written_token(&world);
    for (bad, code) in [("short", "too_short"), ("Ada.Lovelace", "too_common")] {
        let refused = world.setup.complete(&token, name("ada.lovelace"), password(bad), None).await;
        let Err(Error::Validation(errors)) = refused else { panic!("{bad} must be refused") };
        assert_eq!((errors.0[0].field, errors.0[0].code), ("password", code));
    }
    assert!(world.setup.needed().await.unwrap());
    assert!(complete(&world, &token).await.is_ok());
}

#[tokio::test]
async fn second_setup_is_refused_even_with_the_token() {
    let world = World::new();
    world.setup.start().await.unwrap();
    let token = written_token(&world);
    complete(&world, &token).await.unwrap();
    assert!(matches!(complete(&world, &token).await, Err(Error::SetupDone)));
}

#[tokio::test]
async fn of_two_setups_at_once_exactly_one_succeeds() {
    let world = World::new();
    world.setup.start().await.unwrap();
    let token = written_token(&world);
    let (one, two) = tokio::join!(
        world.setup.complete(&token, name("ada"), password(PASSWORD), None),
        world.setup.complete(&token, name("grace"), password(PASSWORD), None),
    );
    let lost = if one.is_ok() { two } else { one };
    assert!(matches!(lost, Err(Error::SetupDone)));
    assert_eq!(world.users.list(crate::support::page()).await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn start_with_an_account_removes_a_left_over_token() {
    let (world, _) = World::with_admin().await;
    fs::write(world.setup.token_file(), "left over").unwrap();
    assert!(world.setup.start().await.unwrap().is_none());
    assert!(!world.setup.token_file().exists());
}
