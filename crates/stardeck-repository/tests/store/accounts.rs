//! Queries of `users` and `sessions`.

use stardeck_domain::{Role, Session, SessionId, UserId, UserName};
use stardeck_repository::{Constraint, Error, Page, databases, sessions, users};

use crate::fixture::{Store, conflict, missing, moment, new_database, new_user};

async fn session(store: &Store, user: UserId, hash: &'static str) -> SessionId {
    let id = SessionId::new();
    let session = Session {
        id,
        user_id: user,
        created_at: moment(0),
        expires_at: moment(100),
        remote_address: None,
        last_used_at: None,
    };
    store.write(move |tx| sessions::insert(tx, &session, hash)).await.unwrap();
    id
}

async fn is_good(store: &Store, hash: &'static str, at: i64) -> bool {
    store.read(move |tx| sessions::find_by_token_hash(tx, hash, moment(at))).await.unwrap().is_some()
}

#[tokio::test]
async fn account_is_found_whatever_the_case_of_its_name() {
    let store = Store::new();
    let id = store.user("Ann", Role::Operator).await;
    let asked = UserName::parse("aNN").unwrap();
    let (user, hash) = store.read(move |tx| users::find_by_username(tx, &asked)).await.unwrap().unwrap();
    assert_eq!((user.id, user.username.as_str(), user.role), (id, "Ann", Role::Operator));
    assert_eq!((hash.as_str(), user.created_at, user.last_login_at), ("hash", moment(0), None));
    let other = UserName::parse("bob").unwrap();
    assert!(store.read(move |tx| users::find_by_username(tx, &other)).await.unwrap().is_none());
}

#[tokio::test]
async fn name_that_differs_in_case_only_is_a_conflict() {
    let store = Store::new();
    store.user("ann", Role::Admin).await;
    let twin = new_user("ANN", Role::Viewer);
    let refused = store.write(move |tx| users::insert(tx, &twin, "hash")).await;
    assert_eq!(conflict(refused), Constraint::UserName);
}

#[tokio::test]
async fn accounts_and_administrators_are_counted() {
    let store = Store::new();
    assert_eq!(store.read(users::count).await.unwrap(), 0);
    store.user("ann", Role::Admin).await;
    store.user("bob", Role::Viewer).await;
    assert_eq!(store.read(users::count).await.unwrap(), 2);
    assert_eq!(store.read(users::count_admins).await.unwrap(), 1);
}

#[tokio::test]
async fn changes_to_an_account_are_read_back() {
    let store = Store::new();
    let id = store.user("ann", Role::Viewer).await;
    store
        .write(move |tx| {
            users::set_role(tx, id, Role::Admin)?;
            users::set_password_hash(tx, id, "other hash")?;
            users::record_login(tx, id, moment(7))
        })
        .await
        .unwrap();
    let user = store.read(move |tx| users::get(tx, id)).await.unwrap();
    assert_eq!((user.role, user.last_login_at), (Role::Admin, Some(moment(7))));
    assert_eq!(store.read(move |tx| users::password_hash(tx, id)).await.unwrap(), "other hash");
}

#[tokio::test]
async fn unknown_account_is_not_found() {
    let store = Store::new();
    let id = UserId::new();
    assert_eq!(missing(store.read(move |tx| users::get(tx, id)).await), "user");
    assert_eq!(missing(store.read(move |tx| users::password_hash(tx, id)).await), "user");
    let results = store
        .write(move |tx| {
            Ok([
                users::set_role(tx, id, Role::Admin),
                users::set_password_hash(tx, id, "hash"),
                users::record_login(tx, id, moment(0)),
                users::delete(tx, id),
            ])
        })
        .await
        .unwrap();
    for result in results {
        assert_eq!(missing(result), "user");
    }
}

#[tokio::test]
async fn accounts_come_in_pages_oldest_first() {
    let store = Store::new();
    let ids = [store.user("zoe", Role::Admin).await, store.user("ann", Role::Admin).await];
    let first = store.read(|tx| users::list(tx, &Page { limit: 1, after: None })).await.unwrap();
    assert_eq!(first.items[0].id, ids[0]);
    let page = Page { limit: 1, after: first.next };
    let second = store.read(move |tx| users::list(tx, &page)).await.unwrap();
    assert_eq!((second.items[0].id, second.next), (ids[1], None));
}

#[tokio::test]
async fn deleted_account_leaves_its_databases_and_loses_its_sessions() {
    let store = Store::new();
    let id = store.user("ann", Role::Admin).await;
    session(&store, id, "t1").await;
    let mut database = new_database("shop");
    database.created_by = Some(id);
    let database_id = database.id;
    store.write(move |tx| databases::insert(tx, &database, moment(0))).await.unwrap();
    store.write(move |tx| users::delete(tx, id)).await.unwrap();
    assert!(!is_good(&store, "t1", 0).await);
    assert_eq!(store.read(move |tx| databases::get(tx, database_id)).await.unwrap().created_by, None);
}

#[tokio::test]
async fn session_is_good_until_it_expires() {
    let store = Store::new();
    let user = store.user("ann", Role::Admin).await;
    let id = session(&store, user, "t1").await;
    let found = store.read(|tx| sessions::find_by_token_hash(tx, "t1", moment(99))).await.unwrap();
    let (session, person) = found.unwrap();
    assert_eq!((session.id, session.user_id, person.id), (id, user, user));
    assert_eq!((session.created_at, session.expires_at), (moment(0), moment(100)));
    assert!(!is_good(&store, "t1", 100).await);
    assert!(!is_good(&store, "t2", 0).await);
}

#[tokio::test]
async fn token_in_use_and_unknown_person_are_conflicts() {
    let store = Store::new();
    let user = store.user("ann", Role::Admin).await;
    session(&store, user, "t1").await;
    let insert = |user_id: UserId, hash: &'static str| {
        let new = Session {
            id: SessionId::new(),
            user_id,
            created_at: moment(0),
            expires_at: moment(1),
            remote_address: None,
            last_used_at: None,
        };
        store.write(move |tx| sessions::insert(tx, &new, hash))
    };
    assert_eq!(conflict(insert(user, "t1").await), Constraint::SessionToken);
    assert_eq!(conflict(insert(UserId::new(), "t2").await), Constraint::Reference);
}

#[tokio::test]
async fn sessions_end_one_by_one_or_all_but_one_or_by_age() -> Result<(), Error> {
    let store = Store::new();
    let (ann, bob) = (store.user("ann", Role::Admin).await, store.user("bob", Role::Viewer).await);
    let first = session(&store, ann, "t1").await;
    let kept = session(&store, ann, "t2").await;
    session(&store, ann, "t3").await;
    session(&store, bob, "t4").await;
    store.write(move |tx| sessions::delete(tx, first)).await?;
    store.write(move |tx| sessions::delete(tx, first)).await?;
    assert!(!is_good(&store, "t1", 0).await && is_good(&store, "t3", 0).await);
    store.write(move |tx| sessions::delete_of_user(tx, ann, Some(kept))).await?;
    assert!(
        is_good(&store, "t2", 0).await && !is_good(&store, "t3", 0).await && is_good(&store, "t4", 0).await
    );
    store.write(move |tx| sessions::delete_of_user(tx, ann, None)).await?;
    assert!(!is_good(&store, "t2", 0).await && is_good(&store, "t4", 0).await);
    assert_eq!(store.write(|tx| sessions::delete_expired(tx, moment(99))).await?, 0);
    assert_eq!(store.write(|tx| sessions::delete_expired(tx, moment(100))).await?, 1);
    Ok(())
}

#[tokio::test]
async fn sessions_of_one_person_are_listed_while_they_are_good() {
    let store = Store::new();
    let (ann, bob) = (store.user("ann", Role::Admin).await, store.user("bob", Role::Viewer).await);
    let (first, second) = (session(&store, ann, "t1").await, session(&store, ann, "t2").await);
    session(&store, bob, "t3").await;
    store.write(move |tx| sessions::record_use(tx, second, moment(7))).await.unwrap();
    let part = async |after: Option<String>, at: i64| {
        let page = Page { limit: 1, after };
        store.read(move |tx| sessions::list_of_user(tx, ann, moment(at), &page)).await.unwrap()
    };
    let one = part(None, 0).await;
    assert_eq!((one.items[0].id, one.items[0].last_used_at), (first, None));
    let two = part(one.next, 0).await;
    assert_eq!((two.items[0].id, two.items[0].last_used_at, two.next), (second, Some(moment(7)), None));
    assert!(part(None, 100).await.items.is_empty());
    assert_eq!(store.read(move |tx| sessions::get(tx, first, moment(99))).await.unwrap().user_id, ann);
    assert_eq!(missing(store.read(move |tx| sessions::get(tx, first, moment(100))).await), "session");
    let nobody = SessionId::new();
    assert_eq!(missing(store.write(move |tx| sessions::record_use(tx, nobody, moment(0))).await), "session");
}
