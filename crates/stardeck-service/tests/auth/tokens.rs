//! API tokens.

use chrono::TimeDelta;
use secrecy::ExposeSecret as _;
use stardeck_domain::{AuditAction, Role, TokenName, TokenScope};
use stardeck_service::{Access, Actor, Error, auth::NewToken};

use crate::support::{OTHER_PASSWORD, World, page, password};

const MONTH: TimeDelta = TimeDelta::days(30);

async fn token(world: &World, actor: &Actor, scope: TokenScope) -> NewToken {
    world.tokens.create(actor, TokenName::parse("backup job").unwrap(), scope, MONTH).await.unwrap()
}

fn is_unauthenticated<T>(result: &Result<T, Error>) -> bool {
    matches!(result, Err(Error::Unauthenticated))
}

#[tokio::test]
async fn token_signs_its_owner_in_with_the_role_of_its_scope() {
    let (world, admin) = World::with_admin().await;
    for (scope, role) in [
        (TokenScope::Read, Role::Viewer),
        (TokenScope::Operate, Role::Operator),
        (TokenScope::Admin, Role::Admin),
    ] {
        let made = token(&world, &admin, scope).await;
        let actor = world.actor(&made.secret).await.unwrap();
        assert_eq!((actor.user.id, actor.user.role), (admin.user.id, role));
        assert!(matches!(actor.access, Access::Token { id, .. } if id == made.token.id));
    }
}

#[tokio::test]
async fn token_never_lets_do_more_than_its_owner_may_now() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Operator).await;
    let signed_in = world.sign_in("bob").await;
    let name = TokenName::parse("too much").unwrap();
    let refused = world.tokens.create(&signed_in, name, TokenScope::Admin, MONTH).await;
    assert!(matches!(refused, Err(Error::Forbidden { needed: Role::Admin })), "{refused:?}");

    let made = token(&world, &signed_in, TokenScope::Operate).await;
    let before = world.actor(&made.secret).await.unwrap();
    world.users.change_role(&admin, bob.id, Role::Viewer).await.unwrap();
    assert!(!world.sessions.is_open(&before).await.unwrap(), "what it follows ends");
    let after = world.actor(&made.secret).await.unwrap();
    assert_eq!(after.user.role, Role::Viewer);
    assert!(world.sessions.is_open(&after).await.unwrap());
    world.users.change_role(&admin, bob.id, Role::Admin).await.unwrap();
    assert_eq!(world.actor(&made.secret).await.unwrap().user.role, Role::Operator, "nor more than its scope");
}

#[tokio::test]
async fn token_ends_when_it_expires_is_revoked_or_loses_its_owner() {
    let (world, admin) = World::with_admin().await;
    let expires = token(&world, &admin, TokenScope::Read).await;
    let actor = world.actor(&expires.secret).await.unwrap();
    world.pass(MONTH);
    assert!(is_unauthenticated(&world.actor(&expires.secret).await));
    assert!(!world.sessions.is_open(&actor).await.unwrap());

    let admin = world.sign_in("ada").await;
    let revoked = token(&world, &admin, TokenScope::Read).await;
    world.tokens.revoke(&admin, revoked.token.id).await.unwrap();
    assert!(is_unauthenticated(&world.actor(&revoked.secret).await));
    let last = world.last_audited().await;
    assert_eq!(last, (Some("ada".to_owned()), AuditAction::TokenRevoked, Some("backup job".to_owned())));

    let bob = world.account(&admin, "bob", Role::Admin).await;
    let orphan = token(&world, &world.sign_in("bob").await, TokenScope::Admin).await;
    world.users.delete(&admin, bob.id).await.unwrap();
    assert!(is_unauthenticated(&world.actor(&orphan.secret).await));
}

#[tokio::test]
async fn token_made_with_a_token_neither_outlasts_nor_exceeds_it() {
    let (world, admin) = World::with_admin().await;
    let first = token(&world, &admin, TokenScope::Operate).await;
    let program = world.actor(&first.secret).await.unwrap();
    let name = || TokenName::parse("second").unwrap();
    let refused = world.tokens.create(&program, name(), TokenScope::Admin, MONTH).await;
    assert!(matches!(refused, Err(Error::Forbidden { .. })));
    world.pass(TimeDelta::days(1));
    let second = world.tokens.create(&program, name(), TokenScope::Read, MONTH).await.unwrap();
    assert_eq!(second.token.expires_at, first.token.expires_at);
}

#[tokio::test]
async fn token_ends_with_the_one_it_was_made_with() {
    let (world, admin) = World::with_admin().await;
    let first = token(&world, &admin, TokenScope::Admin).await;
    let second = token(&world, &world.actor(&first.secret).await.unwrap(), TokenScope::Operate).await;
    let third = token(&world, &world.actor(&second.secret).await.unwrap(), TokenScope::Read).await;
    let other = token(&world, &admin, TokenScope::Read).await;
    let follower = world.actor(&third.secret).await.unwrap();
    world.tokens.revoke(&admin, first.token.id).await.unwrap();
    for ended in [&first, &second, &third] {
        assert!(is_unauthenticated(&world.actor(&ended.secret).await));
    }
    assert!(!world.sessions.is_open(&follower).await.unwrap());
    assert!(world.actor(&other.secret).await.is_ok());
}

#[tokio::test]
async fn token_for_less_ends_itself_and_what_it_made_and_nothing_else_of_its_owner() {
    let (world, admin) = World::with_admin().await;
    let Access::Session(session) = admin.access else { panic!("a session") };
    let other = token(&world, &admin, TokenScope::Admin).await.token.id;
    for scope in [TokenScope::Read, TokenScope::Operate] {
        let made = token(&world, &admin, scope).await;
        let program = world.actor(&made.secret).await.unwrap();
        for refused in
            [world.tokens.revoke(&program, other).await, world.sessions.revoke(&program, session).await]
        {
            assert!(matches!(refused, Err(Error::Forbidden { needed: Role::Admin })), "{scope}: {refused:?}");
        }
        let child = token(&world, &program, TokenScope::Read).await;
        world.tokens.revoke(&program, child.token.id).await.unwrap();
        world.tokens.revoke(&program, made.token.id).await.unwrap();
    }
    assert!(world.sessions.is_open(&admin).await.unwrap());
    let all = token(&world, &admin, TokenScope::Admin).await;
    let program = world.actor(&all.secret).await.unwrap();
    world.tokens.revoke(&program, other).await.unwrap();
    world.sessions.revoke(&program, session).await.unwrap();
}

#[tokio::test]
async fn account_has_a_limited_number_of_tokens() {
    let (world, admin) = World::with_admin().await;
    let first = token(&world, &admin, TokenScope::Read).await;
    for _ in 1..100 {
        token(&world, &admin, TokenScope::Read).await;
    }
    let name = || TokenName::parse("one more").unwrap();
    let refused = world.tokens.create(&admin, name(), TokenScope::Read, MONTH).await;
    let Err(Error::Validation(wrong)) = refused else { panic!("{refused:?}") };
    assert_eq!((wrong.0[0].field, wrong.0[0].code), ("name", "too_many"));
    world.tokens.revoke(&admin, first.token.id).await.unwrap();
    world.tokens.create(&admin, name(), TokenScope::Read, MONTH).await.unwrap();
}

#[tokio::test]
async fn token_is_neither_stored_nor_shown_and_its_use_is_noted_to_the_minute() {
    let (world, admin) = World::with_admin().await;
    let made = token(&world, &admin, TokenScope::Read).await;
    let secret = made.secret.expose_secret();
    assert!(secret.starts_with("stardeck_") && secret.len() == 52, "the form that scanners look for");
    assert!(!world.is_stored(secret) && !world.is_stored(&secret[9..]));
    assert!(!format!("{made:?}").contains(&secret[9..]));
    let used = async || world.tokens.list(&admin, None, page()).await.unwrap().items[0].last_used_at;
    assert_eq!(used().await, None);
    world.actor(&made.secret).await.unwrap();
    let first = used().await.unwrap();
    world.pass(TimeDelta::seconds(30));
    world.actor(&made.secret).await.unwrap();
    assert_eq!(used().await, Some(first));
    world.pass(TimeDelta::seconds(30));
    world.actor(&made.secret).await.unwrap();
    assert_eq!(used().await, Some(first + TimeDelta::minutes(1)));
}

#[tokio::test]
async fn tokens_of_others_are_for_administrators() {
    let (world, admin) = World::with_admin().await;
    let bob = world.account(&admin, "bob", Role::Viewer).await;
    world.account(&admin, "eve", Role::Operator).await;
    let (bobs, eve) = (world.sign_in("bob").await, world.sign_in("eve").await);
    let made = token(&world, &bobs, TokenScope::Read).await;
    let refused = world.tokens.list(&eve, Some(bob.id), page()).await;
    assert!(matches!(refused, Err(Error::Forbidden { needed: Role::Admin })));
    assert!(matches!(world.tokens.revoke(&eve, made.token.id).await, Err(Error::NotFound { .. })));
    assert!(world.actor(&made.secret).await.is_ok());
    let listed = world.tokens.list(&admin, Some(bob.id), page()).await.unwrap().items;
    let ids: Vec<_> = listed.iter().map(|token| token.id).collect();
    assert_eq!(ids, [made.token.id]);
    world.tokens.revoke(&admin, listed[0].id).await.unwrap();
    assert!(is_unauthenticated(&world.actor(&made.secret).await));
}

#[tokio::test]
async fn sign_out_with_a_token_revokes_it() {
    let (world, admin) = World::with_admin().await;
    let made = token(&world, &admin, TokenScope::Read).await;
    world.sessions.logout(&world.actor(&made.secret).await.unwrap()).await.unwrap();
    assert!(is_unauthenticated(&world.actor(&made.secret).await));
    assert!(world.sessions.is_open(&admin).await.unwrap(), "the owner's session goes on");
}

#[tokio::test]
async fn token_in_place_of_a_session_is_nobodys() {
    let (world, admin) = World::with_admin().await;
    let made = token(&world, &admin, TokenScope::Admin).await;
    let as_cookie = world.sessions.authenticate_session(made.secret.expose_secret(), None).await;
    assert!(is_unauthenticated(&as_cookie));
}

#[tokio::test]
async fn new_password_ends_other_sessions_also_when_it_is_set_with_a_token_and_no_tokens() {
    let (world, admin) = World::with_admin().await;
    let made = token(&world, &admin, TokenScope::Read).await;
    let program = world.actor(&made.secret).await.unwrap();
    let current = Some(crate::support::PASSWORD.into());
    world.users.change_password(&program, admin.user.id, current, password(OTHER_PASSWORD)).await.unwrap();
    assert!(!world.sessions.is_open(&admin).await.unwrap());
    assert!(world.actor(&made.secret).await.is_ok());
}
