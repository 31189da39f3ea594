//! Queries of `api_tokens`, and who is told that an access ended.

use stardeck_domain::{ApiToken, Role, Session, SessionId, TokenId, TokenName, TokenScope, UserId};
use stardeck_repository::{Constraint, Error, Page, sessions, tokens, users};

use crate::fixture::{Store, conflict, missing, moment};

fn new_token(user_id: UserId, name: &str, scope: TokenScope) -> ApiToken {
    ApiToken {
        id: TokenId::new(),
        user_id,
        name: TokenName::parse(name).unwrap(),
        scope,
        created_at: moment(0),
        expires_at: moment(100),
        last_used_at: None,
        made_by: None,
    }
}

async fn token(store: &Store, user: UserId, name: &str, hash: &'static str) -> ApiToken {
    let token = new_token(user, name, TokenScope::Operate);
    let row = token.clone();
    store.write(move |tx| tokens::insert(tx, &row, hash)).await.unwrap();
    token
}

#[tokio::test]
async fn token_is_found_by_its_hash_until_it_expires() {
    let store = Store::new();
    let user = store.user("ann", Role::Operator).await;
    let made = token(&store, user, "backup job", "h1").await;
    let (found, owner) =
        store.read(|tx| tokens::find_by_token_hash(tx, "h1", moment(99))).await.unwrap().unwrap();
    assert_eq!((&found, owner.id, owner.role), (&made, user, Role::Operator));
    let id = made.id;
    assert!(store.read(move |tx| tokens::find_good(tx, id, moment(99))).await.unwrap().is_some());
    assert!(store.read(|tx| tokens::find_by_token_hash(tx, "h1", moment(100))).await.unwrap().is_none());
    assert!(store.read(move |tx| tokens::find_good(tx, id, moment(100))).await.unwrap().is_none());
    assert!(store.read(|tx| tokens::find_by_token_hash(tx, "h2", moment(0))).await.unwrap().is_none());
    assert_eq!(store.read(move |tx| tokens::get(tx, id)).await.unwrap(), made, "expired, and still listed");
}

#[tokio::test]
async fn use_and_revocation_of_a_token_are_read_back() {
    let store = Store::new();
    let user = store.user("ann", Role::Admin).await;
    let id = token(&store, user, "ci", "h1").await.id;
    store.write(move |tx| tokens::record_use(tx, id, moment(7))).await.unwrap();
    assert_eq!(store.read(move |tx| tokens::get(tx, id)).await.unwrap().last_used_at, Some(moment(7)));
    store.write(move |tx| tokens::delete(tx, id)).await.unwrap();
    assert_eq!(missing(store.read(move |tx| tokens::get(tx, id)).await), "token");
    assert_eq!(missing(store.write(move |tx| tokens::delete(tx, id)).await), "token");
    assert_eq!(missing(store.write(move |tx| tokens::record_use(tx, id, moment(8))).await), "token");
}

#[tokio::test]
async fn tokens_of_one_person_come_in_pages_and_go_with_the_account() {
    let store = Store::new();
    let (ann, bob) = (store.user("ann", Role::Admin).await, store.user("bob", Role::Admin).await);
    let first = token(&store, ann, "one", "h1").await.id;
    let second = token(&store, ann, "two", "h2").await.id;
    let other = token(&store, bob, "three", "h3").await.id;
    let page = Page { limit: 1, after: None };
    let part = store.read(move |tx| tokens::list_of_user(tx, ann, &page)).await.unwrap();
    assert_eq!(part.items[0].id, first);
    let page = Page { limit: 1, after: part.next };
    let part = store.read(move |tx| tokens::list_of_user(tx, ann, &page)).await.unwrap();
    assert_eq!((part.items[0].id, part.next), (second, None));
    store.write(move |tx| users::delete(tx, ann)).await.unwrap();
    assert_eq!(missing(store.read(move |tx| tokens::get(tx, first)).await), "token");
    assert!(store.read(move |tx| tokens::get(tx, other)).await.is_ok());
}

#[tokio::test]
async fn token_of_nobody_is_a_conflict() {
    let store = Store::new();
    let row = new_token(UserId::new(), "ci", TokenScope::Read);
    let refused = store.write(move |tx| tokens::insert(tx, &row, "h1")).await;
    assert_eq!(conflict(refused), Constraint::Reference);
}

#[tokio::test]
async fn every_scope_can_be_written() {
    let store = Store::new();
    let user = store.user("ann", Role::Admin).await;
    for scope in TokenScope::ALL {
        let row = new_token(user, "x", *scope);
        store.write(move |tx| tokens::insert(tx, &row, scope.as_str())).await.unwrap();
    }
}

#[tokio::test]
async fn the_end_of_an_access_is_told_and_what_is_rolled_back_is_not() {
    let store = Store::new();
    let (ann, bob) = (store.user("ann", Role::Admin).await, store.user("bob", Role::Admin).await);
    let id = token(&store, ann, "ci", "h1").await.id;
    let session = Session {
        id: SessionId::new(),
        user_id: ann,
        created_at: moment(0),
        expires_at: moment(100),
        remote_address: None,
        last_used_at: None,
    };
    let session_id = session.id;
    let mut ended = store.db.ended_access();
    store.write(move |tx| sessions::insert(tx, &session, "s1")).await.unwrap();
    store.write(move |tx| tokens::record_use(tx, id, moment(1))).await.unwrap();
    assert!(!ended.has_changed().unwrap());
    let rolled_back = store
        .write(move |tx| {
            sessions::delete(tx, session_id)?;
            users::get(tx, UserId::new()).map(drop)
        })
        .await;
    assert!(matches!(rolled_back, Err(Error::NotFound { .. })));
    assert!(!ended.has_changed().unwrap());
    for step in 0..4 {
        store
            .write(move |tx| match step {
                0 => sessions::delete(tx, session_id),
                1 => tokens::delete(tx, id),
                2 => users::set_role(tx, bob, Role::Viewer),
                _ => users::delete(tx, ann),
            })
            .await
            .unwrap();
        assert!(ended.has_changed().unwrap(), "{step}");
        ended.mark_unchanged();
    }
}
